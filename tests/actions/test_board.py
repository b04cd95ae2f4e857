"""The board of the fiches: its columns, and what moving a card records."""

import pytest
from django.urls import reverse

from actions.enums import ActionStatus, RequestState
from pti.enums import Role
from tests.factories.actions import ActionFactory, CampaignFactory, CampaignRequestFactory, LeadFactory, UpdateFactory, led_by
from tests.factories.pti import PactFactory, person


@pytest.fixture
def pact():
    return PactFactory(start_text="2020", end_text="2030")


@pytest.fixture
def animator(client, pact):
    user = person(Role.ANIMATOR, pact)
    client.force_login(user)
    return user


def board(pact, query=""):
    return reverse("actions:action_board", args=[pact.pk]) + query


def address(action, query=""):
    return reverse("actions:action_status", args=[action.pact_id, action.pk]) + query


def numbers(response):
    """{status: numbers of the cards shown}, empty columns left out."""
    columns = response.context["columns"]
    return {column.status: [card.action.number for card in column.cards] for column in columns if column.cards}


@pytest.mark.parametrize("count", [1, 3])
def test_board_query_count(client, pact, animator, count, django_assert_num_queries):
    for action in ActionFactory.create_batch(count, pact=pact, late=True, blocked=True):
        LeadFactory(action=action)
    with django_assert_num_queries(13):
        response = client.get(board(pact))
    assert sum(map(len, numbers(response).values())) == count


def test_a_column_shows_25_cards_and_the_next_ones_on_its_own_page(client, pact, animator):
    ActionFactory.create_batch(26, pact=pact)
    ActionFactory(pact=pact, paused=True, number="99")
    first, second = client.get(board(pact)), client.get(board(pact, "?page_ongoing=2"))
    assert [len(numbers(first)["ongoing"]), len(numbers(second)["ongoing"])] == [25, 1]
    assert numbers(second)["paused"] == ["99"]
    assert "page_ongoing=2#ongoing" in first.content.decode()


def test_the_filters_of_the_list_hold_on_the_board(client, pact, animator):
    ActionFactory(pact=pact, number="1", late=True)
    ActionFactory(pact=pact, number="2")
    ActionFactory(number="3", late=True)
    assert numbers(client.get(board(pact, "?alerte=retard"))) == {"ongoing": ["1"]}


def test_a_move_is_an_update(client, pact, animator):
    action = ActionFactory(pact=pact, project=True)
    response = client.post(address(action, "?theme=3&vers=ongoing"), {"status": "ongoing", "seen": "project"})
    assert response.url == board(pact, "?theme=3#ongoing")
    action.refresh_from_db()
    update = action.updates.get()
    assert (action.status, update.status, update.author) == (ActionStatus.ONGOING, "ongoing", animator)


@pytest.mark.parametrize(("status", "words"), [("done", "son résultat"), ("paused", "suspendue"), ("dropped", "abandonnée")])
def test_a_fiche_that_stops_says_why(client, pact, animator, status, words):
    action = ActionFactory(pact=pact)
    response = client.post(address(action), {"status": status, "seen": "ongoing"})
    assert words in response.context["form"].errors["sentence"][0]
    assert not action.updates.exists()
    client.post(address(action), {"status": status, "seen": "ongoing", "sentence": "Le guide est écrit."})
    action.refresh_from_db()
    assert (action.status, action.done_on is not None) == (status, status == "done")


def test_somebody_moved_it_meanwhile(client, pact, animator):
    action = ActionFactory(pact=pact, paused=True)
    response = client.post(address(action), {"status": "running", "seen": "ongoing", "sentence": "Elle tourne."})
    form = response.context["form"]
    assert form.non_field_errors() == ["Quelqu’un vient de la déplacer : elle est désormais suspendue."]
    assert (form["seen"].value(), form["sentence"].value()) == ("paused", "Elle tourne.")
    assert not action.updates.exists()


def test_an_update_of_later_keeps_its_word(client, pact, animator, settings):
    action = ActionFactory(pact=pact)
    UpdateFactory(action=action, on="2999-01-01")
    response = client.post(address(action), {"status": "running", "seen": "ongoing"})
    assert "plus récent" in response.context["form"].errors["status"][0]
    assert action.updates.count() == 1


def test_a_partner_moves_what_it_leads(client, pact):
    user = person(Role.PARTNER, pact)
    own, other = ActionFactory(pact=pact, number="1"), ActionFactory(pact=pact, number="2")
    lead = led_by(user, own)
    client.force_login(user)
    cards = next(column.cards for column in client.get(board(pact)).context["columns"] if column.cards)
    assert [(card.action.number, card.may_move) for card in cards] == [("1", True), ("2", False)]
    client.post(address(own), {"status": "running", "seen": "ongoing"})
    assert own.updates.get().organisation == lead.organisation
    assert client.post(address(other), {"status": "running", "seen": "ongoing"}).status_code == 403


def test_a_move_answers_the_open_collection(client, pact):
    user = person(Role.PARTNER, pact)
    own = ActionFactory(pact=pact)
    campaign = CampaignFactory(pact=pact, open=True)
    asked = CampaignRequestFactory(campaign=campaign, action=own, organisation=led_by(user, own).organisation)
    client.force_login(user)
    client.post(address(own), {"status": "running", "seen": "ongoing"})
    asked.refresh_from_db()
    assert (asked.state, asked.given) == (RequestState.ANSWERED, own.updates.get())


def test_an_odd_address_opens_the_first_page(client, pact, animator):
    ActionFactory(pact=pact, number="1")
    assert numbers(client.get(board(pact, "?page_ongoing=zz&page_done=-4&theme=x"))) == {"ongoing": ["1"]}
    assert client.get(address(pact.actions.get(), "?vers=ailleurs")).status_code == 200
