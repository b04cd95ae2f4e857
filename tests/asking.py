"""Ask the application many things in one world, and pay only for what the test looks at.

Each question is asked in a savepoint and taken back: the next one finds the world as it was.
"""

from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.template.base import Template
from django.test.signals import template_rendered

from tests.access_table import find_row, walk
from tests.sessions import sessions_taken_back
from tests.world import log_in

# Stock templates of Django's admin and of allauth read variables that they do not set.
STOCK = ("admin:", "account_", "mfa_")
WRITES = ("INSERT", "UPDATE", "DELETE")
NOT_OURS = ("django_session", "pti_cache")


def urls():
    """Every URL of the application, once for each address."""
    return list({url.name + url.route: url for url in walk()}.values())


def floor_of(url):
    """« stock » for the entrance and the settings room, else the application whose table names this URL, if one does."""
    table, _ = find_row(url.name)
    if url.name.startswith(STOCK):
        return "stock"
    return table.__name__.split(".")[1] if table else None


class Roles:
    """One client that is anybody of a world, without logging in again."""

    def __init__(self, client, world):
        self.client, self.keys = client, {}
        for role, user in world.users.items():
            log_in(client, user)
            self.keys[role] = client.cookies[settings.SESSION_COOKIE_NAME].value if user else None

    def ask(self, role, path, method="get", data=None):
        """(answer, statements that wrote) of `role`."""
        self.client.cookies.clear()
        if self.keys[role]:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.keys[role]
        return ask(self.client, path, method, data)


def ask(client, path, method="get", data=None):
    """(answer, statements that wrote); sessions and rate limits are not counted."""
    with sessions_taken_back(), transaction.atomic(), statements_that_write() as written:
        response = getattr(client, method)(path, data or {})
        transaction.set_rollback(True)
    return response, written


@contextmanager
def statements_that_write():
    """The list in which each statement that writes is put, as it is run."""
    said = []

    def note(execute, sql, params, many, context):
        if sql.lstrip().startswith(WRITES) and not any(name in sql for name in NOT_OURS):
            said.append(sql[:120])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield said


def bare_refusals(monkeypatch):
    """Refusals are a status without its page (tests/pti/test_pages.py and tests/states.py look at the pages)."""
    for status in (403, 404):
        monkeypatch.setattr(f"pti.urls.handler{status}", bare(status), raising=False)


def bare(status):
    return lambda request, exception=None: HttpResponse(status=status)


def unrendered(monkeypatch):
    """Answers have their status and their context; their text is empty."""

    def tell(template, context):
        template_rendered.send(sender=template, template=template, context=context)
        return ""

    bare_refusals(monkeypatch)
    monkeypatch.setattr(Template, "_render", tell)
