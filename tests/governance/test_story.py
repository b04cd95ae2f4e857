"""The story of a fiche: every source tells its facts, in order, to whom may read them."""

import datetime

import pytest
from django.urls import reverse

from actions.enums import ActionStatus, LeadRole
from actions.services import move_milestone
from governance.story import story_of
from pti.enums import PactState, Role
from pti.models import AmendmentPoint, StateChange
from tests.factories.actions import (
    ActionFactory,
    IndicatorFactory,
    LeadFactory,
    MeasureFactory,
    MilestoneFactory,
    OrganisationFactory,
    UpdateFactory,
)
from tests.factories.governance import CommitteeFactory, DecisionFactory, MeetingFactory, ReferralFactory
from tests.factories.pti import PactFactory, person
from tests.world import log_in


def day(month, number=1):
    return datetime.date(2026, month, number)


@pytest.fixture
def pact():
    return PactFactory()


@pytest.fixture
def officer(client, pact):
    user = person(Role.OFFICER, pact)
    log_in(client, user)
    return user


@pytest.fixture
def action(pact):
    return ActionFactory(pact=pact)


def page(client, action, query=""):
    return client.get(reverse("governance:action_story", args=[action.pact_id, action.pk]) + query)


def titles(action, user):
    return [str(entry.title) for entry in story_of(action, user)]


def test_updates_tell_how_the_status_and_the_confidence_moved(action, officer):
    UpdateFactory(action=action, on=day(1), status="ongoing", confidence="reachable")
    UpdateFactory(action=action, on=day(3), status="ongoing", confidence="support", blocking_point="Aucun local",
                  unblocked_on=day(4), unblocking="Une salle est prêtée.")  # fmt: skip
    assert titles(action, officer) == [
        "Point de blocage levé",
        "Point d’avancement : la confiance passe de « objectif atteignable » à « appuis nécessaires »",
        "Point d’avancement : le statut est « en cours » ; la confiance est « objectif atteignable »",
    ]


def test_a_status_that_no_update_told_is_told_once(action, officer):
    action.set_status(ActionStatus.PAUSED)
    action.save()
    assert titles(action, officer) == ["Le statut passe de « en cours » à « suspendue »"]
    UpdateFactory(action=action, status=ActionStatus.PAUSED, on=day(1))
    assert titles(action, officer) == ["Point d’avancement : le statut est « suspendue »"]


def test_milestones_values_and_leads_are_told(action, officer, settings):
    milestone = MilestoneFactory(action=action, label="Ouvrir", planned_text="01/02/2026")
    move_milestone(milestone, day(5), "Travaux", day(2))
    move_milestone(milestone, "done", "", day(5))
    MeasureFactory(indicator=IndicatorFactory(action=action, name="Entrées", unit="personnes"), year=2026, raw_value="42",
                   measured_on=day(6))  # fmt: skip
    caf, msa = OrganisationFactory(name="CAF"), OrganisationFactory(name="MSA")
    LeadFactory(action=action, organisation=caf, ended_on=day(7), end_reason="Réorganisation")
    LeadFactory(action=action, organisation=msa, started_on=day(7))
    LeadFactory(action=action, organisation=msa, started_on=day(8), role=LeadRole.FUNDER)
    told = titles(action, officer)
    assert any(one.startswith("Jalon reporté au ") and one.endswith("Ouvrir") for one in told)
    assert [one for one in told if "reporté" not in one] == [
        "MSA devient financeur",
        "MSA succède à CAF (pilote)",
        "Entrées : 42 personnes en 2026",
        "Jalon fait : Ouvrir",
    ]


@pytest.mark.parametrize("year", [0, 20_000])
def test_a_value_of_a_year_that_is_none_is_told(action, officer, year):
    MeasureFactory(indicator=IndicatorFactory(action=action, name="Entrées", unit=""), year=year, raw_value="42")
    assert titles(action, officer) == [f"Entrées : 42 en {year}"]


def test_what_committees_decided_and_answered_is_told_to_whom_may_read_it(client, pact, action, officer):
    committee = CommitteeFactory(pact=pact, name="COPIL")
    DecisionFactory(meeting=MeetingFactory(committee=committee, held=True, sent=True), action=action, text="Publique")
    DecisionFactory(meeting=MeetingFactory(committee=committee, held=True, draft=True), action=action, text="Secrète")
    update = UpdateFactory(action=action, on=day(1), blocking_point="Aucun local", unblocked_on=day(4))
    said = {"answered_on": day(4), "answer": "Une salle.", "outcome": "lifted"}
    ReferralFactory(update=update, committee=committee, raised_on=day(2), **said)
    html = {"officer": page(client, action).content.decode()}
    log_in(client, person(Role.PARTNER, pact))
    html["partner"] = page(client, action).content.decode()
    seen = {role: [word for word in ("Publique", "Secrète", "Une salle.") if word in text] for role, text in html.items()}
    assert seen == {"officer": ["Publique", "Secrète", "Une salle."], "partner": ["Publique", "Une salle."]}
    assert titles(action, officer).count("Point de blocage levé") == 0  # the answer tells it


def test_the_text_is_told(action, officer, pact):
    StateChange.objects.create(pact=pact, from_state="signature", to_state=PactState.IN_FORCE, on=day(1))
    signed = PactFactory(amends=pact, amendment_number=1, state=PactState.DRAFTING)
    AmendmentPoint.objects.create(pact=signed, target=action.uid, model="Action", label="La fiche 1")
    type(pact).objects.filter(pk=signed.pk).update(state=PactState.IN_FORCE, in_force_on=day(6))
    type(action).objects.filter(pk=action.pk).update(withdrawn_on=day(6), withdrawn_by=1)
    action.refresh_from_db()
    expected = ["Retirée par l’avenant n°\u00a01", "Avenant n°\u00a01 : La fiche 1", "Le pacte entre en vigueur"]
    assert titles(action, officer) == expected


@pytest.mark.parametrize("count", [1, 3])
def test_story_query_count(client, officer, pact, action, count, django_assert_num_queries):
    committee = CommitteeFactory(pact=pact)
    for number in range(count):
        update = UpdateFactory(action=action, on=day(1, number + 1), blocking_point="Aucun local", author=officer)
        ReferralFactory(update=update, committee=CommitteeFactory(pact=pact))
        MilestoneFactory(action=action, done_on=day(2))
        MeasureFactory(indicator=IndicatorFactory(action=action), organisation=OrganisationFactory())
        LeadFactory(action=action, started_on=day(3))
        DecisionFactory(meeting=MeetingFactory(committee=committee, held=True, sent=True), action=action)
    with django_assert_num_queries(17):
        response = page(client, action)
    assert response.context["page"].paginator.count == 6 * count


def test_a_long_story_has_pages(client, officer, action):
    for number in range(26):
        UpdateFactory(action=action, on=day(1, number + 1))
    assert len(page(client, action, "?page=2").context["page"]) == 1


def test_a_fiche_without_story_says_so(client, officer, action):
    assert "Rien ne s’est encore passé" in page(client, action).content.decode()
