"""The page of a fiche: what it shows, what it calls unknown, how many queries."""

import datetime
import re

import pytest
from django.utils.html import strip_tags

from actions.figures import funding_table, indicator_rows, indicator_years
from actions.models import Indicator
from actions.sources import fiche_facts
from pti.enums import PactState, Role
from pti.printing.nodes import paragraph
from pti.printing.text import Text
from tests.factories.actions import (
    ActionFactory,
    AxisFactory,
    FundingFactory,
    IndicatorFactory,
    LeadFactory,
    MeasureFactory,
    MilestoneFactory,
    TargetFactory,
    ThemeFactory,
    UpdateFactory,
)
from tests.factories.pti import PactFactory, TerritoryFactory, freeze, person

ON = datetime.date(2026, 10, 6)


@pytest.fixture
def pact():
    return PactFactory()


@pytest.fixture
def animator(client, pact):
    user = person(Role.ANIMATOR, pact)
    client.force_login(user)
    return user


def full_action(pact, count):
    """An action with `count` rows of everything."""
    axis = AxisFactory(pact=pact, parent=AxisFactory(pact=pact))
    action = ActionFactory(pact=pact, axis=axis, number="9", diagnosis="Un diagnostic", title_variants="Autre titre")
    for _ in range(count):
        LeadFactory(action=action)
        MilestoneFactory(action=action)
        UpdateFactory(action=action, author=person(Role.PARTNER, pact))
        indicator = IndicatorFactory(action=action)
        TargetFactory(indicator=indicator)
        MeasureFactory(indicator=indicator)
        FundingFactory(action=action)
        action.themes.add(ThemeFactory())
        action.territories.add(TerritoryFactory())
        action.other_axes.add(AxisFactory(pact=pact))
    return action


@pytest.mark.parametrize("count", [1, 3])
def test_fiche_query_count(client, pact, animator, count, django_assert_num_queries):
    action = full_action(pact, count)
    with django_assert_num_queries(22):
        response = client.get(action.get_absolute_url())
    assert len(response.context["steps"]) == count


def test_fiche_shows_what_every_field_holds(client, pact, animator):
    action = full_action(pact, 1)
    texts = [
        "diagnosis", "objectives", "audience", "content", "schedule", "means", "human_means", "technical_means",
        "legal_means", "financial_means", "assets", "constraints", "prerequisites", "evaluation_method",
    ]  # fmt: skip
    for name in texts:
        setattr(action, name, f"<p>Texte de {name}</p>")
    action.impact, action.is_experiment = 3, True
    action.save()
    html = client.get(action.get_absolute_url()).content.decode()
    assert [name for name in texts if f"Texte de {name}" not in html] == []
    for words in ("Autre titre", "Impact 3 sur 3", action.themes.get().name, action.territories.get().name):
        assert words in html


def test_empty_fiche_says_what_is_unknown(client, pact, animator):
    html = client.get(ActionFactory(pact=pact).get_absolute_url()).content.decode()
    for words in ("Sans pilote", "Aucun point", "Aucun indicateur", "Non située", "Tout le pacte", "Sans échéance"):
        assert words in html


def test_frozen_fiche_shows_the_lock_and_no_way_to_edit(client, pact, animator):
    action = ActionFactory(pact=pact)
    freeze(pact, PactState.IN_FORCE)
    html = client.get(action.get_absolute_url()).content.decode()
    assert "Le texte arrêté" in html


def test_leads_say_pressenti_plain_text_and_open_list(client, pact, animator):
    action = ActionFactory(pact=pact, associated_open_ended=True)
    LeadFactory(action=action, in_words=True, is_tentative=True)
    LeadFactory(action=action, role="associated")
    html = client.get(action.get_absolute_url()).content.decode()
    assert "membres du COPIL" in html
    assert "(pressenti)" in html
    assert "liste ouverte" in html


def test_a_list_of_associates_that_is_open_and_names_nobody_is_said(client, pact, animator):
    action = ActionFactory(pact=pact, associated_open_ended=True)
    aside = client.get(action.get_absolute_url()).content.decode().split("<aside", 1)[1].split("</aside>", 1)[0]
    assert re.sub(r"\s+", " ", strip_tags(aside)).count("Associés … liste ouverte") == 1
    assert "Sans pilote" in aside


def test_the_document_says_an_open_list_that_names_nobody():
    row = {"uid": "a", "title": "Guide", "associated_open_ended": True}
    [facts] = fiche_facts(Text({"parts": {"actions": {"Action": [row]}}}), row)
    assert facts.pairs == (("Associés", (paragraph("…"),)),)


def test_fiche_of_another_pact_is_hidden(client, pact, animator):
    assert client.get(ActionFactory(pact=PactFactory()).get_absolute_url()).status_code == 404


def rows_of(action):
    indicators = Indicator.objects.filter(action=action).prefetch_related("targets", "measures")
    return indicator_rows(indicators, indicator_years(indicators), ON)


def test_advancement_is_the_way_from_the_baseline_to_the_target():
    indicator = IndicatorFactory(baseline=50)
    TargetFactory(indicator=indicator, value=150)
    MeasureFactory(indicator=indicator, value=100, raw_value="100")
    assert rows_of(indicator.action)[0].word == "50\u00a0%"


def test_advancement_without_target_is_not_zero():
    indicator = IndicatorFactory()
    MeasureFactory(indicator=indicator)
    row = rows_of(indicator.action)[0]
    assert (row.word, row.bar) == ("Non calculable", "")


def test_two_series_are_never_merged():
    indicator = IndicatorFactory()
    MeasureFactory(indicator=indicator, series="CAF", raw_value="12")
    MeasureFactory(indicator=indicator, series="MSA", raw_value="15")
    assert [(row.series, row.cells[0].value) for row in rows_of(indicator.action)] == [("CAF", "12"), ("MSA", "15")]


def test_a_total_that_lacks_a_part_is_not_calculable():
    known = FundingFactory(amount=1000, year=2026)
    rows = [known, FundingFactory(amount=None, is_undisclosed=True, year=2027, action=known.action)]
    table = funding_table(rows)
    assert [sums for _, sums in table.totals] == [[("2026", "1\u202f000\u00a0€"), ("2027", "Non calculable")]]


def test_fte_and_kind_stay_out_of_the_total():
    known = FundingFactory(amount=1000, year=2026)
    rows = [known, FundingFactory(amount="0.3", unit="fte"), FundingFactory(amount=None, unit="in_kind", in_kind="Un local")]
    table = funding_table(rows)
    assert [sums for _, sums in table.totals] == [[("2026", "1\u202f000\u00a0€")]]
    assert sorted(money.text for _, cells in table.rows for _, lines in cells for money in lines) == [
        "0,3\u00a0ETP",
        "1\u202f000\u00a0€",
        "Un local",
    ]
