"""Deeds of the concertation: open and close a consultation, decide a proposal; and the table of who answered."""

from dataclasses import dataclass, field
from functools import cache

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from partners.enums import ProposalState
from partners.models import Consultation, ConsultedPartner, Contact, Opinion, Proposal
from partners.models.consultations import CONSULTING_STATES
from partners.passages import as_stored, html_now, is_long_text
from pti import accounts, outbox, parts
from pti.composed import AnyKey, Composed
from pti.dates import today
from pti.dumping import nfc
from pti.enums import PactState, VersionStage
from pti.fields import clean_html, passages_of
from pti.mail import absolute_url
from pti.models import Pact
from pti.services import change_state
from pti.versions import freeze

KEY = "concertation:"
COPIED = (
    "partner", "author_name", "on_behalf", "received_by", "proof", "recorded_by", "target_model", "target_uid",
    "target_name", "field", "is_passage", "base", "text", "reason", "submitted_on",
)  # fmt: skip


class Shifted(ValidationError):
    """The passage that a proposal bears on has been written again since."""


@transaction.atomic
def open_consultation(*, pact, title, deadline, partners, by, message="", on=None):
    """Submit the text of today to `partners`: it becomes a working version, and goes on being written.

    What nobody has answered in the consultations already closed is carried to this one. Those invited are told by mail.
    """
    pact = Pact.objects.select_for_update().get(pk=pact.pk)
    if pact.state not in CONSULTING_STATES:
        raise ValidationError("La concertation s’ouvre pendant que le texte s’écrit : en élaboration ou en concertation.")
    on = on or today()
    if pact.state == PactState.DRAFTING:
        change_state(pact=pact, to=PactState.CONSULTATION, by=by, on=on)
    version = freeze(pact=pact, by=by, on=on, stage=VersionStage.WORKING)
    consultation = Consultation.objects.create(
        pact=pact, version=version, title=title, message=message, opened_on=on, deadline=deadline, opened_by=by
    )
    carry(pact, consultation)
    invite(consultation, partners, on=on)
    return consultation


def carry(pact, consultation):
    """Pending proposals of closed consultations go on in this one; the old rows say so."""
    rows = Proposal.objects.filter(consultation__pact=pact).pending().exclude(consultation__closed_on=None)
    for row in rows.select_for_update(of=("self",)):
        row.state = ProposalState.CARRIED
        row.save()
        copied = {name: getattr(row, name) for name in COPIED}
        Proposal.objects.create(consultation=consultation, carried_from=row, **copied)


@transaction.atomic
def invite(consultation, partners, *, on=None):
    """Ask `partners` for their answer, and write to the people who speak for them."""
    on, known = on or today(), set(consultation.invited.values_list("partner", flat=True))
    new = [partner for partner in partners if partner.pk not in known]
    for partner in new:
        ConsultedPartner.objects.create(consultation=consultation, partner=partner, invited_on=on)
    outbox.queue_many(letter for partner in new for letter in letters_to(consultation, partner, on))


def letters_to(consultation, partner, on):
    """The mail to each person who speaks for the partner, as the outbox takes it: one that is refused stops no other."""
    url = absolute_url("partners:consultation_detail", consultation.pact_id, consultation.pk)
    for address, name in people_of(partner):
        yield {
            "key": f"{KEY}{consultation.uid}:{partner.uid}:{address}",
            "to": address,
            "template": "mail/consultation",
            "pact": consultation.pact,
            "about": f"{consultation} : {partner}",
            "on": on,
            "pact_name": str(consultation.pact),
            "consultation": consultation,
            "partner": str(partner),
            "name": name,
            "url": url,
        }


def people_of(partner):
    """(address, name) of its référents, or of whoever has an account there when it names none."""
    contacts = Contact.objects.filter(pact=partner.pact.people_pact_id, organisation=partner.organisation_id).exclude(email="")
    rows = list(contacts.filter(is_referent=True)) or list(contacts.exclude(user=None))
    found = {one.email.lower(): str(one) for one in rows}
    if not found:
        memberships = partner.organisation.memberships.filter(
            user__is_active=True, user__accesses__pact=partner.pact.people_pact_id
        ).select_related("user")
        found = {one.user.email.lower(): one.user.get_full_name() for one in memberships}
    return sorted(found.items())


@transaction.atomic
def close_consultation(*, consultation, on=None):
    """No more answers; what was proposed stays to examine."""
    consultation = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if not consultation.is_open:
        raise ValidationError("Cette concertation est déjà close.")
    consultation.closed_on = on or today()
    consultation.save()
    return consultation


# Deciding --------------------------------------------------------------------------------------------------------------


def target_of(proposal):
    """The row of the text of today that a proposal bears on, or None when it has left the text."""
    row = parts.text_row(proposal.consultation.pact, proposal.target_model, proposal.target_uid)
    return row if row is not None and is_long_text(type(row), proposal.field) else None


def locked(row):
    """The same row, held until the end of the transaction."""
    return row and type(row)._base_manager.select_for_update(no_key=True).get(pk=row.pk)


def merged(proposal, row, text):
    """The whole field of `row` once `text` has taken the place of what the proposal bears on.

    Refuses (Shifted) when that was written again since the partner read it.
    """
    if row is None:
        raise Shifted("Ce passage n’est plus dans le texte : reprenez l’idée ailleurs, ou répondez qu’elle n’est pas retenue.")
    now = nfc(html_now(row, proposal.field))
    base, text = nfc(clean_html(proposal.base)), clean_html(text)
    if not proposal.is_passage:
        if now != base:
            raise Shifted(SHIFTED)
        return text
    passages = passages_of(now)
    if base not in passages:
        raise Shifted(SHIFTED)
    at = passages.index(base)
    return "".join([*passages[:at], text, *passages[at + 1 :]])


SHIFTED = (
    "Ce passage a été réécrit depuis la proposition. Rien n’est perdu : comparez les deux textes plus bas, "
    "puis enregistrez la rédaction que vous retenez."
)


@transaction.atomic
def decide(*, proposal, state, answer, by, text="", whole=False, seen=None, on=None):
    """Answer a proposal: accept it as it is, accept it with another wording (`text`), or refuse it; always with a reason.

    The text enters the pact under the same guards as any writing. `whole` says that `text` is the whole field of today,
    which the person read as `seen`: when it has moved since, nothing is saved and she reads it again.
    """
    proposal = Proposal.objects.select_for_update(of=("self",)).for_page().get(pk=proposal.pk)
    if not proposal.is_pending:
        raise ValidationError(f"Cette proposition est déjà examinée : {proposal.get_state_display()}.")
    if not answer.strip():
        raise ValidationError({"answer": "Dites pourquoi : le partenaire lit cette réponse."})
    if state != ProposalState.REFUSED:
        proposal.entered_text = enter(proposal, proposal.text if state == ProposalState.ACCEPTED else text, whole, seen, by)
    proposal.state, proposal.answer = state, answer.strip()
    proposal.decided_on, proposal.decided_by = on or today(), by
    proposal.save()
    return proposal


def enter(proposal, text, whole, seen, by):
    """Write into the text of today; returns what entered."""
    Pact.objects.select_for_update(no_key=True).get(pk=proposal.consultation.pact_id)
    row = locked(target_of(proposal))
    if whole and row is not None:
        if nfc(html_now(row, proposal.field)) != nfc(clean_html(seen)):
            raise Shifted("Le texte a encore changé pendant que vous écriviez : relisez-le, puis enregistrez.")
        value = clean_html(text)
    else:
        value = merged(proposal, row, text)
    setattr(row, proposal.field, as_stored(type(row), proposal.field, value))
    if hasattr(row, "revision"):
        row.revision += 1
    row._change_reason = f"Proposition de {proposal.partner}"[:100]
    row.save()
    return clean_html(text)


# Who answered ----------------------------------------------------------------------------------------------------------


@dataclass
class Answered:
    """One invited partner: its opinion, its proposals, since when we wait."""

    consulted: ConsultedPartner
    opinion: object = None
    proposals: list = field(default_factory=list)

    @property
    def partner(self):
        return self.consulted.partner

    @property
    def has_answered(self):
        return self.opinion is not None or bool(self.proposals)

    @property
    def since(self):
        """The day from which we wait."""
        return self.consulted.invited_on

    @property
    def days(self):
        """Days that we have been waiting."""
        return None if self.has_answered else (today() - self.since).days


def answers_of(consultation):
    """Whom we wait for first, then who answered; three queries whatever their number."""
    opinions, proposed, invited = (composed.rows_of(consultation.pk) for composed in answers_composed())
    opinions = {one.partner_id: one for one in opinions}
    proposals = {}
    for one in proposed:
        proposals.setdefault(one.partner_id, []).append(one)
    lines = [Answered(one, opinions.get(one.partner_id), proposals.get(one.partner_id, [])) for one in invited]
    return sorted(lines, key=lambda line: line.has_answered)


@cache
def answers_composed():
    """The queries of the opinions given in a consultation, of what was proposed in it, of those whom it asks."""
    proposals = Proposal.objects.filter(consultation=AnyKey(), carried_from=None)
    return (
        Composed(Opinion.objects.filter(consultation=AnyKey()).select_related("proof")),
        Composed(proposals.only("partner", "state", "consultation")),
        Composed(
            ConsultedPartner.objects.filter(consultation=AnyKey()).select_related("partner__organisation", "partner__pact")
        ),
    )


def forget(email):
    """Take the name of a person who asks to be forgotten out of what she answered, or the staff under her name."""
    hers = Q(on_behalf=False, recorded_by__email__iexact=email)
    for contact in Contact.objects.filter(email__iexact=email):
        hers |= Q(partner__organisation=contact.organisation, author_name=f"{contact.first_name} {contact.last_name}".strip())
    for model in (Proposal, Opinion):
        for row in model.objects.filter(hers).exclude(author_name=""):
            accounts.forget(row)
