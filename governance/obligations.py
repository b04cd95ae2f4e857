"""The obligation of a committee to meet, and whether it is kept.

Counted per year (the year of the reference day, and each whole year of the pact before it), over the whole pact, or at
launch, mid-term and end: a meeting held within six months of that moment counts. Where a part lacks (no meeting was ever
recorded, no date of the pact), it is not calculable.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from governance.enums import MeetingStatus, ObligationPeriod
from governance.models import Meeting
from pti import typography
from pti.composed import AnyKeys, Composed
from pti.dates import add_months

WINDOW_MONTHS = 6


class Keeping(StrEnum):
    """Where an obligation stands on the reference day."""

    KEPT = "kept"
    RUNNING = "running"
    MISSED = "missed"
    UNKNOWN = "unknown"
    NONE = "none"


KEEPING_CHOICES = [
    (Keeping.KEPT, "tenue"),
    (Keeping.RUNNING, "à tenir"),
    (Keeping.MISSED, "non tenue"),
    (Keeping.UNKNOWN, "non calculable"),
    (Keeping.NONE, "sans obligation chiffrée"),
]


@dataclass
class Obligation:
    """What is due, what was held, and the sentence that says it."""

    keeping: Keeping
    sentence: str
    held: list = field(default_factory=list)

    @property
    def is_measured(self):
        return self.keeping in (Keeping.KEPT, Keeping.RUNNING, Keeping.MISSED)


def has_obligation(committee):
    return committee.meetings_due is not None or bool(moments_of(committee))


def moments_of(committee):
    """The moments of the pact at which it must meet."""
    flags = (
        ("au lancement", committee.due_at_launch),
        ("à mi-parcours", committee.due_at_mid_term),
        ("en fin de pacte", committee.due_at_end),
    )
    return [label for label, due in flags if due]


def obligation_of(committee, meetings, pact):
    """How `committee` keeps its obligation in `pact`; `meetings` are all of its meetings (held_on, last_on, status)."""
    if not has_obligation(committee):
        return Obligation(Keeping.NONE, "Aucune obligation chiffrée")
    if not meetings:
        return Obligation(Keeping.UNKNOWN, "Non calculable : aucune séance n’est enregistrée")
    held = [day for day, status in meetings if status == MeetingStatus.HELD and day and day <= pact.reference_day]
    found = []
    if committee.meetings_due is not None:
        found.append(counted(committee, held, pact))
    if moments_of(committee):
        found.append(at_moments(committee, held, pact))
    return merged(found, held)


def merged(found, held):
    """The worst of the two obligations, and both sentences."""
    ranks = [Keeping.MISSED, Keeping.UNKNOWN, Keeping.RUNNING, Keeping.KEPT]
    worst = min((one.keeping for one in found), key=ranks.index)
    return Obligation(worst, typography.typeset(" ; ".join(one.sentence for one in found)), held)


def counted(committee, held, pact):
    """« 1 séance tenue en 2016 sur 2 dues »."""
    due, day = committee.meetings_due, pact.reference_day
    is_over, short = pact.effective_end is not None and day >= pact.effective_end, []
    if committee.meetings_due_per == ObligationPeriod.YEAR:
        count, when = sum(one.year == day.year for one in held), f"en {day.year}"
        is_over = is_over or (day.month, day.day) == (12, 31)
        short = [f"{year} : {words}" for year, words in short_years(committee, held, pact)]
    else:
        count, when = len(held), "depuis le début du pacte"
    keeping = Keeping.MISSED if short or (is_over and count < due) else Keeping.KEPT if count >= due else Keeping.RUNNING
    tenues = typography.plural(count, "séance tenue", "séances tenues")
    dues = typography.plural(due, "due")
    return Obligation(keeping, " ; ".join([f"{tenues} {when} sur {dues}", *short]))


def short_years(committee, held, pact):
    """(year, « aucune séance » or « 1 séance sur 2 ») of the past years of the pact, whole ones, that lack a meeting."""
    first = max(filter(None, (pact.starts_on, committee.mandated_on)), default=None)
    if first is None:
        return []
    last = min(filter(None, (pact.reference_day, committee.dissolved_on)))
    for year in range(first.year if (first.month, first.day) == (1, 1) else first.year + 1, last.year):
        count = sum(one.year == year for one in held)
        if count < committee.meetings_due:
            held_words = typography.plural(count, "séance", "séances")
            yield year, f"{held_words} sur {committee.meetings_due}" if count else "aucune séance"


def at_moments(committee, held, pact):
    """« Tenue au lancement ; due à mi-parcours »."""
    start, end = pact.starts_on, pact.effective_end
    if start is None or end is None:
        return Obligation(Keeping.UNKNOWN, "Non calculable : le pacte n’a pas ses deux dates")
    days = {"au lancement": start, "à mi-parcours": start + (end - start) / 2, "en fin de pacte": end}
    met, missed, coming = [], [], []
    for label in moments_of(committee):
        first, last = add_months(days[label], -WINDOW_MONTHS), add_months(days[label], WINDOW_MONTHS)
        if any(first <= one <= last for one in held):
            met.append(label)
        else:
            (missed if last < pact.reference_day else coming).append(label)
    told = (("tenue", met), ("non tenue", missed), ("due", coming))
    parts = [f"{word} {', '.join(labels)}" for word, labels in told if labels]
    keeping = Keeping.MISSED if missed else Keeping.RUNNING if coming else Keeping.KEPT
    return Obligation(keeping, typography.typeset(" ; ".join(parts).capitalize()))


def meetings_of(committees):
    """{committee pk: [(day, status)]}, in one query."""
    meetings = {committee.pk: [] for committee in committees}
    for pk, day, status in meetings_composed().rows_of(list(meetings)):
        meetings[pk].append((day, status))
    return meetings


@cache
def meetings_composed():
    """The query of (committee, day, status) of the meetings of some committees."""
    rows = Meeting.objects.filter(committee__in=AnyKeys()).order_by("held_on", "id")
    return Composed(rows.values_list("committee_id", "held_on", "status"))


def obligations(committees, pact):
    """{committee pk: Obligation} of `committees` in `pact`, in one query."""
    committees = list(committees)
    meetings = meetings_of(committees)
    return {committee.pk: obligation_of(committee, meetings[committee.pk], pact) for committee in committees}
