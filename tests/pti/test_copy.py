"""« Créer à partir de »: the text, new uids, dates moved; never what happened."""

from actions.models import Milestone, Update
from pti import versions
from pti.enums import PactState
from pti.services import create_from
from tests.factories.whole import whole_pact


def test_copy_keeps_the_text_and_nothing_that_happened():
    old = whole_pact()
    new = create_from(old, title="Nouveau", by=None, years=10)
    assert (new.title, new.state, new.previous, new.period) == ("Nouveau", PactState.DRAFTING, old, "2025-2027")
    action = new.actions.get()
    assert action.uid != old.actions.get().uid
    assert (action.status, action.confidence, action.axis.pact_id) == ("project", "unknown", new.pk)
    assert [str(lead) for lead in action.leads.all()] == ["CAF Touraine", "membres du COPIL"]
    milestone = Milestone.objects.get(action=action)
    assert (milestone.planned_text, milestone.planned_last.year, milestone.done_on) == ("2025-S2", 2025, None)
    assert Update.objects.filter(action__pact=new).count() == 0
    assert new.context_figures.get().territory.name == "Nord Est"
    assert new.partners.count() == 2


def test_copy_leaves_out_what_is_not_kept():
    old = whole_pact()
    new = create_from(old, title="Nouveau", by=None, keep={"axes", "actions"})
    assert (new.actions.count(), new.partners.count(), new.committees.count(), new.sections.count()) == (1, 0, 0, 0)
    assert list(new.actions.get().schemes.all()) == []


def test_copy_of_a_copy_says_the_same_text():
    old = whole_pact()
    new = create_from(old, title=old.title, by=None)
    said = [versions.text_of(pact)["parts"]["actions"]["Action"][0] for pact in (old, new)]
    assert [row["diagnosis"] for row in said] == ["<p>Constat</p>"] * 2
