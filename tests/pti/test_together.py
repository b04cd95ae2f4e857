"""Rows saved together are those that `save()` would have written one by one: columns, guard, journal."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction

from actions.models import Action, Milestone, Theme
from governance.models import Decision
from partners.models import Approval
from pti import journal, versions
from pti.amending import services
from pti.contract import FrozenText, NotTicked
from pti.enums import PactState, Role
from pti.journal.links import link_together
from pti.models import JournalLine, Pact, PactTerritory, StateChange, Territory, User
from pti.rows import save_together, writes_alone
from tests.factories.governance import MeetingFactory
from tests.factories.pti import PactFactory, TerritoryFactory, freeze, person

NUMBERS = ("1", "10", "2")


@pytest.fixture
def pact():
    return PactFactory()


def fiches(pact):
    text = "<script>x</script><p>Été</p>"
    return [Action(pact=pact, number=number, title=f"Été {number}", diagnosis=text, starts_text="2027") for number in NUMBERS]


def told(rows):
    """What the journal says of `rows`: their past rows, and the index of these."""
    past = [row.history.get() for row in rows]
    index = JournalLine.objects.filter(kind=type(rows[0])._meta.label_lower, line__in=[one.history_id for one in past])
    left_out = {"id", "uid", "history_id", "history_date", "number", "title", "number_key"}
    columns = [{name: value for name, value in vars(one).items() if name not in left_out | {"_state"}} for one in past]
    return columns, list(index.order_by("line").values_list("before", "user", "pact"))


def test_rows_saved_together_are_those_saved_one_by_one(pact):
    user = person(Role.OFFICER, pact)
    with journal.written_by(user):
        alone, together = fiches(pact), fiches(pact)
        for row in [*alone, *together]:
            row._change_reason = "Import"
        for row in alone:
            row.save()
        save_together(together)
    stored = [list(Action.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk")) for rows in (alone, together)]
    names = [field.attname for field in Action._meta.concrete_fields if field.attname not in {"id", "uid"}]
    one_by_one, at_once = ([[getattr(row, name) for name in names] for row in rows] for rows in stored)
    assert at_once == one_by_one
    assert {row.diagnosis for row in stored[1]} == {"<p>Été</p>"}
    assert all(row.number_key and f"ete {row.number}" in row.search and row.starts_on for row in stored[1])
    assert told(together) == told(alone)
    assert told(together)[1] == [(None, user.pk, pact.pk)] * 3


@pytest.mark.parametrize("count", [2, 6])
def test_the_cost_of_rows_saved_together_does_not_follow_their_number(pact, django_assert_num_queries, count):
    action = Action.objects.create(pact=pact, title="Une")
    rows = [Milestone(action=action, label=str(rank), order=rank) for rank in range(count)]
    with django_assert_num_queries(8):  # the pact held, the rows, their past rows, the index; two savepoints of two
        save_together(rows)


def test_rows_of_a_frozen_text_are_refused_together(pact):
    freeze(pact)
    with pytest.raises(FrozenText):
        save_together(fiches(Pact.objects.get(pk=pact.pk)))
    assert not Action.objects.exists()


def test_one_row_that_an_amendment_does_not_open_refuses_them_all(pact):
    versions.freeze(pact=pact, by=None)
    freeze(pact, PactState.IN_FORCE)
    amendment = services.open_amendment(base=pact, purpose="<p>x</p>", by=None)
    with pytest.raises(NotTicked), transaction.atomic():
        save_together(fiches(amendment))
    services.tick(amendment=amendment, model=Action, by=None)
    save_together(fiches(amendment))
    assert Action.objects.filter(pact=amendment).count() == len(NUMBERS)


def test_a_row_that_the_base_refuses_leaves_none_of_the_others(pact):
    place = TerritoryFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        save_together([PactTerritory(pact=pact, territory=place), PactTerritory(pact=pact, territory=place)])
    assert not PactTerritory.objects.exists()
    assert not PactTerritory.history.exists()


def test_a_row_of_several_saves_is_written_alone(pact):
    assert [model for model in (Pact, User, Approval, Action, Milestone, Territory, Decision) if writes_alone(model)] == [
        Pact,
        User,
        Approval,
    ]
    rows = [Approval(pact=pact, kind="assembly", body=body, object="x") for body in ("Un", "Deux")]
    save_together(rows)
    assert [row.history.get().body for row in rows] == ["Un", "Deux"]


def test_a_base_that_gives_no_keys_back_is_written_row_by_row(pact, monkeypatch):
    monkeypatch.setattr(type(connection.features), "can_return_rows_from_bulk_insert", False)
    rows = [StateChange(pact=pact, from_state="scoping", to_state="drafting", on="2027-01-01", reason=word) for word in "ab"]
    save_together(rows)
    assert [row.history.get().reason for row in rows] == ["a", "b"]
    assert JournalLine.objects.filter(kind="pti.statechange", pact=pact).count() == 2


def test_first_links_are_told_as_add_tells_them(pact):
    themes = [Theme.objects.create(name=name) for name in ("Santé", "Mobilité")]
    one, other = fiches(pact)[:2]
    save_together([one, other])
    one.themes.add(*themes)
    link_together(Action._meta.get_field("themes"), {other: themes})
    assert set(other.themes.all()) == set(one.themes.all()) == set(themes)
    lines = [row.history.first() for row in (one, other)]
    assert lines[0].history_change_reason == lines[1].history_change_reason
    before = [JournalLine.objects.get(kind="actions.action", line=line.pk).before for line in lines]
    assert before == [row.history.last().pk for row in (one, other)]
    freeze(pact)
    with pytest.raises(FrozenText), transaction.atomic():
        link_together(Action._meta.get_field("themes"), {other: themes})


def test_a_column_computed_from_another_follows_it_when_it_alone_is_saved(pact):
    decision = Decision.objects.create(meeting=MeetingFactory(), text="Écrire", due_text="2027-03-31")
    decision.due_text = "2027-04"
    decision.save(update_fields=["due_text"])
    decision.refresh_from_db()
    assert (str(decision.due_on), ContentType.objects.get_for_model(decision).model) == ("2027-04-30", "decision")
