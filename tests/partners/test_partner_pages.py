"""The list of partners and the page of one: rows, marks, who is awaited, what stays hidden."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partners.enums import Standing
from partners.models import Commitment, Contact, Organisation, Partner, PartnerDocument, StakeholderAnalysis
from pti.enums import PactState, Role
from pti.models import PactTerritory
from tests.factories.actions import ActionFactory, LeadFactory
from tests.factories.partners import (
    PDF,
    ApprovalFactory,
    CommitmentFactory,
    ContactFactory,
    OrganisationFactory,
    PartnerDocumentFactory,
    PartnerFactory,
    RefusalFactory,
    SignatureFactory,
    VersionFactory,
    member,
)
from tests.factories.pti import PactFactory, TerritoryFactory, freeze, person


@pytest.fixture
def pact():
    return PactFactory()


def test_the_list_is_in_the_order_of_the_alphabet_whatever_the_case_and_the_accents(client, pact):
    for name in ("CRIA", "Caisse primaire", "École de la 2e chance", "Zone d’emploi", "caf"):
        PartnerFactory(pact=pact, organisation=OrganisationFactory(name=name))
    PartnerFactory(pact=pact, organisation=OrganisationFactory(name="France Travail"), name_in_text="direccte")
    client.force_login(person(Role.OFFICER, pact))
    names = [str(row) for row in client.get(reverse("partners:partner_list", args=[pact.pk])).context["table"].data]
    assert names == ["caf", "Caisse primaire", "CRIA", "direccte", "École de la 2e chance", "Zone d’emploi"]


@pytest.fixture
def officer(client, pact):
    user = person(Role.OFFICER, pact)
    client.force_login(user)
    return user


def url(name, pact, *args):
    return reverse(f"partners:{name}", args=[pact.pk, *args])


def listed(response):
    return [str(row.record) for row in response.context["table"].rows]


@pytest.mark.parametrize("count", [1, 3])
def test_partner_list_query_count(client, pact, officer, count, django_assert_num_queries):
    PartnerFactory.create_batch(count, pact=pact)
    with django_assert_num_queries(7):
        response = client.get(url("partner_list", pact))
    assert len(response.context["table"].rows) == count


def test_partner_list_is_of_this_pact_only(client, pact, officer):
    shown = PartnerFactory(pact=pact)
    PartnerFactory()
    assert listed(client.get(url("partner_list", pact))) == [str(shown)]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("standing=signatory", ["CAF", "Région"]),
        ("is_funder=true", ["CAF"]),
        ("is_conditional=true", ["Région"]),
        ("steers=true", ["Préfecture"]),
        ("awaited=approval", ["Région"]),
        ("awaited=signed", ["CAF"]),
        ("q=prefecture", ["Préfecture"]),
        ("present=left", ["Parti"]),
    ],
)
def test_partner_list_filters(client, pact, officer, query, names):
    caf = PartnerFactory(pact=pact, organisation__name="CAF", signatory=True, is_funder=True)
    PartnerFactory(pact=pact, organisation__name="Région", conditional=True)
    PartnerFactory(pact=pact, organisation__name="Préfecture", steers=True)
    PartnerFactory(pact=pact, organisation__name="Parti", left_on="2025-01-01")
    freeze(pact)
    SignatureFactory(partner=caf, version=VersionFactory(pact=pact, number=1))
    assert listed(client.get(f"{url('partner_list', pact)}?{query}")) == names


@pytest.mark.parametrize("lifted_on", [None, "2026-01-01"])
def test_partner_list_finds_those_that_refuse_to_sign(client, pact, officer, lifted_on):
    refusing, signed = (PartnerFactory(pact=pact, organisation__name=name, signatory=True) for name in ("MSA", "CAF"))
    freeze(pact)
    version = VersionFactory(pact=pact, number=1)
    RefusalFactory(partner=refusing, version=version, lifted_on=lifted_on)
    RefusalFactory(partner=signed, version=version)
    SignatureFactory(partner=signed, version=version)
    assert listed(client.get(f"{url('partner_list', pact)}?awaited=refused")) == ([] if lifted_on else ["MSA"])


def test_nobody_is_awaited_before_the_text_is_frozen(pact):
    PartnerFactory(pact=pact, signatory=True)
    assert list(Partner.objects.filter(pact=pact).awaited()) == []


def test_an_approval_of_an_older_version_does_not_count(pact):
    partner = PartnerFactory(pact=pact, signatory=True)
    ApprovalFactory(partner=partner, version=VersionFactory(pact=pact, number=1))
    VersionFactory(pact=pact, number=2)
    freeze(pact)
    assert list(Partner.objects.awaiting_approval()) == [partner]


def test_coordinates_are_shown_to_staff_and_to_the_organisation_only(client, pact):
    partner = PartnerFactory(pact=pact)
    contact = ContactFactory(pact=pact, organisation=partner.organisation)
    other = member(PartnerFactory(pact=pact))
    for user, seen in (
        (person(Role.OFFICER, pact), True),
        (member(partner), True),
        (other, False),
        (person(Role.READER, pact), False),
    ):
        client.force_login(user)
        html = client.get(partner.get_absolute_url()).content.decode()
        assert (contact.email in html, contact.phone in html, contact.last_name in html) == (seen, seen, True)


def test_adding_a_partner_may_make_its_organisation(client, pact, officer):
    data = {"new_name": "Mission locale", "standing": "signatory", "needs_approval": "on"}
    response = client.post(url("partner_add", pact), data)
    partner = Partner.objects.get(pact=pact)
    assert response.url == partner.get_absolute_url()
    assert (partner.organisation.name, partner.standing) == ("Mission locale", Standing.SIGNATORY)


def test_adding_a_partner_takes_the_organisation_that_the_base_knows(client, pact, officer):
    known = OrganisationFactory(name="CAF Touraine")
    client.post(url("partner_add", pact), {"new_name": "CAF Touraine", "standing": "associated"})
    assert Partner.objects.get(pact=pact).organisation == known
    assert Organisation.objects.count() == 1


def test_a_partner_is_there_once(client, pact, officer):
    PartnerFactory(pact=pact, organisation__name="CAF Touraine")
    response = client.post(url("partner_add", pact), {"new_name": "CAF Touraine", "standing": "associated"})
    assert response.context["form"].errors == {"new_name": ["CAF Touraine est déjà partenaire de ce pacte."]}


def test_a_refused_partner_keeps_what_was_typed(client, pact, officer):
    response = client.post(url("partner_add", pact), {"standing": "signatory", "note": "À revoir", "is_conditional": "on"})
    form = response.context["form"]
    assert set(form.errors) == {"organisation", "condition"}
    assert "À revoir" in response.content.decode()


def test_a_late_partner_joins_a_frozen_text(client, pact, officer):
    freeze(pact, PactState.IN_FORCE)
    organisation = OrganisationFactory()
    data = {"organisation": organisation.pk, "joined_on": "01/03/2025", "standing": "signatory"}
    client.post(url("partner_join", pact), data)
    assert str(Partner.objects.get(pact=pact).joined_on) == "2025-03-01"
    assert client.get(url("partner_add", pact)).status_code == 403


def test_a_departure_keeps_the_partner_in_the_text(client, pact, officer):
    partner = PartnerFactory(pact=pact, signatory=True)
    freeze(pact, PactState.IN_FORCE)
    client.post(url("partner_leave", pact, partner.pk), {"left_on": "30/06/2025", "leave_reason": "Dissolution"})
    partner.refresh_from_db()
    assert (str(partner.left_on), partner.leave_reason) == ("2025-06-30", "Dissolution")


def test_a_frozen_partner_is_not_edited(client, pact, officer):
    partner = PartnerFactory(pact=pact)
    freeze(pact)
    assert client.get(url("partner_edit", pact, partner.pk)).status_code == 403


def test_the_analysis_is_for_staff(client, pact):
    partner = PartnerFactory(pact=pact)
    StakeholderAnalysis.objects.create(partner=partner, strategy="Reprendre la main", motivation=2, influence=1)
    for user, status in ((person(Role.OFFICER, pact), 200), (member(partner), 403), (person(Role.READER, pact), 403)):
        client.force_login(user)
        assert client.get(url("analysis_matrix", pact)).status_code == status
        assert client.get(url("analysis_edit", pact, partner.pk)).status_code == status
        assert "Reprendre la main" not in client.get(partner.get_absolute_url()).content.decode()


def test_the_analysis_is_written_and_placed(client, pact, officer):
    partner = PartnerFactory(pact=pact)
    client.post(url("analysis_edit", pact, partner.pk), {"motivation": "2", "influence": "1", "strategy": "Tenir"})
    rows = client.get(url("analysis_matrix", pact)).context["rows"]
    assert [[len(cell) for cell in cells] for _, cells in rows] == [[0, 0, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 0]]


@pytest.mark.parametrize("count", [1, 3])
def test_partner_page_query_count(client, pact, officer, count, django_assert_max_num_queries):
    partner = PartnerFactory(pact=pact)
    CommitmentFactory.create_batch(count, pact=pact, partners=[partner])
    ContactFactory.create_batch(count, pact=pact, organisation=partner.organisation)
    for action in ActionFactory.create_batch(count, pact=pact):
        LeadFactory(action=action, organisation=partner.organisation)
    with django_assert_max_num_queries(24):
        response = client.get(partner.get_absolute_url())
    assert response.content.decode().count("/fiches/") >= count


def test_partner_page_shows_the_actions_that_it_leads(client, pact, officer):
    partner = PartnerFactory(pact=pact)
    LeadFactory(action=ActionFactory(pact=pact, title="Plateforme mobilité"), organisation=partner.organisation)
    ActionFactory(pact=pact, title="Garantie jeunes")
    html = client.get(partner.get_absolute_url()).content.decode()
    assert ("Plateforme mobilité" in html, "Garantie jeunes" in html) == (True, False)


def test_an_empty_commitment_and_a_shared_one_are_shown(client, pact, officer):
    first, second = PartnerFactory(pact=pact, organisation__name="CAF"), PartnerFactory(pact=pact, organisation__name="MSA")
    CommitmentFactory(pact=pact, text="", partners=[first])
    CommitmentFactory(pact=pact, text="Tenir une permanence", partners=[first, second])
    html = client.get(first.get_absolute_url()).content.decode()
    assert ("Engagement à écrire" in html, "Partagé avec" in html, "Tenir une permanence" in html) == (True, True, True)


def test_a_partner_writes_its_own_commitment_before_adoption_only(client, pact):
    partner = PartnerFactory(pact=pact)
    client.force_login(member(partner))
    client.post(url("own_commitment_add", pact, partner.pk), {"text": "Mobiliser ses conseillers", "means_fte": "1,5"})
    commitment = Commitment.objects.get()
    assert (list(commitment.partners.all()), str(commitment.means_fte)) == ([partner], "1.50")
    client.post(url("commitment_edit", pact, commitment.pk), {"text": "Mieux", "revision": commitment.revision})
    commitment.refresh_from_db()
    assert (commitment.text, list(commitment.partners.all())) == ("<p>Mieux</p>", [partner])
    freeze(pact)
    assert client.post(url("commitment_edit", pact, commitment.pk), {"text": "Trop tard"}).status_code == 403
    assert client.get(url("own_commitment_add", pact, partner.pk)).status_code == 403


def test_a_partner_does_not_write_what_it_shares_with_others(client, pact):
    first, second = PartnerFactory.create_batch(2, pact=pact)
    shared = CommitmentFactory(pact=pact, partners=[first, second])
    client.force_login(member(first))
    assert client.get(url("commitment_edit", pact, shared.pk)).status_code == 403


def test_a_referent_is_for_named_territories(client, pact, officer):
    partner = PartnerFactory(pact=pact)
    place = TerritoryFactory(name="Chinonais")
    PactTerritory.objects.create(pact=pact, territory=place)
    data = {"last_name": "Morvan", "is_referent": "on", "territories": [place.pk]}
    client.post(url("contact_add", pact, partner.pk), data)
    assert list(Contact.objects.get().territories.all()) == [place]
    assert "pour Chinonais" in client.get(partner.get_absolute_url()).content.decode()


def test_inviting_a_contact_opens_its_account(client, pact):
    contact = ContactFactory(pact=pact, organisation=PartnerFactory(pact=pact).organisation)
    client.force_login(person(Role.ANIMATOR, pact))
    client.post(url("contact_invite", pact, contact.pk))
    contact.refresh_from_db()
    assert (contact.user.email, contact.user.memberships.get().organisation) == (contact.email, contact.organisation)
    assert contact.user.accesses.get().role == Role.PARTNER


def test_a_contact_without_an_address_is_not_invited(client, pact):
    contact = ContactFactory(pact=pact, organisation=PartnerFactory(pact=pact).organisation, email="")
    client.force_login(person(Role.ANIMATOR, pact))
    response = client.post(url("contact_invite", pact, contact.pk), follow=True)
    assert "pas d’adresse" in response.content.decode()
    assert Contact.objects.get().user is None


def test_a_partner_attaches_and_removes_its_own_document(client, pact):
    partner = PartnerFactory(pact=pact)
    user = member(partner)
    client.force_login(user)
    client.post(url("document_add", pact, partner.pk), {"file": SimpleUploadedFile("courrier.pdf", PDF)})
    document = PartnerDocument.objects.get()
    assert (document.partner, document.pact, document.added_by) == (partner, pact, user)
    assert "courrier.pdf" in client.get(partner.get_absolute_url()).content.decode()
    client.post(url("document_delete", pact, document.pk))
    assert list(PartnerDocument.objects.all()) == []


def test_the_documents_of_a_partner_are_not_for_another(client, pact):
    document = PartnerDocumentFactory(partner=PartnerFactory(pact=pact))
    client.force_login(member(PartnerFactory(pact=pact)))
    html = client.get(document.partner.get_absolute_url()).content.decode()
    assert document.name not in html
    assert client.post(url("document_delete", pact, document.pk)).status_code == 403
    assert client.get(url("document_add", pact, document.partner.pk)).status_code == 403


def test_the_proof_of_a_signature_is_not_removed(client, pact, officer):
    partner = PartnerFactory(pact=pact, signatory=True)
    signature = SignatureFactory(partner=partner, version=VersionFactory(pact=pact))
    response = client.post(url("document_delete", pact, signature.proof.pk), follow=True)
    assert "est la preuve d’un acte ou d’une signature" in response.content.decode()
    assert list(PartnerDocument.objects.all()) == [signature.proof]
