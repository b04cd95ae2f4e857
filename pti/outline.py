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
    # What the page shows of a generated section.
    generated: str = ""

    @property
    def heading(self):
        """Level of its heading on a page that gives h2 to the top."""
        return min(self.depth + 2, 6)


def numbered(sections):
    """`sections` of one pact, each with its number: the order of the tree, whatever the order of the rows."""
    rows = sorted(sections, key=lambda one: (one.order, one.pk))
    return walked(rows, lambda one: one.pk, lambda one: one.parent_id)


def walked(rows, key, parent):
    """`rows`, already in order among siblings, as a numbered tree; `key` and `parent` name each row and the one above."""
    children = defaultdict(list)
    for row in rows:
        children[parent(row)].append(row)
    return list(_walk(children, key, None, "", 0))


def _walk(children, key, above, prefix, depth):
    siblings = children[above]
    for index, row in enumerate(siblings, start=1):
        number = f"{prefix}{index}"
        yield Numbered(row, number, depth, index == 1, index == len(siblings))
        yield from _walk(children, key, key(row), f"{number}.", depth + 1)
