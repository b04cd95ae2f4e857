"""The parts of a pact that live on the governance floor."""

from django.db.models import Q
from django.urls import reverse

from governance.enums import CommitteeKind
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
from pti.parts import Todo, register_life, register_text


def of_this_pact(queryset, pact):
    """Leave out what a committee that serves several pacts did for another one."""
    return queryset.filter(Q(pact=None) | Q(pact=pact))


# Committees that somebody chairs and that the pact makes meet.
STEERING = (CommitteeKind.STEERING, CommitteeKind.TECHNICAL, CommitteeKind.LOCAL, CommitteeKind.FUNDERS)


def missing_in_committees(pact):
    """To-do lines of the committees: no chair, no obligation to meet, nobody in them; one query."""
    rows = Committee.objects.filter(pact=pact, kind__in=STEERING).present().with_gaps().order_by("order", "id")
    todos = []
    for committee in rows:
        edit = reverse("governance:committee_edit", args=[pact.pk, committee.pk])
        page = reverse("governance:committee_detail", args=[pact.pk, committee.pk])
        if not committee.has_chair and not committee.chair_text:
            todos.append(Todo(f"{committee.name} : présidence non renseignée", f"{edit}#id_chair_text"))
        if committee.meetings_due is None and not committee.due_at_launch | committee.due_at_mid_term | committee.due_at_end:
            todos.append(Todo(f"{committee.name} : combien de séances sont dues", f"{edit}#id_meetings_due"))
        if not committee.has_seat and not committee.members_text:
            todos.append(Todo(f"{committee.name} : aucun membre", f"{page}#sieges"))
    return todos


def register_all():
    """Register the parts of this floor."""
    register_text("committees", "Instances", [Committee, CommitteeService, Formation], missing=missing_in_committees)
    register_text("committee_leads", "Instances pilotes", [CommitteeLead])
    register_life("seats", "Présidences et sièges", [Chair, Seat])
    register_life(
        "meetings",
        "Séances et décisions",
        [Meeting, MeetingDocument, AgendaItem, Attendance, Decision],
        narrow={AgendaItem: of_this_pact, Decision: of_this_pact},
    )
    register_life("referrals", "Saisines", [Referral])
