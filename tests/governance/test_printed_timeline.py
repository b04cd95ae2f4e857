"""The timeline in the printed document: what is drawn, what the table says, what a frozen text keeps."""

import datetime

import pytest

from actions.enums import ActionStatus
from actions.models import Action, Milestone
from governance.enums import CommitteeKind
from governance.timeline import printed
from pti.printing import document_of
from pti.printing.nodes import Figure, Table, text_of_nodes
from pti.printing.svg import png_of
from pti.versions import draft_of, freeze, text_of
from tests.factories.actions import ActionFactory, AxisFactory, MilestoneFactory
from tests.factories.governance import CommitteeFactory, MeetingFactory
from tests.factories.pti import PactFactory, SectionFactory


@pytest.fixture(autouse=True)
def _reference_day(settings):
    settings.REFERENCE_DAY = "2026-11-21"


@pytest.fixture
def pact():
    pact = PactFactory(start_text="2025", end_text="2027")
    SectionFactory(pact=pact, title="Le calendrier", source="frise")
    return pact


def printed_of(said):
    """(drawings, tables in words) of a document."""
    body = document_of(said).body
    tables = [node for node in body if isinstance(node, Table) and node.caption.startswith(("Fiches, périodes", "Séances"))]
    words = [[[text_of_nodes(cell.children) for cell in row] for row in table.body] for table in tables]
    return [node for node in body if isinstance(node, Figure)], words


def test_drawing_and_table_say_the_same(pact):
    axis = AxisFactory(pact=pact, number="1", title="Lever les freins")
    AxisFactory(pact=pact, number="2", title="Sans fiche")
    late = ActionFactory(pact=pact, axis=axis, number="4", title="Garde <d’enfants>", starts_text="2025", ends_text="2026")
    MilestoneFactory(action=late, label="Charte", planned_text="31/12/2025")
    ActionFactory(pact=pact, number="5", title="Sans date")
    (drawing,), (rows,) = printed_of(draft_of(pact))
    assert rows == [
        ["Axe 1. Lever les freins"],
        [
            "4. Garde <d’enfants>",
            "En cours",
            "Du 1er\u00a0janvier 2025 au 31\u00a0décembre 2026.",
            "Charte\u00a0: prévu le 31\u00a0décembre 2025, en retard de 10\u00a0mois",
        ],
        ["Sans rattachement"],
        ["5. Sans date", "En cours", "Sans date.", "Aucun jalon"],
    ]
    assert [drawing.svg.count(one) for one in ("4. Garde &lt;d’enfants&gt;", 'class="late"', ">2027<", "sans date")] == [
        1,
        2,
        1,
        1,
    ]
    assert drawing.alt.startswith("Frise des fiches, 2025 à 2027, au 21\u00a0novembre 2026.")
    assert png_of(drawing.svg)[:4] == b"\x89PNG"


def test_meetings_stand_above_and_in_their_table(pact):
    ActionFactory(pact=pact)
    steering = CommitteeFactory(pact=pact, kind=CommitteeKind.STEERING)
    for day in ("12/03/2026", "14/03/2026"):
        MeetingFactory(committee=steering, held=True, date_text=day)
    MeetingFactory(committee=steering, date_text="14/12/2026")
    (drawing,), (_, meetings) = printed_of(draft_of(pact))
    dates = "12\u00a0mars 2026 (tenue), 14\u00a0mars 2026 (tenue), 14\u00a0décembre 2026 (prévue)"
    assert meetings == [["Comité de pilotage", "3", dates]]
    assert drawing.svg.count('r="6.5"') == 1  # the two of March are one mark


def test_what_happens_later_changes_no_frozen_timeline(pact):
    action = ActionFactory(pact=pact, starts_text="2025", ends_text="2026")
    milestone = MilestoneFactory(action=action, label="Charte", planned_text="2026")
    version = freeze(pact=pact, by=None, on=datetime.date(2026, 3, 1))
    before = document_of(version)
    Action.objects.filter(pk=action.pk).update(status=ActionStatus.DONE, done_on=datetime.date(2026, 6, 1))
    Milestone.objects.filter(pk=milestone.pk).update(done_on=datetime.date(2026, 5, 4))
    assert document_of(version) == before
    now = printed_of(draft_of(pact))[1][0][-1]
    assert (now[1], now[3]) == ("Réalisée le 1er\u00a0juin 2026", "Charte\u00a0: fait le 4\u00a0mai 2026")


def test_a_long_pact_is_drawn_on_several_sheets_and_no_further_than_its_bound(pact, monkeypatch):
    monkeypatch.setattr(printed, "LINES", 3)
    monkeypatch.setattr(printed, "ROWS", 4)
    axis = AxisFactory(pact=pact, number="1", title="Seul")
    for number in range(5):
        ActionFactory(pact=pact, axis=axis, number=str(number), title="Fiche", starts_text="2025", ends_text="2026")
    drawings, (rows,) = printed_of(draft_of(pact))
    assert [one.svg.count(". Fiche<") for one in drawings] == [2, 2]
    assert [one.caption.endswith(f"({at} sur 2)") for at, one in enumerate(drawings, start=1)] == [True, True]
    assert len(rows) == 6
    assert "1\u00a0fiche de plus dans le tableau seulement." in text_of_nodes(document_of(draft_of(pact)).body)


def test_a_pact_without_fiche_or_a_text_without_what_follows_draws_nothing(pact):
    assert printed_of(draft_of(pact)) == ([], [])
    ActionFactory(pact=pact)
    assert printed_of(text_of(pact)) == ([], [])


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_followed_asks_the_same_whatever_the_rows(pact, count, django_assert_num_queries):
    for _ in range(count):
        MilestoneFactory(action=ActionFactory(pact=pact), done_on=datetime.date(2026, 1, 1))
        MeetingFactory(committee=CommitteeFactory(pact=pact), held=True)
    with django_assert_num_queries(4):
        printed.followed(pact, datetime.date(2026, 11, 21))
