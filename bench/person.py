"""Prints the session of the bench's animator, second factor proved, and the rows that addresses name (JSON)."""

import json

import django


def session_of(user):
    """A session as the login makes it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from pti.login import PROVED

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[PROVED] = user.pk
    session.create()
    return session.session_key


def addresses(pact):
    """{label: path} of every page of the list; a name that does not exist stops the bench."""
    from django.urls import reverse

    from actions.models import Action
    from bench.pages_list import EMPTY, PAGES, STOCK

    amendment = pact.amendments.get()
    rows = {
        "pact": pact.pk,
        "action": Action.objects.filter(pact=pact, number="42").get().pk,
        "partner": pact.partners.signatories().order_by("order")[0].pk,
        "awaited": pact.partners.signatories().filter(signatures=None).order_by("order")[0].pk,
        "version": 1,
        "day": "2026-03-31",
        "consultation": pact.consultations.order_by("id")[0].pk,
        "amendment": 1,
        "publication": pact.publication.uid,
        "amendment as a pact": amendment.pk,
        "workbook": amendment.workbooks.get().pk,
    }
    pages = (*PAGES, EMPTY, STOCK)
    return {page.label: reverse(page.name, args=[rows.get(name, name) for name in page.args]) + page.query for page in pages}


def main():
    from bench.base.texts import EMAIL
    from pti.models import Pact, User

    print(json.dumps({"session": session_of(User.objects.get(email=EMAIL)), "paths": addresses(Pact.objects.get(amends=None))}))


if __name__ == "__main__":
    django.setup()
    main()
