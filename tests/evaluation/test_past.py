"""The pact on a past day: what is dated says itself, the journal the rest, and what nobody knows is said unknown."""

import datetime

import pytest
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from actions.enums import ActionStatus
from actions.models import Action, Axis
from evaluation.past import Past
from pti.dates import today
from pti.enums import PactState, Role
from pti.models import Pact, StateChange
from tests.factories.actions import (
    ActionFactory,
    AxisFactory,
    LeadFactory,
    MilestoneFactory,
    OrganisationFactory,
    UpdateFactory,
)
from tests.factories.partners import PartnerFactory, SignatureFactory, VersionFactory
from tests.factories.pti import PactFactory, person
from tests.world import log_in

NOW = datetime.date(2026, 11, 21)


def day(month, number=1):
    return datetime.date(2026, month, number)


def dated(model, pk, **values):
    """The journal and the versions refuse every update: a test writes its dates underneath."""
    QuerySet(model).filter(pk=pk).update(**values)


def written(row, on):
    """The last line of the journal about `row` was written on this day."""
    model = type(row).history.model
    last = model.objects.filter(uid=row.uid).order_by("-history_id").first()
    dated(model, last.pk, history_date=timezone.make_aware(datetime.datetime.combine(on, datetime.time(12))))


@pytest.fixture(autouse=True)
def _reference_day(settings):
    settings.REFERENCE_DAY = NOW.isoformat()


@pytest.fixture
def pact():
    """A pact that joined the base on the first of February."""
    pact = PactFactory()
    written(pact, day(2))
    return pact


@pytest.fixture
def officer(client, pact):
    user = person(Role.OFFICER, pact)
    log_in(client, user)
    return user


def fiche(pact, **said):
    action = ActionFactory(pact=pact, **said)
    written(action, day(2))
    return action


def node(pact, **said):
    axis = AxisFactory(pact=pact, **said)
    written(axis, day(2))
    return axis


def read(pact, on):
    return Past(pact, on).fiches()


def changed(row, on, **values):
    """Write `values`, as somebody does on this day."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    written(row, on)


def page(client, pact, on):
    return client.get(reverse("evaluation:past_day", args=[pact.pk, on]))


def test_status_and_confidence_are_those_of_the_last_update_before_the_day(pact):
    action = fiche(pact)
    UpdateFactory(action=action, on=day(3), status="ongoing", confidence="reachable")
    UpdateFactory(action=action, on=day(6), status="done", confidence="secured")
    found = {on: [(one.status, one.confidence) for one in read(pact, on)] for on in (day(1), day(4), day(6))}
    assert (read(pact, day(1))[0].since, Past(pact, day(1)).unknown_count) == (["Aujourd’hui : en cours"], 1)
    assert found == {
        day(1): [(None, None)], day(4): [("ongoing", "reachable")], day(6): [("done", "secured")],
    }  # fmt: skip


def test_the_journal_tells_a_status_that_no_update_told(pact):
    action = fiche(pact, project=True)
    UpdateFactory(action=action, on=day(2), status="ongoing")
    dated(type(action.updates.get()), action.updates.get().pk, created_at=timezone.now() - datetime.timedelta(days=200))
    action.set_status(ActionStatus.PAUSED)
    action.save()
    written(action, day(8))
    assert [read(pact, on)[0].status for on in (day(7), day(9))] == ["ongoing", "paused"]


def test_an_update_told_after_its_day_is_counted_on_its_day(pact):
    action = fiche(pact, project=True)
    UpdateFactory(action=action, on=day(3), status="ongoing")  # written today
    assert read(pact, day(4))[0].status == "ongoing"


def test_leads_late_and_blocked_are_those_of_the_day_and_what_moved_is_told(pact):
    action = fiche(pact)
    caf, msa = OrganisationFactory(name="CAF"), OrganisationFactory(name="MSA")
    LeadFactory(action=action, organisation=caf, ended_on=day(7))
    LeadFactory(action=action, organisation=msa, started_on=day(7))
    milestone = MilestoneFactory(action=action, planned_text="01/03/2026", done_on=day(8))
    written(milestone, day(2))
    UpdateFactory(action=action, on=day(3), status="ongoing", blocking_point="Aucun local", unblocked_on=day(8))
    one = read(pact, day(6))[0]
    assert (one.leads, one.late, one.blocked) == (["CAF"], True, True)
    assert one.since == ["Pilotée par MSA", "N’est plus en retard", "Point de blocage levé"]
    now = read(pact, NOW)[0]
    assert (now.leads, now.late, now.blocked, now.since) == (["MSA"], False, False, [])


def test_a_milestone_is_judged_by_the_forecast_of_that_day(pact):
    action = fiche(pact)
    UpdateFactory(action=action, on=day(2), status="ongoing")
    milestone = MilestoneFactory(action=action, planned_text="01/03/2026")
    written(milestone, day(2))
    milestone.forecast_on = day(12)
    milestone.save()
    written(milestone, day(5))
    assert [read(pact, on)[0].late for on in (day(4), day(6))] == [True, False]


def test_fiches_that_came_or_left_after_the_day(pact, client, officer):
    stays, came, left = fiche(pact), fiche(pact), fiche(pact)
    written(came, day(6))
    dated(Action, left.pk, withdrawn_on=day(5), withdrawn_by=1)
    fiche(PactFactory())
    found = {on: {one.action for one in read(pact, on)} for on in (day(1), day(4), day(7))}
    # Before the journal, what it found on its first day is what is known.
    assert found == {day(1): {stays, left}, day(4): {stays, left}, day(7): {stays, came}}
    assert read(pact, day(4))[1].since == ["Retirée par l’avenant n°\u00a01"]
    gone = fiche(pact)
    gone.delete()
    past = Past(pact, day(4))
    assert (past.arrived(), past.deleted()) == (1, 1)


def test_text_state_signatures_and_progress_are_those_of_the_day(client, pact, officer):
    axis = node(pact)
    UpdateFactory(action=fiche(pact, axis=axis), on=day(3), status="ongoing")
    fiche(pact)
    version = VersionFactory(pact=pact, frozen_on=day(4))
    signed = PartnerFactory(pact=pact, standing="signatory")
    SignatureFactory(partner=signed, version=version, signed_on=day(5))
    PartnerFactory(pact=pact, standing="signatory", joined_on=day(9))
    said = {}
    for on in (day(3, 2), day(6)):
        context = page(client, pact, on).context
        said[on] = (context["version"], len(context["signed"]), context["signatories"])
    assert said == {day(3, 2): (None, 0, 1), day(6): (version, 1, 1)}
    assert context["total"] == ("Le pacte", [("En cours", 2)], 2)
    assert [name for name, _, _ in context["lines"]] == [str(axis), "Sans rattachement"]


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("2027-01-01", 404, "Ce jour est à venir"),
        ("1999-01-01", 404, "Rien n’est connu de ce pacte avant le 1er février 2026"),
        ("2026-02-30", 404, ""),
        ("2026-13-01", 404, ""),
        ("?jour=31/02/2026", 200, "n’existe pas"),
        ("?jour=01/01/2027", 200, "Ce jour est à venir"),
        ("?jour=", 200, "Ce champ est nécessaire"),
    ],
)
def test_a_day_of_which_nothing_can_be_said_is_refused_in_french(client, pact, officer, address, status, words):
    path = reverse("evaluation:past", args=[pact.pk])
    response = client.get(path + (address if address.startswith("?") else f"{address}/"))
    assert (response.status_code, words in response.content.decode()) == (status, True)


def test_the_form_leads_to_the_day(client, pact, officer):
    response = client.get(reverse("evaluation:past", args=[pact.pk]), {"jour": "31/3/26"})
    assert response.url == reverse("evaluation:past_day", args=[pact.pk, "2026-03-31"])


def test_partners_read_nothing_of_the_scoping(client, pact, officer):
    step = StateChange.objects.create(pact=pact, from_state=PactState.SCOPING, to_state=PactState.DRAFTING, on=day(5))
    assert page(client, pact, day(4)).status_code == 200
    log_in(client, person(Role.PARTNER, pact))
    assert [page(client, pact, on).status_code for on in (day(4), step.on)] == [404, 200]


def tree_of(pact, on):
    """[(place, number and title)] of the tree that the page of this day draws."""
    return [(node.depth, str(node.axis)) for node in Past(pact, on).tree.walk()]


def test_the_tree_is_that_of_the_day(client, pact, officer):
    work, health = (node(pact, number=str(one), title=title, order=one) for one, title in enumerate(("Emploi", "Santé"), 1))
    housing = node(pact, parent=work, number="", title="Logement")
    action = fiche(pact, axis=housing, number="4", title="Aller vers", status="ongoing")
    fiche(pact, axis=health, order=1)
    changed(work, day(5), title="Travail", order=3)
    changed(housing, day(5), parent=health)
    changed(action, day(5), axis=work, number="7", title="Aller au-devant")
    came = AxisFactory(pact=pact, number="", title="Mobilité", order=9)
    written(came, day(6))
    found = {on: tree_of(pact, on) for on in (day(1), day(4), day(7))}
    before = [(0, "1. Emploi"), (1, "Logement"), (0, "2. Santé")]
    assert found == {
        day(1): before,  # before the journal, what it found on its first day
        day(4): before,
        day(7): [(0, "2. Santé"), (1, "Logement"), (0, "1. Travail"), (0, "Mobilité")],
    }
    said = {on: [(one.group, one.number, one.title, one.since) for one in read(pact, on)] for on in (day(4), day(7))}
    moved = ["S’intitule « Aller au-devant »", "Rattachée à « 1. Travail »"]
    assert said[day(4)][0] == ("Axe 1. Emploi", "4", "Aller vers", moved)
    assert said[day(7)][1] == ("Axe 1. Travail", "7", "Aller au-devant", [])
    lines = {on: [(name, count) for name, _, count in page(client, pact, on).context["lines"]] for on in (day(4), day(7))}
    assert lines == {day(4): [("1. Emploi", 1), ("2. Santé", 1)], day(7): [("2. Santé", 1), ("1. Travail", 1)]}


def test_axes_that_left_since_are_there_on_their_day(pact):
    kept, withdrawn, deleted = (node(pact, number="", title=title, order=order) for order, title in enumerate("ABC"))
    action = fiche(pact, axis=deleted)
    changed(action, day(5), axis=kept)
    deleted.delete()
    written(deleted, day(5))
    dated(Axis, withdrawn.pk, withdrawn_on=day(6), withdrawn_by=1)
    QuerySet(Axis).bulk_create([Axis(pact=pact, title="D", order=4)])  # the journal never saw it
    found = {on: [title for _, title in tree_of(pact, on)] for on in (day(4), day(5), day(6))}
    assert found == {day(4): ["A", "B", "C", "D"], day(5): ["A", "B", "D"], day(6): ["A", "D"]}
    assert [one.group for one in read(pact, day(4))] == ["Axe C"]


@pytest.mark.parametrize("count", [1, 3])
def test_past_query_count(client, pact, officer, count, django_assert_num_queries):
    for _ in range(count):
        action = fiche(pact, axis=AxisFactory(pact=pact))
        LeadFactory(action=action)
        UpdateFactory(action=action, on=day(3), status="ongoing", confidence="reachable", blocking_point="Aucun local")
        MilestoneFactory(action=action, planned_text="01/03/2026")
        UpdateFactory(action=action, on=day(9), status="done")
    page(client, pact, day(6))  # what a process reads once (kinds of rows) is read
    with django_assert_num_queries(20):
        response = page(client, pact, day(6))
    assert len(response.context["fiches"]) == count
    assert Pact.objects.count() == 1
    assert today() == NOW
