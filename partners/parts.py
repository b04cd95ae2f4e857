"""The parts of a pact that live on the partners' floor."""

from partners.models import (
    Agreement,
    Approval,
    Commitment,
    Contact,
    Organisation,
    OrganisationName,
    Partner,
    PartnerDocument,
    Signature,
    StakeholderAnalysis,
    Succession,
)
from pti.parts import register_life, register_shared, register_text


def register_all():
    """Register the parts of this floor."""
    register_shared("organisations", "Organismes", [Organisation, OrganisationName, Succession])
    register_text("partners", "Partenaires", [Partner])
    register_text("commitments", "Engagements", [Commitment])
    register_life("analyses", "Analyse des partenaires", [StakeholderAnalysis])
    register_life("agreements", "Conventions", [Agreement])
    register_life("contacts", "Contacts", [Contact], people=True)
    register_life("signatures", "Approbations et signatures", [PartnerDocument, Approval, Signature])
