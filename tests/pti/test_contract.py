"""The line between what a pact says and what happens, on a few rows (the whole table is walked in test_frozen_parts.py)."""

import pytest
from django.db import models, transaction

from actions.enums import ActionStatus, LeadRole
from actions.models import Action, Axis, Lead, Milestone
from pti.contract import FrozenText
from pti.dates import today
from pti.enums import PactState
from pti.models import Pact
from pti.models.pacts import StateChange
from pti.sealed import Sealed
from tests.factories.actions import ActionFactory


@pytest.fixture
def frozen():
    pact = Pact.objects.create(title="Pacte", start_text="2015", end_text="2017", state=PactState.DRAFTING)
    axis = Axis.objects.create(pact=pact, title="Axe")
    action = Action.objects.create(pact=pact, axis=axis, title="Fiche")
    Milestone.objects.create(action=action, label="Jalon", planned_text="2015")
    Lead.objects.create(action=action, text="membres du COPIL")
    Pact.objects.filter(pk=pact.pk).update(state=PactState.ADOPTION)
    pact.refresh_from_db()
    return pact


def test_frozen_pact_refuses_its_text(frozen):
    action = frozen.actions.get()
    action.title = "Autre"
    with pytest.raises(FrozenText):
        action.save()
    with pytest.raises(FrozenText):
        Action.objects.filter(pk=action.pk).update(title="Autre")
    with pytest.raises(FrozenText):
        Action.objects.bulk_update([action], ["title"])
    with pytest.raises(FrozenText):
        action.delete()
    with pytest.raises(FrozenText):
        frozen.actions.all().delete()
    with pytest.raises(FrozenText):
        Action.objects.create(pact=frozen, title="Nouvelle")
    with pytest.raises(FrozenText):
        Action.objects.bulk_create([Action(pact=frozen, title="Nouvelle")])
    with pytest.raises(FrozenText), transaction.atomic():
        action.other_axes.add(frozen.axes.get())
    assert list(Action.objects.values_list("title", flat=True)) == ["Fiche"]


def test_frozen_pact_lets_life_go_on(frozen):
    action = frozen.actions.get()
    action.set_status(ActionStatus.DONE)
    action.save()
    milestone = action.milestones.get()
    milestone.done_on = today()
    milestone.save()
    lead = action.leads.get()
    lead.ended_on = today()
    lead.save()
    Lead.objects.create(action=action, text="CAF", role=LeadRole.PILOT, started_on=today())
    frozen.silence_months = 6
    frozen.save()
    assert Action.objects.get().status == ActionStatus.DONE
    assert action.leads.count() == 2


def test_frozen_frame_refuses_its_text(frozen):
    frozen.title = "Autre"
    with pytest.raises(FrozenText):
        frozen.save()


def test_a_row_of_the_text_cannot_become_a_late_comer(frozen):
    lead = frozen.actions.get().leads.get()
    lead.started_on = today()
    with pytest.raises(FrozenText):
        lead.save()


def test_journal_lines_name_their_pact_and_cannot_change(frozen):
    milestone = frozen.actions.get().milestones.get()
    line = milestone.history.get()
    assert line.journal_pact_id == frozen.pk
    for alter in (line.save, line.delete, milestone.history.all().delete):
        with pytest.raises(Sealed):
            alter()
    with pytest.raises(Sealed):
        Milestone.history.all().update(label="x")


def test_state_change_is_followed(frozen):
    StateChange.objects.create(
        pact=frozen, from_state=PactState.ADOPTION, to_state=PactState.SIGNATURE, on=today(), reason="essai"
    )
    assert StateChange.history.count() == 1


def test_what_was_withdrawn_is_in_no_list_whatever_the_way_to_it():
    """A manager that is told its base, as Django tells it, leaves it out too."""
    kept, gone = ActionFactory.create_batch(2)
    models.QuerySet(Action).filter(pk=gone.pk).update(withdrawn_on="2025-01-01", withdrawn_by=1)
    for manager in (Action.objects, Action.objects.db_manager("default"), Action.objects.using("default")):
        assert list(manager.all()) == [kept]
    assert set(Action.everything.all()) == {kept, gone}
