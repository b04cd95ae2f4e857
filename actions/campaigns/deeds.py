"""What happens in a collection: opened, closed, answered, corrected, returned, validated, handed over."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from actions.campaigns.mails import queue_opening, write_again
from actions.campaigns.questions import question_of
from actions.enums import AnswerKind, RequestState
from actions.models import AnswerLink, Campaign, CampaignRequest
from partners.models import Contact
from pti.dates import today
from pti.models import User

NOBODY = "Aucune fiche n’a quelqu’un à qui écrire : la collecte ne s’ouvre pas."
NOT_OPEN = "Cette collecte n’est pas ouverte."
ELSEWHERE = "Cette adresse n’est pas de votre organisme. Dites plutôt « ce n’est plus moi », avec le nom : l’animation écrira."


def held(row):
    """The same request, locked until the transaction ends, in a collection that is open."""
    row = CampaignRequest.objects.select_for_update().get(pk=row.pk)
    if not row.campaign.is_open:
        raise ValidationError(NOT_OPEN)
    return row


@transaction.atomic
def open_campaign(*, campaign, by):
    """« Ouvrir »: the mails leave. Returns how many."""
    if not Campaign.objects.select_for_update().get(pk=campaign.pk).is_draft:
        raise ValidationError("Cette collecte est déjà ouverte.")
    if campaign.deadline < today():
        raise ValidationError("L’échéance est passée : changez-la avant d’ouvrir.")
    if not campaign.requests.exclude(person_email="").exists():
        raise ValidationError(NOBODY)
    campaign.opened_on = today()
    campaign.save(update_fields=["opened_on"])
    return queue_opening(campaign)


@transaction.atomic
def close_campaign(*, campaign, by):
    """« Clore »: answers stay as they are; the links open nothing any more."""
    if not Campaign.objects.select_for_update().get(pk=campaign.pk).is_open:
        raise ValidationError(NOT_OPEN)
    campaign.closed_on, campaign.closed_by = today(), by
    campaign.save(update_fields=["closed_on", "closed_by"])


@transaction.atomic
def answer(*, request, kind, by=None, said="", on_behalf=False, channel="", **told):
    """Record an answer; within a day it corrects the one before. `told` is what the question takes in."""
    row = held(request)
    if not row.is_awaited and not row.is_correctable:
        raise ValidationError("Une réponse est déjà enregistrée pour cette demande.")
    first, question = row.is_awaited, question_of(row)
    if kind == AnswerKind.SAME:
        told = question.same(row)
        if told is None:
            raise ValidationError("Rien n’est encore connu : dites où vous en êtes.")
    if kind in (AnswerKind.NEWS, AnswerKind.SAME):
        by = by or User.objects.filter(email=row.person_email, is_active=True).first()
        question.take_in(row, told, first=first, by=by, on_behalf=on_behalf, channel=channel)
    row.kind, row.said, row.on_behalf, row.state = kind, said, on_behalf, RequestState.ANSWERED
    if first:
        row.answered_at = timezone.now()
    row.save()
    return row


@transaction.atomic
def spend(link):
    """The link has served."""
    link.spent_at = timezone.now()
    link.save(update_fields=["spent_at"])


@transaction.atomic
def not_me(*, request, named=""):
    """« Ce n’est plus moi »: every link of this person for this fiche is dead; the animator finds who it is."""
    row = held(request)
    revoke(row)
    row.kind, row.named, row.person_email = AnswerKind.NOT_ME, named, ""
    row.save(update_fields=["kind", "named", "person_email"])
    return row


def revoke(row):
    for link in row.links.filter(revoked_at=None):
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])


def is_colleague(row, email):
    """An address of the same house, or one that the pact knows for this body."""
    house, known = row.person_email.rpartition("@")[2].lower(), Contact.objects.filter(pact=row.campaign.pact.people_pact_id)
    return email.rpartition("@")[2] == house or known.filter(organisation=row.organisation, email__iexact=email).exists()


@transaction.atomic
def hand_over(*, request, name, email, by=None):
    """« Transmettre »: the colleague gets her own link, the old ones are dead. Staff may write to anybody."""
    row = held(request) if not request.campaign.is_draft else request
    email = email.strip().lower()
    if by is None and not is_colleague(row, email):
        raise ValidationError(ELSEWHERE)
    row.person_name, row.person_email, row.named = name, email, ""
    if row.kind == AnswerKind.NOT_ME:
        row.kind = ""
    row.save()
    if row.campaign.is_open:
        write_again(row, "transmise")
        revoke(row)
    return row


@transaction.atomic
def validate(*, request, by):
    """« Valider »."""
    row = held(request)
    row.validate(by=by)
    row.save()
    return row


@transaction.atomic
def validate_all(*, campaign, by):
    """« Valider » every answer that says where a fiche stands; a call for help waits for somebody. Returns how many."""
    rows = campaign.requests.filter(state=RequestState.ANSWERED).exclude(kind=AnswerKind.HELP)
    return len([validate(request=row, by=by) for row in rows])


@transaction.atomic
def give_back(*, request, reason, by):
    """« Rendre »: the person is told why, with a new link."""
    row = held(request)
    row.give_back(reason)
    row.save()
    write_again(row, "rendue", returned=reason)
    return row


def new_link(link):
    """The same person asks for another link: it comes by mail, to the address that had the first."""
    row = link.request
    if row.person_email.lower() != link.sent_to.lower() or link.revoked_at or not row.campaign.is_open:
        raise ValidationError("Ce lien ne se renouvelle pas.")
    return write_again(row, "lien")


def find_link(token):
    """The link of a token, with all that its page says; None when nobody has it."""
    rows = AnswerLink.objects.select_related(
        "request__campaign__pact",
        "request__organisation",
        "request__action",
        "request__given",
        "request__commitment",
        "request__kept",
    )
    return rows.filter(token_hash=AnswerLink.hash_of(token)).first()


def awaited_of(link):
    """What else the same person is asked in the same collection, in the order of her mail."""
    asked = link.request
    rows = CampaignRequest.objects.filter(campaign=asked.campaign_id, person_email__iexact=link.sent_to)
    return rows.select_related("action", "commitment").in_order()
