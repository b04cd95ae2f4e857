"""A meeting, ready to be read: its agenda, its decisions, its attendance, its files."""

from functools import cache

from governance.access import can_read_minutes
from governance.models import AgendaItem, Attendance, Decision, Meeting, MeetingDocument
from pti.access import can_open
from pti.composed import AnyKey, Composed, ComposedParts
from pti.found import found_or_404


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
