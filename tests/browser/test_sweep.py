"""axe finds nothing on any page, wide or narrow, and no page scrolls sideways on a phone."""

import pytest
from django.test import Client

from tests.browser.conftest import DESKTOP, PHONE
from tests.pages import html_of, pages
from tests.world import log_in

SHARES = 2


def chosen(world, role, admin, share):
    """Pages of one test: the animator sees them all, so the others are asked only for what they alone see."""
    known = {page.name for page in pages(world, ["animator"])} if role == "anonymous" else set()
    mine = [page for page in pages(world, [role]) if page.is_admin == admin and page.name not in known]
    return mine[share::SHARES]


@pytest.mark.ignore_template_errors
@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize(
    ("role", "admin"),
    [("animator", False), ("partner", False), ("anonymous", False), ("animator", True)],
    ids=["animator", "partner", "anonymous", "admin"],
)
def test_axe_finds_nothing(live_server, page, enter, axe, world, role, admin, share):
    client = log_in(Client(), world.users[role])
    enter(page, world.users[role])
    wrong = []
    for one in chosen(world, role, admin, share):
        if html_of(client, one) is None:
            continue
        page.set_viewport_size(DESKTOP)
        page.goto(one.path)
        for viewport in (DESKTOP, PHONE):
            page.set_viewport_size(viewport)
            wrong += [(one.path, viewport["width"], *barrier) for barrier in axe(page)]
        wide = page.evaluate("() => document.documentElement.scrollWidth")
        if wide > PHONE["width"] and not admin:
            wrong.append((one.path, PHONE["width"], f"scrolls sideways: {wide} px"))
    assert wrong == []
