"""What partners and readers never read, wherever they look: searches, files and exports of each list.

The pages themselves are read by tests/test_access_table.py, which asks every URL as each role.
"""

import re

import pytest

from tests.access_table import address, find_row
from tests.asking import Roles, bare_refusals, floor_of, urls
from tests.secrets import SECRETS, WHO_MUST_NOT_KNOW, text_of, told_in
from tests.world import log_in

QUERIES = ["?format=csv", "?format=xlsx", "?q=zqdecisionzq", "?q=zqbrouillonzq"]


def addresses(world):
    for url in urls():
        if floor_of(url) != "stock":
            path = address(url, world)
            if find_row(url.name)[1].method == "post":
                yield path
            if "_list" in url.name:
                yield from (path + query for query in QUERIES)
    pact = f"/pactes/{world.pact.pk}"
    yield f"{pact}/partenaires/{world.secret_partner.pk}/"
    yield f"{pact}/seances/{world.secret_meeting.pk}/"
    yield f"{pact}/versions/{world.frozen_version.number}/"
    yield f"{pact}/versions/{world.frozen_version.number}/texte.json"
    yield f"/organismes/{world.secret_partner.organisation_id}/"


@pytest.mark.parametrize("role", WHO_MUST_NOT_KNOW)
def test_no_page_tells_a_secret(client, secrets, monkeypatch, role):
    bare_refusals(monkeypatch)
    roles, told, read = Roles(client, secrets), {}, 0
    for path in addresses(secrets):
        response, _ = roles.ask(role, path)
        if response.status_code == 200:
            read += 1
            typed = re.search(r"q=(\w+)", path)
            told[path] = told_in(response, but=typed and typed[1])
    assert {path: names for path, names in told.items() if names} == {}
    assert role == "anonymous" or read > 3


def test_each_secret_is_told_to_staff(client, secrets):
    """The secrets above are really there to be seen."""
    log_in(client, secrets.users["officer"])
    pact = f"/pactes/{secrets.pact.pk}"
    pages = [
        f"{pact}/partenaires/{secrets.secret_partner.pk}/",
        f"{pact}/partenaires/{secrets.secret_partner.pk}/analyse/",
        f"{pact}/seances/{secrets.secret_meeting.pk}/",
    ]
    seen = "".join(text_of(client.get(path)) for path in pages)
    seen = seen.replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
    assert [name for name, word in SECRETS.items() if word not in seen and name != "account"] == []
