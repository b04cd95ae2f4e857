"""Approvals and signatures: who has, who is awaited, since when, on which version; the file is required."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.template import Context, Template
from django.urls import reverse

from partners.enums import ApprovalBody, SigningState
from partners.models import Approval, PartnerDocument, Signature
from partners.signing.board import Board, Line, board_of
from pti.dates import today
from pti.enums import PactState, Role
from tests.factories.partners import PDF, ApprovalFactory, PartnerFactory, SignatureFactory, VersionFactory, member
from tests.factories.pti import PactFactory, freeze, person


@pytest.fixture
def partner():
    partner = PartnerFactory(signatory=True)
    freeze(partner.pact, PactState.SIGNATURE)
    return partner


@pytest.fixture
def version(partner):
    return VersionFactory(pact=partner.pact, number=1, frozen_on=today() - datetime.timedelta(days=40))


@pytest.fixture
def officer(client, partner):
    user = person(Role.OFFICER, partner.pact)
    client.force_login(user)
    return user


def pdf():
    return SimpleUploadedFile("signe.pdf", PDF, content_type="application/pdf")


def signature_data(version, **changes):
    data = {
        "version": version.pk,
        "signatory": "Anne Roche",
        "capacity": "Présidente",
        "signed_on": f"{today():%d/%m/%Y}",
        "method": "scan",
        "file": pdf(),
    }
    return data | changes


def url(name, partner):
    return reverse(f"partners:{name}", args=[partner.pact_id, partner.pk])


def board_url(partner):
    return reverse("partners:signature_board", args=[partner.pact_id])


@pytest.mark.parametrize("count", [1, 3])
def test_board_query_count(client, partner, version, officer, count, django_assert_num_queries):
    for _ in range(count):
        row = PartnerFactory.build(pact=partner.pact)
        row.joined_on = today()
        row.standing = "signatory"
        row.organisation.save()
        row.save()
        ApprovalFactory(partner=row, version=version)
        SignatureFactory(partner=row, version=version)
    with django_assert_num_queries(16) as asked:
        response = client.get(board_url(partner))
    assert len(response.context["board"].signed) == count
    assert [one["sql"] for one in asked if '"pti_version"."content"' in one["sql"]] == []


def test_board_shows_25_signatories_a_page_those_we_wait_for_first():
    awaited, signed = ([Line(None, state, [], []) for _ in range(count)] for state, count in (("signature", 20), ("signed", 8)))
    board = Board(None, signed + awaited)
    first, second = board.page(1), board.page(2)
    assert [heading for heading, _ in first] == ["On attend"] * 20 + ["Ont signé"] * 5
    assert [line for _, line in second] == signed[5:]


def test_board_says_since_when_and_whom_first(partner, version):
    board = board_of(partner.pact)
    assert [(line.state, line.days) for line in board.awaited] == [(SigningState.APPROVAL, 40)]
    ApprovalFactory(partner=partner, version=version, held_on=today() - datetime.timedelta(days=7))
    board = board_of(partner.pact)
    assert [(line.state, line.days) for line in board.awaited] == [(SigningState.SIGNATURE, 7)]
    SignatureFactory(partner=partner, version=version)
    board = board_of(partner.pact)
    assert (board.awaited, len(board.signed)) == ([], 1)


def test_a_partner_without_a_body_signs_at_once(version, partner):
    partner.pact.state = PactState.DRAFTING
    partner.pact.save()
    partner.needs_approval = False
    partner.save()
    freeze(partner.pact, PactState.SIGNATURE)
    assert board_of(partner.pact).awaited[0].state == SigningState.SIGNATURE


def test_a_signature_of_a_replaced_version_is_said(client, partner, version, officer):
    SignatureFactory(partner=partner, version=version)
    VersionFactory(pact=partner.pact, number=2)
    html = client.get(board_url(partner)).content.decode()
    assert "Porte sur la version 1, remplacée" in html
    assert board_of(partner.pact).signed == []


def test_staff_record_a_signature_on_behalf(client, partner, version, officer):
    response = client.post(url("signature_add", partner), signature_data(version))
    signature = Signature.objects.get()
    assert response.url == partner.signing_file_url()
    assert (signature.on_behalf, signature.recorded_by, signature.version) == (True, officer, version)
    assert signature.proof.partner == partner


def test_a_partner_deposits_its_own_signature(client, partner, version):
    user = member(partner)
    client.force_login(user)
    client.post(url("signature_add", partner), signature_data(version))
    signature = Signature.objects.get()
    assert (signature.on_behalf, signature.recorded_by) == (False, user)


def test_a_partner_does_not_sign_for_another(client, partner, version):
    client.force_login(member(PartnerFactory(pact=PactFactory(), signatory=True)))
    assert client.get(url("signature_add", partner)).status_code == 404
    stranger = person(Role.PARTNER, partner.pact)
    client.force_login(stranger)
    assert client.post(url("signature_add", partner), signature_data(version)).status_code == 403
    assert Signature.objects.count() == 0


def test_a_signature_without_its_file_is_refused_and_keeps_what_was_typed(client, partner, version, officer):
    data = signature_data(version)
    del data["file"]
    response = client.post(url("signature_add", partner), data)
    assert response.context["form"].errors == {"file": ["Ce champ est nécessaire."]}
    assert "Anne Roche" in response.content.decode()
    assert (Signature.objects.count(), PartnerDocument.objects.count()) == (0, 0)


def test_a_signature_with_a_false_pdf_is_refused(client, partner, version, officer):
    false = SimpleUploadedFile("signe.pdf", b"<html>", content_type="application/pdf")
    response = client.post(url("signature_add", partner), signature_data(version, file=false))
    assert set(response.context["form"].errors) == {"file"}


def test_a_signature_to_come_is_refused(client, partner, version, officer):
    later = today() + datetime.timedelta(days=1)
    response = client.post(url("signature_add", partner), signature_data(version, signed_on=f"{later:%d/%m/%Y}"))
    assert set(response.context["form"].errors) == {"signed_on"}


def test_a_partner_signs_a_version_once(client, partner, version, officer):
    SignatureFactory(partner=partner, version=version)
    response = client.post(url("signature_add", partner), signature_data(version))
    assert "Ce partenaire a déjà signé cette version." in response.content.decode()
    with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
        SignatureFactory(partner=partner, version=version)


def test_a_signature_before_the_approval_is_kept_with_a_warning(client, partner, version, officer):
    ApprovalFactory(partner=partner, version=version, held_on=today())
    early = today() - datetime.timedelta(days=3)
    response = client.post(url("signature_add", partner), signature_data(version, signed_on=f"{early:%d/%m/%Y}"), follow=True)
    assert Signature.objects.get().signed_on == early
    html = response.content.decode()
    assert "datée d’avant la délibération" in html
    assert "Datée d’avant la délibération" in html
    assert "Datée d’avant la délibération" in client.get(board_url(partner)).content.decode()


@pytest.mark.parametrize(
    ("state", "status"),
    [(PactState.DRAFTING, 403), (PactState.ADOPTION, 200), (PactState.IN_FORCE, 200), (PactState.CLOSED, 403)],
)
def test_signing_is_open_from_adoption_to_the_end(client, partner, version, officer, state, status):
    freeze(partner.pact, state)
    assert client.get(url("signature_add", partner)).status_code == status


def test_a_partner_records_its_deliberation(client, partner, version):
    user = member(partner)
    client.force_login(user)
    data = {
        "version": version.pk,
        "body": "Conseil d’administration",
        "held_text": "12/10/2025",
        "voters": "24",
        "votes_for": "22",
        "abstentions": "2",
        "file": pdf(),
    }
    client.post(url("approval_add", partner), data)
    approval = Approval.objects.get()
    assert (approval.kind, str(approval.held_on), approval.votes_for) == (ApprovalBody.PARTNER, "2025-10-12", 22)
    assert (approval.on_behalf, approval.recorded_by, approval.proof.name) == (False, user, "signe.pdf")


def test_votes_do_not_outnumber_voters(client, partner, version, officer):
    data = {"version": version.pk, "body": "CA", "voters": "10", "votes_for": "9", "votes_against": "2"}
    response = client.post(url("approval_add", partner), data)
    assert set(response.context["form"].errors) == {"voters"}


def test_three_acts_of_adoption(client, partner, version, officer):
    acts = reverse("partners:act_add", args=[partner.pact_id])
    for kind in ("steering", "assembly"):
        client.post(acts, {"kind": kind, "version": version.pk, "body": f"Instance {kind}"})
    client.post(url("approval_add", partner), {"version": version.pk, "body": "Conseil d’administration"})
    html = client.get(board_url(partner)).content.decode()
    assert [body in html for body in ("Instance steering", "Instance assembly", "Conseil d’administration")] == [True] * 3


def test_an_act_of_the_assembly_has_no_partner(partner):
    ApprovalFactory(pact=partner.pact, steering=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(pact=partner.pact, partner=partner, kind=ApprovalBody.ASSEMBLY, body="Assemblée")


def test_a_conditional_signatory_is_shown_so(client, officer, partner):
    PartnerFactory.create_batch(0)
    other = PartnerFactory(conditional=True)
    freeze(other.pact)
    VersionFactory(pact=other.pact, number=1)
    client.force_login(person(Role.READER, other.pact))
    assert "Sous réserve de sa commission permanente" in client.get(board_url(other)).content.decode()


def test_no_screen_says_signed_electronically(client, partner, version, officer):
    SignatureFactory(partner=partner, version=version)
    pages = (board_url(partner), url("signature_add", partner), partner.get_absolute_url(), partner.signing_file_url())
    for address in pages:
        assert "électroniquement" not in client.get(address).content.decode()


def test_what_is_awaited_of_me(partner, version):
    template = Template("{% load partners %}{% awaited_of_me pact user %}")
    mine = template.render(Context({"pact": partner.pact, "user": member(partner)}))
    assert "la délibération sur le pacte est attendue" in mine
    other = template.render(Context({"pact": partner.pact, "user": person(Role.PARTNER, partner.pact)}))
    assert "attendue" not in other


@pytest.fixture
def animator(client, partner):
    user = person(Role.ANIMATOR, partner.pact)
    client.force_login(user)
    return user


def of_signature(name, signature):
    return reverse(f"partners:{name}", args=[signature.partner.pact_id, signature.pk])


def test_the_animator_corrects_a_signature_with_a_reason(client, partner, version, animator):
    signature = SignatureFactory(partner=partner, version=version, signatory="Anne Roch")
    kept = signature.proof
    data = signature_data(version, reason="Nom mal recopié")
    del data["file"]
    client.post(of_signature("signature_edit", signature), data)
    signature.refresh_from_db()
    assert (signature.signatory, signature.proof, signature.on_behalf) == ("Anne Roche", kept, False)
    last, first = signature.history.all()
    assert (last.history_change_reason, last.history_user, first.signatory) == ("Nom mal recopié", animator, "Anne Roch")


def test_a_correction_and_a_withdrawal_ask_for_the_reason(client, partner, version, animator):
    signature = SignatureFactory(partner=partner, version=version, signatory="Anne Roch")
    for name in ("signature_edit", "signature_withdraw"):
        response = client.post(of_signature(name, signature), signature_data(version))
        assert response.context["form"].errors == {"reason": ["Ce champ est nécessaire."]}
    assert list(Signature.objects.values_list("signatory", flat=True)) == ["Anne Roch"]


def test_the_animator_withdraws_a_signature(client, partner, version, animator):
    ApprovalFactory(partner=partner, version=version)
    signature = SignatureFactory(partner=partner, version=version)
    client.post(of_signature("signature_withdraw", signature), {"reason": "Exemplaire d’un autre partenaire"})
    past = Signature.history.first()
    assert (past.history_type, past.history_change_reason) == ("~", "Exemplaire d’un autre partenaire")
    signature.refresh_from_db()
    assert (signature.withdrawn_on, signature.withdrawal_reason) == (today(), "Exemplaire d’un autre partenaire")
    assert board_of(partner.pact).awaited[0].state == SigningState.SIGNATURE
    assert list(partner.documents.all()) == [signature.proof]


def test_once_recorded_a_signature_is_for_the_animator_alone(client, partner, version):
    signature = SignatureFactory(partner=partner, version=version)
    for user in (member(partner), person(Role.OFFICER, partner.pact)):
        client.force_login(user)
        for name in ("signature_edit", "signature_withdraw"):
            data = signature_data(version, reason="Essai")
            assert client.post(of_signature(name, signature), data).status_code == 403
        assert "Corriger" not in client.get(partner.signing_file_url()).content.decode()
    assert Signature.objects.get().signatory == signature.signatory


def test_the_board_tells_the_signatures_through_time(client, partner, version, officer):
    SignatureFactory(partner=partner, version=version, signed_on=today() - datetime.timedelta(days=30))
    other = PartnerFactory(pact=partner.pact, signatory=True, joined_on=today())
    chart = client.get(board_url(partner)).context["chart"]
    assert (chart.title.replace("\u00a0", " "), [step[2:] for step in chart.steps]) == (
        "1 signature sur 2 en 10 jours, aucune depuis 30 jours",
        [(1, 10)],
    )
    SignatureFactory(partner=other, version=version)
    html = client.get(board_url(partner)).content.decode()
    assert '<title id="courbe-titre">' in html
    assert f"Adhésion\u00a0: {other}" in html


def test_signatures_older_than_the_freezing_have_no_length_in_days(client, partner, version, officer):
    SignatureFactory(partner=partner, version=version, signed_on=version.frozen_on - datetime.timedelta(days=20))
    chart = client.get(board_url(partner)).context["chart"]
    assert chart.title.replace("\u00a0", " ") == "1 signature sur 1"
    assert (chart.first, chart.last) == (version.frozen_on, version.frozen_on)


def test_who_left_stays_on_the_board_with_what_it_signed(client, partner, version, officer):
    SignatureFactory(partner=partner, version=version)
    partner.left_on, partner.leave_reason = today(), "Fusion"
    partner.save()
    board = client.get(board_url(partner)).context["board"]
    assert (board.signed, [line.partner for line in board.left]) == ([], [partner])
    html = client.get(board_url(partner)).content.decode()
    assert "Ont quitté le pacte" in html
    assert "Fusion" in html
