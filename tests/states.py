"""States of the screens that no address gives by itself: a form sent back, two versions of one text, an empty pact, a refusal.

`states(client, world)` gives (name, HTML) of each, as the animator gets them; both sweeps read it.
"""

import re

from django.db import transaction
from django.urls import reverse

from tests.factories.pti import PactFactory
from tests.filling import read_form
from tests.pages import html_of, pages
from tests.sessions import sessions_taken_back
from tests.world import log_in

OWN_FORM = re.compile(r'<form[^>]*method="post"(?![^>]*action="[^"])')
LISTS = (
    "actions:action_list", "actions:axis_tree", "actions:indicator_list", "actions:funding_list", "partners:partner_list",
    "partners:signature_board", "governance:committee_list", "governance:meeting_list", "governance:decision_list",
    "governance:referral_list", "governance:attendance_list", "evaluation:review_list", "evaluation:home",
    "evaluation:dashboard", "figure_list", "pact_detail", "pact_write", "pact_life",
)  # fmt: skip


def undone(client, path, data):
    """The answer to a POST whose effect, if it had any, is undone."""
    with sessions_taken_back(), transaction.atomic():
        response = client.post(path, data)
        transaction.set_rollback(True)
    return response


def refused_forms(client, world, role, read, wanted):
    """Every form of `role`, sent with nothing in it."""
    for page in pages(world, [role]):
        if page.is_admin or not wanted(f"{page.name}, refused"):
            continue
        html = html_of(client, page, read)
        if html and OWN_FORM.search(html.decode().partition("<main")[2]):
            response = undone(client, page.path, {"csrfmiddlewaretoken": "x"})
            if response.status_code == 200:
                yield f"{page.name}, refused", response.content.decode()


def two_versions(client, world):
    """The fiche as the second of two people who wrote it gets it back."""
    path = f"{world.action.get_absolute_url()}modifier/"
    typed = read_form(client.get(path).content.decode()) | {"title": "Titre de la seconde personne"}
    with transaction.atomic():
        client.post(path, typed | {"title": "Titre de la première"})
        response = client.post(path, typed)
        transaction.set_rollback(True)
    assert response.context["form"].conflict
    yield "actions:action_edit, two versions", response.content.decode()


def empty_pact(client):
    """The lists and the pages of a pact that has nothing yet."""
    pact = PactFactory(title="Pacte vide")
    for name in LISTS:
        yield f"{name}, empty", client.get(reverse(name, args=[pact.pk])).content.decode()
    yield (
        "actions:action_list, nothing found",
        client.get(reverse(LISTS[0], args=[pact.pk]) + "?q=introuvable").content.decode(),
    )


def refusals(client, world):
    """What leads nowhere, what is forbidden, what is asked too often, what breaks."""
    yield "404", client.get("/rien/").content.decode()
    log_in(client, world.users["reader"])
    yield "403", client.get(f"{world.action.get_absolute_url()}modifier/").content.decode()
    log_in(client, None)
    yield "account_login, refused", client.post(reverse("account_login"), {"email": "faux"}).content.decode()
    answers = [client.post(reverse("account_login"), {"email": f"p{n}@exemple.test"}) for n in range(16)]
    yield "429", answers[-1].content.decode()


def states(client, world, read=None, wanted=lambda name: True):
    """(name, HTML) of every state, as the animator gets it; `read` has the HTML of pages that were read already.

    Of the forms sent back, those whose name is `wanted`.
    """
    log_in(client, world.users["animator"])
    yield from refused_forms(client, world, "animator", read, wanted)
    yield from two_versions(client, world)
    yield from empty_pact(client)
    yield from refusals(client, world)
