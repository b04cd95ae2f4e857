"""Collections: what is always true of their rows, whom they ask, what the animator sees and does."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from actions.campaigns import deeds
from actions.campaigns.preparing import prepare
from actions.campaigns.reading import rates_of
from actions.enums import AnswerKind, RequestState
from actions.looks import request_state
from actions.models import Campaign, Update
from pti.dates import today
from pti.enums import Role
from pti.models import OutgoingMail
from tests.factories.actions import (
    ActionFactory,
    AxisFactory,
    CampaignFactory,
    CampaignRequestFactory,
    LeadFactory,
    UpdateFactory,
)
from tests.factories.partners import ContactFactory, MembershipFactory, PartnerFactory
from tests.factories.pti import PactFactory, TerritoryFactory, person


@pytest.fixture
def asked():
    return CampaignRequestFactory()


def answered(row):
    row.state, row.answered_at = RequestState.ANSWERED, timezone.now()
    row.save()
    return row


def test_what_nobody_answered_is_no_longer_to_do_once_the_collection_is_closed(asked):
    assert "À faire" in request_state(asked)
    asked.campaign.closed_on = today()
    assert "Sans réponse" in request_state(asked)


@pytest.mark.parametrize(
    "wrong", [{"closed_on": today()}, {"opened_on": today(), "closed_on": today().replace(year=today().year - 1)}]
)
def test_a_collection_is_closed_after_it_was_opened(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        CampaignFactory(**wrong)


def test_a_fiche_is_asked_about_once(asked):
    with pytest.raises(IntegrityError), transaction.atomic():
        CampaignRequestFactory(campaign=asked.campaign, action=asked.action)


@pytest.mark.parametrize("wrong", [{"state": "validated"}, {"state": "answered"}, {"validated_on": today()}])
def test_a_state_carries_its_date(asked, wrong):
    for name, value in wrong.items():
        setattr(asked, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        asked.save()


def test_only_an_answer_is_validated_or_returned(asked):
    for deed in (lambda: asked.validate(by=None), lambda: asked.give_back("Précisez")):
        with pytest.raises(ValidationError):
            deed()
    answered(asked).validate(by=None)
    asked.save()
    asked.give_back("Précisez la date")
    asked.save()
    assert (asked.state, asked.validated_on, asked.is_awaited) == (RequestState.RETURNED, None, True)


# Whom it asks.


@pytest.fixture
def draft():
    return CampaignFactory()


def fiche(campaign, **kwargs):
    """A fiche of the pact, and the organisation that pilots it."""
    action = ActionFactory(pact=campaign.pact, **kwargs)
    return action, LeadFactory(action=action).organisation


def asked_of(campaign):
    prepare(campaign=campaign)
    return {row.action: row.person_email for row in campaign.requests.select_related("action")}


def contact(campaign, organisation, email, **kwargs):
    return ContactFactory(pact=campaign.pact, organisation=organisation, email=email, **kwargs)


def test_the_pilot_is_asked_by_its_referent(draft):
    action, pilot = fiche(draft)
    LeadFactory(action=action, co_pilot=True)
    contact(draft, pilot, "quelconque@exemple.test", last_name="Abel")
    contact(draft, pilot, "referente@exemple.test", is_referent=True, last_name="Zoe")
    assert asked_of(draft) == {action: "referente@exemple.test"}


def test_the_referent_of_the_place_comes_first(draft):
    action, pilot = fiche(draft)
    place = TerritoryFactory()
    action.territories.add(place)
    contact(draft, pilot, "referente@exemple.test", is_referent=True)
    contact(draft, pilot, "locale@exemple.test").territories.add(place)
    assert asked_of(draft) == {action: "locale@exemple.test"}


def test_an_elected_person_is_asked_when_there_is_nobody_else(draft):
    action, pilot = fiche(draft)
    contact(draft, pilot, "elue@exemple.test", is_elected=True, last_name="Abel")
    assert asked_of(draft) == {action: "elue@exemple.test"}
    MembershipFactory(user=person(Role.OFFICER, draft.pact, email="compte@exemple.test"), organisation=pilot)
    draft.requests.all().delete()
    assert asked_of(draft) == {action: "compte@exemple.test"}
    contact(draft, pilot, "agente@exemple.test", last_name="Zoe")
    draft.requests.all().delete()
    assert asked_of(draft) == {action: "agente@exemple.test"}


@pytest.mark.parametrize(("role", "asked"), [(Role.READER, ""), (Role.OFFICER, "compte@exemple.test")])
@pytest.mark.parametrize("everywhere", [False, True])
def test_an_account_that_only_reads_is_not_asked(draft, role, asked, everywhere):
    action, pilot = fiche(draft)
    account = person(role, None if everywhere else draft.pact, email="compte@exemple.test")
    MembershipFactory(user=account, organisation=pilot)
    assert asked_of(draft) == {action: asked}


def test_who_spoke_last_is_asked_again(draft):
    action, pilot = fiche(draft)
    speaker = person(Role.PARTNER, draft.pact, email="parle@exemple.test")
    MembershipFactory(user=speaker, organisation=pilot)
    contact(draft, pilot, "referente@exemple.test", is_referent=True)
    UpdateFactory(action=action, author=speaker)
    assert asked_of(draft) == {action: "parle@exemple.test"}


def test_fiches_over_are_not_asked_about_and_nobody_is_said(draft):
    fiche(draft, done=True)
    alone = ActionFactory(pact=draft.pact)
    assert asked_of(draft) == {alone: ""}


def test_the_scope_is_kept(draft):
    axis = AxisFactory(pact=draft.pact)
    inside, pilot = fiche(draft, axis=AxisFactory(pact=draft.pact, parent=axis))
    fiche(draft, axis=axis)
    fiche(draft)
    draft.axes.add(axis)
    draft.partners.add(PartnerFactory(pact=draft.pact, organisation=pilot))
    assert asked_of(draft) == {inside: ""}


def test_a_person_chosen_by_hand_stays(draft):
    action, pilot = fiche(draft)
    contact(draft, pilot, "referente@exemple.test")
    prepare(campaign=draft)
    deeds.hand_over(request=draft.requests.get(), name="Paul", email="paul@ailleurs.example", by=person(Role.ANIMATOR, None))
    assert asked_of(draft) == {action: "paul@ailleurs.example"}


# What the animator sees and does.


@pytest.fixture
def animator(client, draft):
    user = person(Role.ANIMATOR, draft.pact)
    client.force_login(user)
    return user


def at(name, *args):
    return reverse(f"actions:{name}", args=args)


def test_a_collection_that_asks_the_same_is_named_before_sending(client, animator, draft):
    action, _ = fiche(draft, title="Garde d’enfants")
    prepare(campaign=draft)
    other = CampaignRequestFactory(campaign__pact=draft.pact, action=action)
    CampaignRequestFactory(campaign__pact=draft.pact)
    page = client.get(at("campaign_detail", draft.pact.pk, draft.pk))
    assert [(one, one.asked_too) for one in page.context["asking_too"]] == [(other.campaign, 1)]


def test_from_the_form_to_the_mails(client, animator, draft):
    _, pilot = fiche(draft, title="Garde d’enfants")
    contact(draft, pilot, "referente@exemple.test")
    fiche(draft, title="Mobilité")
    pact, data = draft.pact, {"name": "T3", "deadline": "31/12/2999", "asks_updates": "on", "asks_values": "on"}
    response = client.post(at("campaign_add", pact.pk), data, follow=True)
    shown, campaign = response.content.decode(), Campaign.objects.get(name="T3")
    assert "1 personne recevra" in shown.replace("\u00a0", " ")
    assert "1 fiche sans personne" in shown.replace("\u00a0", " ")
    assert (OutgoingMail.objects.count(), campaign.is_draft) == (0, True)

    client.post(at("campaign_open", pact.pk, campaign.pk))
    client.post(at("campaign_open", pact.pk, campaign.pk))
    campaign.refresh_from_db()
    assert (campaign.is_open, [one.to for one in OutgoingMail.objects.all()]) == (True, ["referente@exemple.test"])

    asked = client.get(at("campaign_close", pact.pk, campaign.pk)).content.decode().replace("\u00a0", " ")
    assert "2 demandes restent sans réponse" in asked
    client.post(at("campaign_close", pact.pk, campaign.pk))
    campaign.refresh_from_db()
    assert (campaign.closed_on, campaign.closed_by) == (today(), animator)


def test_the_same_is_asked_in_the_local_pacts_that_are_ticked(client, animator, draft):
    pact, data = draft.pact, {"name": "T3", "deadline": "31/12/2999", "asks_updates": "on", "message": "Merci"}
    url = at("campaign_add", pact.pk)
    assert "pactes locaux" not in client.get(url).content.decode()
    one, other, stranger = (PactFactory(parent=of, territory=TerritoryFactory()) for of in (pact, pact, PactFactory()))
    action = LeadFactory(action__pact=one).action
    page = client.post(url, {**data, "local_pacts": [one.pk, stranger.pk]})
    assert list(page.context["form"].errors) == ["local_pacts"]
    page = client.post(url, {**data, "local_pacts": [one.pk]}, follow=True).content.decode()
    assert str(one) in page
    found = Campaign.objects.filter(name="T3").exclude(pact=pact).get()
    assert (found.pact, found.message, [row.action for row in found.requests.all()]) == (one, "Merci", [action])
    assert not other.campaigns.exists()


def test_a_new_collection_is_about_the_running_quarter(client, animator, draft, settings):
    settings.REFERENCE_DAY = "2026-11-21"
    proposed = client.get(at("campaign_add", draft.pact.pk)).context["form"].initial
    assert (proposed["name"], str(proposed["deadline"])) == ("Point du 4e trimestre 2026", "2026-12-12")


def test_a_deadline_that_is_past_is_refused(client, animator, draft):
    response = client.post(at("campaign_add", draft.pact.pk), {"name": "T3", "deadline": "01/01/2020"})
    assert "Choisissez une échéance à venir" in response.content.decode()


def test_what_is_said_on_behalf_is_not_written_over_an_answer_that_nobody_read(client, animator, draft):
    row = CampaignRequestFactory(campaign__pact=draft.pact)
    address = at("request_answer", draft.pact.pk, row.pk)
    typed = {"sentence": "Dit au téléphone.", "channel": "Téléphone", "seen": client.get(address).context["seen"]}
    deeds.answer(request=row, kind=AnswerKind.NEWS, sentence="Écrit par le pilote.")
    refused = client.post(address, typed)
    page = refused.content.decode()
    assert "Une réponse est arrivée pendant que vous écriviez" in page
    assert "Écrit par le pilote." in page
    assert "Dit au téléphone." in page
    assert [update.sentence for update in Update.objects.all()] == ["Écrit par le pilote."]
    client.post(address, typed | {"seen": refused.context["seen"]})
    assert Update.objects.get().sentence == "Dit au téléphone."


def test_said_by_telephone_then_returned_then_validated(client, animator, draft):
    row = CampaignRequestFactory(campaign__pact=draft.pact)
    pk = draft.pact.pk
    client.post(at("request_answer", pk, row.pk), {"status": "running", "sentence": "Dit au téléphone.", "channel": "Courrier"})
    update = Update.objects.get()
    assert (update.on_behalf, update.organisation, update.channel, update.author) == (
        True, row.organisation, "Courrier", animator
    )  # fmt: skip
    client.post(at("request_return", pk, row.pk), {"reason": "Et la date ?"})
    row.refresh_from_db()
    assert (row.state, row.return_reason) == (RequestState.RETURNED, "Et la date ?")
    client.post(at("request_answer", pk, row.pk), {"inchange": "1", "channel": "Téléphone"})
    assert Update.objects.first().channel == "Téléphone"
    client.post(at("request_validate", pk, row.pk))
    row.refresh_from_db()
    assert (row.state, row.validated_by) == (RequestState.VALIDATED, animator)


def test_nothing_moves_once_it_is_closed(asked):
    answered(asked)
    deeds.close_campaign(campaign=asked.campaign, by=None)
    for deed in (deeds.validate, lambda request, by: deeds.give_back(request=request, reason="Non", by=by)):
        with pytest.raises(ValidationError):
            deed(request=asked, by=None)


def test_all_are_validated_but_calls_for_help(client, animator, draft):
    first = answered(CampaignRequestFactory(campaign__pact=draft.pact, kind=AnswerKind.SAME))
    second = answered(CampaignRequestFactory(campaign=first.campaign, kind=AnswerKind.HELP, said="Qui paie"))
    url = at("campaign_validate", draft.pact.pk, first.campaign_id)
    page = client.post(url, follow=True).content.decode()
    for row in (first, second):
        row.refresh_from_db()
    assert (first.state, second.state, "Qui paie" in page) == (RequestState.VALIDATED, RequestState.ANSWERED, True)


@pytest.mark.parametrize("count", [1, 3])
def test_follow_up_query_count(client, animator, draft, count, django_assert_num_queries):
    campaign = CampaignFactory(pact=draft.pact, open=True)
    for _ in range(count):
        answered(CampaignRequestFactory(campaign=campaign))
    whole, rates = rates_of(campaign)
    assert (whole.share, len(rates)) == (100, count)
    with django_assert_num_queries(16):
        response = client.get(at("campaign_detail", draft.pact.pk, campaign.pk))
    assert len(response.context["page"].object_list) == count


def test_the_pages_of_a_narrowed_follow_up_stay_narrowed(client, animator, draft, monkeypatch):
    monkeypatch.setattr("actions.views.campaigns.ROWS_A_PAGE", 1)
    campaign = CampaignFactory(pact=draft.pact, open=True)
    body = CampaignRequestFactory(campaign=campaign).organisation
    CampaignRequestFactory(campaign=campaign, organisation=body)
    html = client.get(f"{at('campaign_detail', draft.pact.pk, campaign.pk)}?organisme={body.pk}&page=1").content.decode()
    assert f'href="?organisme={body.pk}&amp;page=2"' in html


@pytest.mark.parametrize("count", [1, 3])
def test_campaign_list_query_count(client, animator, draft, count, django_assert_num_queries):
    for _ in range(count - 1):
        CampaignRequestFactory(campaign__pact=draft.pact)
    with django_assert_num_queries(7):
        response = client.get(at("campaign_list", draft.pact.pk))
    assert len(response.context["table"].rows) == count
