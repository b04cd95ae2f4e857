"""What an agenda may bear on, its timing, and what the pact proposes for the minutes that are left."""

import datetime
from dataclasses import dataclass
from functools import cache, lru_cache

from django.contrib.contenttypes.models import ContentType

from actions.models import Action, Indicator
from governance.models import Decision, Referral
from governance.models.decisions import read_among
from pti import typography
from pti.composed import AnyKey, AnyKeys, Composed
from pti.numbers import read_whole
from pti.templatetags.pti import state

PROPOSED = 5


class Subjects:
    """The fiches, indicators and decisions of a pact that an agenda item may name (« action-12 »)."""

    def __init__(self, pact, user):
        self.rows = {
            "action": Action.objects.visible_to(user).filter(pact=pact).order_by("order", "id"),
            "indicator": Indicator.objects.visible_to(user).filter(pact=pact).order_by("order", "id"),
            "decision": Decision.objects.read_in(user, pact).open().order_by("due_on", "id"),
        }

    def choices(self):
        labels = {"action": "Fiches-actions", "indicator": "Indicateurs", "decision": "Décisions à exécuter"}
        return [(labels[kind], [(f"{kind}-{row.pk}", str(row)) for row in rows]) for kind, rows in self.rows.items()]

    @staticmethod
    def key_of(item):
        if not item.subject_type_id:
            return ""
        return f"{ContentType.objects.get_for_id(item.subject_type_id).model}-{item.subject_id}"  # cached by Django

    def row_of(self, key):
        """The row that `key` names, or None."""
        kind, _, pk = key.partition("-")
        pk = read_whole(pk)
        return self.rows[kind].filter(pk=pk).first() if pk and kind in self.rows else None


@dataclass
class Slot:
    """One item of the agenda, at its hour."""

    item: object
    at: datetime.time | None
    decisions: list
    subject_url: tuple | None
    shape: str = ""


def timed(meeting, items, decisions, pact):
    """The items at their hours: each begins when the one before ends; no hour after an item without duration."""
    clock = datetime.datetime.combine(datetime.date.min, meeting.starts_at) if meeting.starts_at else None
    slots = []
    for item in items:
        own = [decision for decision in decisions if decision.item_id == item.pk]
        slots.append(Slot(item, clock.time() if clock else None, own, subject_of(item, pact), shape_of(item)))
        if not item.moved_to_id:
            clock = clock + datetime.timedelta(minutes=item.minutes_planned) if clock and item.minutes_planned else None
    return slots


def subject_of(item, pact):
    """(words, URL name, pk) of what the item bears on, when it is of the pact whose page this is."""
    row = item.subject
    if getattr(row, "pact_id", None) not in (None, pact.pk):
        return None
    if isinstance(row, Action):
        return (f"Fiche {row.number}" if row.number else row.label), "actions:action_detail", row.pk
    if isinstance(row, Indicator):
        return row.name, "actions:indicator_detail", row.pk
    if isinstance(row, Decision):
        return str(row), "governance:meeting_detail", row.meeting_id
    return None


def shape_of(item):
    return state("arrow-return-right", "Reporté à une autre séance", "none") if item.moved_to_id else ""


def duration_words(meeting, items):
    """« 2 h 15 prévues sur 2 h 30 »."""
    planned = sum(item.minutes_planned or 0 for item in items if not item.moved_to_id)
    if not planned:
        return ""
    whole = minutes_of(meeting)
    return f"{in_hours(planned)} prévues" + (f" sur {in_hours(whole)}" if whole else "")


def minutes_of(meeting):
    """How long the meeting lasts, or None."""
    if not meeting.starts_at or not meeting.ends_at:
        return None
    first, last = (datetime.datetime.combine(datetime.date.min, hour) for hour in (meeting.starts_at, meeting.ends_at))
    return int((last - first).total_seconds() // 60)


def in_hours(minutes):
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{typography.NBSP}min"
    return f"{hours}{typography.NBSP}h" + (f"{typography.NBSP}{rest:02}" if rest else "")


@dataclass
class Proposal:
    """A subject that the pact has in store for this meeting."""

    key: str
    title: str
    why: str
    minutes: int


def proposals(meeting, pact, user, items):
    """Referrals to this committee, decisions overdue, late fiches, less what the agenda has already; three queries."""
    taken = {Subjects.key_of(item) for item in items}
    day = pact.reference_day
    found = []
    for referral in waiting_composed().rows_of(meeting.committee_id, pact.pk):
        action = referral.update.action
        found.append(
            Proposal(f"action-{action.pk}", f"{title_of(action)} : point de blocage", referral.update.blocking_point, 15)
        )
    for decision in overdue_composed(day).rows_of(pact.pk, *read_among(user, [meeting.committee])):
        if decision.meeting_id == meeting.pk:
            continue
        why = f"Due le {typography.day(decision.due_on)}" + (f" par {decision.owner_name}" if decision.owner_name else "")
        found.append(Proposal(f"decision-{decision.pk}", f"Décision non exécutée : {decision}", why, 10))
    late = late_composed(day).rows_of(pact.pk)
    found += [Proposal(f"action-{action.pk}", title_of(action), "Un jalon est en retard", 15) for action in late]
    unique = {one.key: one for one in reversed(found) if one.key not in taken}
    return list(reversed(unique.values()))[:PROPOSED]


@cache
def waiting_composed():
    """The query of the first referrals that await the answer of a committee, in a pact that the person reads."""
    rows = Referral.objects.waiting().filter(committee=AnyKey(0), update__action__pact=AnyKey(1))
    return Composed(rows.select_related("update__action").order_by("raised_on", "id")[:PROPOSED])


@lru_cache(maxsize=8)
def overdue_composed(day):
    """The query of the first decisions overdue on `day` of committees in a pact (see `read_among`)."""
    rows = Decision.objects.read_among(AnyKey(0), AnyKeys(1), AnyKeys(2)).overdue(day)
    return Composed(rows.select_related("owner").order_by("due_on", "id")[:PROPOSED])


@lru_cache(maxsize=8)
def late_composed(day):
    """The query of the first fiches of a pact that are late on `day`."""
    return Composed(Action.objects.read_in(None, AnyKey()).late(day).order_by("order", "id")[:PROPOSED])


def title_of(action):
    return f"Fiche {action.number} : {action.label}" if action.number else action.label
