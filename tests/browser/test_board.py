"""The board: a card moves with the mouse, or by its link; a fiche that stops is asked why."""

import re

import pytest
from django.urls import reverse

from actions.models import Action


@pytest.fixture
def board(page, enter, world):
    enter(page, world.users["animator"])
    page.goto(reverse("actions:action_board", args=[world.pact.pk]))
    return page


def column(page, status):
    return page.locator(f"[data-pti-status={status}]")


def drag(page, to):
    """The first card of « en cours », with the mouse."""
    page.drag_and_drop("[data-pti-status=ongoing] [data-pti-card] >> nth=0", f"[data-pti-status={to}] h2")


def test_a_card_is_dragged(board, world):
    drag(board, "running")
    board.wait_for_url(re.compile("#running$"))
    assert column(board, "running").locator("[data-pti-card]").count() == 1
    assert Action.objects.filter(pact=world.pact, status="running").count() == 1


def test_a_card_dragged_where_it_stops_is_asked_why(board, world):
    drag(board, "paused")
    board.wait_for_url(re.compile("vers=paused"))
    board.fill("#id_sentence", "Le poste est vacant.")
    board.get_by_role("button", name="Déplacer la fiche").click()
    board.wait_for_url(re.compile("#paused$"))
    assert column(board, "paused").locator("[data-pti-card]").count() == 1


def test_the_keyboard_does_the_same(board, world):
    column(board, "ongoing").locator("[data-pti-move]").first.focus()
    board.keyboard.press("Enter")
    board.wait_for_url(re.compile("/statut/"))
    board.locator("input[name=status][value=running]").focus()
    board.keyboard.press("Space")
    board.get_by_role("button", name="Déplacer la fiche").press("Enter")
    board.wait_for_url(re.compile("#running$"))
    assert column(board, "running").locator("[data-pti-card]").count() == 1
