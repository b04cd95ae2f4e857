"""Writes over several records of the governance floor."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from actions.models import Action
from governance.enums import MeetingStatus, Presence
from governance.models import AgendaItem, Attendance, Referral

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
    meeting.refuse_if_locked()
    return AgendaItem.objects.create(meeting=meeting, order=last_order(meeting) + 1, **fields)


@transaction.atomic
def move_item(*, item, to, by):
    """Put an item off to the meeting `to`: it is copied there, and what was written of it here stays."""
    if item.moved_to_id:
        raise ValidationError("Ce point est déjà reporté.")
    item.meeting.refuse_if_locked()
    if to.pk == item.meeting_id:
        raise ValidationError("Choisissez une autre séance.")
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
    item.meeting.refuse_if_locked()
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
    meeting.refuse_if_locked()
    known = set(meeting.attendances.values_list("organisation_id", flat=True))
    for seat in meeting.members():
        if seat.organisation_id not in known:
            known.add(seat.organisation_id)
            Attendance.objects.create(meeting=meeting, organisation_id=seat.organisation_id)


@transaction.atomic
def point_attendance(*, meeting, answers, by):
    """Write who was there: {attendance pk: (presence, people)}."""
    meeting.refuse_if_locked()
    for attendance in meeting.attendances.filter(pk__in=answers):
        presence, people = answers[attendance.pk]
        if (attendance.presence, attendance.people) != (presence, people):
            attendance.presence, attendance.people = presence, people
            attendance.save(update_fields=["presence", "people"])


@transaction.atomic
def answer_for_seat(*, meeting, organisation, presence, by):
    """A member organisation says whether it comes; only its own line is written."""
    if not meeting.awaits_answers:
        raise ValidationError("Cette séance n’attend plus de réponse.")
    Attendance.objects.update_or_create(meeting=meeting, organisation=organisation, defaults={"presence": Presence(presence)})


@transaction.atomic
def refer(*, update, committee, meeting, on, by):
    """Send a blocking point up to a committee; it joins the agenda of the meeting that is named."""
    if not update.is_blocking:
        raise ValidationError("Ce point de blocage est levé.")
    if Referral.objects.filter(update=update, committee=committee).exists():
        raise ValidationError("Cette instance est déjà saisie de ce point.")
    referral = Referral.objects.create(update=update, committee=committee, meeting=meeting, raised_on=on, raised_by=by)
    if meeting is not None and meeting.status != MeetingStatus.HELD:
        action = Action.objects.get(pk=update.action_id)
        pact = action.pact if meeting.committee.pact_id != action.pact_id else None
        add_item(meeting=meeting, by=by, title=f"{action.label} : point de blocage", subject=action, pact=pact)
    return referral
