"""The questions of a collection beside the update of a fiche: commitments, asked of those who made them."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from actions.campaigns import deeds, mails
from actions.campaigns.preparing import prepare
from actions.campaigns.questions import QUESTIONS
from actions.enums import AnswerKind, RequestQuestion, RequestState
from actions.models import CampaignRequest
from partners.models import CommitmentUpdate
from pti.enums import PactState, Role
from tests.asking import ask
from tests.factories.actions import CampaignFactory, CampaignRequestFactory
from tests.factories.partners import CommitmentFactory, ContactFactory, PartnerFactory, member
from tests.factories.pti import person


@pytest.fixture
def partner():
    return PartnerFactory()


@pytest.fixture
def commitment(partner):
    return CommitmentFactory(pact=partner.pact, partners=[partner])


@pytest.fixture
def asked(partner, commitment):
    campaign = CampaignFactory(pact=partner.pact, open=True, asks_commitments=True)
    return CampaignRequestFactory(
        campaign=campaign, question="commitment", action=None, commitment=commitment, organisation=partner.organisation
    )


@pytest.fixture
def url(asked):
    return reverse("answers:answer", args=[mails.make_link(asked, asked.person_email)])


def test_each_question_is_known():
    assert set(QUESTIONS) == set(RequestQuestion.values)


@pytest.mark.parametrize("wrong", [{"question": "update"}, {"commitment": None}])
def test_a_question_has_its_subject(asked, wrong):
    for name, value in wrong.items():
        setattr(asked, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        asked.save()


def test_each_partner_is_asked_about_its_own_commitments(partner, commitment):
    gone = PartnerFactory(pact=partner.pact, left_on="2026-01-01")
    commitment.partners.add(gone)
    CommitmentFactory(pact=partner.pact, is_common=True)
    CommitmentFactory(pact=partner.pact, text="", partners=[partner])
    ContactFactory(pact=partner.pact, organisation=partner.organisation, email="r@caf.example", is_referent=True)
    draft = CampaignFactory(pact=partner.pact, asks_updates=False, asks_commitments=True)
    for _ in range(2):
        prepare(campaign=draft)
    row = draft.requests.get()
    assert (row.commitment, row.organisation, row.person_email) == (commitment, partner.organisation, "r@caf.example")


def test_the_mail_says_the_commitment_and_its_choices(asked):
    mails.remind_now(asked.campaign)
    mail = asked.campaign.pact.outgoing_mails.get()
    assert ("Mobiliser ses conseillers" in mail.text, "?choix=tenu" in mail.text, "?choix=non-tenu" in mail.html) == (True,) * 3


def test_reading_the_page_writes_nothing(client, url):
    for query in ("", "?choix=tenu", "?choix=autre"):
        response, written = ask(client, url + query)
        assert (response.status_code, written) == (200, [])


def test_a_commitment_is_said_kept_then_put_right_then_validated(client, asked, url):
    client.post(url, {"state": "kept", "sentence": "Deux conseillers formés."})
    client.post(url, {"state": "ongoing", "sentence": "Un conseiller formé."})
    told = CommitmentUpdate.objects.get()
    assert (told.state, told.sentence, told.organisation) == ("ongoing", "Un conseiller formé.", asked.organisation)
    row = deeds.validate(request=asked, by=person(Role.ANIMATOR, asked.campaign.pact))
    assert (row.state, row.kept, row.kind) == (RequestState.VALIDATED, told, AnswerKind.NEWS)


def test_nothing_new_needs_something_known(client, asked, url):
    client.post(url, {"inchange": "1"})
    assert not CommitmentUpdate.objects.exists()
    CommitmentUpdate.objects.create(commitment=asked.commitment, organisation=asked.organisation, on="2026-01-01", state="kept")
    client.post(url, {"inchange": "1"})
    assert list(CommitmentUpdate.objects.values_list("state", flat=True)) == ["kept", "kept"]


def test_a_page_that_says_nothing_says_so(client, url):
    assert "Ce champ est nécessaire." in client.post(url, {"sentence": "Oui."}).content.decode()


def test_the_animator_records_what_was_said_by_telephone(client, asked):
    client.force_login(person(Role.ANIMATOR, asked.campaign.pact))
    url = reverse("actions:request_answer", args=[asked.campaign.pact_id, asked.pk])
    assert "Mobiliser ses conseillers" in client.get(url).content.decode()
    client.post(url, {"channel": "Courrier", "state": "not_kept"})
    told = CommitmentUpdate.objects.get()
    assert (told.on_behalf, told.channel, CampaignRequest.objects.get().kept) == (True, "Courrier", told)


@pytest.mark.parametrize(("on_behalf", "who"), [(False, "partner"), (True, "staff")])
def test_a_partner_says_on_its_page_whether_it_is_kept(client, on_behalf, who):
    partner = PartnerFactory()
    pact, commitment = partner.pact, CommitmentFactory(pact=partner.pact, partners=[partner])
    pact.state = PactState.IN_FORCE
    pact.save()
    client.force_login(member(partner) if who == "partner" else person(Role.OFFICER, pact))
    response = client.post(
        reverse("partners:commitment_tell", args=[pact.pk, commitment.pk]), {"state": "kept", "sentence": "Fait."}, follow=True
    )
    assert CommitmentUpdate.objects.get().on_behalf == on_behalf
    assert "« Fait. »" in response.content.decode().replace("\u202f", " ").replace("\u00a0", " ")
