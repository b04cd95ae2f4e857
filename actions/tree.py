"""The tree of a pact in memory: one query, then depth, words of the levels, what lies below."""

from collections import defaultdict
from dataclasses import dataclass, field

from actions.models import Axis


@dataclass
class Node:
    """An axis in its place."""

    axis: Axis
    depth: int
    word: str
    children: list = field(default_factory=list)
    actions: list = field(default_factory=list)


class Tree:
    """Every axis of `pact`, in the order of the document."""

    def __init__(self, pact):
        self.pact = pact
        self.nodes = {}
        children = defaultdict(list)
        for axis in Axis.objects.filter(pact=pact).select_related("lead").order_by("order", "id"):
            children[axis.parent_id].append(axis)
        self.roots = self._grow(children, None, 0)

    def _grow(self, children, parent_pk, depth):
        grown = []
        for axis in children[parent_pk]:
            node = Node(axis, depth, self.pact.level_word(depth))
            self.nodes[axis.pk] = node
            node.children = self._grow(children, axis.pk, depth + 1)
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
