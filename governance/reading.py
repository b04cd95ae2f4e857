"""A committee and a meeting, ready to be read: who sits, what is decided, what is attached."""

from functools import cache, lru_cache

from governance.access import can_read_minutes
from governance.models import (
    AgendaItem,
    Attendance,
    Chair,
    Committee,
    CommitteeService,
    Decision,
    Formation,
    Meeting,
    MeetingDocument,
    Referral,
    Seat,
)
from governance.models.decisions import read_among
from pti.access import can_open
from pti.composed import AnyKey, AnyKeys, Composed, ComposedParts
from pti.dates import today
from pti.found import found_or_404
from pti.models import Territory

SHOWN = 5


def committee_or_404(pact, pk):
    """A committee that serves a pact that the person reads, with everything that makes it."""
    committee = found_or_404(committee_composed(), pact.pk, pk)
    for parts in parts_composed():
        parts.give([committee])
    return committee


@cache
def committee_composed():
    """The query of a committee that serves a pact, with the pact that owns it."""
    rows = Committee.objects.serving(AnyKey(0)).filter(pk=AnyKey(1))
    return Composed(rows.select_related("pact", "parent", "pilot", "co_pilot").order_by())


@cache
def parts_composed():
    """What makes a committee."""
    rows = {
        "territories": Territory.objects.all(),
        "takes_over_from": Committee.objects.all(),
        "mandated": Committee.objects.all(),
        "formations": Formation.objects.all(),
        "services": CommitteeService.objects.select_related("pact"),
        "chairs": Chair.objects.select_related("organisation"),
        "seats": Seat.objects.select_related("organisation", "formation", "holder", "deputy"),
    }
    return [ComposedParts(Committee, name, some) for name, some in rows.items()]


def happened_in(user, committee, pact):
    """(meetings, decisions that `user` reads, referrals) of a committee in a pact, the first of each."""
    return (
        meetings_composed(today()).rows_of(committee.pk),
        last_composed().rows_of(pact.pk, *read_among(user, [committee])),
        referrals_composed().rows_of(committee.pk, pact.pk),
    )


@lru_cache(maxsize=8)
def meetings_composed(day):
    """The query of the meetings of a committee: those to come on `day`, then the past, one more than is shown."""
    return Composed(Meeting.objects.filter(committee=AnyKey()).upcoming_first(day).for_table()[: SHOWN + 1])


@cache
def last_composed():
    """The query of the last decisions of committees in a pact (see `read_among`)."""
    rows = Decision.objects.read_among(AnyKey(0), AnyKeys(1), AnyKeys(2)).for_table()
    return Composed(rows.order_by("-meeting__held_on", "order")[:SHOWN])


@cache
def referrals_composed():
    """The query of the last referrals to a committee in a pact."""
    rows = Referral.objects.filter(committee=AnyKey(0), update__action__pact=AnyKey(1))
    return Composed(rows.for_table()[:SHOWN])


def meeting_or_404(pact, pk):
    """A meeting of the committees of a pact that the person reads."""
    return found_or_404(meeting_composed(), pact.pk, pk)


@cache
def meeting_composed():
    """The query of a meeting of the committees of a pact, with the pact that owns its committee."""
    rows = Meeting.objects.of_pact(AnyKey(0)).filter(pk=AnyKey(1))
    return Composed(rows.select_related("committee__pact", "formation").order_by())


def told_in(user, rows):
    """`rows` of a meeting that `user` reads, without those of another pact that she does not read."""
    return [row for row in rows if row.pact is None or can_open(user, row.pact)]


def items_of(user, meeting):
    """What `AgendaItem.visible_to` gives of a meeting that `user` reads."""
    return told_in(user, items_composed().rows_of(meeting.pk))


@cache
def items_composed():
    """The query of the agenda of a meeting."""
    rows = AgendaItem.objects.filter(meeting=AnyKey()).select_related("pact", "moved_to__meeting")
    return Composed(rows.prefetch_related("subject").order_by("order", "id"))


def decisions_of(user, meeting):
    """What `Decision.visible_to` gives of a meeting that `user` reads, known with the pact of its committee."""
    return told_in(user, decisions_composed().rows_of(meeting.pk)) if can_read_minutes(user, meeting) else []


@cache
def decisions_composed():
    """The query of what a meeting decided."""
    rows = Decision.objects.filter(meeting=AnyKey()).select_related("pact", "owner", "action")
    return Composed(rows.order_by("order", "id"))


def files_of(user, meeting):
    """What `MeetingDocument.visible_to` gives of a meeting that `user` reads, known with the pact of its committee."""
    return files_composed().rows_of(meeting.pk) if can_read_minutes(user, meeting) else []


@cache
def files_composed():
    """The query of the files of a meeting."""
    return Composed(MeetingDocument.objects.filter(meeting=AnyKey()).select_related("added_by"))


def read_attendances(meeting):
    """Its lines of attendance; `meeting.attendances.all()` asks nothing any more."""
    return attendances_composed().give([meeting])


@cache
def attendances_composed():
    """The attendance of meetings."""
    return ComposedParts(Meeting, "attendances", Attendance.objects.select_related("organisation"))
