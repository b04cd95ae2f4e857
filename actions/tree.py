"""The tree of a pact in memory: one query, then depth, words of the levels, what lies below."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Subquery

from actions.models import Axis
from pti.composed import AnyKey, Composed

PAST_AXIS = Axis.history.model
NAMES = ("id", "parent_id", "order", "number", "title")


@dataclass
class Node:
    """An axis in its place."""

    axis: Axis
    depth: int
    word: str
    children: list = field(default_factory=list)
    actions: list = field(default_factory=list)
    count: int = 0

    def walk(self):
        """This node, then all that lies below."""
        yield self
        for child in self.children:
            yield from child.walk()


def axes_on(pact, day, until):
    """The axes of the text on `day`, as the journal knew them at the instant `until`, in order; one query.

    One that the journal never wrote down is taken as it is today. They are not for saving: only what names and places
    them is read.
    """
    lines = PAST_AXIS.objects.filter(journal_pact=pact, history_date__lte=until)
    last = lines.filter(id=OuterRef("id")).order_by("-history_date", "-history_id").values("history_id")[:1]
    known = lines.filter(history_id=Subquery(last)).exclude(history_type="-")
    withdrawn = Axis.objects.with_withdrawn().filter(pact=pact, withdrawn_on__lte=day).values("pk")
    unwritten = Axis.objects.with_withdrawn().filter(~Exists(PAST_AXIS.objects.filter(id=OuterRef("pk"))), pact=pact)
    rows = known.exclude(id__in=withdrawn).order_by().values_list(*NAMES)
    rows = rows.union(unwritten.exclude(pk__in=withdrawn).order_by().values_list(*NAMES)).order_by("order", "id")
    axes = [Axis(pact=pact, **dict(zip(NAMES, row, strict=True))) for row in rows]
    present = {axis.pk for axis in axes}
    for axis in axes:
        if axis.parent_id not in present:
            axis.parent_id = None
    return axes


@cache
def axes_composed():
    """The query of the axes of a pact, and of who leads them."""
    return Composed(Axis.objects.filter(pact=AnyKey()).select_related("lead").order_by("order", "id"))


class Tree:
    """Every axis of `pact`, in the order of the document; or `axes`, those of another day."""

    def __init__(self, pact, axes=None):
        self.pact = pact
        self.nodes = {}
        children = defaultdict(list)
        if axes is None:
            axes = axes_composed().rows_of(pact.pk)
        for axis in axes:
            children[axis.parent_id].append(axis)
        self.roots = self._grow(children, None, 0, 0)

    def _grow(self, children, parent_pk, depth, level):
        """The nodes at `depth`; `level` is what the pact’s own words count, where a mere group takes no place."""
        grown = []
        for axis in children[parent_pk]:
            node = Node(axis, depth, self.pact.level_word(level))
            self.nodes[axis.pk] = node
            node.children = self._grow(children, axis.pk, depth + 1, axis.level_below(level))
            grown.append(node)
        return grown

    def walk(self, nodes=None):
        """Every node, a parent before its children."""
        for node in self.roots if nodes is None else nodes:
            yield node
            yield from self.walk(node.children)

    def below(self, axis):
        """Primary keys of `axis` and of all that lies below."""
        node = self.nodes.get(axis.pk)
        return [one.axis.pk for one in self.walk([node])] if node else []

    def path_to(self, axis):
        """Nodes from the top down to `axis`."""
        path, pk = [], axis.pk
        while pk in self.nodes:
            path.append(self.nodes[pk])
            pk = self.nodes[pk].axis.parent_id
        return path[::-1]

    def choices(self, without=()):
        """[(pk, indented words)] for a select."""
        return [(node.axis.pk, f"{'— ' * node.depth}{node.axis}") for node in self.walk() if node.axis.pk not in without]

    def hang_page(self, actions, number, size):
        """Hang page `number` of the fiches, `size` a page in the order of the document; return those without any place.

        A fiche under two nodes counts twice; the base gives every place but only the fiches of the page. `page` tells which
        one is hung, and each node how many fiches it has (`count`).
        """
        places = self.places_of(actions)
        self.page = Paginator(places, size).get_page(number)
        rows = actions.in_bulk([pk for _, pk in self.page])
        loose = []
        for node, pk in self.page:
            (node.actions if node else loose).append(rows[pk])
        return loose

    def places_of(self, actions):
        """[(node or None, pk of a fiche)] in the order of the document, every node counted."""
        others = defaultdict(list)
        links = actions.model.other_axes.through.objects.filter(action__pact=self.pact)
        for pk, axis in links.values_list("action_id", "axis_id"):
            others[pk].append(axis)
        under = defaultdict(list)
        for pk, axis in actions.values_list("pk", "axis_id"):
            own = [one for one in dict.fromkeys([axis, *others[pk]]) if one in self.nodes]
            for one in own or [None]:
                under[one].append(pk)
        for pk, node in self.nodes.items():
            node.count = len(under[pk])
        return [(node, pk) for node in [*self.walk(), None] for pk in under[node.axis.pk if node else None]]

    def hang(self, actions):
        """Put each action under its axis, and under its other axes; return those without any place."""
        loose = []
        for action in actions:
            places = [pk for pk in [action.axis_id, *(axis.pk for axis in action.other_axes.all())] if pk in self.nodes]
            for pk in dict.fromkeys(places):
                self.nodes[pk].actions.append(action)
            if not places:
                loose.append(action)
        return loose
