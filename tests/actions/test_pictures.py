"""The matrix and the map: every fiche has its place or is said to have none, and figures lead to the rows they count."""

import re
from html import unescape

import pytest
from django.urls import reverse

from pti.enums import Role
from tests.factories.actions import ActionFactory
from tests.factories.pti import PactFactory, person
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
