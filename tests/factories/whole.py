"""A pact that has at least one row of every model of every part: what export, freeze and copy are tried on."""

import datetime

from django.core.files.base import ContentFile

from actions.models import (
    Action,
    ActionDocument,
    Axis,
    Campaign,
    CampaignPlan,
    CampaignRequest,
    Funding,
    Indicator,
    Lead,
    Measure,
    Milestone,
    Roadmap,
    Target,
    Theme,
    Update,
)
from evaluation.models import EvaluationLevel, PlannedReview, Review, ReviewItem
from governance.models import (
    AgendaItem,
    Attendance,
    Chair,
    Committee,
    CommitteeLead,
    CommitteeService,
    Decision,
    Formation,
    Meeting,
    MeetingDocument,
    Referral,
    Seat,
)
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
from pti.enums import PactState
from pti.models import (
    ContextFigure,
    Extension,
    GlossaryTerm,
    Pact,
    PactTerritory,
    Scheme,
    Section,
    StateChange,
    Statement,
    Territory,
)
from pti.pdf_signatures import Check, Signer
from pti.versions import freeze, sha256_of
from tests.replay import kept

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"
DAY = datetime.date(2016, 10, 6)
SAID = '{"signatory": "Anne Exemple"}'
SIGNER = Signer("Anne Exemple", "Autorité", "2016-10-06T09:12:00+00:00", "2015-01-01", "2018-01-01", True, False)


def whole_pact():
    """The pact, still in élaboration, with a version frozen before it was reopened; in a bare base, built once by a process."""
    bare = not any(model.objects.exists() for model in (Pact, Territory, Organisation, Theme))
    return kept(make_whole_pact).replay() if bare else make_whole_pact()


def make_whole_pact():
    """Write the pact, row after row."""
    department = Territory.objects.create(name="Indre-et-Loire", kind="department", code="37")
    place = Territory.objects.create(name="Nord Est", kind="other", kind_text="territoire", parent=department)
    pact = Pact.objects.create(
        title="Pacte « été »", start_text="2015", end_text="2017", state=PactState.DRAFTING, legal_basis="<p>Loi</p>"
    )
    pact.departments.add(department)
    PactTerritory.objects.create(pact=pact, territory=place)
    Statement.objects.create(pact=pact, kind="stake", title="Enjeu")
    section = Section.objects.create(pact=pact, title="Titre", text="<p>Un</p>")
    Section.objects.create(pact=pact, parent=section, title="Sous-titre", order=1)
    Section.objects.create(pact=pact, title="Le plan", source="axes", order=2)
    ContextFigure.objects.create(pact=pact, label="Foyers", raw_value="31/02/2014", value="12.50", territory=place)
    GlossaryTerm.objects.create(pact=pact, term="PTI", definition="Pacte")
    scheme = Scheme.objects.create(pact=pact, name="FSE+")
    StateChange.objects.create(pact=pact, from_state="scoping", to_state="drafting", on=DAY)
    Extension.objects.create(pact=pact, new_end_on=datetime.date(2018, 6, 30), reason="Le temps d’évaluer")

    caf = Organisation.objects.create(name="CAF Touraine", kind="social_security")
    state = Organisation.objects.create(name="DDETS", former_names="ex-Direccte")
    old = Organisation.objects.create(name="Direccte")
    OrganisationName.objects.create(organisation=state, name="Direccte", ends_on=DAY)
    Succession.objects.create(predecessor=old, successor=state, kind="merged", on=DAY)
    Partner.objects.create(pact=pact, organisation=old, standing="associated", left_on=DAY)
    partner = Partner.objects.create(pact=pact, organisation=caf, standing="signatory")
    Partner.objects.create(pact=pact, organisation=state, joined_on=DAY)
    commitment = Commitment.objects.create(pact=pact, means_fte="0.5")
    commitment.partners.add(partner)
    CommitmentUpdate.objects.create(commitment=commitment, organisation=caf, on=DAY, state="kept", sentence="Fait.")
    StakeholderAnalysis.objects.create(partner=partner, motivation=2)
    Agreement.objects.create(pact=pact, name="Convention", parties="CAF\nÉtat")
    contact = Contact.objects.create(pact=pact, organisation=caf, last_name="Morvan", email="claire.morvan@caf.example")
    contact.territories.add(place)

    axis = Axis.objects.create(pact=pact, number="1", title="Axe")
    group = Axis.objects.create(pact=pact, parent=axis, title="Groupe", is_group=True, order=1)
    theme = Theme.objects.get_or_create(name="Mobilité")[0]
    action = Action.objects.create(
        pact=pact, axis=axis, number="9", title="Fiche", starts_text="2015", diagnosis="<p>Constat</p>", confidence="support"
    )
    action.other_axes.add(group)
    action.themes.add(theme)
    action.territories.add(place)
    action.schemes.add(scheme)
    action.set_status("ongoing")
    action.save()
    Lead.objects.create(action=action, organisation=caf)
    lead = Lead.objects.create(action=action, text="membres du COPIL", role="co_pilot", ended_on=DAY)
    Lead.objects.create(action=action, organisation=state, role="co_pilot", started_on=DAY)
    Milestone.objects.create(
        action=action, label="Guide", planned_text="2015-S2", planned_last=datetime.date(2015, 12, 31), done_on=DAY
    )
    indicator = Indicator.objects.create(pact=pact, action=action, name="Nombre", kind="result")
    Target.objects.create(indicator=indicator, year=2017, raw_value="150", value=150)
    Measure.objects.create(indicator=indicator, year=2016, raw_value="91", value=91, organisation=caf)
    Funding.objects.create(pact=pact, action=action, funder=caf, year=2016, amount="42000", raw_amount="42 000")
    Funding.objects.create(pact=pact, funder=caf, state="paid", year=2015, unit="fte", amount="0.3", beneficiary=state)
    Roadmap.objects.create(
        pact=pact, year=2016, territory=place, settled_on=DAY, content={"lines": [], "going_on": [], "loose": []}
    )
    update = Update.objects.create(action=action, on=DAY, organisation=caf, blocking_point="Refus", blocking_level="steering")

    collect(pact, axis, partner, update)

    committee = Committee.objects.create(pact=pact, name="COPIL", kind="steering", meetings_due=1, meetings_due_per="year")
    committee.territories.add(place)
    CommitteeService.objects.create(committee=committee, label="Plan départemental d’insertion")
    formation = Formation.objects.create(committee=committee, name="Technique")
    CommitteeLead.objects.create(lead=lead, committee=committee)
    Chair.objects.create(committee=committee, text="Président ou présidente")
    Seat.objects.create(committee=committee, formation=formation, organisation=caf, holder=contact)
    meeting = Meeting.objects.create(committee=committee, formation=formation, date_text="08/11/2016", status="held")
    item = AgendaItem.objects.create(meeting=meeting, title="La fiche 9", subject=action)
    Attendance.objects.create(meeting=meeting, organisation=caf, presence="present")
    Decision.objects.create(meeting=meeting, item=item, action=action, text="Relancer", owner=caf, due_text="31/12/2016")
    Referral.objects.create(update=update, committee=committee, raised_on=DAY)

    EvaluationLevel.objects.create(pact=pact, name="Chaque action")
    PlannedReview.objects.create(pact=pact, label="Bilan", frequency="Chaque année")
    review = Review.objects.create(pact=pact, kind="previous", title="PTI 2012-2014")
    ReviewItem.objects.create(review=review, kind="axis", title="Axe 1", assessment="partiel")

    version = freeze(pact=pact, by=None)
    proof = PartnerDocument(pact=pact, partner=partner)
    attach(proof, "délibération.pdf")
    attach(ActionDocument(action=action), "fiche.pdf")
    attach(MeetingDocument(meeting=meeting), "compte rendu.pdf")
    Approval.objects.create(
        pact=pact, partner=partner, version=version, body="Conseil d’administration", held_on=DAY, proof=proof
    )
    Signatory.objects.create(
        partner=partner, contact=contact, name="Anne Exemple", capacity="Directrice", starts_on=DAY, delegation_proof=proof
    )
    Signature.objects.create(
        partner=partner,
        version=version,
        signatory="Anne Exemple",
        capacity="Directrice",
        signed_on=DAY,
        method="parapheur",
        proof=proof,
        pdf_check=Check("same", "2016-10-06T09:30:00+00:00", [SIGNER]).as_data(),
        withdrawn_on=DAY,
        withdrawal_reason="Exemplaire d’un autre",
    )
    online = Signature.objects.create(
        partner=partner, version=version, signatory="Anne Exemple", capacity="Directrice", signed_on=DAY, method="online"
    )
    AgreementProof.objects.create(
        signature=online,
        given_at=datetime.datetime(2016, 10, 6, 9, 30, tzinfo=datetime.UTC),
        content=SAID,
        sha256=sha256_of(SAID),
    )
    ReminderPlan.objects.create(pact=pact, every=20)
    kept = ClosingDocument(pact=pact)
    attach(kept, "signatures.pdf")
    Closing.objects.create(pact=pact, version=version, closed_on=DAY, file=kept).signatures.add(online)
    Refusal.objects.create(partner=partner, version=version, refused_on=DAY, said_by="Conseil", reason="Budget", lifted_on=DAY)
    consult(pact, partner, version, section, proof)
    return pact


def collect(pact, axis, partner, update):
    """A collection, closed, with an answer that was validated."""
    campaign = Campaign.objects.create(pact=pact, name="T3 2016", deadline=DAY, opened_on=DAY, closed_on=DAY)
    campaign.axes.add(axis)
    campaign.partners.add(partner)
    CampaignPlan.objects.create(campaign=campaign, every=20)
    CampaignRequest.objects.create(
        campaign=campaign, action=update.action, organisation=partner.organisation, person_name="Claire Morvan",
        person_email="claire.morvan@caf.example", state="validated", kind="news", given=update, validated_on=DAY,
        answered_at=datetime.datetime(2016, 10, 6, 9, 30, tzinfo=datetime.UTC),
        values=["Places, 2016 : 12"],
    )  # fmt: skip
    told = CommitmentUpdate.objects.get(commitment__pact=pact)
    CampaignRequest.objects.create(
        campaign=campaign, question="commitment", commitment=told.commitment, organisation=partner.organisation, kept=told,
        state="returned", kind="news", answered_at=datetime.datetime(2016, 10, 7, 9, 30, tzinfo=datetime.UTC),
    )  # fmt: skip


def consult(pact, partner, version, section, proof):
    """A consultation, its opinion, and a proposal carried from the one before."""
    first = Consultation.objects.create(
        pact=pact, version=version, title="Première lecture", opened_on=DAY, deadline=DAY, closed_on=DAY
    )
    second = Consultation.objects.create(pact=pact, version=version, title="Seconde lecture", opened_on=DAY, deadline=DAY)
    ConsultedPartner.objects.create(consultation=first, partner=partner, invited_on=DAY)
    ConsultationPlan.objects.create(consultation=second, every=20)
    said = {
        "partner": partner,
        "author_name": "Claire Morvan",
        "target_model": "Section",
        "target_uid": section.uid,
        "target_name": "Titre",
        "field": "text",
        "base": "<p>Un</p>",
        "text": "<p>Un et deux</p>",
        "submitted_on": DAY,
    }
    old = Proposal.objects.create(consultation=first, state="carried", **said)
    Proposal.objects.create(
        consultation=second, carried_from=old, state="refused", answer="Déjà dit", decided_on=DAY, proof=proof, **said
    )
    Opinion.objects.create(consultation=first, partner=partner, kind="favourable", given_on=DAY)


def attach(document, name):
    """Give `document` a small PDF under `name`."""
    document.file = ContentFile(PDF, name=name)
    document.save()
