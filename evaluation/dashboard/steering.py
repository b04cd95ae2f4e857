"""Governance computed: meetings against the obligation, decisions carried out, attendance, news."""

from functools import cache, lru_cache

from django.db.models import Count, Q

from evaluation.dashboard.figures import Share
from governance.enums import CommitteeKind, DecisionState, MeetingStatus
from governance.models import Attendance, Committee, Decision, Meeting
from governance.models.decisions import read_among
from governance.models.meetings import POINTED, THERE
from governance.obligations import Keeping, meetings_of, obligation_of
from pti.composed import AnyKey, AnyKeys, Composed
from pti.figures import address

# What the dashboard says of a meeting to come.
MEETING_COLUMNS = ("held_on", "date_text", "starts_at", "place", "object", "committee__name")
# What their obligation rests on, and who reads their drafts.
COMMITTEE_COLUMNS = (
    "kind", "meetings_due", "meetings_due_per", "due_at_launch", "due_at_mid_term", "due_at_end", "mandated_on", "dissolved_on",
    "pact__parent", "pact__amends",
)  # fmt: skip


class Steering:
    """Five queries, whatever the number of committees; no decision is read twice."""

    def __init__(self, pact, user, progress):
        self.pact, self.progress = pact, progress
        self.day = pact.reference_day
        self.committees = committees_composed().rows_of(pact.pk)
        self.done, self.kept, self.overdue = self.read_decisions(user)
        self.meetings = meetings_of(self.committees)
        self.obligations = [obligation_of(one, self.meetings[one.pk], pact) for one in self.committees]

    def read_decisions(self, user):
        """(carried out, still meant, [(owner, its acronym, its name, how many are overdue)]) in one query."""
        counts = decisions_composed(self.day).rows_of(self.pact.pk, *read_among(user, self.committees))
        overdue = [(*owner, late) for *owner, _, _, late in counts if late and owner[0] is not None]
        return sum(done for *_, done, _, _ in counts), sum(kept for *_, kept, _ in counts), overdue

    def url(self, name, **filters):
        return address(self.pact, name, **filters)

    def next_meetings(self):
        return coming_composed(self.day).rows_of([one.pk for one in self.committees])

    def of_kind(self, kind):
        return sum(committee.kind == kind for committee in self.committees)

    def shares(self):
        """What « La gouvernance en chiffres » shows."""
        return [self.obligation_share(), self.decision_share(), self.attendance_share(), self.news_share()]

    def held_this_year(self):
        """(count, url) of the meetings held in the year of the reference day."""
        days = [day for rows in self.meetings.values() for day, status in rows if status == MeetingStatus.HELD and day]
        count = sum(day.year == self.day.year for day in days)
        return count, self.url("governance:meeting_list", status=MeetingStatus.HELD, year=self.day.year)

    def obligation_share(self):
        keeping = [one.keeping for one in self.obligations]
        measured = [one for one in keeping if one in (Keeping.KEPT, Keeping.RUNNING, Keeping.MISSED)]
        return Share(
            "Instances réunies comme le pacte le prévoit",
            keeping.count(Keeping.KEPT),
            len(measured),
            self.url("governance:committee_list", obligation=Keeping.KEPT),
            self.url("governance:committee_list", obligation="measured"),
            "Aucune instance n’a à la fois une obligation chiffrée et des séances enregistrées.",
        )

    def decision_share(self):
        return Share(
            "Décisions exécutées",
            self.done,
            self.kept,
            self.url("governance:decision_list", state=DecisionState.DONE),
            self.url("governance:decision_list", state="kept"),
            "Aucune décision n’est enregistrée.",
        )

    def attendance_share(self):
        steering = [one.pk for one in self.committees if one.kind == CommitteeKind.STEERING]
        there, pointed = attendance_composed().row_of(steering) or (0, 0)
        filters = {"kind": CommitteeKind.STEERING}
        return Share(
            "Présence au comité de pilotage",
            there,
            pointed,
            self.url("governance:attendance_list", presence="there", **filters),
            self.url("governance:attendance_list", presence="pointed", **filters),
            "Aucune présence n’est pointée.",
        )

    def news_share(self):
        months = self.pact.silence_months
        return Share(
            f"Fiches actives avec un point de moins de {months} mois",
            self.progress.recent,
            self.progress.expecting,
            self.url("actions:action_list", nouvelles="recentes"),
            self.url("actions:action_list", nouvelles="attendues"),
            "Aucune fiche n’est en cours ou en fonctionnement.",
        )


@cache
def committees_composed():
    """The query of the committees that serve a pact."""
    rows = Committee.objects.serving(AnyKey()).select_related("pact").only(*COMMITTEE_COLUMNS)
    return Composed(rows.order_by("order", "id"))


@lru_cache(maxsize=8)
def decisions_composed(day):
    """The query of (owner, its acronym, its name, decisions carried out, still meant, overdue on `day`) in a pact."""
    rows = Decision.objects.read_among(AnyKey(0), AnyKeys(1), AnyKeys(2)).kept().order_by()
    counts = rows.values_list("owner", "owner__acronym", "owner__name").annotate(
        done=Count("pk", filter=Q(state=DecisionState.DONE)),
        kept=Count("pk"),
        overdue=Count("pk", filter=Q(state=DecisionState.OPEN, due_on__lt=day)),
    )
    return Composed(counts)


@lru_cache(maxsize=8)
def coming_composed(day):
    """The query of the meetings to come, on `day`, of some committees."""
    rows = Meeting.objects.filter(committee__in=AnyKeys()).coming(day)
    return Composed(rows.select_related("committee").only(*MEETING_COLUMNS))


@cache
def attendance_composed():
    """The query of (who was there, who was pointed) at the meetings of some steering committees: one line, or none."""
    rows = Attendance.objects.filter(meeting__committee__in=AnyKeys()).order_by().values("meeting__committee__kind")
    counts = rows.annotate(there=Count("pk", filter=THERE), pointed=Count("pk", filter=POINTED))
    return Composed(counts.values_list("there", "pointed"))
