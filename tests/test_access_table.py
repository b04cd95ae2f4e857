"""Every URL of the application, asked as each role, answers what its table says (see tests/access_table.py).

The same answers are read for what they must not do: a page that is read writes nothing, tells no secret, runs nothing of
what people typed (tests/hostile.py), and is kept by no proxy. Every page of our own templates is valid HTML, for every role
that may open it, and in every state (tests/states.py).
"""

import json
import re

import pytest
from django.conf import settings
from django.urls import reverse

from tests.access_table import address, find_row
from tests.asking import Roles, bare_refusals, floor_of, urls
from tests.hostile import dangers_in
from tests.pages import SHOWN_TO_OTHERS, Page, html_in, html_of, pages, shown_to_others
from tests.secrets import WHO_MUST_NOT_KNOW, told_in
from tests.states import states
from tests.validator import wrong_html
from tests.world import ROLES, access_tables, log_in

URLS = urls()
# The same bytes for everybody: they may be kept on the way.
FOR_EVERYBODY = {"brand_css", "brand_logo", "favicon", "health"}
# Whose pages are searched for scripts: they hold all that the others show.
TYPED_AS = ("animator", "partner")
NAMED_FILE = re.compile(r"""attachment(; filename(=("[\w.-]+"|[\w.-]+)|\*=utf-8''[\w.%-]+))?""", re.ASCII)


def test_every_url_is_in_the_table():
    missing = sorted({url.name for url in URLS if find_row(url.name)[1] is None})
    assert missing == [], "add these URLs to tests/<app>/access_table.py"


def test_the_table_names_no_url_that_is_gone():
    names = {url.name for url in URLS}
    keys = [key for table in access_tables() for key in table.ROWS]
    gone = [key for key in keys if key not in names and not (key.endswith("*") and any(n.startswith(key[:-1]) for n in names))]
    assert gone == []


def agrees(response, expected):
    if isinstance(expected, tuple):
        status, target = expected
        return response.status_code == status and response.url.split("?")[0] == reverse(target)
    return response.status_code in (expected if isinstance(expected, set) else {expected})


def careless(response):
    """What an answer to a person lacks: pages and files that no proxy keeps, no browser guesses, no name breaks."""
    said, kind = response.get("Cache-Control", ""), response.get("Content-Type", "")
    lacks = {
        "guessed": response.get("X-Content-Type-Options") != "nosniff",
        "kept": response.status_code == 200 and not re.search("private|no-store|no-cache", said),
        "scripts": kind.startswith("text/html") and "script-src 'self'" not in response.get("Content-Security-Policy", ""),
        "name": not NAMED_FILE.fullmatch(response.get("Content-Disposition", "attachment")),
    }
    return [lack for lack, is_there in lacks.items() if is_there]


def badly_written(response):
    """Faults of what is neither a page nor a file: an image that would run something, data that cannot be read."""
    kind, text = response["Content-Type"], response.content.decode(errors="replace")
    if kind.startswith("application/json"):
        json.loads(text)
    return dangers_in(text) if kind.startswith("image/svg") else []


def faults(roles, role, url, world, read):
    """What `role` gets from one URL that it should not; the HTML of a page is kept in `read` by Page."""
    _, row = find_row(url.name)
    if row is None:
        return ["not in tests/<app>/access_table.py"]
    expected = getattr(row, role)
    path = address(url, world)
    response, written = roles.ask(role, path, row.method, row.data)
    found = []
    if not agrees(response, expected):
        found.append(f"{response.status_code} {response.get('Location', '')}, expected {expected}")
    if written and row.method == "get":
        found.append(f"wrote {written}")
    if role in WHO_MUST_NOT_KNOW and response.status_code == 200 and not url.name.startswith("account_"):
        found += [f"tells the {secret}" for secret in told_in(response)]
    if role == "animator" and url.name not in FOR_EVERYBODY:
        found += careless(response)
    if role in TYPED_AS and response.status_code == 200 and not response.streaming:
        found += badly_written(response)
    if row.method == "get":
        read[Page(role, url.name, path)] = html_in(response)
    return found


def ask_all(roles, world, urls, read):
    assert urls
    asked = [(role, url) for role in ROLES for url in urls]
    return {f"{url.name} as {role}": found for role, url in asked if (found := faults(roles, role, url, world, read))}


def every_page(client, world, read):
    """(name, HTML) of every page of our own templates, for every role that may open it; `read` has those asked already."""
    for role in ROLES:
        log_in(client, world.users[role])
        for page in pages(world, [role]):
            html = None if page.is_admin else html_of(client, page, read)
            if html:
                yield page.name, html.decode()


def test_each_role_gets_what_the_table_says_in_valid_html(client, hostile, read, monkeypatch, tmp_path):
    """One test, for the price of one drawing of each page."""
    with monkeypatch.context() as patched:
        bare_refusals(patched)
        roles = Roles(client, hostile)
        wrong = ask_all(roles, hostile, [url for url in URLS if floor_of(url) != "stock"], read)
        # Stock templates of Django's admin and of allauth read variables that they do not set.
        monkeypatch.setattr(settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"], "fail", False)
        wrong |= ask_all(roles, hostile, [url for url in URLS if floor_of(url) == "stock"], read)
    assert wrong == {}

    shown = [*every_page(client, hostile, read), *states(client, hostile, read)]

    typed = {page: html.decode() for page, html in read.items() if html and page.role in TYPED_AS}
    assert {page: found for page, html in typed.items() if (found := dangers_in(html))} == {}
    assert shown_to_others(hostile, read) == SHOWN_TO_OTHERS, "what axe must look at, in tests/pages.py"
    assert len(shown) > 100
    assert wrong_html(shown, tmp_path) == {}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reads_a_page_when_it_is_refused(client, world, role):
    roles, edit = Roles(client, world), getattr(find_row("actions:action_edit")[1], role)
    refusals = {"/rien/": 404, f"{world.action.get_absolute_url()}modifier/": edit}
    for path, status in refusals.items():
        if status in (403, 404) and role != "anonymous":
            response, _ = roles.ask(role, path)
            assert (response.status_code, b"<h1" in response.content) == (status, True)
