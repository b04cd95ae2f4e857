"""Updates: one field is enough, others read them at once, the contract stays as it was."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from actions.enums import ActionStatus, Confidence, LeadRole
from actions.models import Update
from actions.services import lift_blocking, post_update, record_measure, succeed_lead
from partners.models import Membership
from pti.enums import PactState, Role
from tests.factories.actions import (
    ActionFactory,
    IndicatorFactory,
    LeadFactory,
    MilestoneFactory,
    OrganisationFactory,
    UpdateFactory,
    led_by,
)
from tests.factories.partners import PartnerFactory
from tests.factories.pti import PactFactory, freeze, person

JUNE, OCTOBER = datetime.date(2026, 6, 12), datetime.date(2026, 10, 6)


@pytest.fixture
def pact():
    return PactFactory()


@pytest.fixture
def partner(client, pact):
    user = person(Role.PARTNER, pact)
    client.force_login(user)
    return user


def page(action):
    return reverse("actions:update_add", args=[action.pact_id, action.pk])


def test_a_sentence_is_enough_and_the_fiche_shows_it(client, pact, partner):
    action = ActionFactory(pact=pact)
    lead = led_by(partner, action)
    freeze(pact, PactState.IN_FORCE)
    response = client.post(page(action), {"status": "ongoing", "sentence": "Le guide est écrit."})
    assert response.url == reverse("actions:my_actions", args=[pact.pk])
    update = Update.objects.get()
    assert (update.sentence, update.author, update.organisation, update.on_behalf) == (
        "Le guide est écrit.",
        partner,
        lead.organisation,
        False,
    )
    reader = person(Role.READER, pact)
    client.force_login(reader)
    assert "Le guide est écrit." in client.get(action.get_absolute_url()).content.decode()


def test_nothing_filled_is_refused_in_french(client, pact, partner):
    action = ActionFactory(pact=pact)
    led_by(partner, action)
    response = client.post(page(action), {"status": "ongoing"})
    assert "Remplissez au moins un champ" in response.content.decode()
    assert Update.objects.count() == 0


def test_get_writes_nothing(client, pact, partner):
    action = ActionFactory(pact=pact)
    led_by(partner, action)
    client.get(page(action) + "?inchange=1")
    assert Update.objects.count() == 0


def test_still_true_confirms_status_and_confidence(client, pact, partner):
    action = ActionFactory(pact=pact, to_support=True)
    led_by(partner, action)
    UpdateFactory(action=action, on=JUNE)
    client.post(page(action), {"inchange": "1"})
    update = Update.objects.order_by("pk").last()
    assert (update.status, update.confidence, update.sentence) == ("ongoing", "support", "")


def test_a_full_update_moves_everything_it_says(client, pact, partner):
    action = ActionFactory(pact=pact)
    led_by(partner, action)
    done = MilestoneFactory(action=action, planned_text="31/01/2020")
    moved = MilestoneFactory(action=action, planned_text="28/02/2020")
    indicator = IndicatorFactory(action=action)
    freeze(pact, PactState.IN_FORCE)
    data = {
        "status": "running",
        "confidence": "compromised",
        "sentence": "Nous n’y arriverons pas.",
        "done": "Deux réunions",
        "difficulties": "Un refus",
        "next_steps": "Une visite",
        "blocking_point": "La règle de priorité",
        "blocking_level": "steering",
        f"milestone_{done.pk}": "done",
        f"milestone_{moved.pk}": "moved",
        f"milestone_{moved.pk}_on": "1/3/2030",
        f"milestone_{moved.pk}_why": "Travaux",
        f"value_{indicator.pk}": "1 234,5",
    }
    assert client.post(page(action), data).status_code == 302
    action.refresh_from_db()
    done.refresh_from_db()
    moved.refresh_from_db()
    assert (action.status, action.confidence, action.confidence_text) == ("running", "compromised", "Nous n’y arriverons pas.")
    assert done.done_on is not None
    assert (moved.planned_text, moved.forecast_on, moved.forecast_reason) == (
        "28/02/2020",
        datetime.date(2030, 3, 1),
        "Travaux",
    )
    measure = indicator.measures.get()
    assert (measure.raw_value, str(measure.value)) == ("1 234,5", "1234.5000")
    assert Update.objects.get().is_blocking


def test_an_impossible_date_is_said_and_what_was_typed_kept(client, pact, partner):
    action = ActionFactory(pact=pact)
    led_by(partner, action)
    milestone = MilestoneFactory(action=action, planned_text="31/01/2020")
    data = {"sentence": "Ma phrase", f"milestone_{milestone.pk}": "moved", f"milestone_{milestone.pk}_on": "31/02/2027"}
    html = client.post(page(action), data).content.decode()
    assert "n’existe pas" in html
    assert "Ma phrase" in html
    assert 'value="31/02/2027"' in html


def test_moved_without_date_asks_for_it(client, pact, partner):
    action = ActionFactory(pact=pact)
    led_by(partner, action)
    milestone = MilestoneFactory(action=action, planned_text="31/01/2020")
    html = client.post(page(action), {"sentence": "x", f"milestone_{milestone.pk}": "moved"}).content.decode()
    assert "Donnez la nouvelle date" in html


def test_a_milestone_that_moves_says_why(client, pact, partner):
    action = ActionFactory(pact=pact)
    led_by(partner, action)
    milestone = MilestoneFactory(action=action, planned_text="31/01/2020")
    data = {f"milestone_{milestone.pk}": "moved", f"milestone_{milestone.pk}_on": "28/02/2027"}
    assert "Dites pourquoi" in client.post(page(action), data).content.decode()
    milestone.refresh_from_db()
    assert milestone.forecast_on is None


def test_a_new_date_that_was_typed_and_not_ticked_is_kept(client, pact, partner):
    action = ActionFactory(pact=pact)
    led_by(partner, action)
    milestone = MilestoneFactory(action=action, planned_text="31/01/2020")
    name = f"milestone_{milestone.pk}"
    data = {"sentence": "x", name: "", f"{name}_on": "28/02/2027", f"{name}_why": "Travaux"}
    assert client.post(page(action), data).status_code == 302
    milestone.refresh_from_db()
    assert (milestone.forecast_on, milestone.forecast_reason) == (datetime.date(2027, 2, 28), "Travaux")


def test_staff_say_on_behalf_of_whom(client, pact):
    officer = person(Role.OFFICER, pact)
    client.force_login(officer)
    action = ActionFactory(pact=pact)
    lead = LeadFactory(action=action)
    data = {"sentence": "Reçu", "organisation": lead.organisation_id, "channel": "par téléphone", "on": "12/6/26"}
    client.post(page(action), data)
    update = Update.objects.get()
    assert (update.on_behalf, update.organisation, update.on) == (True, lead.organisation, JUNE)
    html = client.get(action.get_absolute_url()).content.decode()
    assert f"<strong>au nom de {lead.organisation}</strong>, reçu par téléphone" in html


RECEIVED = [("Téléphone", "reçu par téléphone"), ("par courrier", "reçu par courrier"), ("SMS", "reçu par SMS"), ("", "")]


@pytest.mark.parametrize(("typed", "said"), RECEIVED)
def test_how_it_was_received_reads_inside_a_sentence(typed, said):
    assert Update(channel=typed).received_by == said


@pytest.mark.parametrize("role", [LeadRole.ASSOCIATED, LeadRole.FUNDER])
def test_one_who_does_not_lead_may_not(client, pact, partner, role):
    action = ActionFactory(pact=pact)
    led_by(partner, action, role=role)
    assert client.post(page(action), {"sentence": "x"}).status_code == 403


def test_a_former_lead_may_not(client, pact, partner):
    action = ActionFactory(pact=pact)
    lead = led_by(partner, action)
    succeed_lead(lead=lead, on=OCTOBER, by=None)
    assert client.get(page(action)).status_code == 403


def test_action_of_another_pact_is_hidden(client, pact, partner):
    action = ActionFactory(pact=PactFactory())
    led_by(partner, action)
    assert client.get(page(action)).status_code == 404


def test_an_older_story_does_not_move_the_action():
    action = ActionFactory()
    post_update(action=action, by=None, on=OCTOBER, status=ActionStatus.RUNNING, confidence=Confidence.SECURED)
    post_update(action=action, by=None, on=JUNE, status=ActionStatus.PAUSED, confidence=Confidence.SUPPORT)
    action.refresh_from_db()
    assert (action.status, action.confidence, action.confidence_on) == ("running", "secured", OCTOBER)


def test_done_takes_its_date_and_leaves_it():
    action = ActionFactory()
    post_update(action=action, by=None, on=JUNE, status=ActionStatus.DONE)
    assert action.done_on == JUNE
    post_update(action=action, by=None, on=OCTOBER, status=ActionStatus.ONGOING)
    assert action.done_on is None


def test_empty_update_is_refused_by_the_service():
    with pytest.raises(ValidationError):
        post_update(action=ActionFactory(), by=None)


def test_two_bodies_that_count_differently_keep_two_series():
    indicator = IndicatorFactory()
    caf, msa = OrganisationFactory(name="CAF"), OrganisationFactory(name="MSA")
    record_measure(indicator=indicator, year=2026, raw_value="12", by=None, organisation=caf)
    record_measure(indicator=indicator, year=2026, raw_value="15", by=None, organisation=msa)
    record_measure(indicator=indicator, year=2026, raw_value="13", by=None, organisation=caf)
    assert sorted(indicator.measures.values_list("series", "raw_value")) == [("", "13"), ("MSA", "15")]


def test_lift_a_blocking_point(client, pact, partner):
    action = ActionFactory(pact=pact)
    led_by(partner, action)
    update = UpdateFactory(action=action, blocking_point="La règle")
    client.post(reverse("actions:update_unblock", args=[pact.pk, update.pk]), {"how": "Arbitré en COPIL"})
    update.refresh_from_db()
    assert (update.is_blocking, update.unblocking) == (False, "Arbitré en COPIL")
    with pytest.raises(ValidationError):
        lift_blocking(update=update, by=partner)


def test_my_actions_puts_first_what_is_expected(client, pact, partner, settings):
    settings.REFERENCE_DAY = "2026-10-06"
    organisation = OrganisationFactory(name="CAF Touraine")
    Membership.objects.create(user=partner, organisation=organisation)
    quiet = ActionFactory(pact=pact, number="1", confidence=Confidence.SECURED, confidence_on=JUNE)
    told = ActionFactory(pact=pact, number="2", confidence=Confidence.SECURED, confidence_on=OCTOBER)
    late = ActionFactory(pact=pact, number="3", late=True, confidence=Confidence.SECURED, confidence_on=OCTOBER)
    ActionFactory(pact=pact, number="4")
    for action in (quiet, told, late):
        LeadFactory(action=action, organisation=organisation)
    for action in (told, late):
        UpdateFactory(action=action, on=datetime.date(2026, 10, 2))
    freeze(pact, PactState.IN_FORCE)
    response = client.get(reverse("actions:my_actions", args=[pact.pk]))
    assert [card["action"].number for card in response.context["expected"]] == ["1", "3"]
    assert [card["action"].number for card in response.context["up_to_date"]] == ["2"]


@pytest.mark.parametrize(
    ("state", "turns"), [(PactState.DRAFTING, 0), (PactState.CLOSED, 0), (PactState.SIGNATURE, 1), (PactState.IN_FORCE, 1)]
)
def test_nobody_is_asked_for_news_of_a_draft_nor_of_a_pact_that_is_over(client, pact, partner, state, turns):
    action = ActionFactory(pact=pact)
    led_by(partner, action)
    freeze(pact, state)
    asked = client.get(action.get_absolute_url()).content.decode().count("est attendu de vous.")
    assert (asked, len(client.get(reverse("actions:my_actions", args=[pact.pk])).context["expected"])) == (turns, turns)


@pytest.mark.parametrize("count", [1, 3])
def test_my_actions_query_count(client, pact, partner, count, django_assert_num_queries):
    for action in ActionFactory.create_batch(count, pact=pact):
        led_by(partner, action)
    with django_assert_num_queries(15):
        client.get(reverse("actions:my_actions", args=[pact.pk]))


def test_my_actions_leads_to_the_place_of_ones_own_body_in_the_pact(client, pact, partner):
    """Its contacts, its commitments and its signature are there."""
    organisation = OrganisationFactory(name="CAF Touraine")
    Membership.objects.create(user=partner, organisation=organisation)
    address = reverse("actions:my_actions", args=[pact.pk])
    assert "CAF Touraine, " in client.get(address).content.decode()
    place = PartnerFactory(pact=pact, organisation=organisation)
    link = f'<a href="{place.get_absolute_url()}">CAF Touraine</a>'
    assert link in client.get(address).content.decode()
