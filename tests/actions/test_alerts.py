"""Alerts: each figure is the list that it leads to, by the pact's own thresholds; a reminder of what a list shows."""

import datetime

import pytest
from django.core import mail
from django.urls import reverse

from actions.alerts import alerts_of, tiles_of
from actions.campaigns import values
from actions.enums import Confidence, LeadRole
from actions.models import Action, Campaign
from pti import mail_choices, outbox
from pti.dates import today
from pti.enums import AlertConfidence, Role
from pti.models import OutgoingMail
from tests.factories.actions import (
    ActionFactory,
    AxisFactory,
    CampaignRequestFactory,
    IndicatorFactory,
    LeadFactory,
    MeasureFactory,
    MilestoneFactory,
    UpdateFactory,
)
from tests.factories.partners import ContactFactory, OrganisationFactory
from tests.factories.pti import PactFactory, person
from tests.world import log_in


@pytest.fixture
def pact():
    return PactFactory(start_text="2020", end_text="2030")


@pytest.fixture
def animator(client, pact):
    user = person(Role.ANIMATOR, pact)
    log_in(client, user)
    return user


def url(name, pact):
    return reverse(f"actions:{name}", args=[pact.pk])


def counts_of(pact):
    return {tile.alert.key: tile.count for tile in tiles_of(pact, "/", keys=None)[0]}


def test_each_alert_counts_the_rows_of_its_list(client, pact, animator):
    late = ActionFactory(pact=pact, late=True, blocked=True)
    LeadFactory(action=late)
    MeasureFactory(indicator=IndicatorFactory(action=late, threshold_high=50), value=91)
    ActionFactory(pact=pact, to_support=True)
    IndicatorFactory(action=ActionFactory(pact=pact, project=True))
    LeadFactory(action=ActionFactory(pact=pact, running=True, starts_text="2020"), role=LeadRole.CO_PILOT)
    ActionFactory(pact=pact, done=True)
    ActionFactory(late=True)
    page = client.get(url("alerts", pact))
    shown = {tile.alert.key: tile.count for tile in page.context["tiles"]}
    listed = {}
    for tile in page.context["tiles"]:
        listed[tile.alert.key] = len(client.get(tile.url).context["table"].rows)
    assert listed == shown
    # Those that are done ask for neither a pilot nor an indicator.
    assert {key: shown[key] for key in ("retard", "hors-seuil", "sans-pilote", "sans-indicateur")} == {
        "retard": 1, "hors-seuil": 1, "sans-pilote": 3, "sans-indicateur": 2,
    }  # fmt: skip
    assert (page.context["beyond"], page.context["unmeasured"]) == (1, 1)


def test_a_list_and_its_alert_say_the_same_of_what_is_missing(client, pact, animator):
    ActionFactory(pact=pact)
    ActionFactory(pact=pact, done=True)
    numbers = {}
    for query in ("alerte=sans-pilote", "manque=pilote&status=ouverte"):
        table = client.get(f"{url('action_list', pact)}?{query}").context["table"]
        numbers[query] = [row.record.number for row in table.rows]
    assert len({tuple(one) for one in numbers.values()}) == 1
    assert len(numbers["alerte=sans-pilote"]) == 1


def test_the_thresholds_of_the_pact_move_the_alerts(client, pact, animator):
    tenth = today() - datetime.timedelta(days=10)
    MilestoneFactory(action=ActionFactory(pact=pact), planned_text=f"{tenth:%d/%m/%Y}")
    ActionFactory(pact=pact, to_support=True)
    ActionFactory(pact=pact, confidence=Confidence.COMPROMISED, confidence_on=today())
    assert (counts_of(pact)["retard"], counts_of(pact)["soutien"]) == (1, 2)
    data = {"silence_months": "12", "late_days": "15", "alert_confidence": AlertConfidence.COMPROMISED}
    client.post(reverse("pact_settings", args=[pact.pk]), data)
    pact.refresh_from_db()
    assert (counts_of(pact)["retard"], counts_of(pact)["soutien"]) == (0, 1)
    assert "depuis plus de 15" in alerts_of(pact)[1].definition
    assert pact.history.first().history_user == animator
    data["late_days"] = "400"
    assert list(client.post(reverse("pact_settings", args=[pact.pk]), data).context["form"].errors) == ["late_days"]


@pytest.mark.parametrize("count", [1, 3])
def test_alerts_query_count(client, pact, animator, count, django_assert_max_num_queries):
    ActionFactory.create_batch(count, pact=pact, late=True, blocked=True)
    with django_assert_max_num_queries(7):
        client.get(url("alerts", pact))


def test_only_those_who_may_are_offered_the_deeds(client, pact):
    ActionFactory(pact=pact, blocked=True)
    offered, names = {}, ("alerts", "action_list", "action_board", "action_matrix", "territory_map")
    for role in (Role.PARTNER, Role.OFFICER, Role.ANIMATOR):
        log_in(client, person(role, pact))
        for name in names:
            html = client.get(f"{url(name, pact)}?alerte=blocage").content.decode()
            offered[role, name] = ("Préparer une relance" in html, "Mettre à l’ordre du jour" in html)
    assert offered == {
        (role, name): said
        for role, said in {Role.PARTNER: (False, False), Role.OFFICER: (True, True), Role.ANIMATOR: (True, True)}.items()
        for name in names
    }


def test_a_reminder_is_about_the_fiches_of_the_list_alone(client, pact, animator):
    blocked, asked, over = ActionFactory.create_batch(3, pact=pact, blocked=True)
    over.set_status("done")
    over.save()
    ActionFactory(pact=pact)
    CampaignRequestFactory(campaign__pact=pact, campaign__opened_on=today(), action=asked)
    address = f"{url('campaign_add', pact)}?alerte=blocage"
    page = client.get(address)
    form = page.context["form"]
    assert (form.chosen, form["name"].value()) == ([blocked], "Relance : point de blocage")
    assert "asks_commitments" not in form.fields
    assert (page.context["reminded"].awaited, page.context["reminded"].closed) == ([asked], [over])
    data = {"name": "Relance", "asks_updates": "on", "deadline": f"{today() + datetime.timedelta(days=10):%d/%m/%Y}"}
    assert client.post(address, data).context["form"].errors == {"actions": ["Gardez au moins une fiche."]}
    client.post(address, data | {"actions": [blocked.pk]})
    campaign = Campaign.objects.get(name="Relance")
    assert [row.action for row in campaign.requests.all()] == [blocked]
    assert campaign.is_draft


@pytest.fixture
def asked(pact):
    """Two fiches of one person that an open collection awaits; one of them is blocked."""
    blocked = ActionFactory(pact=pact, blocked=True)
    first = CampaignRequestFactory(campaign__pact=pact, campaign__opened_on=today(), action=blocked)
    CampaignRequestFactory(campaign=first.campaign, action=ActionFactory(pact=pact), person_email=first.person_email)
    return first


def test_whom_a_collection_awaits_is_reminded_of_the_list_alone_once_a_day(client, pact, animator, asked):
    address = f"{url('remind_list', pact)}?alerte=blocage"
    assert client.get(f"{url('campaign_add', pact)}?alerte=blocage").url == address
    page = client.get(address)
    assert [[row.pk for row in one.requests] for one in page.context["lines"][0][1]] == [[asked.pk]]
    assert OutgoingMail.objects.count() == 0
    for _ in range(2):
        client.post(address)
    sent = OutgoingMail.objects.get()
    assert (sent.to, str(asked.uid) in sent.text) == (asked.person_email, True)
    assert client.get(address).context["count"] == 0


def test_a_reminder_of_fiches_that_nothing_awaits_asks_them_anew(client, pact, animator):
    ActionFactory(pact=pact, blocked=True)
    response = client.get(f"{url('remind_list', pact)}?alerte=blocage")
    assert response.url == f"{url('campaign_add', pact)}?alerte=blocage"
    log_in(client, person(Role.OFFICER, pact))
    assert "L’animatrice peut ouvrir" in client.get(f"{url('remind_list', pact)}?alerte=blocage").content.decode()
    assert client.get(url("remind_list", pact)).status_code == 302


def indicators_of_axes(pact):
    """Indicators without value: of a fiche, of an axis that somebody pilots, of one below it, of one that nobody pilots."""
    body = OrganisationFactory(name="Pôle emploi")
    led = AxisFactory(pact=pact, lead=body)
    places = {"axis": led}, {"axis": AxisFactory(pact=pact, parent=led)}, {"axis": AxisFactory(pact=pact)}, {}
    IndicatorFactory(pact=pact, action=ActionFactory(pact=pact), name="De fiche")
    names = ("Piloté", "Dessous", "Sans pilote", "Nulle part")
    for name, place in zip(names, places, strict=True):
        IndicatorFactory(pact=pact, name=name, action=None, **place)
    return body


def test_indicators_of_axes_are_asked_of_who_pilots_the_axis(client, pact, animator):
    body = indicators_of_axes(pact)
    address = f"{url('remind_indicators', pact)}?manque=valeur"
    wanted = client.get(address).context["wanted"]
    assert (wanted.lines, next(why for _, why in wanted.unwritten)) == ([], "personne à qui écrire chez Pôle emploi")
    ContactFactory(pact=pact, organisation=body, email="Referent@exemple.test")
    page = client.get(address)
    wanted, (letter,) = page.context["wanted"], page.context["letters"]
    assert wanted.of_fiches == 1
    assert [one.indicator.name for one in letter.requests] == ["Piloté", "Dessous"]
    assert [(one.name, why) for one, why in wanted.unwritten] == [
        ("Sans pilote", "son axe n’a pas de pilote"),
        ("Nulle part", "ni fiche ni axe : personne n’en répond"),
    ]
    for _ in range(2):
        client.post(address)
    outbox.deliver()
    (sent,) = mail.outbox
    year = pact.reference_day.year
    assert (sent.to, sent.subject) == (["referent@exemple.test"], f"2 indicateurs : sans valeur {year}")
    assert [words in sent.body for words in ("Dessous", "Sans pilote", animator.email)] == [True, False, True]
    assert "List-Unsubscribe" in sent.extra_headers
    assert client.get(address).context["letters"] == []


def test_who_wants_no_reminder_gets_none_about_indicators(client, pact, animator):
    ContactFactory(pact=pact, organisation=indicators_of_axes(pact), email="referent@exemple.test")
    mail_choices.choose(email="referent@exemple.test", refused=[values.KIND])
    client.post(f"{url('remind_indicators', pact)}?manque=valeur")
    assert OutgoingMail.objects.count() == 0


def test_the_reminder_of_the_fiches_of_indicators_bears_on_them_alone(client, pact, animator):
    indicators_of_axes(pact)
    ActionFactory(pact=pact)
    address = client.get(f"{url('remind_indicators', pact)}?manque=valeur").context["fiches_url"]
    assert client.get(address, follow=True).context["reminded"].fiches == [Action.objects.get(indicators__name="De fiche")]


@pytest.mark.parametrize("count", [1, 3])
def test_a_reminder_about_indicators_asks_the_same_whatever_their_number(client, pact, animator, count,
                                                                         django_assert_num_queries):  # fmt: skip
    for number in range(count):
        body = OrganisationFactory()
        ContactFactory(pact=pact, organisation=body, email=f"referent{number}@exemple.test")
        IndicatorFactory(pact=pact, action=None, axis=AxisFactory(pact=pact, lead=body))
    with django_assert_num_queries(13):
        client.get(f"{url('remind_indicators', pact)}?manque=valeur")


def test_the_two_figures_of_indicators_lead_to_the_deeds(client, pact, animator):
    indicators_of_axes(pact)
    html = client.get(url("alerts", pact)).content.decode()
    assert f'{url("remind_indicators", pact)}?manque=valeur"' in html
    assert "?de=indicateurs&amp;manque=valeur" in html
    assert '?seuil=hors">Préparer' not in html


def test_an_unknown_filter_restricts_nothing(client, pact, animator):
    UpdateFactory(action__pact=pact)
    page = client.get(f"{url('campaign_add', pact)}?alerte=inconnue")
    assert "Préparer une collecte" in page.content.decode()
