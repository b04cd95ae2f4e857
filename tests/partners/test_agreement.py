"""The agreement on line: for the named signatory alone, after reading, with a code of three tries, sealed and never more."""

import datetime
import json

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from partners.models import AgreementCode, AgreementProof, Signatory, Signature
from partners.signing import agreement
from partners.signing.deeds import name_signatory
from pti.dates import today
from pti.enums import PactState, Role
from pti.sealed import Sealed
from pti.versions import sha256_of
from tests.factories.partners import (
    ApprovalFactory,
    PartnerFactory,
    RefusalFactory,
    SignatoryFactory,
    SignatureFactory,
    VersionFactory,
    member,
)
from tests.factories.pti import freeze, person

TICKED = {"read": "on", "given": "on"}


@pytest.fixture
def partner():
    partner = PartnerFactory(signatory=True)
    freeze(partner.pact, PactState.SIGNATURE)
    return partner


@pytest.fixture
def version(partner):
    version = VersionFactory(pact=partner.pact, number=1)
    ApprovalFactory(partner=partner, version=version)
    return version


@pytest.fixture
def signatory(client, partner, version):
    cache.clear()
    user = member(partner, email="anne.roche@exemple.test")
    SignatoryFactory(partner=partner, email="Anne.Roche@exemple.test", delegated_by="Le conseil", delegation_reference="D 12")
    client.force_login(user)
    return user


def url(name, partner):
    return reverse(f"partners:{name}", args=[partner.pact_id, partner.pk])


def ask_code(client, partner, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(url("agreement_read", partner), TICKED)
    assert response.url == url("agreement_code", partner)
    return next(line.split(" : ")[1] for line in mail.outbox[-1].body.splitlines() if line.startswith("Votre code"))


@pytest.fixture
def code(client, partner, signatory, django_capture_on_commit_callbacks):
    return ask_code(client, partner, django_capture_on_commit_callbacks)


def test_only_the_named_signatory_reads_to_agree(client, partner, version, signatory):
    assert client.get(url("agreement_read", partner)).status_code == 200
    for other in (member(partner), person(Role.OFFICER, partner.pact), person(Role.ANIMATOR, partner.pact)):
        client.force_login(other)
        assert client.get(url("agreement_read", partner)).status_code == 403
        assert client.post(url("agreement_read", partner), TICKED).status_code == 403
    assert mail.outbox == []


def test_without_the_box_no_code_leaves(client, partner, signatory):
    response = client.post(url("agreement_read", partner), {"given": "on"})
    assert response.context["form"].errors == {"read": ["Lisez le texte, puis cochez cette case."]}
    assert (mail.outbox, AgreementCode.objects.count()) == ([], 0)


def test_reading_alone_writes_nothing(client, partner, signatory):
    client.get(url("agreement_read", partner))
    assert client.get(url("agreement_code", partner)).url == url("agreement_read", partner)
    assert AgreementCode.objects.count() == 0


def test_the_right_code_records_the_agreement_and_seals_its_proof(client, partner, version, signatory, code):
    response = client.post(url("agreement_code", partner), {"code": code.lower().replace("-", " ")}, REMOTE_ADDR="192.0.2.7")
    assert response.url == partner.signing_file_url()
    signature = Signature.objects.get()
    assert (signature.method, signature.signatory, signature.capacity) == ("online", "Anne Roche", "Directrice")
    assert (signature.signed_on, signature.on_behalf, signature.recorded_by) == (today(), False, signatory)
    proof = signature.agreement
    said = json.loads(proof.content)
    assert (said["version"], said["version_sha256"], said["delegation_reference"]) == (1, version.sha256, "D 12")
    assert "a•••@exemple.test" in said["means"]
    assert "signature électronique simple" in said["nature"]
    assert (proof.sha256, proof.network_address) == (sha256_of(proof.content), "192.0.2.7")
    html = client.get(partner.signing_file_url()).content.decode()
    for text in ("Accord enregistré", "ni avancée ni qualifiée", "192.0.2.7", proof.sha256, version.sha256):
        assert text in html
    assert "électroniquement" not in html


def test_a_code_serves_once(client, partner, signatory, code):
    client.post(url("agreement_code", partner), {"code": code})
    assert client.post(url("agreement_code", partner), {"code": code}).url == partner.signing_file_url()
    assert Signature.objects.count() == 1


def test_three_wrong_codes_and_the_code_is_dead(client, partner, signatory, code):
    for _ in range(3):
        client.post(url("agreement_code", partner), {"code": "AAAA-AAAA"})
    response = client.post(url("agreement_code", partner), {"code": code})
    assert response.url == url("agreement_read", partner)
    assert Signature.objects.count() == 0


def test_an_expired_code_is_refused(client, partner, signatory, code):
    AgreementCode.objects.update(sent_at=timezone.now() - datetime.timedelta(minutes=15))
    client.post(url("agreement_code", partner), {"code": code})
    assert Signature.objects.count() == 0


def test_a_new_code_ends_the_one_before(client, partner, signatory, code, django_capture_on_commit_callbacks):
    ask_code(client, partner, django_capture_on_commit_callbacks)
    response = client.post(url("agreement_code", partner), {"code": code})
    assert response.context["form"].errors == {"code": [agreement.WRONG]}


def test_codes_are_rationed(client, partner, signatory):
    answers = [client.post(url("agreement_read", partner), TICKED).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 200]


def test_the_code_of_a_text_that_was_reopened_records_nothing(client, partner, version, signatory, code):
    VersionFactory(pact=partner.pact, number=2)
    response = client.post(url("agreement_code", partner), {"code": code})
    assert "a changé d’état" in response.content.decode()
    assert Signature.objects.count() == 0


def test_an_agreement_is_never_sealed_under_the_name_of_who_was_named_meanwhile(client, partner, signatory, code, monkeypatch):
    """The page was asked by Anne Roche; somebody else is named before her code is recorded."""
    check = agreement.check_code

    def named_meanwhile(**said):
        row = Signatory(partner=partner, name="Bruno Petit", capacity="Directeur", starts_on=today())
        name_signatory(row=row, by=signatory, reason="Départ")
        return check(**said)

    monkeypatch.setattr(agreement, "check_code", named_meanwhile)
    response = client.post(url("agreement_code", partner), {"code": code})
    assert response.context["form"].errors == {"code": [agreement.REPLACED]}
    assert Signature.objects.count() == 0


def test_a_refusal_is_lifted_first(client, partner, version, signatory, code):
    RefusalFactory(partner=partner, version=version)
    client.post(url("agreement_code", partner), {"code": code})
    assert Signature.objects.count() == 0


def test_a_proof_is_written_once(client, partner, signatory, code):
    client.post(url("agreement_code", partner), {"code": code})
    proof = AgreementProof.objects.get()
    proof.content = "{}"
    for write in (proof.save, proof.delete, AgreementProof.objects.all().delete):
        with pytest.raises(Sealed):
            write()
    kept = {field.attname: getattr(proof, field.attname) for field in AgreementProof._meta.concrete_fields}
    with pytest.raises(IntegrityError), transaction.atomic():
        AgreementProof(**kept).save()
    assert agreement.is_intact(AgreementProof.objects.get())


@pytest.mark.parametrize("content", ["", "[]", "3", '{"means": ["x"], "nature": {}}', "[" * 9000])
def test_a_proof_that_an_import_brought_is_shown_whatever_it_holds(client, partner, signatory, content):
    signature = SignatureFactory(partner=partner, version=partner.pact.versions.get(), method="online")
    AgreementProof.objects.create(signature=signature, given_at=timezone.now(), content=content, sha256="44")
    assert "empreinte différente" in client.get(partner.signing_file_url()).content.decode()


def test_the_network_address_is_erased_after_its_years_and_the_proof_stays(client, partner, signatory, code, settings):
    client.post(url("agreement_code", partner), {"code": code}, REMOTE_ADDR="192.0.2.7")
    call_command("erase_addresses")
    assert AgreementProof.objects.get().network_address == "192.0.2.7"
    settings.NETWORK_ADDRESS_YEARS = 0
    assert agreement.erase_addresses(on=today() + datetime.timedelta(days=1)) == 1
    proof = AgreementProof.objects.get()
    assert (proof.network_address, proof.address_erased_on) == (None, today())
    assert agreement.is_intact(proof)
    assert "Adresse réseau effacée" in client.get(partner.signing_file_url()).content.decode()


def test_the_personal_data_page_names_the_network_address(client):
    html = client.get(reverse("privacy")).content.decode().replace("\u00a0", " ")
    assert "adresse réseau" in html
    assert "5 ans, puis elle est effacée" in html


def test_the_animator_takes_an_agreement_back_and_its_proof_stays(client, partner, signatory, code):
    client.post(url("agreement_code", partner), {"code": code})
    signature = Signature.objects.get()
    client.force_login(person(Role.ANIMATOR, partner.pact))
    edit = reverse("partners:signature_edit", args=[partner.pact_id, signature.pk])
    withdraw = reverse("partners:signature_withdraw", args=[partner.pact_id, signature.pk])
    assert client.get(edit).url == withdraw
    client.post(withdraw, {"reason": "Mandat terminé la veille"})
    signature.refresh_from_db()
    assert (signature.withdrawn_on, AgreementProof.objects.count()) == (today(), 1)
