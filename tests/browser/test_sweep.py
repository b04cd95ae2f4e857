"""axe finds nothing on any page nor in any state, wide or narrow, every fold open; no page scrolls sideways, down to 320 px.

The animator sees every page, so hers are all looked at; of the other roles, the pages that show something which hers never
do. On a phone the markup is the same and the layout is not: there, the rules that depend on it.
"""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Error

from pti.enums import PactState, Role
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories.partners import PartnerFactory, SignatureFactory, VersionFactory
from tests.factories.pti import PactFactory, freeze, person
from tests.pages import OTHERS, SHOWN_TO_OTHERS, pages
from tests.states import states

# Addresses without a page to look at: one asks for a POST, the others are files of every page.
NO_PAGE = {"admin:logout", "admin:jsi18n", "brand_css", "brand_logo", "health"}
NARROW = {"width": 320, "height": 640}  # 1280 px seen at 400 % (WCAG 1.4.10)
LAYOUT_RULES = ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block", "aria-hidden-focus"]
# What a person meets most when something is wrong; the HTML validator reads all the states.
MAIN_STATES = {
    "actions:action_add, refused", "actions:update_add, refused", "actions:indicator_add, refused",
    "actions:funding_add, refused", "partners:partner_add, refused", "partners:contact_add, refused",
    "governance:committee_create, refused", "governance:meeting_create, refused", "governance:decision_create, refused",
    "evaluation:review_create, refused", "piece_add, refused", "pact_create_blank, refused", "account_login, refused",
    "actions:action_edit, two versions", "actions:action_list, empty", "actions:action_list, nothing found",
    "evaluation:dashboard, empty", "pact_detail, empty", "404", "403", "429",
}  # fmt: skip


def of_the_animator(world, admin):
    return [page for page in pages(world, ["animator"]) if page.is_admin == admin and page.name not in NO_PAGE]


def of_the_others(world):
    return [page for page in pages(world, OTHERS) if page.key in SHOWN_TO_OTHERS]


CHOICES = {
    "animator": lambda world: of_the_animator(world, admin=False),
    "others": of_the_others,
    "settings": lambda world: of_the_animator(world, admin=True),
}


def show(page, html):
    """Open in `page` the HTML that another client was given."""
    page.route("**/etat/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    page.goto("/etat/")
    page.unroute("**/etat/")


def sideways(page):
    """What is wrong with the width of `page` as it is now: nothing, or its pixels when they are more than the screen's."""
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    return [f"scrolls sideways: {wide} px"] if wide > page.viewport_size["width"] else []


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
@pytest.mark.parametrize(
    ("choice", "share", "shares"),
    [*(("animator", share, 4) for share in range(4)), ("others", 0, 1), *(("settings", share, 2) for share in range(2))],
)
def test_axe_finds_nothing(live_server, page, enter, axe, world, choice, share, shares):
    wrong, seen, role = [], 0, None
    for one in list(CHOICES[choice](world))[share::shares]:
        if one.role != role:
            role = one.role
            enter(page, world.users[role])
        page.set_viewport_size(DESKTOP)
        if not opens(page, one.path):
            continue
        seen += 1
        wrong += [(one.path, DESKTOP["width"], *barrier) for barrier in axe()]
        page.set_viewport_size(PHONE)
        wrong += [(one.path, PHONE["width"], *barrier) for barrier in axe(only=LAYOUT_RULES)]
        if choice == "settings":
            continue
        wrong += [(one.path, PHONE["width"], wide) for wide in sideways(page)]
        page.set_viewport_size(NARROW)
        wrong += [(one.path, NARROW["width"], wide) for wide in sideways(page)]
    assert wrong == []
    assert seen > 0


@pytest.mark.ignore_template_errors
def test_axe_finds_nothing_when_something_is_wrong(live_server, page, axe, world):
    seen, wrong = set(), []
    for name, html in states(Client(), world, wanted=MAIN_STATES.__contains__):
        if name not in MAIN_STATES:
            continue
        seen.add(name)
        show(page, html)
        page.set_viewport_size(PHONE)
        wrong += [(name, *barrier) for barrier in axe()]
        page.set_viewport_size(NARROW)
        wrong += [(name, wide) for wide in sideways(page)]
    assert wrong == []
    assert seen == MAIN_STATES


def test_the_dates_of_the_signatures_fit_a_phone_whatever_the_names(phone, enter):
    pact = PactFactory()
    name = "Direction régionale de la jeunesse, des sports et de la cohésion sociale"
    partner = PartnerFactory(pact=pact, organisation__name=name, signatory=True)
    freeze(pact, PactState.SIGNATURE)
    SignatureFactory(partner=partner, version=VersionFactory(pact=pact, number=1))
    enter(phone, person(Role.READER, pact))
    phone.goto(reverse("partners:signature_board", args=[pact.pk]))
    phone.locator("main details").first.evaluate("fold => { fold.open = true }")
    assert sideways(phone) == []
