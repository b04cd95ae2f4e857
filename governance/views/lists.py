"""The lists: committees, meetings, decisions, attendance, referrals."""

from django.urls import reverse

from governance.filters import AttendanceFilter, CommitteeFilter, DecisionFilter, MeetingFilter, ReferralFilter
from governance.models import Attendance, Committee, Decision, Meeting, Referral
from governance.obligations import obligations
from governance.tables import AttendanceTable, CommitteeTable, DecisionTable, MeetingTable, ReferralTable
from pti.access import is_staff_on
from pti.dates import today
from pti.views import TablePage

# What the roles of a person on the pact of a committee are read from.
PACT_COLUMNS = ("pact__parent", "pact__amends", "pact__amendment_number", "pact__state")


OBLIGATION_COLUMNS = (
    "meetings_due", "meetings_due_per", "due_at_launch", "due_at_mid_term", "due_at_end", "mandated_on", "dissolved_on",
)  # fmt: skip


class PactList(TablePage):
    """A list whose filters and table know the pact of the address: who reads it reads what its committees do."""

    def get_filterset_kwargs(self, filterset_class):
        return {**super().get_filterset_kwargs(filterset_class), "pact": self.pact}

    def get_table_kwargs(self):
        return {"pact": self.pact}

    def get_context_data(self, **kwargs):
        return super().get_context_data(can_write=is_staff_on(self.request.user, self.pact), **kwargs)


class CommitteeList(PactList):
    model = Committee
    table_class = CommitteeTable
    filterset_class = CommitteeFilter
    template_name = "governance/committee_list.html"

    def scoped(self, queryset):
        return queryset.serving(self.pact)

    def get_table_kwargs(self):
        bare = self.object_list.select_related(None).prefetch_related(None).order_by().only(*OBLIGATION_COLUMNS)
        return {"pact": self.pact, "obligations": obligations(bare, self.pact)}

    def way_out(self):
        if is_staff_on(self.request.user, self.pact):
            return reverse("governance:committee_create", args=[self.pact.pk]), "Ajouter une instance"
        return None


class MeetingList(PactList):
    """Upcoming first, the nearest on top; then the past, the latest on top."""

    model = Meeting
    table_class = MeetingTable
    filterset_class = MeetingFilter
    template_name = "governance/meeting_list.html"

    def scoped(self, queryset):
        return queryset.of_pact(self.pact).upcoming_first(today())

    def way_out(self):
        if is_staff_on(self.request.user, self.pact):
            return reverse("governance:meeting_create", args=[self.pact.pk]), "Prévoir une séance"
        return None


class DecisionList(PactList):
    model = Decision
    table_class = DecisionTable
    filterset_class = DecisionFilter
    template_name = "governance/decision_list.html"

    def scoped(self, queryset):
        committees = Committee.objects.serving(self.pact).select_related("pact").only("pact", *PACT_COLUMNS)
        return queryset.read_by(self.request.user, self.pact, committees)


class AttendanceList(PactList):
    model = Attendance
    table_class = AttendanceTable
    filterset_class = AttendanceFilter
    template_name = "governance/attendance_list.html"

    def scoped(self, queryset):
        return queryset.of_pact(self.pact)


class ReferralList(PactList):
    model = Referral
    table_class = ReferralTable
    filterset_class = ReferralFilter
    template_name = "governance/referral_list.html"

    def scoped(self, queryset):
        return queryset.filter(update__action__pact=self.pact)
