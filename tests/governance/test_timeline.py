"""The timeline: where a day stands, what is late, what the words say, how much a page may ask."""

import datetime

import pytest
from django.urls import reverse

from actions.enums import ActionStatus
from governance.enums import CommitteeKind
from governance.timeline import rows as timeline_rows
from governance.timeline.rows import span_of
from governance.timeline.scale import MONTH, QUARTER, YEAR, Scale, scale_for, span_of_years
from pti.enums import Role
from tests.factories.actions import ActionFactory, AxisFactory, MilestoneFactory
from tests.factories.governance import CommitteeFactory, MeetingFactory
from tests.factories.pti import PactFactory, person
from tests.world import log_in

TODAY = datetime.date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _reference_day(settings):
    settings.REFERENCE_DAY = TODAY.isoformat()


@pytest.fixture
def pact():
    return PactFactory(start_text="2025", end_text="2027")


@pytest.fixture
def shown(client, pact):
    """Ask the timeline of `pact`, as an officer."""
    log_in(client, person(Role.OFFICER, pact))

    def ask(**query):
        return client.get(reverse("governance:timeline", args=[pact.pk]), query)

    return ask


def labels(scale):
    return [(column.above, column.label) for column in scale.columns()]


def test_years_show_the_whole_pact_and_what_overflows_it():
    known = (datetime.date(2025, 1, 1), datetime.date(2027, 12, 31), datetime.date(2024, 5, 1), datetime.date(2040, 1, 1))
    assert span_of_years(known, TODAY) == (2024, 2029)
    scale = scale_for(YEAR, None, TODAY, lambda: known)
    assert labels(scale) == [("", str(year)) for year in range(2024, 2030)]
    assert scale.at(datetime.date(2024, 1, 1)) == 0


def test_years_without_any_date_show_the_running_year():
    assert span_of_years((None, None, None, None), TODAY) == (2026, 2026)


@pytest.mark.parametrize(
    ("zoom", "asked", "first", "count", "step"),
    [
        (QUARTER, None, "2026-01", 8, "2027-01"),
        (QUARTER, "2025-05", "2025-04", 8, "2026-04"),
        (MONTH, None, "2026-06", 12, "2026-12"),
        (MONTH, "n’importe quoi", "2026-06", 12, "2026-12"),
        (MONTH, "9999-11", "9999-11", 12, None),
    ],
)
def test_window_around_today_or_from_a_month(zoom, asked, first, count, step):
    scale = scale_for(zoom, asked, TODAY, None)
    assert (f"{scale.first:%Y-%m}", scale.count) == (first, count)
    if step:
        assert scale.neighbour(1) == step


@pytest.mark.parametrize("scale", [scale_for(MONTH, "9999-12", TODAY, None), Scale(YEAR, datetime.date(9999, 1, 1), 1)])
def test_the_end_of_the_calendar_is_drawn(scale):
    assert len(labels(scale)) == scale.count
    assert scale.words.endswith("9999")
    assert 0 <= scale.at(datetime.date(9999, 12, 31)) <= 100


def test_columns_say_the_year_once():
    assert labels(Scale(QUARTER, datetime.date(2026, 7, 1), 3)) == [("2026", "T3"), ("", "T4"), ("2027", "T1")]
    assert labels(Scale(MONTH, datetime.date(2026, 12, 1), 2)) == [("2026", "déc."), ("2027", "janv.")]


@pytest.mark.parametrize(
    ("fields", "planned", "expected"),
    [
        ({"starts_text": "2025", "ends_text": "2026"}, [], ("2025-01-01", "2026-12-31", True, False)),
        ({}, ["2025-T2", "2026"], ("2025-04-01", "2026-12-31", False, False)),
        ({"status": ActionStatus.RUNNING}, ["2025"], ("2025-01-01", "2025-12-31", False, True)),
        ({"starts_text": "2027"}, ["2025"], ("2027-01-01", "2027-01-01", True, False)),
        ({}, ["un jour"], (None, None, False, True)),
    ],
)
def test_span_is_that_of_the_fiche_else_of_its_milestones(pact, fields, planned, expected):
    action = ActionFactory(pact=pact, **fields)
    for text in planned:
        MilestoneFactory(action=action, planned_text=text)
    action.marks = list(action.milestones.all())
    span = span_of(action)
    assert (span.first and span.first.isoformat(), span.last and span.last.isoformat(), span.is_own, span.is_open) == expected


def test_late_part_is_hatched_marked_and_said(pact, shown):
    axis = AxisFactory(pact=pact, number="1", title="Lever les freins")
    late = ActionFactory(pact=pact, axis=axis, number="4", title="Garde d’enfants")
    MilestoneFactory(action=late, label="Charte <signée>", planned_text="31/12/2025")
    html = shown().content.decode()
    assert "1\u00a0fiche en retard sur 1" in html
    assert html.count('<rect class="pti-gantt__late" x=') == 2  # the legend and the row
    assert 'href="#g-late"' in html
    assert "Charte &lt;signée&gt; : prévu le 31\u00a0décembre 2025, en retard de 10\u00a0mois" in html
    assert "Axe 1. Lever les freins" in html


def test_done_running_and_moved_have_their_own_strokes(pact, shown):
    done = ActionFactory(pact=pact, done=True)
    MilestoneFactory(action=done, planned_text="2025", done_on=datetime.date(2025, 11, 3))
    running = ActionFactory(pact=pact, running=True)
    MilestoneFactory(action=running, planned_text="2025-T1", forecast_on=datetime.date(2026, 12, 24), forecast_reason="x")
    html = shown().content.decode()
    assert ("is-done" in html, 'href="#g-done"' in html, 'href="#g-over"' in html) == (True, True, True)
    assert html.count('class="pti-gantt__bar is-running"') == 2
    assert html.count('class="pti-gantt__moved"') == 1
    assert "reporté au 24\u00a0décembre 2026" in html
    assert '<rect class="pti-gantt__late" x="1"' in html  # the legend alone
    assert html.count('class="pti-gantt__late"') == 1


def test_table_says_the_same_without_drawing(pact, shown):
    action = ActionFactory(pact=pact, starts_text="2025", ends_text="2026")
    MilestoneFactory(action=action, label="Bilan", planned_text="2026")
    html = shown(forme="tableau").content.decode()
    assert "pti-gantt__draw" not in html
    assert "Du 1<sup>er</sup>\u00a0janvier 2025 au 31\u00a0décembre 2026." in html
    assert "Bilan : prévu le 31\u00a0décembre 2026" in html


def test_meetings_stand_by_kind_and_near_ones_are_one_mark(pact, shown, world):
    steering = CommitteeFactory(pact=pact, kind=CommitteeKind.STEERING, name="COPIL")
    for day in ("12/03/2026", "14/03/2026", "14/09/2026"):
        MeetingFactory(committee=steering, held=True, date_text=day)
    MeetingFactory(committee=world.committee, date_text="12/03/2026")  # another pact
    MeetingFactory(committee=steering, date_text="14/12/2026")
    html = shown().context["meetings"]
    assert (html.count("<tr>"), "Comité de pilotage" in html, "4\u00a0séances" in html) == (1, True, True)
    assert (html.count("<circle"), "2 séances : 12" in html) == (3, True)
    assert "prochaine le 14\u00a0décembre 2026" in html


def test_filters_zoom_and_window_follow_each_other(pact, shown):
    ActionFactory(pact=pact, title="Mobilité")
    ActionFactory(pact=pact, title="Logement")
    response = shown(q="mobilité", zoom="mois", du="2026-02")
    html = response.content.decode()
    assert response.context["page"].paginator.count == 1
    assert '<input type="hidden" name="zoom" value="mois">' in html
    assert response.context["before"] == "?q=mobilit%C3%A9&zoom=mois&du=2025-08"
    assert [url for _, url, current in response.context["zooms"] if current] == ["?q=mobilit%C3%A9&zoom=mois"]


def test_next_page_takes_the_following_fiches(pact, shown, monkeypatch):
    monkeypatch.setattr(timeline_rows, "ROWS", 2)
    first, second = AxisFactory(pact=pact, order=1), AxisFactory(pact=pact, order=0)
    for axis in (first, None, second):
        ActionFactory(pact=pact, axis=axis, title=f"Sous {axis.order if axis else 'rien'}")
    pages = [shown(page=number).content.decode() for number in (1, 2)]
    assert [["Sous 0" in html, "Sous 1" in html, "Sous rien" in html] for html in pages] == [
        [True, True, False],
        [False, False, True],
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_timeline_query_count(client, pact, count, django_assert_num_queries):
    log_in(client, person(Role.OFFICER, pact))
    for _ in range(count):
        action = ActionFactory(pact=pact, axis=AxisFactory(pact=pact), late=True)
        MilestoneFactory(action=action)
        MeetingFactory(committee=CommitteeFactory(pact=pact), held=True)
    with django_assert_num_queries(17):
        client.get(reverse("governance:timeline", args=[pact.pk]))


def test_empty_pact_says_where_to_begin(shown):
    assert "n’a pas encore de fiche" in shown().content.decode()


def test_a_group_takes_no_word_of_the_levels(shown, pact):
    top = AxisFactory(pact=pact, number="1")
    below = AxisFactory(pact=pact, parent=AxisFactory(pact=pact, parent=top, group=True), number="7", title="Emploi")
    ActionFactory(pact=pact, axis=below)
    pact.level_words = ["axe", "objectif", "chantier"]
    pact.save()
    html = shown().content.decode().replace("\u00a0", " ")
    assert "Objectif 7. Emploi" in html
    assert "Chantier" not in html
