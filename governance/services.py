"""Writes over several records of the governance floor."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from actions.campaigns.preparing import who_left
from actions.models import Action, Update
from actions.services import keep_blocking, lift_blocking
from governance.agenda import title_of
from governance.blocking import ANSWERED_WITHIN, raiser_of, rank_of, who_answers
from governance.enums import MeetingStatus, Presence, ReferralOutcome
from governance.models import AgendaItem, Attendance, Meeting, Referral
from pti import mail_choices, outbox
from pti.mail import absolute_url

ANSWER_KEY = "blocage:"
ANSWER_KIND = "blocking_answer"
# What a fiche put on an agenda from a list takes, in minutes.
MINUTES = 10

HOLD_A_COMMITTEE = (
    ("meetings", "elle a des séances"),
    ("lead_links", "elle pilote des fiches-actions"),
    ("referrals", "elle est saisie de points de blocage"),
    ("mandated", "d’autres instances sont mandatées par elle"),
)


@transaction.atomic
def delete_committee(*, committee, by):
    """Remove a committee that nothing rests on, while the text may be written."""
    held = [words for name, words in HOLD_A_COMMITTEE if getattr(committee, name).exists()]
    if held:
        raise ValidationError(f"Cette instance ne peut pas être supprimée : {', '.join(held)}.")
    committee.delete()


def last_order(meeting):
    return meeting.items.aggregate(last=Max("order"))["last"] or 0


@transaction.atomic
def add_item(*, meeting, by, **fields):
    """Put an item at the end of the agenda."""
    meeting.hold()
    return AgendaItem.objects.create(meeting=meeting, order=last_order(meeting) + 1, **fields)


@transaction.atomic
def delete_item(*, item, by):
    """Take an item off the agenda."""
    item.meeting.hold()
    item.delete()


def pact_of_item(meeting, subject):
    """Where a committee serves several pacts, a fiche (an indicator…) on its agenda is for those of its own pact only."""
    committee = meeting.committee
    shared = committee.pact_id != subject.pact_id or committee.services.exclude(pact=None).exists()
    return subject.pact if shared else None


@transaction.atomic
def move_item(*, item, to, by):
    """Put an item off to the meeting `to`: it is copied there, and what was written of it here stays."""
    if item.moved_to_id:
        raise ValidationError("Ce point est déjà reporté.")
    if to.pk == item.meeting_id:
        raise ValidationError("Choisissez une autre séance.")
    for meeting in sorted((item.meeting, to), key=lambda one: one.pk):  # in one order: two people do not wait for each other
        meeting.hold()
    copy = add_item(
        meeting=to,
        by=by,
        title=item.title,
        presenter=item.presenter,
        minutes_planned=item.minutes_planned,
        pact=item.pact,
        subject_type=item.subject_type,
        subject_id=item.subject_id,
    )
    item.moved_to = copy
    item.save(update_fields=["moved_to"])
    return copy


@transaction.atomic
def reorder_item(*, item, up, by):
    """Exchange an item with its neighbour; the whole agenda is renumbered from 1."""
    item.meeting.hold()
    items = list(item.meeting.items.order_by("order", "id"))
    place = items.index(item)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(items):
        return
    items[place], items[other] = items[other], items[place]
    for number, one in enumerate(items, start=1):
        if one.order != number:
            one.order = number
            one.save(update_fields=["order"])


@transaction.atomic
def invite_members(*, meeting, by):
    """One line of attendance for each organisation that has a seat on that day, once."""
    meeting.hold()
    known = set(meeting.attendances.values_list("organisation_id", flat=True))
    for seat in meeting.members():
        if seat.organisation_id not in known:
            known.add(seat.organisation_id)
            Attendance.objects.create(meeting=meeting, organisation_id=seat.organisation_id)


@transaction.atomic
def point_attendance(*, meeting, answers, by):
    """Write who was there: {attendance pk: (presence, people)}."""
    meeting.hold()
    for attendance in meeting.attendances.filter(pk__in=answers):
        presence, people = answers[attendance.pk]
        if (attendance.presence, attendance.people) != (presence, people):
            attendance.presence, attendance.people = presence, people
            attendance.save(update_fields=["presence", "people"])


@transaction.atomic
def answer_for_seat(*, meeting, organisation, presence, by):
    """A member organisation says whether it comes; only its own line is written."""
    meeting.hold()
    if not meeting.awaits_answers:
        raise ValidationError("Cette séance n’attend plus de réponse.")
    Attendance.objects.update_or_create(meeting=meeting, organisation=organisation, defaults={"presence": Presence(presence)})


@transaction.atomic
def refer(*, update, committee, meeting, on, by, owner_text="", due_on=None):
    """Send a blocking point up to a committee, which must answer by a day; it joins the agenda of the meeting named.

    What waited at a lower level is passed on: the road stays.
    """
    update = Update.objects.select_for_update().get(pk=update.pk)
    if not update.is_blocking:
        raise ValidationError("Ce point de blocage est levé.")
    known = list(update.referrals.select_related("committee"))
    if any(one.committee_id == committee.pk for one in known):
        raise ValidationError("Cette instance est déjà saisie de ce point.")
    rank = rank_of(committee)
    if any(one.is_waiting and rank and rank_of(one.committee) > rank for one in known):
        raise ValidationError("Une instance d’un niveau plus élevé est déjà saisie de ce point : attendez sa réponse.")
    due_on = due_on or (meeting.held_on if meeting and meeting.held_on else on + ANSWERED_WITHIN)
    referral = Referral.objects.create(
        update=update, committee=committee, meeting=meeting, raised_on=on, raised_by=by,
        owner_text=owner_text or who_answers(committee), due_on=due_on,
    )  # fmt: skip
    for one in known:
        if one.is_waiting and rank > rank_of(one.committee):
            one.outcome = ReferralOutcome.UP
            one.save(update_fields=["outcome"])
    if meeting is not None and meeting.status != MeetingStatus.HELD:
        action = Action.objects.get(pk=update.action_id)
        title, pact = f"{action.label} : point de blocage"[:300], pact_of_item(meeting, action)
        add_item(meeting=meeting, by=by, title=title, subject=action, pact=pact)
    return referral


@transaction.atomic
def answer_referral(*, referral, answer, on, outcome, by):
    """Write the answer that comes down: it lifts the blocking point of the fiche, or keeps it; who raised it is told once."""
    rows = Referral.objects.select_for_update(of=("self",)).select_related("committee", "update__action__pact")
    row = rows.get(pk=referral.pk)
    update, before = row.update, row.outcome
    row.answer, row.answered_on, row.outcome = answer, on, ReferralOutcome(outcome)
    row.save(update_fields=["answer", "answered_on", "outcome"])
    said = f"{row.committee.name} : {answer}"
    if row.outcome == ReferralOutcome.LIFTED and update.is_blocking:
        lift_blocking(update=update, by=by, how=said, on=on)
    elif row.outcome == ReferralOutcome.KEPT and before == ReferralOutcome.LIFTED:
        keep_blocking(update=update, by=by)
    elif row.outcome == ReferralOutcome.LIFTED == before:
        update.unblocking = said
        update.save(update_fields=["unblocking"])
    tell_answer(row, by=by)
    return row


def tell_answer(referral, *, by):
    """Queue the mail to the person who raised the point, unless she wrote the answer herself or wants no such mail."""
    person = raiser_of(referral.update)
    if person is None or person[1].lower() == by.email.lower() or mail_choices.refuses(ANSWER_KIND, person[1]):
        return None
    name, email = person
    action = referral.update.action
    return outbox.queue(
        key=f"{ANSWER_KEY}{referral.uid}:{email.lower()}", to=email, template="mail/blocking", pact=action.pact,
        about=action.label, name=name, referral=referral, update=referral.update, action=action,
        lifted=referral.outcome == ReferralOutcome.LIFTED,
        url=absolute_url("actions:action_detail", action.pact_id, action.pk), choices_url=mail_choices.choices_url(email),
    )  # fmt: skip


def dress_answer(mail):
    """(text, HTML) of a mail that tells an answer; it does not leave to who lost the pact while it waited."""
    if mail.pact is not None and who_left(mail.pact, [mail.to.lower()]):
        raise outbox.Outdated("Son compte est fermé, ou son accès au pacte est retiré.")
    return mail.text, mail.html


@transaction.atomic
def table_rows(*, meeting, rows, by, why=""):
    """Put each fiche (or indicator) on the agenda of a meeting to come, once, even if two ask at once; returns how many."""
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("committee").get(pk=meeting.pk)
    meeting.refuse_if_locked()
    kinds = [ContentType.objects.get_for_model(model) for model in {type(row) for row in rows}]
    known = set(meeting.items.filter(subject_type__in=kinds).values_list("subject_type", "subject_id"))
    added = 0
    for row in rows:
        if (ContentType.objects.get_for_model(row).pk, row.pk) not in known:
            title = title_of(row) if isinstance(row, Action) else f"Indicateur : {row}"
            title = f"{title[:260]} : {why.lower()}" if why else title
            pact = pact_of_item(meeting, row)
            add_item(meeting=meeting, by=by, title=title[:300], subject=row, minutes_planned=MINUTES, pact=pact)
            added += 1
    return added
