"""Late, silent, blocked, awaited: both sides of each rule, on the day that the pact is judged."""

import datetime

import pytest

from actions.enums import ActionStatus
from actions.models import Action
from pti.enums import PactState
from pti.parts import missing
from tests.factories.actions import ActionFactory, LeadFactory, MilestoneFactory, UpdateFactory
from tests.factories.pti import PactFactory

DAY = datetime.date(2016, 1, 1)


def rows(queryset):
    return list(queryset.values_list("number", flat=True))


@pytest.mark.parametrize(
    ("planned", "on", "late"),
    [
        ("2015-S2", datetime.date(2015, 12, 31), False),
        ("2015-S2", datetime.date(2016, 1, 1), True),
        ("31/12/2015", datetime.date(2015, 12, 31), False),
        ("31/12/2015", datetime.date(2016, 1, 1), True),
        ("31/02/2014", datetime.date(2030, 1, 1), False),
        ("Durée du pacte", datetime.date(2030, 1, 1), False),
    ],
)
def test_late_from_the_day_after_the_last_possible_one(planned, on, late):
    milestone = MilestoneFactory(planned_text=planned)
    assert Action.objects.late(on).exists() is late
    assert milestone.is_late(on) is late


def test_a_forecast_moves_the_due_day():
    milestone = MilestoneFactory(planned_text="2014", forecast_on=datetime.date(2016, 6, 30))
    assert not Action.objects.late(datetime.date(2016, 6, 30)).exists()
    assert Action.objects.late(datetime.date(2016, 7, 1)).exists()
    assert milestone.days_late(datetime.date(2016, 7, 1)) == 1


def test_what_is_done_is_not_late():
    MilestoneFactory(planned_text="2014", done_on=DAY)
    assert not Action.objects.late(DAY).exists()


@pytest.mark.parametrize("status", ActionStatus)
def test_only_a_project_or_an_ongoing_action_is_late(status):
    done_on = DAY if status == ActionStatus.DONE else None
    MilestoneFactory(planned_text="2014", action=ActionFactory(status=status, done_on=done_on))
    assert Action.objects.late(DAY).exists() is (status in (ActionStatus.PROJECT, ActionStatus.ONGOING))


def test_silent_counts_from_the_last_update_else_the_start():
    on = datetime.date(2016, 6, 15)
    told = ActionFactory(number="1", starts_text="2010")
    UpdateFactory(action=told, on=datetime.date(2015, 6, 15))
    ActionFactory(number="2", starts_text="14/06/2015")
    ActionFactory(number="3", starts_text="15/06/2015")
    ActionFactory(number="4", project=True, starts_text="2010")
    assert rows(Action.objects.silent(on, 12)) == ["2"]
    assert rows(Action.objects.silent(on + datetime.timedelta(days=1), 12).order_by("number")) == ["1", "2", "3"]


def test_blocked_until_lifted():
    action = ActionFactory(number="1")
    update = UpdateFactory(action=action, blocking_point="Un refus")
    assert rows(Action.objects.blocked()) == ["1"]
    update.unblocked_on = DAY
    update.save()
    assert rows(Action.objects.blocked()) == []


def test_a_word_is_awaited_once_a_quarter():
    on = datetime.date(2016, 10, 6)
    for number, day in (("1", datetime.date(2016, 9, 30)), ("2", datetime.date(2016, 10, 1))):
        UpdateFactory(action=ActionFactory(number=number), on=day)
    ActionFactory(number="3", paused=True)
    assert rows(Action.objects.expecting(on)) == ["1"]


def test_a_closed_pact_is_judged_on_its_last_day(settings):
    settings.REFERENCE_DAY = "2026-01-01"
    pact = PactFactory(start_text="2015", end_text="2017", closed=True)
    assert pact.reference_day == datetime.date(2017, 12, 31)
    pact.state = PactState.IN_FORCE
    assert pact.reference_day == datetime.date(2026, 1, 1)


def test_the_pact_says_what_its_fiches_lack():
    pact = PactFactory()
    LeadFactory(action=ActionFactory(pact=pact, number="1"))
    ActionFactory(pact=pact, number="2")
    texts = [todo.text.replace("\u00a0", " ") for todo in missing(pact)]
    assert "1 fiche n’a pas de pilote" in texts
    assert "2 fiches n’ont pas de jalon" in texts
    assert any(text.startswith("Fiche 2 : pilote") for text in texts)
