"""What no person types and every form receives one day: forbidden characters, numbers without end, days that are none.

Each form of each page is sent with an odd value in each of its fields, all fields at once: it answers with a sentence or it
goes on, it never breaks.
"""

import pytest

from tests.access_table import address, find_row
from tests.asking import Roles, bare_refusals, floor_of, urls
from tests.filling import FormReader
from tests.hostile import without_scripts
from tests.pages import Page, gives_a_page, html_in
from tests.world import FLOORS

# What a browser cannot send on its own: the session and the row that the person started from.
KEPT = {"csrfmiddlewaretoken", "revision"}
ODD = [
    "a\x00b", "9" * 40, "²", "31/02/9999", "31/12/9999", "01/01/0001", "\ufffe\x08\x1b", "-1", "1e999", "NaN",
    '{"a": "\\u0000"}',
]  # fmt: skip


def form_pages(world, role, floor):
    """The pages that may hold a form, for one role."""
    for url in urls():
        _, row = find_row(url.name)
        if floor_of(url) == floor and row.method == "get" and gives_a_page(getattr(row, role)) and "logout" not in url.name:
            yield Page(role, url.name, address(url, world))


def posting_forms(html):
    reader = FormReader()
    reader.feed(html)
    return [(action, fields) for method, action, fields in reader.forms if method == "post" and action.startswith(("", "/"))]


def odd(rank, key, given):
    """One odd value for each field, another at each pass."""
    return given if key in KEPT or key.endswith("_FORMS") else ODD[(rank + len(key)) % len(ODD)]


def dates_too_far(rank, key, given):
    """What the page holds already, but for the scripts, and days at the ends of the calendar."""
    is_day = key.endswith(("_on", "-on", "_text", "year")) or key == "on"
    return ["31/12/9999", "01/01/0001"][rank] if is_day else without_scripts(given)


@pytest.mark.parametrize("floor", [*FLOORS, "stock"])
def test_no_form_breaks_on_odd_values(client, hostile, read, monkeypatch, floor):
    bare_refusals(monkeypatch)
    roles, broken, sent = Roles(client, hostile), [], 0
    for page in form_pages(hostile, "animator", floor):
        if page not in read:
            read[page] = html_in(roles.ask("animator", page.path)[0])
        for action, fields in posting_forms((read[page] or b"").decode()):
            if len(fields) < 2 or "logout" in action or "deconnexion" in action:
                continue
            for change, rank in ((odd, 4), (dates_too_far, 0)):
                data = {key: change(rank, key, given) for key, given in fields}
                sent += 1
                try:
                    response, _ = roles.ask("animator", action or page.path, "post", data)
                except Exception as error:  # every page is tried before any is told
                    broken.append((page.name, change.__name__, type(error).__name__, str(error)[:200]))
                else:
                    if response.status_code >= 500:
                        broken.append((page.name, change.__name__, response.status_code))
    assert broken == []
    assert sent
