"""The parts of a pact that live on the partners' floor."""

from django.urls import reverse

from partners.models import (
    Agreement,
    AgreementProof,
    Approval,
    Closing,
    ClosingDocument,
    Commitment,
    CommitmentUpdate,
    Consultation,
    ConsultationPlan,
    ConsultedPartner,
    Contact,
    Opinion,
    Organisation,
    OrganisationName,
    Partner,
    PartnerDocument,
    Proposal,
    Refusal,
    ReminderPlan,
    Signatory,
    Signature,
    StakeholderAnalysis,
    Succession,
)
from partners.services import take_over_signatories
from partners.traces import names
from pti import traces, typography
from pti.parts import Todo, register_life, register_shared, register_text


def missing_partners(pact):
    """A pact that is to be signed needs somebody to sign it."""
    if not pact.to_be_signed or pact.partners.signatories().exists():
        return []
    return [Todo("Aucun partenaire n’est signataire.", reverse("partners:partner_list", args=[pact.pk]))]


def missing_commitments(pact):
    """Commitments whose cell is still empty."""
    empty = pact.commitments.filter(text="").prefetch_related("partners__organisation")
    return [
        Todo(f"{whose(one)} n’est pas écrit.", f"{reverse('partners:commitment_edit', args=[pact.pk, one.pk])}#div_id_text")
        for one in empty
    ]


def pending_proposals(pact):
    """Consultations still open, and proposals of partners that nobody has answered."""
    rows = Consultation.objects.filter(pact=pact).open()
    lines = [Todo(f"La concertation « {one} » n’est pas close.", one.get_absolute_url()) for one in rows]
    count = Proposal.objects.filter(consultation__pact=pact).pending().count()
    if not count:
        return lines
    words = typography.plural(count, "proposition de partenaire attend", "propositions de partenaires attendent")
    return [*lines, Todo(f"{words} une réponse.", reverse("partners:proposal_list", args=[pact.pk]))]


def whose(commitment):
    if commitment.is_common:
        return "Un engagement commun"
    names = ", ".join(str(partner) for partner in commitment.partners.all())
    return f"Un engagement ({names})" if names else "Un engagement sans partenaire"


def register_all():
    """Register the parts of this floor."""
    traces.register(names)
    register_shared("organisations", "Organismes", [Organisation, OrganisationName, Succession])
    register_text("partners", "Partenaires", [Partner], missing=missing_partners, in_amendments=True)
    register_text("commitments", "Engagements", [Commitment], missing=missing_commitments)
    register_life("commitment_updates", "Suivi des engagements", [CommitmentUpdate])
    register_life("analyses", "Analyse des partenaires", [StakeholderAnalysis])
    register_life("agreements", "Conventions", [Agreement])
    register_life("contacts", "Contacts", [Contact], people=True)
    register_life(
        "signatures",
        "Approbations et signatures",
        [PartnerDocument, Approval, Signatory, Signature, Refusal, ClosingDocument, Closing, ReminderPlan],
        taken_over=take_over_signatories,
    )
    # A sealed text that names who gave the agreement: whole, or left out.
    register_life("agreement_proofs", "Preuves des accords", [AgreementProof], people=True)
    register_life(
        "consultations",
        "Concertations",
        [Consultation, ConsultedPartner, Proposal, Opinion, ConsultationPlan],
        missing=pending_proposals,
    )
