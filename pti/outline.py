"""The tree of sections, flattened in reading order and numbered."""

from collections import defaultdict
from dataclasses import dataclass


@dataclass
class Numbered:
    """A section in reading order: its number (« 2.1 »), its depth (0 is the top), whether it may move."""

    section: object
    number: str
    depth: int
    is_first: bool
    is_last: bool

    @property
    def heading(self):
        """Level of its heading on a page that gives h2 to the top."""
        return min(self.depth + 2, 6)


def numbered(sections):
    """`sections` of one pact, each with its number: the order of the tree, whatever the order of the rows."""
    children = defaultdict(list)
    for section in sorted(sections, key=lambda one: (one.order, one.pk)):
        children[section.parent_id].append(section)
    return list(_walk(children, None, "", 0))


def _walk(children, parent, prefix, depth):
    siblings = children[parent]
    for index, section in enumerate(siblings, start=1):
        number = f"{prefix}{index}"
        yield Numbered(section, number, depth, index == 1, index == len(siblings))
        yield from _walk(children, section.pk, f"{number}.", depth + 1)
