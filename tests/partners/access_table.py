"""Who may open the pages of `partners`; tests/access_table.py says how to add a row."""

from tests.access_table import ANIMATOR, LOGGED_IN, PUBLIC, READ, WRITE
from tests.factories.partners import (
    AgreementFactory,
    ApprovalFactory,
    CommitmentFactory,
    ConsultationFactory,
    ContactFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerDocumentFactory,
    PartnerFactory,
    ProposalFactory,
    PublicationFactory,
    RefusalFactory,
    SignatureFactory,
    VersionFactory,
)
from tests.factories.pti import SectionFactory

# The partner of the world acts for `world.partner_row`; the text is in élaboration.
OWN = READ.but(reader=403)
# Nothing is approved or signed, nobody joins late, before the text is frozen.
LATER = READ.but(partner=403, reader=403, officer=403, animator=403)
STAFF_ONLY = LOGGED_IN.but(partner=403, other_partner=403, reader=403)

ROWS = {
    "partners:consultation_list": READ,
    "partners:consultation_detail": READ,
    "partners:consultation_add": WRITE.but(officer=403),
    "partners:consultation_edit": WRITE.but(officer=403),
    "partners:consultation_close": WRITE.but(officer=403).by_post(),
    "partners:consultation_reminders": WRITE,
    "partners:consultation_remind": WRITE.by_post(),
    "partners:place_detail": READ,
    "partners:proposal_add": OWN,
    "partners:opinion_edit": OWN,
    "partners:proposal_list": WRITE,
    # A proposal is seen by those who made it and by the staff: to others it does not exist.
    "partners:proposal_detail": READ.but(reader=404),
    "partners:proposal_edit": READ.but(reader=404),
    "partners:proposal_decide": WRITE.but(reader=404).by_post(answer="Non", decision="refuser"),
    "partners:partner_list": READ,
    "partners:partner_detail": READ,
    "partners:partner_add": WRITE,
    "partners:partner_edit": WRITE,
    "partners:partner_delete": WRITE,
    "partners:partner_join": LATER,
    "partners:partner_leave": WRITE,
    "partners:analysis_matrix": WRITE,
    "partners:analysis_edit": WRITE,
    "partners:own_commitment_add": OWN,
    "partners:commitment_add": WRITE,
    "partners:commitment_edit": OWN,
    "partners:commitment_delete": OWN,
    "partners:commitment_tell": LATER,
    "partners:agreement_add": WRITE,
    "partners:agreement_edit": WRITE,
    "partners:agreement_delete": WRITE,
    "partners:document_add": OWN,
    "partners:document_delete": OWN.by_post(),
    "partners:contact_add": OWN,
    "partners:contact_edit": OWN,
    "partners:contact_delete": OWN,
    "partners:contact_invite": WRITE.but(officer=403).by_post(),
    "partners:signature_board": READ,
    "partners:amendment_parties": READ,
    "partners:signing_file": OWN,
    "partners:signatory_add": LATER,
    "partners:refusal_add": LATER,
    "partners:refusal_lift": LATER,
    "partners:signature_close": LATER,
    "partners:signed_text_add": LATER,
    "partners:reminder_list": LATER,
    "partners:remind": LATER.by_post(),
    "partners:verify": PUBLIC,
    # For the named signatory alone, once there is something to sign (tests/partners/test_agreement.py).
    "partners:agreement_read": LATER,
    "partners:agreement_code": LATER,
    "partners:publication_edit": ANIMATOR,
    "partners:public_pact": PUBLIC,
    "partners:public_pact_pdf": PUBLIC,
    "partners:deliberation_list": READ,
    "partners:deliberation_export": READ,
    "partners:act_add": LATER,
    "partners:approval_add": LATER,
    "partners:approval_edit": LATER,
    "partners:signature_add": LATER,
    "partners:signature_edit": LATER,
    "partners:signature_withdraw": LATER,
    "partners:organisation_list": STAFF_ONLY,
    "partners:organisation_add": STAFF_ONLY,
    "partners:organisation_detail": LOGGED_IN.but(other_partner=404),
    "partners:organisation_edit": STAFF_ONLY.but(other_partner=404),
    "partners:organisation_rename": STAFF_ONLY.but(other_partner=404),
    "partners:organisation_succeed": STAFF_ONLY.but(other_partner=404),
}


def extend(world):
    """One partner, the organisation of the world's partner person, with what it says and signs."""
    world.organisation = OrganisationFactory(name="CAF Touraine")
    world.partner_row = PartnerFactory(pact=world.pact, organisation=world.organisation, signatory=True)
    MembershipFactory(user=world.users["partner"], organisation=world.organisation)
    world.commitment = CommitmentFactory(pact=world.pact, partners=[world.partner_row])
    world.partner_document = PartnerDocumentFactory(partner=world.partner_row)
    world.agreement = AgreementFactory(pact=world.pact)
    world.contact = ContactFactory(pact=world.pact, organisation=world.organisation)
    world.version = VersionFactory(pact=world.pact, number=1)
    world.signature = SignatureFactory(partner=world.partner_row, version=world.version)
    world.refusal = RefusalFactory(partner=world.partner_row, version=VersionFactory(pact=world.pact, number=2))
    world.publication = PublicationFactory(pact=world.pact, version=world.version)
    world.approval = ApprovalFactory(partner=world.partner_row, version=world.version)
    world.section = SectionFactory(pact=world.pact)
    world.consultation = ConsultationFactory(pact=world.pact, partners=[world.partner_row])
    world.proposal = ProposalFactory(consultation=world.consultation, partner=world.partner_row, target=world.section)


def kwargs_for(url_name, world):
    """The row that each address names."""
    if "place_detail" in url_name or "proposal_add" in url_name:
        return {"pk": world.consultation.pk, "uid": world.section.uid, "name": "text"}
    if "public_pact" in url_name:
        return {"uid": world.publication.uid}
    if "place_detail" in url_name or "proposal_add" in url_name:
        return {"pk": world.consultation.pk, "uid": world.section.uid, "name": "text"}
    for word, row in (
        ("agreement_read", world.partner_row),
        ("agreement_code", world.partner_row),
        ("proposal_", world.proposal),
        ("consultation_", world.consultation),
        ("opinion_", world.consultation),
        ("commitment_", world.commitment),
        ("agreement_", world.agreement),
        ("contact_edit", world.contact),
        ("contact_delete", world.contact),
        ("contact_invite", world.contact),
        ("approval_edit", world.approval),
        ("refusal_lift", world.refusal),
        ("signature_edit", world.signature),
        ("signature_withdraw", world.signature),
        ("document_delete", world.partner_document),
        ("organisation_", world.organisation),
    ):
        if f":{word}" in url_name:
            return {"pk": row.pk}
    return {"pk": world.partner_row.pk, "number": 1}
