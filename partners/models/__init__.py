"""Models of the partners' floor, one file per notion."""

from partners.models.agreements import AgreementCode, AgreementProof
from partners.models.approvals import Approval
from partners.models.closing import Closing, ClosingDocument
from partners.models.commitments import Agreement, Commitment, CommitmentUpdate
from partners.models.consultations import Consultation, ConsultedPartner, Opinion, Proposal
from partners.models.organisations import Organisation, OrganisationName, Succession
from partners.models.partners import Partner, PartnerDocument, StakeholderAnalysis
from partners.models.people import Contact, Membership
from partners.models.publications import Publication
from partners.models.reminders import ConsultationPlan, ReminderPlan
from partners.models.signatures import Refusal, Signatory, Signature

__all__ = [
    "Agreement",
    "AgreementCode",
    "AgreementProof",
    "Approval",
    "Closing",
    "ClosingDocument",
    "Commitment",
    "CommitmentUpdate",
    "Consultation",
    "ConsultationPlan",
    "ConsultedPartner",
    "Contact",
    "Membership",
    "Opinion",
    "Organisation",
    "OrganisationName",
    "Partner",
    "PartnerDocument",
    "Proposal",
    "Publication",
    "Refusal",
    "ReminderPlan",
    "Signatory",
    "Signature",
    "StakeholderAnalysis",
    "Succession",
]
