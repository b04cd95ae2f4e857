"""What the timeline shows: one page of fiches under their axes, and the meetings; a fixed number of queries."""

import datetime
from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.db.models import Max, Min, Prefetch

from actions.enums import ActionStatus
from actions.models import Action, Axis, Milestone
from governance.enums import CommitteeKind, MeetingStatus
from governance.models import Meeting

ROWS = 100
ACTION_COLUMNS = ("pact", "axis", "number", "title", "short_title", "status", "done_on", "starts_on", "ends_on")
MILESTONE_COLUMNS = ("action", "label", "planned_text", "planned_first", "planned_last", "done_on", "forecast_on", "order")
NOT_MET = (MeetingStatus.CANCELLED, MeetingStatus.POSTPONED)


@dataclass
class Node:
    """An axis, the fiches that stand right under it on this page, and how many it has in all; `level`: see `Tree`."""

    axis: Axis | None
    depth: int
    level: int = 0
    actions: list = field(default_factory=list)
    total: int = 0


@dataclass(frozen=True)
class Span:
    """The planned period of a fiche: its own dates, else from its milestones (`is_own` false)."""

    first: datetime.date | None
    last: datetime.date | None
    is_own: bool
    is_open: bool


def span_of(action):
    """The planned period of a fiche that was read with its milestones; one « en fonctionnement » has no end."""
    milestones = action.marks
    firsts = [one.planned_first or one.due_on for one in milestones if one.planned_first or one.due_on]
    lasts = [one.due_on for one in milestones if one.due_on]
    last = action.ends_on or max(lasts, default=None)
    first = action.starts_on or min(firsts, default=last)
    if first and last:
        last = max(first, last)
    is_own = action.starts_on is not None or action.ends_on is not None
    return Span(first, last, is_own, action.status == ActionStatus.RUNNING or last is None)


def axes_in_order(pact):
    """[(axis, depth, level)] of the tree, a parent before its children; one query. A mere group takes no level."""
    axes = list(Axis.objects.filter(pact=pact).only("pact", "parent", "number", "title", "is_group").order_by("order", "id"))
    known, children = {axis.pk for axis in axes}, {}
    for axis in axes:
        children.setdefault(axis.parent_id if axis.parent_id in known else None, []).append(axis)
    found = []

    def walk(parent, depth, level):
        for axis in children.get(parent, ()):
            found.append((axis, depth, level))
            walk(axis.pk, depth + 1, axis.level_below(level))

    walk(None, 0, 0)
    return found


class Plan:
    """Page `number` of the fiches that `actions` keeps, in the order of the document; `late`: those in delay."""

    def __init__(self, pact, actions, late, number=1):
        self.pact = pact
        tree = axes_in_order(pact)
        self.nodes = [*(Node(*place) for place in tree), Node(None, 0)]
        by_axis = {node.axis.pk: node for node in self.nodes if node.axis}
        loose, rank = self.nodes[-1], {node.axis.pk: index for index, node in enumerate(self.nodes) if node.axis}
        places = list(actions.order_by("order", "id").values_list("pk", "axis_id"))
        self.late = sum(pk in late for pk, _ in places)
        places.sort(key=lambda place: rank.get(place[1], len(rank)))
        for _, axis in places:
            by_axis.get(axis, loose).total += 1
        self.page = Paginator([pk for pk, _ in places], ROWS).get_page(number)
        self.actions = self.read(list(self.page.object_list))
        for action in self.actions:
            by_axis.get(action.axis_id, loose).actions.append(action)

    @staticmethod
    def read(pks):
        """The fiches `pks`, in that order, with their milestones (`marks`)."""
        milestones = Milestone.objects.only(*MILESTONE_COLUMNS).order_by("planned_last", "order", "id")
        rows = (
            Action.objects.filter(pk__in=pks)
            .only(*ACTION_COLUMNS)
            .prefetch_related(Prefetch("milestones", milestones, "marks"))
        )
        found = {row.pk: row for row in rows}
        return [found[pk] for pk in pks if pk in found]

    def shown_nodes(self):
        """Axes that have fiches on this page, themselves or below, in order."""
        path, shown = [], []
        for node in self.nodes:
            del path[node.depth :]
            path.append(node)
            if node.actions:
                shown.extend(one for one in path if one not in shown)
        return shown

    def known_days(self):
        """First and last day of the pact, then of what is dated in it (see `scale_for`)."""
        dated = Action.objects.filter(pact=self.pact).aggregate(
            first=Min("starts_on"),
            last=Max("ends_on"),
            early=Min("milestones__planned_first"),
            late=Max("milestones__planned_last"),
        )
        firsts = [day for day in (dated["first"], dated["early"]) if day]
        lasts = [day for day in (dated["last"], dated["late"]) if day]
        return self.pact.starts_on, self.pact.effective_end, min(firsts, default=None), max(lasts, default=None)


def meetings_by_kind(user, pact, scale):
    """{kind of committee: [(day, status)]} of the meetings in the window, the most important kinds first; one query."""
    rows = (
        Meeting.objects.visible_to(user)
        .of_pact(pact)
        .filter(held_on__gte=scale.first, held_on__lt=scale.end)
        .exclude(status__in=NOT_MET)
        .order_by("held_on", "id")
        .values_list("committee__kind", "held_on", "status", "committee__name", "committee_id")
    )
    found = {kind: [] for kind in CommitteeKind}
    for kind, *rest in rows:
        found[kind].append(rest)
    return {kind: days for kind, days in found.items() if days}
