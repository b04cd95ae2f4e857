"""Models of the governance floor, one file per notion."""

from governance.models.committees import Chair, Committee, CommitteeLead, CommitteeService, Formation, Seat
from governance.models.decisions import Decision, Referral
from governance.models.meetings import AgendaItem, Attendance, Meeting, MeetingDocument

__all__ = [
    "AgendaItem",
    "Attendance",
    "Chair",
    "Committee",
    "CommitteeLead",
    "CommitteeService",
    "Decision",
    "Formation",
    "Meeting",
    "MeetingDocument",
    "Referral",
    "Seat",
]
