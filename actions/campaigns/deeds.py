"""What happens in a collection: opened, closed, answered, corrected, returned, validated, handed over."""

import datetime
from contextlib import suppress

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from actions.campaigns.mails import prefix_of, queue_opening, write_again
from actions.campaigns.preparing import who_left
from actions.campaigns.questions import question_of
from actions.enums import AnswerKind, RequestQuestion, RequestState
from actions.models import AnswerLink, Campaign, CampaignRequest
from partners.models import Contact
from pti.dates import today
from pti.models import OutgoingMail, User

# Posts of one link.
MOST_A_MINUTE = 20
# Mails with a new link that one link may ask for in a day.
MOST_NEW_LINKS = 3
# Houses where anybody may have an address.
ANYBODYS = {
    "gmail.com", "outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "live.fr", "live.com", "msn.com", "yahoo.com",
    "yahoo.fr", "icloud.com", "me.com", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "neuf.fr", "bbox.fr", "laposte.net",
    "proton.me", "protonmail.com", "gmx.fr", "gmx.com",
}  # fmt: skip
NOBODY = "Aucune fiche n’a quelqu’un à qui écrire : la collecte ne s’ouvre pas."
NOT_OPEN = "Cette collecte n’est pas ouverte."
ANSWERED_MEANWHILE = (
    "Une réponse est arrivée pendant que vous écriviez. Rien n’est enregistré : lisez-la avant d’écrire la vôtre."
)
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
    campaign.requests.mark_late(campaign.pact.reference_day)
    return queue_opening(campaign)


def open_due():
    """The job of the worker: open what was planned for today, as it was seen. Returns how many mails are queued."""
    rows = Campaign.objects.filter(opened_on=None, opens_on__lte=today(), deadline__gte=today())
    count = 0
    for campaign in rows.select_related("pact"):
        with suppress(ValidationError):  # nobody to write to: the animator reads it on its page
            count += open_campaign(campaign=campaign, by=None)
    return count


@transaction.atomic
def delete_draft(*, campaign, by):
    """« Supprimer » a collection of which nothing has left."""
    if not Campaign.objects.select_for_update().get(pk=campaign.pk).is_draft:
        raise ValidationError("Cette collecte est ouverte : elle se clôt, elle ne se supprime plus.")
    campaign.delete()


@transaction.atomic
def close_campaign(*, campaign, by):
    """« Clore »: what was answered is validated by whoever closes, and stays as it is; the links open nothing any more."""
    if not Campaign.objects.select_for_update().get(pk=campaign.pk).is_open:
        raise ValidationError(NOT_OPEN)
    list(campaign.requests.select_for_update().order_by("pk").values_list("pk"))  # whoever is answering ends first
    count = validate_all(campaign=campaign, by=by)
    campaign.closed_on, campaign.closed_by = today(), by
    campaign.save(update_fields=["closed_on", "closed_by"])
    return count


@transaction.atomic
def answer(*, request, kind, by=None, said="", on_behalf=False, channel="", link=None, seen=None, **told):
    """Record an answer; within a day whoever gave it corrects it, and nobody else by a link of her own.

    `told` is what the question takes in, `link` is spent, `seen` the answers that the page showed (`answers_of`). Another
    collection that was asking the same of the same body has its answer too.
    """
    row = held(request)
    if seen is not None and seen != answers_of(row):
        raise ValidationError(ANSWERED_MEANWHILE)
    if not row.is_awaited and not (row.is_correctable and (link is None or link.has_answered())):
        raise ValidationError("Une réponse est déjà enregistrée pour cette demande.")
    first, question = row.is_awaited, question_of(row)
    if kind == AnswerKind.SAME:
        told = question.same(row)
        if told is None:
            raise ValidationError("Rien n’est encore connu : dites où vous en êtes.")
    if kind in (AnswerKind.NEWS, AnswerKind.SAME):
        speaker = link.sent_to if link else row.person_email  # a référent who is reminded has a link of her own
        by = by or User.objects.filter(email=speaker.lower(), is_active=True).first()
        question.take_in(row, told, first=first, by=by, on_behalf=on_behalf, channel=channel)
    row.kind, row.said, row.on_behalf, row.state = kind, said, on_behalf, RequestState.ANSWERED
    if first:
        row.answered_at = timezone.now()
    row.save()
    if first and kind in (AnswerKind.NEWS, AnswerKind.SAME):
        answer_elsewhere(row)
    if link:
        link.spent_at = timezone.now()
        link.save(update_fields=["spent_at"])
    return row


def answers_of(row):
    """How many times a request was answered or its answer put right: whoever opened its page before reads it again."""
    return row.history.filter(state=RequestState.ANSWERED).count()


def answer_elsewhere(row):
    """The same question of another open collection is answered too, unless it asks for values that were not asked here."""
    if row.given_id:
        rows = CampaignRequest.objects.awaited().filter(action=row.action_id, question=RequestQuestion.UPDATE)
        rows = rows if row.campaign.asks_values else rows.filter(campaign__asks_values=False)
        take(rows, row.organisation_id, given=row.given, on_behalf=row.on_behalf, values=row.values)
    if row.kept_id:
        rows = CampaignRequest.objects.awaited().filter(commitment=row.commitment_id)
        take(rows, row.organisation_id, kept=row.kept, on_behalf=row.on_behalf)


@transaction.atomic
def take_update(update):
    """An update posted in the application answers the collection that was asking for it."""
    rows = CampaignRequest.objects.awaited().filter(action=update.action, question=RequestQuestion.UPDATE)
    take(rows, update.organisation_id, given=update, on_behalf=update.on_behalf)


@transaction.atomic
def take_commitment(update):
    """The same, for a commitment."""
    rows = CampaignRequest.objects.awaited().filter(commitment=update.commitment)
    take(rows, update.organisation_id, kept=update, on_behalf=update.on_behalf)


def hear_commitment(sender, update, **kwargs):
    """What the floor below tells (`partners.signals`)."""
    take_commitment(update)


def take(rows, organisation, **said):
    """Write the answer of the body that is asked, in the collections that are open; whoever is answering there goes on."""
    rows = rows.filter(campaign__opened_on__isnull=False, campaign__closed_on=None)
    rows = rows.filter(Q(organisation=organisation) | Q(organisation=None))
    for row in rows.select_for_update(of=("self",), skip_locked=True):
        row.kind, row.state, row.answered_at = AnswerKind.NEWS, RequestState.ANSWERED, timezone.now()
        for name, value in said.items():
            setattr(row, name, value)
        row.save()


def is_hammered(link):
    """One link, posted again and again within a minute. Counted in the journal: a whole house answers at once behind one
    address, and nothing is written to know it."""
    since = timezone.now() - datetime.timedelta(minutes=1)
    return CampaignRequest.history.filter(id=link.request_id, history_date__gte=since).count() >= MOST_A_MINUTE


@transaction.atomic
def not_me(*, request, named="", everything=False):
    """« Ce n’est plus moi »: every link of this person for it is dead; the animator finds who it is.

    `everything`: for all that she is still asked in this collection.
    """
    row = held(request)
    others = others_of(row).filter(person_email__iexact=row.person_email).select_for_update()
    rows = [row, *others] if everything else [row]
    for one in rows:
        one.revoke_links()
        # What she has just answered stays her answer.
        one.kind = AnswerKind.NOT_ME if one.is_awaited else one.kind
        one.named, one.person_email = named, ""
        one.save(update_fields=["kind", "named", "person_email"])
    return row


def others_of(row):
    """What else the same person is still asked in the same collection."""
    rows = CampaignRequest.objects.filter(campaign=row.campaign_id, organisation=row.organisation_id).awaited()
    return rows.filter(person_name=row.person_name).exclude(pk=row.pk).order_by("pk")


def is_colleague(row, email):
    """An address of the same house, or one that the pact knows for this body; everybody lives in the house of a provider."""
    house, known = row.person_email.rpartition("@")[2].lower(), Contact.objects.filter(pact=row.campaign.pact.people_pact_id)
    same = house not in ANYBODYS and email.rpartition("@")[2] == house
    return same or known.filter(organisation=row.organisation, email__iexact=email).exists()


@transaction.atomic
def hand_over(*, request, name, email, by=None, everything=False, keep=False):
    """« Transmettre »: the colleague gets her own link, the old ones are dead. Staff may write to anybody.

    `everything`: with all that the person before is still asked; `keep`: she becomes a contact of her body.
    """
    row = held(request) if not request.campaign.is_draft else request
    email = email.strip().lower()
    if by is None and not is_colleague(row, email):
        raise ValidationError(ELSEWHERE)
    others = others_of(row).select_for_update(of=("self",)).shown().select_related("campaign__pact")
    rows = [row, *others] if everything else [row]
    for one in rows:
        one.person_name, one.person_email, one.named = name, email, ""
        if one.kind == AnswerKind.NOT_ME:
            one.kind = ""
        one.save()
    if row.campaign.is_open:
        write_again(*rows, what="transmise")
        for one in rows:
            one.revoke_links()
    if keep and row.organisation_id:
        keep_contact(row)
    return row


def keep_contact(row):
    """Whom the animator has found is asked first the next time."""
    pact = row.campaign.pact.people_pact_id
    known = Contact.objects.filter(pact=pact, organisation=row.organisation_id, email__iexact=row.person_email)
    if not known.exists():
        first, _, last = row.person_name.partition(" ")
        first, last = (first, last) if last else ("", first)
        Contact.objects.create(
            pact_id=pact, organisation=row.organisation, first_name=first, last_name=last, email=row.person_email
        )


@transaction.atomic
def validate(*, request, by):
    """« Valider »."""
    row = held(request)
    row.validate(by=by)
    row.save()
    return row


def to_validate_of(campaign):
    """Answers that say where a fiche stands and wait for « Valider »."""
    return campaign.requests.filter(state=RequestState.ANSWERED).exclude(kind=AnswerKind.HELP)


@transaction.atomic
def validate_all(*, campaign, by):
    """« Valider » every answer that says where a fiche stands; a call for help waits for somebody. Returns how many."""
    return len([validate(request=row, by=by) for row in to_validate_of(campaign)])


@transaction.atomic
def give_back(*, request, reason, by):
    """« Rendre »: the person is told why, with a new link."""
    row = held(request)
    row.give_back(reason)
    row.save()
    write_again(row, what="rendue", returned=reason)
    return row


def new_link(link):
    """The same person asks for another link: it comes by mail, to the address that had the first."""
    row = link.request
    if row.person_email.lower() != link.sent_to.lower() or link.revoked_at or not row.campaign.is_open or has_left(link):
        raise ValidationError("Ce lien ne se renouvelle pas.")
    asked = OutgoingMail.objects.filter(key__startswith=f"{prefix_of(row.campaign)}lien:{row.uid}:", queued_on=today())
    if asked.count() >= MOST_NEW_LINKS:
        return None
    return write_again(row, what="lien")


def find_link(token):
    """The link of a token, with all that its page says; None when nobody has it."""
    # What a request seldom has is asked apart, as in `shown`.
    rows = AnswerLink.objects.select_related("request__campaign__pact", "request__organisation", "request__action")
    rows = rows.prefetch_related("request__given", "request__commitment", "request__kept")
    return rows.filter(token_hash=AnswerLink.hash_of(token)).first()


def has_left(link):
    """Her account is closed, or she no longer speaks in the pact."""
    return bool(who_left(link.request.campaign.pact, [link.sent_to.lower()]))


def awaited_of(link):
    """What else the same person is asked in the same collection, in the order of her mail."""
    asked = link.request
    rows = CampaignRequest.objects.filter(campaign=asked.campaign_id, person_email__iexact=link.sent_to)
    return rows.select_related("action", "commitment").in_order()


def awaited_elsewhere(link):
    """What the other open collections of the pact still ask of the same person: one mail tells them all."""
    asked = link.request
    rows = CampaignRequest.objects.awaited().filter(campaign__in=Campaign.objects.open().filter(pact=asked.campaign.pact_id))
    rows = rows.filter(person_email__iexact=link.sent_to).exclude(campaign=asked.campaign_id)
    return rows.select_related("campaign", "action", "commitment").in_order()
