"""Two texts of a pact compared: generic over the parts, nothing lost, nothing invented."""

import json

import pytest

from actions.models import Action, Milestone
from pti.comparison import Deed, compare
from pti.models import Section
from pti.versions import text_of
from tests.factories.whole import whole_pact

pytestmark = pytest.mark.django_db


@pytest.fixture
def pact():
    return whole_pact()


def text(pact):
    """The text of today, as a version would hold it."""
    return json.loads(json.dumps(text_of(pact)))


def test_a_text_does_not_differ_from_itself(pact):
    assert compare(text(pact), text(pact)) == []


def test_a_changed_field_has_its_old_and_new_value(pact):
    before = text(pact)
    Section.objects.filter(title="Titre").update(text="<p>Deux</p>")
    (change,) = compare(before, text(pact))
    (field,) = change.fields
    assert (change.deed, change.model, change.name, change.part) == (Deed.CHANGED, "Section", "Titre", "sections")
    assert (field.name, field.label, field.old, field.new) == ("text", "Texte", "<p>Un</p>", "<p>Deux</p>")
    assert (change.old["text"], change.new["text"]) == ("<p>Un</p>", "<p>Deux</p>")
    assert "<del>" in field.html


def test_rows_that_came_and_left_carry_what_they_said(pact):
    before = text(pact)
    action = Action.objects.get()
    Milestone.objects.all().delete()
    Milestone.objects.create(action=action, label="Atelier", planned_text="2016")
    left, came = sorted(compare(before, text(pact)), key=lambda change: change.deed, reverse=True)
    assert (left.deed, left.name, left.new) == (Deed.REMOVED, "Guide", None)
    assert (came.deed, came.name, came.old) == (Deed.ADDED, "Atelier", None)
    assert [(one.label, one.new_words) for one in came.fields] == [("Date prévue", "2016")]
    assert left.top == came.top == str(action.uid)


def test_links_are_said_by_the_name_of_the_row(pact):
    before = text(pact)
    Action.objects.get().themes.clear()
    (change,) = [one for one in compare(before, text(pact)) if one.model == "Action"]
    assert [(one.label, one.old_words, one.new_words) for one in change.fields] == [("Thèmes", "Mobilité", "")]


def test_one_section_moved_does_not_move_the_others(pact):
    rows = [Section.objects.create(pact=pact, title=f"S{n}", order=10 + n) for n in range(4)]
    before = text(pact)
    Section.objects.filter(pk=rows[3].pk).update(order=9)
    assert [(one.name, one.moved, one.fields) for one in compare(before, text(pact))] == [("S3", True, [])]


def test_what_the_code_no_longer_knows_is_compared_under_its_stored_name(pact):
    before, after = text(pact), text(pact)
    for data, value in ((before, "a"), (after, "b")):
        data["parts"]["oldies"] = {"Relic": [{"uid": "11111111-1111-1111-1111-111111111111", "name": "R", "colour": value}]}
    (change,) = compare(before, after)
    assert (change.part, change.kind, change.fields[0].label) == ("oldies", "Relic", "Colour")
