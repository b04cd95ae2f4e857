"""Models of the partners' floor, one file per notion."""

from partners.models.commitments import Agreement, Commitment
from partners.models.organisations import Organisation, OrganisationName, Succession
from partners.models.partners import Partner, PartnerDocument, StakeholderAnalysis
from partners.models.people import Contact, Membership
from partners.models.signatures import Approval, Signature

__all__ = [
    "Agreement",
    "Approval",
    "Commitment",
    "Contact",
    "Membership",
    "Organisation",
    "OrganisationName",
    "Partner",
    "PartnerDocument",
    "Signature",
    "StakeholderAnalysis",
    "Succession",
]
