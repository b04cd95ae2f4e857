"""A list is swapped in place: same addresses as without JavaScript, the result focused, no complaint in the console."""

import re

import pytest
from django.urls import reverse

from tests.factories.actions import ActionFactory


@pytest.fixture
def listed(page, enter, world):
    """The list of 30 fiches more, open as the animator sees it; the page counts its whole loads."""
    for number in range(30):
        ActionFactory(pact=world.pact, title=f"Mobilité {number:02}" if number % 3 == 0 else f"Logement {number:02}")
    enter(page, world.users["animator"])
    page.goto(reverse("actions:action_list", args=[world.pact.pk]))
    page.evaluate("window.sameLoad = true")
    return page


def focused(page):
    return page.evaluate("document.activeElement.textContent").replace("\u00a0", " ")


def test_sorting_swaps_the_list_and_says_so(listed):
    listed.locator("#liste thead a", has_text="Fiche").first.click()
    listed.wait_for_url(re.compile(r"\?sort="))
    listed.wait_for_selector("#liste [data-pti-result]:focus")
    assert "triées par" in focused(listed)
    assert listed.evaluate("window.sameLoad") is True


def test_second_page_and_back(listed):
    first = listed.locator("#liste tbody tr").count()
    listed.locator("#liste a[rel=next]").click()
    listed.wait_for_url(re.compile(r"page=2"))
    listed.wait_for_selector("#liste a[rel=prev]")
    assert listed.evaluate("window.sameLoad") is True
    listed.go_back()
    listed.wait_for_selector("#liste a[rel=next]")
    assert (listed.locator("#liste tbody tr").count(), listed.locator("h1").inner_text()) == (first, "Fiches-actions")


def test_search_filters_in_place_and_the_export_follows(listed):
    listed.fill("#id_q", "MOBILITE")
    listed.press("#id_q", "Enter")
    listed.wait_for_selector("#liste .pti-chip >> text=MOBILITE")
    assert "10 fiches sur" in focused(listed)
    assert "q=MOBILITE" in listed.url
    assert "q=MOBILITE" in listed.get_attribute("#exporter", "href")
    assert listed.evaluate("window.sameLoad") is True
    listed.locator("#liste .pti-chips a", has_text="Tout effacer").click()
    listed.wait_for_selector("#liste a[rel=next]")
    assert "q=" not in listed.url


def test_a_closed_session_opens_the_login_page(listed):
    listed.context.clear_cookies()
    listed.locator("#liste a[rel=next]").click()
    listed.wait_for_url(re.compile(r"/compte/connexion/"))
