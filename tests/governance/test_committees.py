"""Committees: list, page, obligation to meet, entry."""

import datetime

import pytest
from django.urls import reverse

from governance.enums import ChairMode, MeetingStatus
from governance.models import Committee, CommitteeLead, Seat
from governance.obligations import Keeping, obligations
from governance.parts import missing_in_committees
from pti.enums import PactState, Role
from tests.factories.actions import LeadFactory, OrganisationFactory
from tests.factories.governance import (
    ChairFactory,
    CommitteeFactory,
    DecisionFactory,
    FormationFactory,
    MeetingFactory,
    SeatFactory,
)
from tests.factories.pti import PactFactory, TerritoryFactory, freeze, person
from tests.world import log_in


@pytest.fixture
def pact():
    return PactFactory(start_text="2015", end_text="2017")


@pytest.fixture
def officer(client, pact):
    user = person(Role.OFFICER, pact)
    log_in(client, user)
    return user


def url(name, pact, *args):
    return reverse(f"governance:{name}", args=[pact.pk, *args])


def judged(settings, day, pact, committee):
    settings.REFERENCE_DAY = day
    return obligations([committee], pact)[committee.pk]


@pytest.mark.parametrize("count", [1, 3])
def test_committee_list_query_count(client, officer, pact, count, django_assert_num_queries):
    for _ in range(count):
        committee = CommitteeFactory(pact=pact, yearly=True, territories=[TerritoryFactory()])
        ChairFactory(committee=committee, organisation=OrganisationFactory(), text="")
        MeetingFactory(committee=committee, held=True)
    with django_assert_num_queries(12):
        response = client.get(url("committee_list", pact))
    assert len(response.context["table"].rows) == count


def test_committee_list_filters_by_level_kind_and_territory(client, officer, pact):
    there = TerritoryFactory()
    local = CommitteeFactory(pact=pact, level="territorial", kind="local", territories=[there])
    CommitteeFactory(pact=pact, steering=True)
    for query in ({"level": "territorial"}, {"kind": "local"}, {"territory": there.pk}, {"q": local.name}):
        response = client.get(url("committee_list", pact), query)
        assert [row.record for row in response.context["table"].rows] == [local], query


def test_committee_that_serves_two_pacts_is_seen_from_both_and_written_from_its_own(client, pact):
    other = PactFactory()
    committee = CommitteeFactory(pact=other, serves=[pact])
    FormationFactory.create_batch(2, committee=committee)
    log_in(client, person(Role.OFFICER, pact))
    assert client.get(url("committee_detail", pact, committee.pk)).status_code == 200
    assert client.get(url("committee_list", pact)).context["table"].data[0] == committee
    assert client.get(url("committee_edit", other, committee.pk)).status_code == 404
    assert client.get(url("committee_part_create", pact, committee.pk, "sieges")).status_code == 403


def test_yearly_obligation_is_counted_in_the_year(settings, pact):
    committee = CommitteeFactory(pact=pact, meetings_due=2, meetings_due_per="year", mandated_on=datetime.date(2015, 6, 1))
    MeetingFactory(committee=committee, held=True, date_text="14/06/2016")
    MeetingFactory(committee=committee, date_text="08/11/2016")
    found = judged(settings, "2016-10-06", pact, committee)
    assert (found.keeping, found.sentence) == (Keeping.RUNNING, "1\u00a0séance tenue en 2016 sur 2\u00a0dues")
    assert judged(settings, "2016-12-31", pact, committee).keeping == Keeping.MISSED
    MeetingFactory(committee=committee, held=True, date_text="01/03/2016")
    assert judged(settings, "2016-10-06", pact, committee).keeping == Keeping.KEPT


def test_yearly_obligation_is_judged_on_each_past_year_of_the_pact(settings, pact):
    committee = CommitteeFactory(pact=pact, meetings_due=1, meetings_due_per="year")
    MeetingFactory(committee=committee, held=True, date_text="14/06/2016")
    found = judged(settings, "2016-10-06", pact, committee)
    assert (found.keeping, found.sentence) == (
        Keeping.MISSED,
        "1\u00a0séance tenue en 2016 sur 1\u00a0due\u00a0; 2015\u00a0: aucune séance",
    )
    MeetingFactory(committee=committee, held=True, date_text="14/06/2015")
    assert judged(settings, "2016-10-06", pact, committee).keeping == Keeping.KEPT
    committee.meetings_due = 2
    assert judged(settings, "2016-10-06", pact, committee).sentence.endswith("2015\u00a0: 1\u00a0séance sur 2")


def test_yearly_obligation_of_a_pact_that_is_over_is_judged_to_its_end(settings, pact):
    committee = CommitteeFactory(pact=pact, meetings_due=1, meetings_due_per="year")
    for year in (2015, 2016):
        MeetingFactory(committee=committee, held=True, date_text=f"14/06/{year}")
    pact.end_text = "30/06/2017"
    pact.save()
    pact.state = "closed"
    found = judged(settings, "2026-11-21", pact, committee)
    assert found.keeping == Keeping.MISSED


def test_obligation_at_launch_mid_term_and_end(settings, pact):
    committee = CommitteeFactory(pact=pact, due_at_launch=True, due_at_mid_term=True, due_at_end=True)
    MeetingFactory(committee=committee, held=True, date_text="12/03/2015")
    found = judged(settings, "2016-10-06", pact, committee)
    assert (found.keeping, found.sentence) == (Keeping.RUNNING, "Tenue au lancement\u00a0; due à mi-parcours, en fin de pacte")
    found = judged(settings, "2017-06-06", pact, committee)
    assert found.keeping == Keeping.MISSED
    MeetingFactory(committee=committee, held=True, date_text="12/06/2016")
    MeetingFactory(committee=committee, held=True, date_text="12/12/2017")
    assert judged(settings, "2018-01-06", pact, committee).keeping == Keeping.KEPT


def test_obligation_without_any_recorded_meeting_is_not_calculable(settings, pact):
    committee = CommitteeFactory(pact=pact, yearly=True)
    found = judged(settings, "2016-10-06", pact, committee)
    assert found.keeping == Keeping.UNKNOWN
    assert found.sentence.startswith("Non calculable")


def test_page_shows_chairs_seats_and_formations(client, officer, pact):
    committee = CommitteeFactory(pact=pact, chair_mode=ChairMode.CO_CHAIRS)
    ChairFactory(committee=committee, text="le préfet")
    ChairFactory(committee=committee, text="la présidente")
    seat = SeatFactory(committee=committee, starts_on=datetime.date(2015, 1, 1))
    FormationFactory(committee=committee, name="Formation exécutive")
    html = client.get(url("committee_detail", pact, committee.pk)).content.decode()
    for words in ("le préfet", "la présidente", "Coprésidence", seat.organisation.name, "Formation exécutive"):
        assert words in html


def test_create_committee(client, officer, pact):
    response = client.post(url("committee_create", pact), {"name": "Comité local", "kind": "local", "level": "territorial"})
    committee = Committee.objects.get()
    assert response.url == committee.get_absolute_url()
    assert (committee.pact, committee.name) == (pact, "Comité local")


def test_create_committee_refuses_half_an_obligation(client, officer, pact):
    data = {"name": "Comité", "kind": "local", "level": "territorial", "meetings_due": "2"}
    response = client.post(url("committee_create", pact), data)
    assert list(response.context["form"].errors) == ["meetings_due_per"]
    assert Committee.objects.count() == 0


def test_create_committee_in_a_frozen_pact_is_dated(client, officer, pact):
    freeze(pact)
    data = {"name": "Comité", "kind": "local", "level": "territorial"}
    assert list(client.post(url("committee_create", pact), data).context["form"].errors) == ["mandated_on"]
    client.post(url("committee_create", pact), {**data, "mandated_on": "01/03/2016"})
    assert Committee.objects.get().mandated_on == datetime.date(2016, 3, 1)


def test_committee_of_a_frozen_text_may_only_be_dissolved(client, officer, pact):
    committee = CommitteeFactory(pact=pact, name="Comité")
    freeze(pact)
    response = client.get(url("committee_edit", pact, committee.pk))
    assert set(response.context["form"].fields) == {"dissolved_on", "revision"}
    client.post(url("committee_edit", pact, committee.pk), {"dissolved_on": "01/03/2016", "revision": "0"})
    committee.refresh_from_db()
    assert committee.dissolved_on == datetime.date(2016, 3, 1)


def test_same_pilot_twice_is_a_warning(client, officer, pact):
    same = OrganisationFactory()
    data = {"name": "Groupe", "kind": "working_group", "level": "thematic", "pilot": same.pk, "co_pilot": same.pk}
    response = client.post(url("committee_create", pact), data, follow=True)
    assert Committee.objects.get().same_pilot_twice
    assert "sont le même organisme" in response.content.decode()


def test_seat_is_added_and_ends_even_when_the_text_is_frozen(client, officer, pact):
    committee = CommitteeFactory(pact=pact)
    freeze(pact, PactState.IN_FORCE)
    organisation = OrganisationFactory()
    data = {"organisation": organisation.pk, "starts_on": "01/01/2015", "order": "0"}
    client.post(url("committee_part_create", pact, committee.pk, "sieges"), data)
    seat = Seat.objects.get()
    bad = {**data, "ends_on": "01/01/2014"}
    response = client.post(url("committee_part_edit", pact, committee.pk, "sieges", seat.pk), bad)
    assert "La fin du mandat précède son début." in response.content.decode()
    client.post(url("committee_part_edit", pact, committee.pk, "sieges", seat.pk), {**data, "ends_on": "01/01/2016"})
    seat.refresh_from_db()
    assert seat.ends_on == datetime.date(2016, 1, 1)


def test_formation_is_part_of_the_text(client, officer, pact):
    committee = CommitteeFactory(pact=pact)
    formation = FormationFactory(committee=committee)
    freeze(pact)
    response = client.post(url("committee_part_create", pact, committee.pk, "formations"), {"name": "Autre", "order": "0"})
    assert "Le texte de ce pacte est arrêté" in response.content.decode()
    client.post(url("committee_part_delete", pact, committee.pk, "formations", formation.pk))
    assert list(committee.formations.all()) == [formation]


def test_missing_names_what_a_committee_lacks(pact):
    empty = CommitteeFactory(pact=pact, steering=True)
    whole = CommitteeFactory(pact=pact, kind="local", yearly=True, chair_text="le préfet")
    SeatFactory(committee=whole)
    assert [todo.url.split("#")[1] for todo in missing_in_committees(pact)] == ["id_chair_text", "id_meetings_due", "sieges"]
    assert all(empty.name in todo.text for todo in missing_in_committees(pact))


def test_decisions_of_draft_minutes_are_not_on_the_page_of_a_reader(client, pact):
    committee = CommitteeFactory(pact=pact)
    DecisionFactory(meeting=MeetingFactory(committee=committee, held=True, draft=True), text="Décision secrète")
    DecisionFactory(meeting=MeetingFactory(committee=committee, held=True, sent=True), text="Décision publique")
    log_in(client, person(Role.READER, pact))
    html = client.get(url("committee_detail", pact, committee.pk)).content.decode()
    assert "Décision publique" in html
    assert "Décision secrète" not in html


def test_status_of_a_meeting_that_was_cancelled_does_not_count(settings, pact):
    committee = CommitteeFactory(pact=pact, yearly=True)
    MeetingFactory(committee=committee, held=True, date_text="14/06/2015")
    MeetingFactory(committee=committee, status=MeetingStatus.CANCELLED, date_text="14/06/2016")
    assert judged(settings, "2016-10-06", pact, committee).keeping == Keeping.RUNNING


def test_committee_is_deleted_before_adoption(client, officer, pact):
    committee = CommitteeFactory(pact=pact)
    ChairFactory(committee=committee)
    response = client.post(url("committee_delete", pact, committee.pk))
    assert response.url == url("committee_list", pact)
    assert list(Committee.objects.all()) == []


def test_committee_that_something_rests_on_is_kept(client, officer, pact):
    committee = CommitteeFactory(pact=pact)
    MeetingFactory(committee=committee)
    CommitteeLead.objects.create(committee=committee, lead=LeadFactory(action__pact=pact))
    html = client.post(url("committee_delete", pact, committee.pk)).content.decode().replace("\u00a0", " ")
    assert "ne peut pas être supprimée : elle a des séances, elle pilote des fiches-actions." in html
    assert list(Committee.objects.all()) == [committee]


def test_committee_is_not_deleted_once_the_text_is_adopted(client, officer, pact):
    committee = CommitteeFactory(pact=pact)
    freeze(pact, PactState.ADOPTION)
    assert client.post(url("committee_delete", pact, committee.pk)).status_code == 403
    assert "Supprimer" not in client.get(url("committee_detail", pact, committee.pk)).content.decode()


def test_a_committee_of_the_pact_before_is_offered_with_its_pact(client, officer, pact):
    """Two committees of the same name: which one does this one take over from?"""
    pact.previous = PactFactory(title="Pacte 2012-2014")
    pact.save()
    for one in (pact, pact.previous):
        CommitteeFactory(pact=one, name="Comité de pilotage")
    choices = client.get(url("committee_create", pact)).context["form"].fields["takes_over_from"].choices
    assert sorted(words for _, words in choices) == ["Comité de pilotage", "Comité de pilotage (Pacte 2012-2014)"]
