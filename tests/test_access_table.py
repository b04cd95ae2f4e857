"""Every URL of the application, asked as each role, answers what its table says (see tests/access_table.py)."""

import pytest
from django.db import transaction
from django.urls import reverse

from tests.access_table import address, find_row, walk
from tests.world import ROLES, access_tables, log_in

URLS = list({url.name + url.route: url for url in walk()}.values())
# Stock templates of Django's admin and of allauth read variables that they do not set.
STOCK = ("admin:", "account_", "mfa_")


def parameter(url):
    marks = [pytest.mark.ignore_template_errors] if url.name.startswith(STOCK) else []
    return pytest.param(url, id=url.name, marks=marks)


def answers(client, row, path):
    """What the application answers now; what it wrote is undone."""
    with transaction.atomic():
        response = getattr(client, row.method)(path, row.data)
        transaction.set_rollback(True)
    return response


def agrees(response, expected):
    if isinstance(expected, tuple):
        status, target = expected
        return response.status_code == status and response.url.split("?")[0] == reverse(target)
    return response.status_code in (expected if isinstance(expected, set) else {expected})


def test_every_url_is_in_the_table():
    missing = sorted({url.name for url in URLS if find_row(url.name)[1] is None})
    assert missing == [], "add these URLs to tests/<app>/access_table.py"


def test_the_table_names_no_url_that_is_gone():
    names = {url.name for url in URLS}
    keys = [key for table in access_tables() for key in table.ROWS]
    gone = [key for key in keys if key not in names and not (key.endswith("*") and any(n.startswith(key[:-1]) for n in names))]
    assert gone == []


@pytest.mark.parametrize("url", [parameter(url) for url in URLS])
def test_each_role_gets_what_the_table_says(client, world, url):
    _, row = find_row(url.name)
    assert row is not None, f"{url.name} is missing from tests/<app>/access_table.py"
    path = address(url, world)
    wrong = []
    for role in ROLES:
        log_in(client, world.users[role])
        response = answers(client, row, path)
        if not agrees(response, getattr(row, role)):
            wrong.append(f"{role}: {response.status_code} {response.get('Location', '')}, expected {getattr(row, role)}")
    assert wrong == [], f"{row.method.upper()} {path}"
