"""The signature file of a partner: whose turn, what remains, who signs, refusals; every change keeps what was before."""

import datetime
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partners.enums import SigningState
from partners.models import Partner, Refusal, Signatory
from partners.signing.board import board_of
from partners.signing.file import file_of, happenings
from pti.dates import today
from pti.enums import PactState, Role
from tests.factories.partners import (
    PDF,
    ApprovalFactory,
    ContactFactory,
    PartnerFactory,
    RefusalFactory,
    SignatoryFactory,
    SignatureFactory,
    VersionFactory,
    member,
)
from tests.factories.pti import freeze, person

AGO = datetime.timedelta(days=40)


@pytest.fixture
def partner():
    partner = PartnerFactory(signatory=True)
    freeze(partner.pact, PactState.SIGNATURE)
    return partner


@pytest.fixture
def version(partner):
    return VersionFactory(pact=partner.pact, number=1, frozen_on=today() - AGO)


@pytest.fixture
def own(client, partner, version):
    user = member(partner)
    client.force_login(user)
    return user


def page(client, partner):
    response = client.get(partner.signing_file_url())
    return response.context, response.content.decode()


def url(name, partner):
    return reverse(f"partners:{name}", args=[partner.pact_id, partner.pk])


def annotated(partner):
    return Partner.objects.filter(pk=partner.pk).for_table().get()


@pytest.mark.parametrize("count", [1, 3])
def test_file_query_count(client, partner, own, version, count, django_assert_num_queries):
    for number in range(2, count + 2):
        other = VersionFactory(pact=partner.pact, number=number)
        ApprovalFactory(partner=partner, version=other)
        SignatureFactory(partner=partner, version=other)
        RefusalFactory(partner=partner, version=other, lifted_on=today())
        SignatoryFactory(partner=partner, ends_on=today())
    with django_assert_num_queries(13) as asked:
        context, _ = page(client, partner)
    assert len(context["file"].signatures) == count
    assert [one["sql"] for one in asked if '"pti_version"."content"' in one["sql"]] == []


def test_the_turn_is_said_in_the_reader_s_words(client, partner, own, version):
    context, html = page(client, partner)
    assert context["whose"].who == "À vous"
    assert "Votre instance délibère" in html
    assert "Attendu depuis 40" in html
    client.force_login(person(Role.OFFICER, partner.pact))
    context, html = page(client, partner)
    assert (context["whose"].who, context["whose"].wait) == (f"On attend {partner}", True)
    assert "au nom de" in html


def test_what_remains_goes_from_the_approval_to_the_signature(client, partner, own, version):
    assert [what for what, _ in page(client, partner)[0]["remaining"]] == [
        "Enregistrer la délibération de son instance",
        "Dire qui signe, et par quelle délégation",
        "Signer",
    ]
    ApprovalFactory(partner=partner, version=version, is_conditional=True, reservations="Vote du budget")
    SignatoryFactory(partner=partner)
    assert [what for what, _ in page(client, partner)[0]["remaining"]] == [
        "Vérifier que la condition posée par l’instance est levée",
        "Signer",
    ]
    SignatureFactory(partner=partner, version=version)
    context, _ = page(client, partner)
    assert (context["remaining"], context["whose"].who) == ([], "Plus rien n’est attendu")


def test_the_file_is_for_staff_and_its_own_people(client, partner, version):
    client.force_login(member(PartnerFactory(pact=partner.pact, signatory=True, joined_on=today())))
    assert client.get(partner.signing_file_url()).status_code == 403
    client.force_login(person(Role.READER, partner.pact))
    assert client.get(partner.signing_file_url()).status_code == 403


def test_the_partner_reaches_its_file_in_one_click(client, partner, own, version):
    html = client.get(reverse("actions:my_actions", args=[partner.pact_id])).content.decode()
    assert f'href="{partner.signing_file_url()}"' in html


def test_every_field_of_an_approval_is_kept_and_shown(client, partner, own, version):
    data = {
        "version": version.pk, "body": "Conseil d’administration", "held_text": "12/10/2025", "place": "Tours",
        "act_number": "2025-41", "act_id": "037-2025-41-DE", "transmission_number": "AR-778", "transmitted_on": "14/10/2025",
        "publication_id": "RAA 512", "published_on": "15/10/2025", "quorum": "12", "present": "20", "proxies": "4",
        "voters": "24", "votes_for": "22", "votes_against": "1", "abstentions": "1", "is_conditional": "on",
        "reservations": "Sous réserve du vote du budget", "file": SimpleUploadedFile("deliberation.pdf", PDF),
    }  # fmt: skip
    assert client.post(url("approval_add", partner), data).url == partner.signing_file_url()
    _, html = page(client, partner)
    for text in (
        "2025-41",
        "037-2025-41-DE",
        "AR-778",
        "RAA 512",
        "22 pour, 1 contre",
        "Sous réserve du vote",
        "deliberation.pdf",
    ):
        assert text in html


def test_a_signatory_is_named_from_a_contact_with_its_delegation(client, partner, own, version):
    contact = ContactFactory(pact=partner.pact, organisation=partner.organisation, is_signatory=True)
    data = {
        "contact": contact.pk, "capacity": "Directrice par délégation", "starts_on": f"{today():%d/%m/%Y}",
        "delegated_by": "Le conseil d’administration", "delegation_reference": "Décision 12",
        "file": SimpleUploadedFile("d.pdf", PDF),
    }  # fmt: skip
    client.post(url("signatory_add", partner), data)
    row = Signatory.objects.get()
    assert (row.name, row.email, row.on_behalf, row.recorded_by) == (str(contact), contact.email, False, own)
    assert row.delegation_proof.name == "d.pdf"


def test_a_change_of_signatory_keeps_the_one_before(client, partner, own, version):
    first = SignatoryFactory(partner=partner, starts_on=today() - AGO)
    data = {"name": "Paul Petit", "capacity": "Directeur", "starts_on": f"{today():%d/%m/%Y}"}
    response = client.post(url("signatory_add", partner), data)
    assert set(response.context["form"].errors) == {"reason"}
    client.post(url("signatory_add", partner), data | {"reason": "Départ en retraite"})
    first.refresh_from_db()
    assert (first.ends_on, first.end_reason) == (today(), "Départ en retraite")
    assert partner.signatories.get(ends_on=None).name == "Paul Petit"
    assert [one.what for one in happenings(file_of(annotated(partner)))][-1].startswith("Signataire désigné : Paul Petit")


def test_a_refusal_has_its_reason_and_ends_without_being_erased(client, partner, own, version):
    data = {"version": version.pk, "said_by": "Conseil", "refused_on": f"{today():%d/%m/%Y}", "reason": "Pas de budget"}
    client.post(url("refusal_add", partner), data)
    refusal = Refusal.objects.get()
    assert annotated(partner).signing_state == SigningState.REFUSED
    board = board_of(partner.pact)
    assert (board.awaited, [line.refusal for line in board.refused]) == ([], [refusal])
    assert "Pas de budget" in client.get(reverse("partners:signature_board", args=[partner.pact_id])).content.decode()
    client.post(reverse("partners:refusal_lift", args=[partner.pact_id, refusal.pk]), {"reason": "Budget voté"})
    refusal.refresh_from_db()
    assert (refusal.lifted_on, refusal.lifting_reason) == (today(), "Budget voté")
    assert annotated(partner).signing_state == SigningState.APPROVAL


def test_who_signed_does_not_refuse(client, partner, own, version):
    SignatureFactory(partner=partner, version=version)
    data = {"version": version.pk, "said_by": "Conseil", "refused_on": f"{today():%d/%m/%Y}", "reason": "Pas de budget"}
    response = client.post(url("refusal_add", partner), data)
    assert "se retire d’abord" in response.content.decode()
    assert Refusal.objects.count() == 0


def test_a_signature_taken_back_stays_in_the_file_and_may_be_given_again(client, partner, own, version):
    SignatureFactory(partner=partner, version=version, withdrawn_on=today(), withdrawal_reason="Mauvais exemplaire")
    SignatureFactory(partner=partner, version=version)
    _, html = page(client, partner)
    assert "Mauvais exemplaire" in html
    assert annotated(partner).signing_state == SigningState.SIGNED


def test_a_date_that_is_most_often_today_is_proposed(client, own, partner):
    """A row that is being made has no date of its own: today is in the field."""
    for name, field in (("partners:refusal_add", "refused_on"), ("partners:signatory_add", "starts_on")):
        form = client.get(reverse(name, args=[partner.pact_id, partner.pk])).context["form"]
        assert form[field].value() == f"{today():%d/%m/%Y}", name


def test_of_two_ways_to_name_somebody_none_is_called_optional(client, own, partner):
    html = client.get(reverse("partners:signatory_add", args=[partner.pact_id, partner.pk])).content.decode()
    assert [label_of(html, name) for name in ("contact", "name", "email")] == [False, False, True]


def label_of(html, name):
    """Whether the label of a field says « (facultatif) »."""
    return "facultatif" in re.search(rf'<label[^>]*for="id_{name}"[^>]*>(.*?)</label>', html, re.DOTALL)[1]
