"""The list of fiches: one rule for the tile and the rows, the filters, the files."""

import datetime
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from actions.alerts import tiles_of
from actions.enums import Confidence
from pti.enums import Role
from pti.filters import choices_of
from tests.factories.actions import (
    ActionFactory,
    AxisFactory,
    IndicatorFactory,
    LeadFactory,
    MeasureFactory,
    MilestoneFactory,
    UpdateFactory,
)
from tests.factories.partners import OrganisationFactory
from tests.factories.pti import PactFactory, TerritoryFactory, person


@pytest.fixture
def pact():
    return PactFactory(start_text="2020", end_text="2030")


@pytest.fixture
def animator(client, pact):
    user = person(Role.ANIMATOR, pact)
    client.force_login(user)
    return user


def shown(client, pact, query=""):
    """Numbers of the rows, all pages."""
    response = client.get(reverse("actions:action_list", args=[pact.pk]) + query)
    return [row.record.number for row in response.context["table"].rows]


@pytest.mark.parametrize("count", [1, 3])
def test_action_list_query_count(client, pact, animator, count, django_assert_num_queries):
    axis = AxisFactory(pact=pact)
    for action in ActionFactory.create_batch(count, pact=pact, axis=axis, late=True, blocked=True):
        LeadFactory(action=action)
    with django_assert_num_queries(13):
        response = client.get(reverse("actions:action_list", args=[pact.pk]))
    assert len(response.context["table"].rows) == count


@pytest.mark.parametrize("query", ["", "?sort=-number", "?sort=open_due", "?sort=-last_update_on", "?sort=axis&alerte=retard"])
def test_a_page_shows_its_rows_in_the_order_asked_for(client, pact, animator, query):
    """They are read by their keys, once these are sorted."""
    axes = AxisFactory.create_batch(2, pact=pact)
    for number in (2, 10, 1, 3):
        action = ActionFactory(pact=pact, number=str(number), axis=axes[number % 2], late=number < 3)
        UpdateFactory(action=action, on=datetime.date(2020, number, 1))
        LeadFactory(action=action)
    table = client.get(reverse("actions:action_list", args=[pact.pk]) + query).context["table"]
    shown = [row.record for row in table.paginated_rows]
    assert table.paginator.count == len(table.rows)
    assert [row.number for row in shown] == [row.record.number for row in table.rows]
    assert [[lead.action for lead in row.leading] for row in shown] == [[row] for row in shown]
    assert [row.last_update_on.month for row in shown] == [int(row.number) for row in shown]


def test_each_tile_counts_the_rows_of_its_link(client, pact, animator):
    ActionFactory(pact=pact, late=True, blocked=True)
    ActionFactory(pact=pact, to_support=True)
    ActionFactory(pact=pact, running=True, starts_text="2020")
    IndicatorFactory(action=ActionFactory(pact=pact, project=True))
    ActionFactory(late=True)
    url = reverse("actions:action_list", args=[pact.pk])
    counts = {}
    for tile in tiles_of(pact, url)[0]:
        counts[tile.alert.key] = tile.count
        assert len(shown(client, pact, tile.url.removeprefix(url))) == tile.count
    assert counts["retard"] == 1
    assert counts["blocage"] == 1
    assert counts["soutien"] == 1
    assert counts["sans-valeur"] == 1
    assert counts["silence"] >= 1
    assert counts["a-regarder"] >= 3


def test_numbers_sort_as_people_count(client, pact, animator):
    for number in ("10", "2", "1.10", "1.2"):
        ActionFactory(pact=pact, number=number)
    assert shown(client, pact, "?sort=number") == ["1.2", "1.10", "2", "10"]


def test_due_date_sorts_the_most_late_first_and_those_without_last(client, pact, animator):
    ActionFactory(pact=pact, number="1")
    MilestoneFactory(action=ActionFactory(pact=pact, number="2"), planned_text="2021-S1")
    MilestoneFactory(action=ActionFactory(pact=pact, number="3"), planned_text="31/12/2020")
    assert shown(client, pact, "?sort=open_due") == ["3", "2", "1"]
    assert shown(client, pact, "?sort=-open_due") == ["2", "3", "1"]


@pytest.mark.parametrize(
    ("absence", "expected"),
    [("pilote", "sans"), ("indicateur", "sans"), ("point", "sans"), ("jalon", "sans"), ("axe", "sans")],
)
def test_absences_are_filters(client, pact, animator, absence, expected):
    full = ActionFactory(pact=pact, number="plein", axis=AxisFactory(pact=pact))
    LeadFactory(action=full)
    IndicatorFactory(action=full)
    UpdateFactory(action=full)
    MilestoneFactory(action=full)
    ActionFactory(pact=pact, number="sans")
    assert shown(client, pact, f"?manque={absence}") == [expected]


def test_axis_filter_takes_what_lies_below_and_the_other_places(client, pact, animator):
    top = AxisFactory(pact=pact)
    below = AxisFactory(pact=pact, parent=top)
    elsewhere = AxisFactory(pact=pact)
    ActionFactory(pact=pact, number="1", axis=below)
    both = ActionFactory(pact=pact, number="2", axis=elsewhere)
    both.other_axes.add(top)
    ActionFactory(pact=pact, number="3", axis=elsewhere)
    assert shown(client, pact, f"?axis={top.pk}") == ["1", "2"]
    assert shown(client, pact, f"?axis={elsewhere.pk}") == ["2", "3"]


def test_lead_status_confidence_and_territory_filters(client, pact, animator):
    one = ActionFactory(pact=pact, number="1", confidence=Confidence.COMPROMISED)
    lead = LeadFactory(action=one)
    ActionFactory(pact=pact, number="2", done=True)
    territory = TerritoryFactory()
    one.territories.add(territory)
    assert shown(client, pact, f"?lead={lead.organisation_id}") == ["1"]
    assert shown(client, pact, "?status=ouverte") == ["1"]
    assert shown(client, pact, "?status=done") == ["2"]
    assert shown(client, pact, "?confidence=compromised") == ["1"]
    assert shown(client, pact, f"?territory={territory.pk}") == ["1"]


@pytest.mark.parametrize("words", ["mobilite", "MOBILITÉ", "œuvre", "oeuvre mobilité"])
def test_search_folds_case_accents_and_ligatures(client, pact, animator, words):
    ActionFactory(pact=pact, number="1", title="Mettre en œuvre la mobilité")
    ActionFactory(pact=pact, number="2", title="Autre chose")
    assert shown(client, pact, f"?q={words}") == ["1"]


def test_a_former_lead_leads_no_more(client, pact, animator):
    action = ActionFactory(pact=pact, number="1")
    lead = LeadFactory(action=action)
    lead.ended_on = datetime.date(2026, 1, 1)
    lead.save()
    assert shown(client, pact, f"?lead={lead.organisation_id}") == ["1"]  # not a choice any more: no filter
    assert shown(client, pact, "?manque=pilote") == ["1"]


def test_files_hold_what_is_filtered(client, pact, animator):
    MeasureFactory(indicator=IndicatorFactory(action=ActionFactory(pact=pact, number="1", title="Une")))
    ActionFactory(pact=pact, number="2", title="Deux", done=True)
    url = reverse("actions:action_list", args=[pact.pk])
    text = client.get(url + "?format=csv&status=done").content.decode("utf-8-sig")
    assert text.splitlines()[1].startswith("2;Deux;")
    assert len(text.splitlines()) == 2
    sheet = load_workbook(io.BytesIO(client.get(url + "?format=xlsx").content)).active
    assert [cell.value for cell in sheet["B"]][1:] == ["Une", "Deux"]


def test_25_rows_a_page(client, pact, animator):
    ActionFactory.create_batch(30, pact=pact)
    response = client.get(reverse("actions:action_list", args=[pact.pk]))
    assert len(response.context["table"].paginated_rows) == 25
    assert "Page 1 sur 2" in response.content.decode()


def test_rows_of_another_pact_are_hidden(client, pact, animator):
    ActionFactory(pact=PactFactory(), title="Cachée")
    assert shown(client, pact) == []


def test_htmx_gets_the_list_and_what_says_which_list_it_is(client, pact, animator):
    ActionFactory(pact=pact)
    html = client.get(
        reverse("actions:action_list", args=[pact.pk]), {"q": "x"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert ("<html" in html, 'id="liste"' in html, html.count('data-hx-swap-oob="true"')) == (False, True, 6)


def test_a_long_choice_is_cut_and_narrowed_by_words(client, pact, animator, monkeypatch):
    monkeypatch.setattr("pti.filters.CHOICES_SHOWN", 2)
    bodies = [OrganisationFactory(name=name) for name in ("Alpha", "Bêta", "Gamma")]
    for number, body in enumerate(bodies, 1):
        LeadFactory(action=ActionFactory(pact=pact, number=str(number)), organisation=body)

    def choices(query=""):
        page = client.get(reverse("actions:action_list", args=[pact.pk]) + query)
        return choices_of(page.context["filter"].form["lead"])

    cut, narrowing = choices()
    assert [label for _, label in cut] == ["Indifférent", "Alpha", "Bêta"]
    assert 'name="lead_mots"' in narrowing
    assert [label for _, label in choices("?lead_mots=gam")[0]] == ["Indifférent", "Gamma"]
    assert [label for _, label in choices(f"?lead={bodies[2].pk}")[0]] == ["Indifférent", "Gamma", "Alpha", "Bêta"]
    assert shown(client, pact, f"?lead={bodies[2].pk}&lead_mots=alp") == ["3"]
    html = client.get(reverse("actions:action_list", args=[pact.pk]) + "?lead_mots=gam").content.decode()
    assert '<details class="pti-filters" open>' in html


def test_document_shows_a_hundred_fiches_a_page_and_counts_the_others(client, pact, animator, monkeypatch):
    monkeypatch.setattr("actions.templatetags.actions.FICHES_SHOWN", 2)
    first, second = AxisFactory(pact=pact, title="Un", order=0), AxisFactory(pact=pact, title="Deux", order=1)
    for number in range(1, 4):
        ActionFactory(pact=pact, axis=second, number=str(number), title=f"Fiche {number}", order=number)
    both = ActionFactory(pact=pact, axis=first, number="9", title="Partagée")
    both.other_axes.add(second)
    ActionFactory(pact=pact, axis=None, number="10", title="Seule")

    def fiches(query=""):
        html = client.get(pact.get_absolute_url() + query).content.decode()
        return [word for word in ("Partagée", "Fiche 1", "Fiche 2", "Fiche 3", "Seule") if f"{word}</a>" in html], html

    assert fiches()[0] == ["Partagée"]
    assert "1 à 2 sur 6" in fiches()[1]
    assert fiches("?fiches=2")[0] == ["Fiche 1", "Fiche 2"]
    names, html = fiches("?fiches=3")
    assert names == ["Fiche 3", "Seule"]
    assert "1\u00a0fiche</a>" in html


def test_other_views_keep_the_filters_alone(client, pact, animator):
    ActionFactory(pact=pact)
    url = reverse("actions:action_list", args=[pact.pk])
    response = client.get(url + "?q=cap&status=&confidence=support&sort=title&page=1")
    assert response.context["filter"].carried() == "?q=cap&confidence=support"
    assert f'href="{url}?q=cap&amp;confidence=support" aria-current="page"' in response.content.decode()


def test_an_empty_list_proposes_no_bulk_edit(client, pact, animator):
    bulk = 'action="{}" hidden>'.format(reverse("actions:batch_add", args=[pact.pk]))
    address = reverse("actions:action_list", args=[pact.pk])
    assert bulk in client.get(address).content.decode()
    ActionFactory(pact=pact)
    assert bulk not in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("actions:campaign_list", "Aucune collecte n’a encore été préparée"),
        ("partners:consultation_list", "Aucune concertation n’a encore été ouverte"),
        ("actions:axis_tree", "Ajouter dans l’arbre</a>\n"),
    ],
)
def test_an_empty_page_says_what_is_absent_and_what_to_do(client, pact, animator, page, words):
    html = client.get(reverse(page, args=[pact.pk])).content.decode()
    assert words in html[html.index("pti-empty") :]
