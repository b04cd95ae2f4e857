"""Progress: the share of actions per status, for the pact and for each axis. Never an average."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache

from django.db.models import Exists, F, OuterRef
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

from actions.alerts import facts_of, groups_of
from actions.enums import CAN_BE_SILENT, ActionStatus
from actions.looks import STATUS_SHAPES
from actions.models import Action, Axis
from evaluation.dashboard.figures import bar
from pti.composed import AnyKey, Composed
from pti.figures import address, counted, figure
from pti.templatetags.pti import state


def roots_of(pact):
    """({axis pk: its root}, [roots]) of the tree, in one query."""
    axes = {axis.pk: axis for axis in axes_composed().rows_of(pact.pk)}
    found = {}
    for pk in axes:
        top = axes[pk]
        while top.parent_id in axes:
            top = axes[top.parent_id]
        found[pk] = top
    return found, [axis for axis in axes.values() if axis.parent_id is None]


@cache
def axes_composed():
    """The query of the tree of a pact."""
    return Composed(Axis.objects.filter(pact=AnyKey()).only("pact", "parent", "number", "title", "order"))


NONE = mark_safe('<span aria-hidden="true">–</span><span class="visually-hidden">aucune</span>')


def facts_for(pact):
    """What the dashboard counts of each fiche: alerts, axis, status, recent news; one query for all of its parts."""
    return facts_of(pact, more=also_counted)


def also_counted(thresholds):
    """{name: what is asked of each fiche} beside the alerts."""
    return {
        "place": F("axis"),
        "state": F("status"),
        "recent": Action.objects.all().when_recent(thresholds.reference_day, thresholds.silence_months),
        "elsewhere": Exists(Action.other_axes.through.objects.filter(action=OuterRef("pk"))),
    }


@dataclass
class Bar:
    """One status for the whole pact."""

    shape: str
    count: str
    drawing: str
    total: str


class Progress:
    """Actions by status: bars for the pact, one row per axis. An action under two axes is counted in each."""

    none = NONE

    def __init__(self, pact, facts, roots, tops):
        self.pact, self.tops = pact, tops
        self.recent = 0
        self.by_root = defaultdict(Counter)
        self.by_status = Counter()
        for said, count in groups_of(facts):
            self.recent += count if said["recent"] else 0
            root = roots.get(said["place"])
            self.by_root[root.pk if root else None][said["state"]] += count
            self.by_status[said["state"]] += count
        if any(fact.elsewhere for fact in facts):
            self.add_other_places(roots)

    def add_other_places(self, roots):
        links = Action.other_axes.through.objects.filter(action__pact=self.pact)
        seen = set()
        for pk, own, other, status in links.values_list("action_id", "action__axis_id", "axis_id", "action__status"):
            root, home = roots.get(other), roots.get(own)
            if root is None or root == home or (pk, root.pk) in seen:
                continue
            if home is None and own is None and not any(one == pk for one, _ in seen):
                self.by_root[None][status] -= 1
            seen.add((pk, root.pk))
            self.by_root[root.pk][status] += 1

    @property
    def expecting(self):
        """How many fiches news is expected of: those under way."""
        return sum(self.by_status[status] for status in CAN_BE_SILENT)

    @property
    def total(self):
        return self.by_status.total()

    def status_url(self, status):
        return address(self.pact, "actions:action_list", status=status)

    @property
    def total_figure(self):
        return figure(self.total, address(self.pact, "actions:action_list"))

    def bars(self):
        """One bar per status that some action has, the most frequent first."""
        for status, count in self.by_status.most_common():
            if count:
                yield Bar(
                    state(STATUS_SHAPES[status], capfirst(ActionStatus(status).label)),
                    figure(count, self.status_url(status)),
                    bar(100 * count / self.total),
                    self.total_figure,
                )

    def finding(self):
        """« 9 fiches sur 16 sont en cours », the title of the chart."""
        if not self.total:
            return "Aucune fiche pour le moment"
        status, count = self.by_status.most_common(1)[0]
        verb = "sont" if count > 1 else "est"
        label = ActionStatus(status).label
        if count > 1 and label.endswith("e") and status in (ActionStatus.DONE, ActionStatus.PAUSED, ActionStatus.DROPPED):
            label += "s"
        told = counted(count, "fiche", self.status_url(status))
        return format_html("{} sur {} {} {}", told, self.total_figure, verb, label)

    @property
    def statuses(self):
        """Columns of the table: those that some action has."""
        return [status for status in ActionStatus if self.by_status[status]]

    def heads(self):
        return [capfirst(status.label) for status in self.statuses]

    def rows(self):
        """[(axis, url of the axis' fiches, cells, total)]."""
        for axis in self.tops:
            yield str(axis), self.cells(self.by_root[axis.pk], axis=axis.pk)
        if self.by_root[None].total():
            yield "Sans rattachement", self.cells(self.by_root[None], manque="axe")

    def cells(self, counts, **filters):
        """[(head, link)]: one per status, then the total."""
        cells = [
            self.cell(counts[status], address(self.pact, "actions:action_list", **{**filters, "status": status}))
            for status in self.statuses
        ]
        total = counts.total()
        cells.append(self.cell(total, address(self.pact, "actions:action_list", **filters)))
        return list(zip([*self.heads(), "Total"], cells, strict=True))

    @staticmethod
    def cell(count, url):
        return figure(count, url) if count else NONE

    def total_cells(self):
        return self.cells(self.by_status)
