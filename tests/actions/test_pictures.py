"""The matrix and the map: every fiche has its place or is said to have none, and figures lead to the rows they count."""

import datetime
import re
from html import unescape

import pytest
from django.urls import reverse

from actions.models import Action
from actions.pictures.printed import fiches_followed
from pti.enums import Role
from pti.models import PactTerritory
from pti.printing import document_of
from pti.printing.nodes import Figure, Table, text_of_nodes
from pti.printing.svg import png_of
from pti.versions import draft_of, freeze, text_of
from tests.factories.actions import ActionFactory, CampaignFactory, CampaignRequestFactory, MilestoneFactory
from tests.factories.pti import PactFactory, SectionFactory, TerritoryFactory, person
from tests.world import log_in

FIGURE = re.compile(r'<a (?!class="pti-tile")[^>]*href="([^"]+)"[^>]*data-pti-figure="(\d+)"')


@pytest.fixture
def pact():
    return PactFactory()


@pytest.fixture
def ask(client, pact):
    """Ask a picture of `pact`, as an officer."""
    log_in(client, person(Role.OFFICER, pact))
    return lambda name, **query: client.get(reverse(f"actions:{name}", args=[pact.pk]), query)


def check_figures(client, html, at_least):
    """Every figure of the picture is the number of rows of the list that it leads to."""
    found = [(unescape(url), int(count)) for url, count in FIGURE.findall(html)]
    wrong = [(url, count) for url, count in found if client.get(url).context["table"].paginator.count != count]
    assert wrong == []
    assert len(found) >= at_least


def test_matrix_places_each_fiche_and_says_what_has_no_place(client, pact, ask):
    ActionFactory(pact=pact, number="1", title="Vite et fort", impact=3, complexity=1)
    ActionFactory(pact=pact, number="2", title="Longue", impact=3, complexity=3, priority=2, financial_incidence=2)
    ActionFactory(pact=pact, number="3", title="Sans complexité", impact=3)
    response = ask("action_matrix")
    first, second = response.context["matrices"]
    assert [[cell.count for cell in cells] for _, cells in first.rows] == [[1, 0, 1], [0, 0, 0], [0, 0, 0]]
    assert (first.missing, second.missing, second.placed) == (1, 2, 1)
    assert first.finding == "1\u00a0fiche à fort impact, peu complexe"
    html = response.content.decode()
    assert "1\u00a0fiche sans impact ou complexité" in html
    check_figures(client, html, at_least=2)


def test_matrix_cell_is_bounded_and_leads_to_all(client, pact, ask, monkeypatch):
    monkeypatch.setattr("actions.pictures.matrix.SHOWN", 1)
    for number in ("1", "2"):
        ActionFactory(pact=pact, number=number, title="Mobilité", impact=2, complexity=2)
    ActionFactory(pact=pact, title="Logement", impact=2, complexity=2)
    html = ask("action_matrix", q="mobilité").content.decode()
    url = f"{reverse('actions:action_list', args=[pact.pk])}?q=mobilit%C3%A9&amp;impact=2&amp;complexite=2"
    assert f'href="{url}" data-pti-figure="2"' in html
    check_figures(client, html, at_least=1)


def test_matrix_without_any_star_says_where_to_give_them(pact, ask):
    ActionFactory(pact=pact)
    assert ask("action_matrix").content.decode().count("Aucune fiche n’est située") == 2


@pytest.mark.parametrize("count", [1, 3])
def test_matrix_query_count(client, pact, count, django_assert_num_queries):
    log_in(client, person(Role.OFFICER, pact))
    ActionFactory.create_batch(count, pact=pact, impact=2, complexity=1)
    with django_assert_num_queries(12):
        client.get(reverse("actions:action_matrix", args=[pact.pk]))


def test_the_document_has_the_matrix_where_the_drafter_asks_for_it(pact):
    ActionFactory(pact=pact, number="7", title="Vite et fort", impact=3, complexity=1)
    ActionFactory(pact=pact, title="Sans étoile")
    assert "Impact fort" not in text_of_nodes(document_of(text_of(pact)).body)
    SectionFactory(pact=pact, title="Nos priorités", source="priorites")
    (table,) = [node for node in document_of(text_of(pact)).body if isinstance(node, Table) and not node.caption]
    assert [text_of_nodes(cell.children) for cell in table.body[0]] == ["Impact fort", "7. Vite et fort", "", ""]
    assert "1\u00a0fiche sans impact ou complexité." in text_of_nodes(document_of(text_of(pact)).body)


def test_each_view_gives_its_picture_for_a_report_and_says_that_filters_are_left_out(client, pact, ask):
    ActionFactory(pact=pact)
    for name, section in (("action_board", "tableau"), ("action_matrix", "priorites"), ("territory_map", "carte")):
        html = ask(name).content.decode()
        assert reverse("section_print", args=[pact.pk, section, "pdf"]) in html
        assert ["sans les filtres" in one for one in (html, ask(name, q="garde").content.decode())] == [False, True]


def tables_of(document, caption):
    """The bodies, in words, of the tables whose caption begins so."""
    found = [node for node in document.body if isinstance(node, Table) and node.caption.startswith(caption)]
    return [[[text_of_nodes(cell.children) for cell in row] for row in table.body] for table in found]


def test_the_document_has_the_board_where_the_drafter_asks_for_it(pact):
    ActionFactory(pact=pact, number="2", title="Mobilité", late=True)
    ActionFactory(pact=pact, number="10", title="Logement")
    assert "followed" not in draft_of(pact)
    SectionFactory(pact=pact, title="Où en sont les fiches", source="tableau")
    document = document_of(draft_of(pact))
    ((first, second, *rest),) = tables_of(document, "Fiches par état, au ")
    assert second == ["En cours", "2", "2. Mobilité (en retard)\n10. Logement"]
    assert (first, len(rest)) == (["À l’état de projet", "0", "Aucune"], 4)
    assert "1\u00a0fiche en retard sur 2, au " in text_of_nodes(document.body)


def test_what_happens_later_changes_no_frozen_board(pact):
    action = ActionFactory(pact=pact, number="2", title="Mobilité")
    SectionFactory(pact=pact, title="Où en sont les fiches", source="tableau")
    version = freeze(pact=pact, by=None, on=datetime.date(2026, 3, 1))
    before = document_of(version)
    Action.objects.filter(pk=action.pk).update(status="paused")
    assert document_of(version) == before
    ((_, ongoing, *_),) = tables_of(before, "Fiches par état, au 1er\u00a0mars 2026")
    assert ongoing[1:] == ["1", "2. Mobilité"]
    assert tables_of(document_of(draft_of(pact)), "Fiches par état")[0][1][1] == "0"


def test_a_frozen_text_judges_lateness_on_its_own_day(pact):
    MilestoneFactory(action=ActionFactory(pact=pact), planned_text="01/06/2026")
    found = [fiches_followed(pact, datetime.date(2026, month, 1))["late"] for month in (5, 7)]
    assert [len(late) for late in found] == [0, 1]


def test_the_document_has_the_map_and_its_table(pact):
    late, fine = ActionFactory(pact=pact, late=True), ActionFactory(pact=pact)
    ActionFactory(pact=pact, title="Partout")
    place(pact, "Lochois & \u0007Sud", late, fine, kind="epci", outline=square(0))
    place(pact, "Chinonais", fine, kind="epci", outline=square(1))
    place(pact, "Autre découpage", ActionFactory(pact=pact), kind="social")
    SectionFactory(pact=pact, title="Nos territoires", source="carte")
    document = document_of(draft_of(pact))
    assert tables_of(document, "Fiches par territoire") == [[["A. Chinonais", "1", "Aucune"], ["B. Lochois & Sud", "2", "1"]]]
    (drawing,) = [node for node in document.body if isinstance(node, Figure)]
    assert (drawing.svg.count('class="pti-map__place is-'), "Lochois &amp; Sud" in drawing.svg) == (2, True)
    assert "Chinonais 1\u00a0fiche, Lochois & Sud 2\u00a0fiches" in drawing.alt
    words = text_of_nodes(document.body)
    assert "1\u00a0fiche sans territoire, sur tout le pacte. 1\u00a0fiche située sur un autre découpage." in words
    assert png_of(drawing.svg)[:4] == b"\x89PNG"


def test_the_map_without_outline_is_its_table(pact):
    place(pact, "Lochois", ActionFactory(pact=pact), kind="epci")
    SectionFactory(pact=pact, title="Nos territoires", source="carte")
    document = document_of(draft_of(pact))
    assert tables_of(document, "Fiches par territoire") == [[["A. Lochois", "1", "Aucune"]]]
    assert not any(isinstance(node, Figure) for node in document.body)


def square(west):
    """An outline of one degree."""
    ring = [[west, 47], [west + 1, 47], [west + 1, 48], [west, 48], [west, 47]]
    return {"type": "Polygon", "coordinates": [ring]}


def place(pact, name, *actions, **fields):
    """A territory of `pact` that `actions` bear on."""
    territory = TerritoryFactory(name=name, **fields)
    PactTerritory.objects.create(pact=pact, territory=territory)
    for action in actions:
        action.territories.add(territory)
    return territory


def test_map_draws_outlines_and_counts_what_bears_on_each(client, pact, ask):
    late, fine = ActionFactory(pact=pact, late=True), ActionFactory(pact=pact)
    ActionFactory(pact=pact, title="Partout")
    place(pact, "Lochois & Sud", late, fine, kind="epci", outline=square(0))
    place(pact, "Chinonais", fine, kind="epci", outline=square(1))
    place(pact, "Amboise", kind="epci")
    response = ask("territory_map")
    html = response.content.decode()
    places = response.context["places"]
    assert [(one.letter, one.name, one.count, one.late, bool(one.polygons)) for one in places.rows] == [
        ("A", "Amboise", 0, 0, False),
        ("B", "Chinonais", 1, 0, True),
        ("C", "Lochois & Sud", 2, 1, True),
    ]
    assert (html.count('class="pti-map__place is-'), places.everywhere) == (2 + 2, 1)
    assert "<title>C. Lochois &amp; Sud : 2\u00a0fiches, 1 en retard</title>" in html
    assert "sans contour" in html
    assert response.context["finding"] == "Lochois & Sud : 1\u00a0fiche en retard sur 2"
    check_figures(client, html, at_least=4)


def test_a_figure_that_the_filters_in_force_contradict_is_no_link(client, pact, ask):
    """A filter holds one value: a link that took its place would lead to other rows than are counted."""
    both, late = ActionFactory(pact=pact, impact=3), ActionFactory(pact=pact, late=True)
    lochois = place(pact, "Lochois", both, late, kind="epci", outline=square(0))
    place(pact, "Chinonais", both, kind="epci", outline=square(1))
    for name, query, words in (
        ("action_matrix", {"manque": "indicateur"}, "2\u00a0fiches sans impact ou complexité"),
        ("territory_map", {"manque": "indicateur"}, "Lochois"),
        ("territory_map", {"territory": lochois.pk}, "Chinonais"),
        ("territory_map", {"alerte": "sans-indicateur"}, "en retard"),
    ):
        html = ask(name, **query).content.decode()
        assert words in html
        assert 'href=""' not in html
        check_figures(client, html, at_least=0)


def test_map_chooses_among_two_sets_of_territories(pact, ask):
    action = ActionFactory(pact=pact)
    place(pact, "Lochois", action, kind="epci")
    place(pact, "Sud", kind="social")
    place(pact, "Nord", kind="social")
    assert [one.name for one in ask("territory_map").context["places"].rows] == ["Nord", "Sud"]
    response = ask("territory_map", jeu="intercommunalite")
    assert [one.name for one in response.context["places"].rows] == ["Lochois"]
    assert "la carte ne peut pas être dessinée" in response.content.decode()
    other = ask("territory_map", jeu="territoire-daction-sociale").context["places"]
    assert (other.elsewhere, other.everywhere) == (1, 0)


def test_map_says_the_answers_to_the_last_collection_to_those_who_may_read_them(client, pact, ask):
    actions = ActionFactory.create_batch(2, pact=pact)
    place(pact, "Lochois", *actions)
    campaign = CampaignFactory(pact=pact, opened_on="2026-10-01")
    CampaignRequestFactory(campaign=campaign, action=actions[0])
    CampaignRequestFactory(campaign=campaign, action=actions[1], state="answered", answered_at="2026-10-02T08:00Z")
    assert "1 sur 2" in ask("territory_map").content.decode()
    log_in(client, person(Role.PARTNER, pact))
    assert "1 sur 2" not in ask("territory_map").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_map_query_count(client, pact, count, django_assert_num_queries):
    log_in(client, person(Role.OFFICER, pact))
    for west in range(count):
        place(pact, f"Lieu {west}", ActionFactory(pact=pact), kind="epci", outline=square(west))
    CampaignRequestFactory(campaign=CampaignFactory(pact=pact, opened_on="2026-10-01"), action=pact.actions.first())
    with django_assert_num_queries(17):
        client.get(reverse("actions:territory_map", args=[pact.pk]))


def test_pact_without_territory_says_so(ask):
    assert "n’a pas de territoire" in ask("territory_map").content.decode()
