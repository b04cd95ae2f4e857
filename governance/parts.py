"""The parts of a pact that live on the governance floor."""

from django.db.models import Q

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
from pti.parts import register_life, register_text


def of_this_pact(queryset, pact):
    """Leave out what a committee that serves several pacts did for another one."""
    return queryset.filter(Q(pact=None) | Q(pact=pact))


def register_all():
    """Register the parts of this floor."""
    register_text("committees", "Instances", [Committee, CommitteeService, Formation])
    register_text("committee_leads", "Instances pilotes", [CommitteeLead])
    register_life("seats", "Présidences et sièges", [Chair, Seat])
    register_life(
        "meetings",
        "Séances et décisions",
        [Meeting, MeetingDocument, AgendaItem, Attendance, Decision],
        narrow={AgendaItem: of_this_pact, Decision: of_this_pact},
    )
    register_life("referrals", "Saisines", [Referral])
