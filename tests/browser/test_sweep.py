"""axe finds nothing on any page nor in any state, wide or narrow, every fold open; no page scrolls sideways, down to 320 px."""

import pytest
from django.test import Client
from playwright.sync_api import Error

from tests.browser.conftest import DESKTOP, PHONE
from tests.pages import pages
from tests.states import states

SHARES = 2
# Addresses without a page to look at: one asks for a POST, the others are files of every page.
NO_PAGE = {"admin:logout", "admin:jsi18n", "brand_css", "brand_logo", "health"}
NARROW = {"width": 320, "height": 640}  # 1280 px seen at 400 % (WCAG 1.4.10)
UNFOLD = "() => document.querySelectorAll('main details').forEach(fold => { fold.open = true })"
# What a person meets most when something is wrong; the HTML validator reads all the states.
MAIN_STATES = {
    "actions:action_add, refused", "actions:update_add, refused", "actions:indicator_add, refused",
    "actions:funding_add, refused", "partners:partner_add, refused", "partners:contact_add, refused",
    "governance:committee_create, refused", "governance:meeting_create, refused", "governance:decision_create, refused",
    "evaluation:review_create, refused", "piece_add, refused", "pact_create_blank, refused", "account_login, refused",
    "actions:action_edit, two versions", "actions:action_list, empty", "actions:action_list, nothing found",
    "evaluation:dashboard, empty", "pact_detail, empty", "404", "403", "429",
}  # fmt: skip


def chosen(world, role, admin, share):
    """Pages of one test: the animator sees them all, so the others are asked only for what they alone see."""
    known = NO_PAGE | ({page.name for page in pages(world, ["animator"])} if role == "anonymous" else set())
    mine = [page for page in pages(world, [role]) if page.is_admin == admin and page.name not in known]
    return mine[share::SHARES]


def show(page, html):
    """Open in `page` the HTML that another client was given."""
    page.route("**/etat/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    page.goto("/etat/")
    page.unroute("**/etat/")


def too_wide(page, width):
    """Pixels of the page when they are more than those of the screen."""
    page.set_viewport_size({"width": width, "height": NARROW["height"]})
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    return wide if wide > width else 0


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
        page.evaluate(UNFOLD)
        for viewport in (DESKTOP, PHONE):
            page.set_viewport_size(viewport)
            wrong += [(one.path, viewport["width"], *barrier) for barrier in axe(page)]
        for width in (PHONE["width"], NARROW["width"]):
            wide = 0 if admin else too_wide(page, width)
            wrong += [(one.path, width, f"scrolls sideways: {wide} px")] if wide else []
    assert wrong == []
    assert seen > 0


@pytest.mark.ignore_template_errors
def test_axe_finds_nothing_when_something_is_wrong(live_server, page, axe, world):
    seen, wrong = set(), []
    for name, html in states(Client(), world):
        if name not in MAIN_STATES:
            continue
        seen.add(name)
        show(page, html)
        page.evaluate(UNFOLD)
        page.set_viewport_size(PHONE)
        wrong += [(name, *barrier) for barrier in axe(page)]
        wide = too_wide(page, NARROW["width"])
        wrong += [(name, f"scrolls sideways: {wide} px")] if wide else []
    assert wrong == []
    assert seen == MAIN_STATES
