"""axe finds nothing on any page, wide or narrow, and no page scrolls sideways on a phone."""

import pytest
from playwright.sync_api import Error

from tests.browser.conftest import DESKTOP, PHONE
from tests.pages import pages

SHARES = 2


def chosen(world, role, admin, share):
    """Pages of one test: the animator sees them all, so the others are asked only for what they alone see."""
    known = {page.name for page in pages(world, ["animator"])} if role == "anonymous" else set()
    mine = [page for page in pages(world, [role]) if page.is_admin == admin and page.name not in known]
    return mine[share::SHARES]


def opens(page, path):
    """Go to an address; False when it gives something else than a page of its own: a file, a redirect."""
    try:
        answer = page.goto(path)
    except Error as error:
        if "Download is starting" not in error.message:
            raise
        return False
    is_page = answer.status == 200 and answer.headers.get("content-type", "").startswith("text/html")
    return is_page and answer.request.redirected_from is None


@pytest.mark.ignore_template_errors
@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize(
    ("role", "admin"),
    [("animator", False), ("partner", False), ("anonymous", False), ("animator", True)],
    ids=["animator", "partner", "anonymous", "admin"],
)
def test_axe_finds_nothing(live_server, page, enter, axe, world, role, admin, share):
    enter(page, world.users[role])
    wrong, seen = [], 0
    for one in chosen(world, role, admin, share):
        page.set_viewport_size(DESKTOP)
        if not opens(page, one.path):
            continue
        seen += 1
        for viewport in (DESKTOP, PHONE):
            page.set_viewport_size(viewport)
            wrong += [(one.path, viewport["width"], *barrier) for barrier in axe(page)]
        wide = page.evaluate("() => document.documentElement.scrollWidth")
        if wide > PHONE["width"] and not admin:
            wrong.append((one.path, PHONE["width"], f"scrolls sideways: {wide} px"))
    assert wrong == []
    assert seen > 0
