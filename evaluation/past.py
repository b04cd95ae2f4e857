"""The pact as it was known on a past day: fiches by axis, status, confidence, leads, late and blocked; and what moved since.

It rests on two things. What is dated by itself: updates, milestones done, leads who come and go, signatures, versions. And the
journal, for what is not (the tree, the place of a fiche in it, titles, forecast dates, a status that no update told), since the
day when the pact joined the base. What neither says is « non connu », never guessed.
"""

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.db.models import Exists, F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.text import capfirst

from actions import looks
from actions.enums import CAN_BE_LATE, LEADING_ROLES, ActionStatus, Confidence
from actions.models import Action, Lead, Milestone, Update
from actions.tree import Tree, axes_on
from partners.enums import Standing
from partners.models import Partner, Signature
from pti import typography
from pti.access import is_staff_on
from pti.dates import today
from pti.enums import PactState
from pti.models import Pact, StateChange
from pti.views import ROWS_A_PAGE

PAST_ACTION, PAST_MILESTONE = Action.history.model, Milestone.history.model
COLUMNS = ("pact", "number", "title", "short_title", "status", "confidence", "withdrawn_on", "withdrawn_by")
COLUMNS += ("order", "axis__number", "axis__title")
# Where a fiche stands in the tree, and what names it.
PLACE = ("axis_id", "order")
NAMED = (*PLACE, "number", "title")


def end_of(day):
    """The instant at which `day` is over."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.max))


def journal_start(pact):
    """The day since which the journal follows the pact: that of its own first line."""
    first = Pact.history.model.objects.filter(id=pact.pk).aggregate(first=Min("history_date"))["first"]
    return timezone.localtime(first).date() if first else None


def first_day(user, pact, enough=None):
    """The first day of which something is known, and that `user` may read; None without a trace.

    The updates, which are many, are not asked when something as old as `enough` is known without them. Who is not of the
    staff reads nothing of the scoping, nor of what came before.
    """
    steps = StateChange.objects.filter(pact=pact)
    days = [
        journal_start(pact),
        steps.aggregate(first=Min("on"))["first"],
        pact.versions.aggregate(first=Min("frozen_on"))["first"],
    ]
    if enough is None or not any(one and one <= enough for one in days):
        days.append(Update.objects.filter(action__pact=pact).aggregate(first=Min("on"))["first"])
    first = min(filter(None, days), default=None)
    if first is None or is_staff_on(user, pact):
        return first
    scoping = steps.filter(from_state=PactState.SCOPING).aggregate(last=Min("on"))["last"]
    return max(first, scoping) if scoping else first


def why_not(user, pact, day):
    """Why nothing can be said of `day`, in French; an empty text when something can."""
    if day > today():
        return "Ce jour est à venir : choisissez une date passée."
    first = first_day(user, pact, enough=day)
    if first is None or day < first:
        return (
            f"Rien n’est connu de ce pacte avant le {typography_day(first)}."
            if first
            else "Rien n’est encore connu de ce pacte."
        )
    return ""


def typography_day(day):
    """The day in words, without markup: an error of a form is plain text."""
    return f"{'1er' if day.day == 1 else day.day} {typography.MONTHS[day.month - 1]} {day.year}"


def last_said(day, name):
    """The last update of a fiche, on `day` or before, that says `name`."""
    return Update.objects.filter(action=OuterRef("pk"), on__lte=day).exclude(**{name: ""}).order_by("-on", "-id")


def last_state(until):
    """The last line of the journal about a fiche, at the instant `until`."""
    return PAST_ACTION.objects.filter(id=OuterRef("pk"), history_date__lte=until).order_by("-history_date", "-history_id")


def blocked_on(day):
    """Updates whose blocking point stood on `day`."""
    rows = Update.objects.filter(on__lte=day).exclude(blocking_point="")
    return rows.filter(Q(unblocked_on=None) | Q(unblocked_on__gt=day))


def with_known(rows, day, until, place, *names):
    """Annotate what the journal knew (`place` and `names`), and what the updates said of `names`; one subquery a source."""
    state = JSONObject(at="history_date", **{name: name for name in (*place, *names)})
    asked = {"past": Subquery(last_state(until).values(written=state)[:1])}
    for name in names:
        said = JSONObject(at="created_at", said=name)
        asked[f"said_{name}"] = Subquery(last_said(day, name).values(written=said)[:1])
    return rows.annotate(**asked)


@dataclass
class Fiche:
    """One fiche as it was known, and what moved since."""

    action: Action
    number: str
    title: str
    axis: int | None
    status: str
    confidence: str
    leads: list
    late: bool
    blocked: bool
    since: list = field(default_factory=list)
    group: str = ""


class Past:
    """The page `number` of the pact on `day`; the same queries whatever the number of fiches."""

    def __init__(self, pact, day, number=1):
        self.pact, self.day = pact, day
        self.start = journal_start(pact)
        # Before the journal began, what it found on its first day is all that is known of the tree and its names.
        self.until = end_of(max(day, self.start or day))
        self.tree = Tree(pact, axes_on(pact, day, self.until))
        self.statuses = self.read_statuses()
        self.late = self.read_late()
        self.blocked = set(blocked_on(day).filter(action__pact=pact).order_by().values_list("action", flat=True))
        self.roots = {node.axis.pk: root.axis for root in self.tree.roots for node in root.walk()}
        self.page = Paginator(self.in_order(), ROWS_A_PAGE).get_page(number)

    @property
    def rests_on_journal(self):
        return self.start is not None and self.day >= self.start

    def known(self, past, said, name):
        """`name` on the day: what the last update says, or the journal when it was written after that update was recorded."""
        knows = past and (self.start is None or self.rests_on_journal)
        # Both instants are written by the same base, in the same way: as texts they compare like instants.
        if knows and (said is None or past["at"] >= said["at"]):
            return past[name]
        return said and said["said"]

    def read_statuses(self):
        """{fiche: (axis, order, status)} of every fiche of the day: neither withdrawn yet, nor made after it."""
        rows = Action.objects.with_withdrawn().filter(pact=self.pact).exclude(withdrawn_on__lte=self.day).order_by()
        rows = with_known(rows, self.day, self.until, PLACE, "status")
        rows = rows.annotate(is_written=Exists(PAST_ACTION.objects.filter(id=OuterRef("pk"))))
        names = ("pk", *PLACE, "withdrawn_on", "past", "said_status", "is_written")
        found, self.stayed = {}, 0
        for pk, axis, order, withdrawn_on, past, said, is_written in rows.values_list(*names):
            if past is None and is_written:
                continue  # made after the day
            place = (past["axis_id"], past["order"]) if past else (axis, order)
            found[pk] = (*place, self.known(past, said, "status"))
            self.stayed += withdrawn_on is None
        return found

    def read_late(self):
        """Fiches of which a milestone was due before the day and not done, whatever their status."""
        forecast = PAST_MILESTONE.objects.filter(id=OuterRef("pk"), history_date__lte=end_of(self.day))
        forecast = forecast.order_by("-history_date", "-history_id").values("forecast_on")[:1]
        rows = Milestone.objects.with_withdrawn().filter(action__pact=self.pact).exclude(withdrawn_on__lte=self.day)
        rows = rows.filter(Q(done_on=None) | Q(done_on__gt=self.day))
        due = rows.annotate(due_day=Coalesce(Subquery(forecast), F("planned_last"))).filter(due_day__lt=self.day)
        return set(due.order_by().values_list("action", flat=True))

    def is_late(self, pk):
        return pk in self.late and self.statuses[pk][2] in CAN_BE_LATE

    def in_order(self):
        """Keys of the fiches, in the order of the tree, then those without a place."""
        places = {node.axis.pk: place for place, node in enumerate(self.tree.walk())}
        far = len(places)
        return sorted(self.statuses, key=lambda pk: (places.get(self.statuses[pk][0], far), self.statuses[pk][1], pk))

    # What the page says of all.

    @property
    def late_count(self):
        return sum(self.is_late(pk) for pk in self.statuses)

    @property
    def unknown_count(self):
        """Fiches of which the status is not known: nobody can say whether they were late."""
        return sum(status is None for _, _, status in self.statuses.values())

    @property
    def blocked_count(self):
        return len(self.blocked & set(self.statuses))

    def heads(self):
        """Statuses that some fiche had, and « Non connu » when needed."""
        seen = {status for _, _, status in self.statuses.values()}
        return [(one, capfirst(one.label)) for one in ActionStatus if one in seen] + (
            [(None, "Non connu")] if None in seen else []
        )

    def progress(self):
        """[(axis, [(head, count)], total)]: fiches by status, by axis, then for the pact."""
        by_root = defaultdict(Counter)
        for axis, _, status in self.statuses.values():
            root = self.roots.get(axis)
            by_root[root.pk if root else None][status] += 1
        heads, lines = self.heads(), []
        for node in self.tree.roots:
            if by_root[node.axis.pk]:
                lines.append(self.line(str(node.axis), by_root[node.axis.pk], heads))
        if by_root[None]:
            lines.append(self.line("Sans rattachement", by_root[None], heads))
        return lines, self.line("Le pacte", sum(by_root.values(), Counter()), heads)

    @staticmethod
    def line(name, counts, heads):
        return name, [(label, counts[status]) for status, label in heads], counts.total()

    def state(self):
        """The state of the pact that day, in a word; empty when no step is known yet."""
        step = StateChange.objects.filter(pact=self.pact, on__lte=self.day).order_by("-on", "-id").first()
        return step.get_to_state_display() if step else ""

    def version(self):
        """The text in force that day, or None."""
        return self.pact.versions.of_the_text().filter(frozen_on__lte=self.day).order_by("-number").first()

    def signatures(self):
        """([(partner, day, version)] of who had signed a text of the pact by then, the latest first; signatories that day)."""
        rows = Signature.objects.filter(partner__pact=self.pact, version__pact=self.pact, signed_on__lte=self.day)
        rows = rows.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=self.day)).order_by("signed_on", "id")
        names = ("partner__organisation__acronym", "partner__organisation__name", "signed_on", "version__number")
        found = {pk: (acronym or name, *said) for pk, acronym, name, *said in rows.values_list("partner", *names)}
        partners = Partner.objects.with_withdrawn().filter(pact=self.pact, standing=Standing.SIGNATORY)
        partners = partners.exclude(joined_on__gt=self.day).exclude(withdrawn_on__lte=self.day).exclude(left_on__lte=self.day)
        return list(found.values())[::-1], partners.count()

    def arrived(self):
        """How many fiches of today were not there."""
        return Action.objects.filter(pact=self.pact).count() - self.stayed

    def deleted(self):
        """How many fiches the journal knew on that day, and that were deleted since."""
        if not self.rests_on_journal:
            return 0
        gone = PAST_ACTION.objects.filter(journal_pact=self.pact, history_type="-", history_date__gt=end_of(self.day))
        before = PAST_ACTION.objects.filter(id=OuterRef("id"), history_date__lte=end_of(self.day))
        return gone.filter(Exists(before)).count()

    # The fiches of the page.

    def fiches(self):
        """[Fiche] of the page; `group` is set where a new root begins."""
        pks, shown = list(self.page), object()
        rows = Action.objects.with_withdrawn().filter(pk__in=pks).select_related("axis")
        rows = with_known(rows, self.day, self.until, NAMED, "status", "confidence").only(*COLUMNS)
        on = self.pact.reference_day
        rows = rows.annotate(late_now=rows.when_late(on), blocked_now=Exists(blocked_on(on).filter(action=OuterRef("pk"))))
        actions = {row.pk: row for row in rows.order_by()}
        leads, leads_now = self.leads_of(pks)
        found = []
        for pk in pks:
            action = actions[pk]
            own, now = leads[pk], leads_now[pk]
            place = action.past or {name: getattr(action, name) for name in NAMED}
            root = self.roots.get(place["axis_id"])
            said = [self.known(action.past, getattr(action, f"said_{name}"), name) for name in ("status", "confidence")]
            named = place["number"], place["title"], place["axis_id"]
            one = Fiche(action, *named, *said, own, self.is_late(pk), pk in self.blocked)
            one.group = self.group_of(root) if root != shown else ""
            one.since = self.since(one, now)
            found.append(one)
            shown = root
        return found

    def group_of(self, root):
        return f"{capfirst(self.pact.level_word(0))} {root}" if root else "Sans rattachement"

    def leads_of(self, pks):
        """({fiche: names of those who led on the day}, {fiche: names of those who lead today}); one query."""
        rows = Lead.objects.with_withdrawn().filter(action__in=pks, role__in=LEADING_ROLES)
        then, now = defaultdict(list), defaultdict(list)
        for one in rows.select_related("organisation", "scheme").order_by("order", "id"):
            name = one.organisation.short_name if one.organisation_id and not one.text else str(one)
            over = [on for on in (one.ended_on, one.withdrawn_on) if on]
            led = (one.started_on is None or one.started_on <= self.day) and all(on > self.day for on in over)
            for is_lead, names in ((led, then[one.action_id]), (not over, now[one.action_id])):
                if is_lead and name not in names:
                    names.append(name)
        return then, now

    def since(self, one, leads_now):
        """What moved between the day and today, in words."""
        action = one.action
        if action.withdrawn_on:
            return [action.withdrawal]
        moves = []
        if one.title != action.title:
            moves.append(f"S’intitule « {action.title} »")
        if one.axis != action.axis_id:
            moves.append(f"Rattachée à « {action.axis} »" if action.axis else "Sans rattachement")
        if one.status is None:
            moves.append(f"Aujourd’hui : {action.get_status_display()}")
        elif one.status != action.status:
            moves.append(capfirst(action.get_status_display()))
        if one.confidence != action.confidence and action.confidence != Confidence.UNKNOWN:
            moves.append(capfirst(action.get_confidence_display()))
        if leads_now != one.leads:
            moves.append(f"Pilotée par {', '.join(leads_now)}" if leads_now else "Sans pilote")
        if one.status is not None and action.late_now != one.late:
            moves.append("En retard" if action.late_now else "N’est plus en retard")
        if action.blocked_now != one.blocked:
            moves.append("Point de blocage" if action.blocked_now else "Point de blocage levé")
        return moves

    @staticmethod
    def looks(one):
        """(status, confidence), each with its shape; grey words when not known."""
        return looks.status_state(one.status) if one.status else "", looks.confidence_state(one.confidence)
