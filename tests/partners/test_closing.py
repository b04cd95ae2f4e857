"""Closing the signature, the seal, and the public page that says which document is the signed one."""

import hashlib
import io

import pikepdf
import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partners.models import Closing, Signature
from partners.signing.closing import close_signature
from partners.signing.verify import find
from pti.dates import today
from pti.enums import PactState, Role
from pti.hashing import HashingHandler
from pti.models import Pact
from pti.pdf_signatures import check_pdf
from pti.services import change_state
from pti.versions import pdf_of_version
from tests.certificates import PASSWORD, Authority, altered, signed
from tests.factories.partners import ApprovalFactory, PartnerFactory, SignatureFactory
from tests.factories.pti import PactFactory, person

VERIFY = reverse("partners:verify")


@pytest.fixture(autouse=True)
def _no_limit_yet():
    cache.clear()


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture(scope="session")
def signing_rows(keep):
    return keep(in_signature)


def in_signature():
    """(a pact in signature, its animator)."""
    animator = person(Role.ANIMATOR, None)
    pact = PactFactory(title="Pacte d’essai", start_text="2027", end_text="2031", legal_basis="<p>Loi</p>")
    PartnerFactory.create_batch(2, pact=pact, signatory=True)
    for state in (PactState.ADOPTION, PactState.SIGNATURE):
        change_state(pact=pact, to=state, by=animator, reason="Essai")
    return Pact.objects.get(pk=pact.pk), animator


@pytest.fixture
def signing(signing_rows, db):
    return signing_rows.replay()


@pytest.fixture
def pact(signing):
    return signing[0]


@pytest.fixture
def animator(signing):
    return signing[1]


@pytest.fixture
def version(pact):
    return pact.versions.get()


@pytest.fixture
def first(pact):
    return pact.partners.first()


@pytest.fixture
def sealing(settings, authority, tmp_path):
    settings.SEAL_CERTIFICATE = authority.person(tmp_path, "Département d’essai")
    settings.SEAL_PASSWORD, settings.SIGNATURE_ANCHORS = PASSWORD, [authority.pem(tmp_path)]


def sha(content):
    return hashlib.sha256(content).hexdigest()


def content_of(document):
    with document.file.open("rb") as kept:
        return kept.read()


def words_of(content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return pdf.Root.Lang, len(pdf.pages)


def test_the_closing_keeps_who_signed_and_seals_what_was_signed(pact, version, first, animator, sealing):
    ApprovalFactory(partner=first, version=version, act_number="2027-41")
    signature = SignatureFactory(partner=first, version=version)
    closing = close_signature(pact=pact, by=animator)
    assert (closing.closed_on, closing.seal_name, list(closing.signatures.all())) == (
        today(), "Département d’essai", [signature],
    )  # fmt: skip
    sealed, original = content_of(closing.sealed), pdf_of_version(version)
    assert (sealed.startswith(original), closing.sealed.sha256) == (True, sha(sealed))
    check = check_pdf(sealed, original=original)
    assert (check.covers, [(one.name, one.trusted) for one in check.signers]) == ("same", [("Département d’essai", True)])
    assert words_of(content_of(closing.file))[0] == "fr-FR"


def test_without_a_certificate_nothing_is_sealed_and_the_board_says_so(client, pact, version, first, animator):
    SignatureFactory(partner=first, version=version)
    client.force_login(animator)
    client.post(reverse("partners:signature_close", args=[pact.pk]))
    assert Closing.objects.get().sealed is None
    board = client.get(reverse("partners:signature_board", args=[pact.pk])).content.decode()
    assert "PDF non scellé" in board


def test_an_expired_certificate_closes_nothing(client, pact, version, first, animator, settings, authority, tmp_path):
    settings.SEAL_CERTIFICATE = authority.person(tmp_path, "Ancien", starts=-60, ends=-30)
    settings.SEAL_PASSWORD = PASSWORD
    SignatureFactory(partner=first, version=version)
    client.force_login(animator)
    response = client.post(reverse("partners:signature_close", args=[pact.pk]))
    assert "n’est pas valable aujourd’hui" in response.content.decode()
    assert Closing.objects.count() == 0


def test_nothing_to_close_is_said(pact, version, first, animator):
    with pytest.raises(ValidationError, match="Personne n’a encore signé"):
        close_signature(pact=pact, by=animator)
    SignatureFactory(partner=first, version=version)
    close_signature(pact=pact, by=animator)
    with pytest.raises(ValidationError, match="depuis la dernière clôture"):
        close_signature(pact=pact, by=animator)


def test_who_signs_after_the_closing_is_told_so(client, pact, version, first, animator):
    SignatureFactory(partner=first, version=version)
    close_signature(pact=pact, by=animator)
    late = pact.partners.last()
    SignatureFactory(partner=late, version=version)
    client.force_login(animator)
    assert "après la clôture" in client.get(late.signing_file_url()).content.decode()
    assert "après la clôture" not in client.get(first.signing_file_url()).content.decode()
    assert close_signature(pact=pact, by=animator).signatures.count() == 2


def test_closing_is_for_the_animator(client, pact, version, first):
    client.force_login(person(Role.OFFICER, pact))
    assert client.post(reverse("partners:signature_close", args=[pact.pk])).status_code == 403


# The public page.


def ask(client, content):
    return client.post(VERIFY, {"file": SimpleUploadedFile("pacte.pdf", content)})


def test_a_pact_that_is_not_signed_is_not_revealed(client, pact, version):
    assert find(version.sha256) is None
    SignatureFactory(partner=pact.partners.first(), version=version)
    response = client.post(VERIFY, {"sha256": version.sha256})
    assert response.context["found"] is None
    assert pact.title not in response.content.decode()


def test_the_sealed_file_and_the_signed_copy_are_known(client, pact, version, first, animator, sealing):
    signature = SignatureFactory(partner=first, version=version)
    closing = close_signature(pact=pact, by=animator)
    response = ask(client, content_of(closing.sealed))
    assert (response.context["found"].kind, response.context["found"].signed) == ("sealed", 1)
    html = response.content.decode()
    assert "Pacte d’essai" in html
    assert str(first) not in html
    for document, kind in ((closing.file, "file"), (signature.proof, "copy")):
        assert ask(client, content_of(document)).context["found"].kind == kind
    assert find(version.sha256).kind == "version"
    assert ask(client, pdf_of_version(version)).context["found"].kind == "version"


def test_one_byte_away_the_document_is_unknown(client, pact, version, first, animator, sealing):
    SignatureFactory(partner=first, version=version)
    closing = close_signature(pact=pact, by=animator)
    response = ask(client, altered(content_of(closing.sealed)))
    assert response.context["found"] is None
    assert "Document inconnu" in response.content.decode()


def test_a_replaced_version_is_said_once_the_next_is_signed(pact, version, first, animator):
    change_state(pact=pact, to=PactState.DRAFTING, by=animator, reason="Erreur")
    change_state(pact=pact, to=PactState.ADOPTION, by=animator, reason="Essai")
    assert find(version.sha256) is None
    second = pact.versions.adopted().order_by("-number").first()
    SignatureFactory(partner=first, version=second)
    close_signature(pact=pact, by=animator)
    assert (find(version.sha256).replaced_by, find(second.sha256).replaced_by) == (second, None)


def test_a_taken_back_signature_reveals_nothing(pact, version, first):
    SignatureFactory(partner=first, version=version, withdrawn_on=today())
    Pact.objects.filter(pk=pact.pk).update(state=PactState.IN_FORCE)
    assert find(version.sha256) is None


def test_the_file_is_hashed_as_it_comes_and_never_kept(client, monkeypatch, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    seen = []
    whole = HashingHandler.file_complete
    monkeypatch.setattr(HashingHandler, "file_complete", lambda self, size: seen.append(whole(self, size)) or seen[-1])
    content = b"%PDF" + bytes(4 * 1024 * 1024)
    response = ask(client, content)
    assert response.context["asked"] == sha(content)
    assert (seen[0].file, list(tmp_path.iterdir())) == (None, [])


def test_a_file_beyond_the_limit_is_told(client, monkeypatch):
    monkeypatch.setattr("partners.views.verify.LIMIT", 1000)
    response = ask(client, bytes(70_000))
    assert (response.status_code, "dépasse" in response.content.decode()) == (413, True)


@pytest.mark.parametrize("data", [{}, {"sha256": "abc"}, {"sha256": "é" * 64}])
def test_what_is_no_fingerprint_is_told(client, data):
    assert client.post(VERIFY, data).context["form"].errors


def test_a_fingerprint_is_typed_with_spaces_and_capitals(client):
    typed = " ".join(["ABCD"] * 16)
    assert client.post(VERIFY, {"sha256": typed}).context["asked"] == "abcd" * 16


def test_the_check_is_rationed(client):
    answers = [client.post(VERIFY, {"sha256": "a" * 64}).status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]


def test_the_token_of_the_form_is_asked(pact):
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post(VERIFY, {"sha256": "a" * 64}).status_code == 403


# The file of a parapheur.


def deposit(client, partner, version, content, **changes):
    data = {
        "version": version.pk, "signatory": "Anne Roche", "capacity": "Directrice", "signed_on": f"{today():%d/%m/%Y}",
        "method": "parapheur", "file": SimpleUploadedFile("signe.pdf", content),
    }  # fmt: skip
    return client.post(reverse("partners:signature_add", args=[partner.pact_id, partner.pk]), data | changes)


@pytest.fixture
def officer(client, pact):
    user = person(Role.OFFICER, pact)
    client.force_login(user)
    return user


def test_the_file_of_a_parapheur_is_checked_and_told(client, officer, pact, version, first, authority, tmp_path, sealing):
    content = signed(pdf_of_version(version), authority.person(tmp_path))
    deposit(client, first, version, content)
    check = Signature.objects.get().pdf_check
    assert (check["covers"], check["signers"][0]["name"]) == ("same", "Anne Roche")
    html = client.get(first.signing_file_url()).content.decode()
    assert "à laquelle seules des signatures ont été ajoutées" in html
    assert "autorité reconnue" in html
    assert "Révocation du certificat : non vérifiée" in html.replace("\u00a0", " ")
    assert "À regarder" not in html


def test_an_unknown_authority_and_an_expired_certificate_are_kept_with_a_warning(
    client, officer, pact, version, first, authority, tmp_path
):
    content = signed(pdf_of_version(version), authority.person(tmp_path, "Paul Petit", starts=-60, ends=-30))
    deposit(client, first, version, content)
    html = client.get(first.signing_file_url()).content.decode()
    assert "À regarder" in html
    assert "n’était pas valable ce jour-là" in html
    assert "autorité inconnue" in html


def test_the_signature_of_another_version_is_kept_with_a_warning(
    client, officer, animator, pact, version, first, authority, tmp_path
):
    change_state(pact=pact, to=PactState.DRAFTING, by=animator, reason="Erreur")
    change_state(pact=pact, to=PactState.ADOPTION, by=animator, reason="Essai")
    second = pact.versions.adopted().order_by("-number").first()
    deposit(client, first, second, signed(pdf_of_version(version), authority.person(tmp_path)))
    assert Signature.objects.get().pdf_check["covers"] == "other"
    assert "c’est un autre document" in client.get(first.signing_file_url()).content.decode()


@pytest.mark.parametrize("harm", [altered, lambda content: pdf_of_version_without_signature])
def test_a_broken_or_missing_signature_is_refused(client, officer, pact, version, first, authority, tmp_path, harm):
    content = harm(signed(pdf_of_version(version), authority.person(tmp_path)))
    response = deposit(client, first, version, content)
    assert set(response.context["form"].errors) == {"file"}
    assert Signature.objects.count() == 0


pdf_of_version_without_signature = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def test_a_scan_is_not_checked(client, officer, pact, version, first):
    deposit(client, first, version, pdf_of_version_without_signature, method="scan")
    assert Signature.objects.get().pdf_check is None
