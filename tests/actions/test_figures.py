"""Indicators, values, fundings and the tree: their lists, their pages, what is refused."""

import pytest
from django.urls import reverse

from actions.models import Action, Axis, Funding, Indicator
from actions.tree import Tree
from partners.models import Membership
from pti.enums import PactState, Role
from tests.factories.actions import (
    ActionFactory,
    AxisFactory,
    FundingFactory,
    IndicatorFactory,
    MeasureFactory,
    OrganisationFactory,
    TargetFactory,
    led_by,
)
from tests.factories.pti import PactFactory, freeze, person


@pytest.fixture
def pact():
    return PactFactory(start_text="2025", end_text="2027")


@pytest.fixture
def officer(client, pact):
    user = person(Role.OFFICER, pact)
    client.force_login(user)
    return user


def url(name, pact, *args):
    return reverse(f"actions:{name}", args=[pact.pk, *args])


def shown(client, address):
    return [row.record for row in client.get(address).context["table"].rows]


@pytest.mark.parametrize("count", [1, 3])
def test_indicator_list_query_count(client, pact, officer, count, django_assert_num_queries):
    for indicator in IndicatorFactory.create_batch(count, action=ActionFactory(pact=pact)):
        MeasureFactory(indicator=indicator)
        TargetFactory(indicator=indicator)
    with django_assert_num_queries(8):
        response = client.get(url("indicator_list", pact))
    assert len(response.context["table"].rows) == count


@pytest.mark.parametrize("count", [1, 3])
def test_funding_list_query_count(client, pact, officer, count, django_assert_num_queries):
    FundingFactory.create_batch(count, action=ActionFactory(pact=pact))
    with django_assert_num_queries(12):
        response = client.get(url("funding_list", pact))
    assert len(response.context["table"].rows) == count


@pytest.mark.parametrize("count", [1, 3])
def test_tree_query_count(client, pact, officer, count, django_assert_num_queries):
    for axis in AxisFactory.create_batch(count, pact=pact):
        ActionFactory(pact=pact, axis=axis).other_axes.add(AxisFactory(pact=pact, parent=axis))
    with django_assert_num_queries(7):
        client.get(url("axis_tree", pact))


def test_indicator_filters(client, pact, officer, settings):
    settings.REFERENCE_DAY = "2026-10-06"
    action = ActionFactory(pact=pact)
    low = IndicatorFactory(action=action, threshold_low=100)
    MeasureFactory(indicator=low, value=91)
    TargetFactory(indicator=low)
    bare = IndicatorFactory(pact=pact, action=None, group="Partenariat")
    assert shown(client, url("indicator_list", pact) + "?seuil=hors") == [low]
    assert shown(client, url("indicator_list", pact) + "?manque=cible") == [bare]
    assert shown(client, url("indicator_list", pact) + "?manque=valeur") == [bare]
    assert shown(client, url("indicator_list", pact) + f"?action={action.pk}") == [low]


def test_indicator_without_target_nor_unit_is_accepted(client, pact, officer):
    client.post(url("indicator_add", pact), {"name": "Qualité de l’accueil", "kind": "other"})
    indicator = Indicator.objects.get()
    assert (indicator.name, indicator.action) == ("Qualité de l’accueil", None)
    assert "C’est permis" in client.get(indicator.get_absolute_url()).content.decode()


def test_indicator_targets_rise_every_year(client, pact, officer):
    indicator = IndicatorFactory(action=ActionFactory(pact=pact))
    data = {"name": "x", "kind": "other", "revision": "0", "action": indicator.action_id}
    client.post(
        url("indicator_edit", pact, indicator.pk), data | {"target_2025": "10", "target_2026": "20", "target_2027": "30"}
    )
    assert list(indicator.targets.values_list("year", "raw_value")) == [(2025, "10"), (2026, "20"), (2027, "30")]


def test_a_leading_partner_gives_a_value_and_no_other(client, pact):
    partner = person(Role.PARTNER, pact)
    client.force_login(partner)
    indicator = IndicatorFactory(action=ActionFactory(pact=pact))
    address = url("measure_add", pact, indicator.pk)
    assert client.post(address, {"year": 2026, "raw_value": "91"}).status_code == 403
    lead = led_by(partner, indicator.action)
    freeze(pact, PactState.IN_FORCE)
    client.post(address, {"year": 2026, "raw_value": "91"})
    measure = indicator.measures.get()
    assert (measure.raw_value, measure.organisation, measure.on_behalf) == ("91", lead.organisation, False)


def test_value_errors_are_french_and_keep_what_was_typed(client, pact, officer):
    indicator = IndicatorFactory(action=ActionFactory(pact=pact))
    html = client.post(url("measure_add", pact, indicator.pk), {"year": "", "raw_value": "91"}).content.decode()
    assert "Ce champ est nécessaire" in html
    assert 'value="91"' in html


def test_a_planned_funding_is_text_and_an_acquired_one_is_life(client, pact, officer):
    planned = FundingFactory(action=ActionFactory(pact=pact), planned=True)
    freeze(pact, PactState.IN_FORCE)
    assert client.get(url("funding_edit", pact, planned.pk)).status_code == 403
    funder = OrganisationFactory()
    data = {"funder": funder.pk, "year": 2026, "state": "acquired", "unit": "euros", "raw_amount": "42 000"}
    client.post(url("funding_add", pact), data)
    funding = Funding.objects.get(funder=funder)
    assert (int(funding.amount), funding.action) == (42000, None)
    refused = client.post(url("funding_add", pact), data | {"state": "planned"})
    assert refused.status_code == 200
    assert Funding.objects.count() == 2


def test_an_undisclosed_amount_is_not_zero(client, pact, officer):
    data = {"funder_text": "Autres", "state": "planned", "unit": "euros", "is_undisclosed": "on"}
    client.post(url("funding_add", pact), data)
    assert Funding.objects.get().amount is None
    html = client.get(url("funding_list", pact)).content.decode()
    assert "Non communiqué" in html
    assert "Non calculable" in html


def test_tree_shows_an_action_under_its_two_nodes_and_the_words_of_the_pact(client, officer, pact):
    pact.level_words = ["orientation", "objectif", "chantier", "préconisation"]
    pact.save()
    parent = None
    for depth in range(4):
        parent = AxisFactory(pact=pact, parent=parent, title=f"Niveau {depth}")
    group = AxisFactory(pact=pact, group=True, title="Un regroupement")
    action = ActionFactory(pact=pact, axis=parent, title="Sous deux nœuds")
    action.other_axes.add(group)
    html = client.get(url("axis_tree", pact)).content.decode()
    assert html.count("Sous deux nœuds") == 2
    for word in ("Orientation", "Objectif", "Chantier", "Préconisation"):
        assert word in html


def test_a_group_takes_no_word_of_the_levels(client, officer, pact):
    pact.level_words = ["orientation", "objectif", "chantier"]
    pact.save()
    top = AxisFactory(pact=pact, number="1")
    group = AxisFactory(pact=pact, parent=top, group=True)
    below = AxisFactory(pact=pact, parent=group, number="1.1")
    beside = AxisFactory(pact=pact, parent=top, number="1.2")
    nodes = Tree(pact).nodes
    assert [nodes[one.pk].word for one in (top, below, beside)] == ["orientation", "objectif", "objectif"]
    assert nodes[below.pk].depth == 2


def test_axis_is_created_moved_under_another_and_never_under_itself(client, pact, officer):
    client.post(url("axis_add", pact), {"title": "Insertion", "number": "1"})
    top = Axis.objects.get()
    client.post(url("axis_add", pact), {"title": "Logement", "parent": top.pk})
    below = Axis.objects.get(title="Logement")
    assert below.parent == top
    response = client.post(url("axis_edit", pact, top.pk), {"title": "Insertion", "parent": below.pk, "revision": "0"})
    assert response.status_code == 200
    top.refresh_from_db()
    assert top.parent is None


def test_axis_moves_up_and_down(client, pact, officer):
    one, two = AxisFactory(pact=pact), AxisFactory(pact=pact)
    client.post(url("axis_move", pact, two.pk) + "?sens=haut")
    assert list(Axis.objects.order_by("order")) == [two, one]


def test_axis_that_holds_a_fiche_is_not_deleted(client, pact, officer):
    axis = AxisFactory(pact=pact)
    action = ActionFactory(pact=pact, axis=axis)
    client.post(url("axis_delete", pact, axis.pk))
    assert Axis.objects.get() == axis
    Action.objects.get(pk=action.pk).delete()
    client.post(url("axis_delete", pact, axis.pk))
    assert Axis.objects.count() == 0


def test_the_tree_of_a_frozen_pact_is_not_written(client, pact, officer):
    axis = AxisFactory(pact=pact)
    freeze(pact)
    assert client.get(url("axis_edit", pact, axis.pk)).status_code == 403
    assert client.post(url("axis_delete", pact, axis.pk)).status_code == 403
    assert client.get(url("axis_add", pact)).status_code == 403


def test_measures_of_a_partner_are_under_its_own_name(client, pact):
    partner = person(Role.PARTNER, pact)
    other = OrganisationFactory()
    client.force_login(partner)
    indicator = IndicatorFactory(action=ActionFactory(pact=pact))
    led_by(partner, indicator.action)
    data = {"year": 2026, "raw_value": "91", "organisation": other.pk}
    assert client.post(url("measure_add", pact, indicator.pk), data).status_code == 200
    assert not Membership.objects.filter(organisation=other).exists()
    assert indicator.measures.count() == 0
