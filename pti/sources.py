"""Generated sections of the document: what each floor can say of a pact from its text, under a name.

Like the parts (pti/parts.py): each application registers its own in AppConfig.ready(), ground floor first, and nothing
here names an upper model. `build(text)` reads a `pti.printing.text.Text` (a version, or a pact dumped the same way) and
returns nodes (pti/printing/nodes.py) whose headings start at level 1.

A text does not say what happens. A section that draws it (board, timeline, map) comes with `follow(pact, on)`: plain data of
that day, read when a text is printed or frozen, kept with the version, found again by `build` in `text.followed`.
"""

from dataclasses import dataclass
from enum import IntEnum

from pti.search import normalise


class Place(IntEnum):
    """Where what the drafter has not placed is printed."""

    BEFORE = 1
    AFTER = 2
    ANNEX = 3


@dataclass(frozen=True)
class Source:
    """One generated section: `label` names it in the list, `title` heads it in the document."""

    name: str
    label: str
    title: str
    build: object
    place: Place = Place.AFTER
    order: int = 100
    follow: object = None


@dataclass(frozen=True)
class Extract:
    """A piece that is also printed alone (one fiche, one axis, the commitments of one partner): `build(text, uid)`."""

    name: str
    label: str
    build: object


_sources: dict[str, Source] = {}
_extracts: dict[str, Extract] = {}


def register(name, label, build, *, title="", place=Place.AFTER, order=100, follow=None):
    """Add a generated section to those that the drafter may place."""
    if name in _sources:
        raise ValueError(f"source {name} is already registered")
    _sources[name] = Source(name, label, title or label, build, place, order, follow)


def register_extract(name, label, build):
    """Add a piece that is printed alone, by the uid of its row."""
    if name in _extracts:
        raise ValueError(f"extract {name} is already registered")
    _extracts[name] = Extract(name, label, build)


def registered():
    """The generated sections, in the order in which they are printed when nobody has placed them."""
    return sorted(_sources.values(), key=lambda one: (one.place, one.order, one.name))


def named(name):
    """The generated section of that name, or None: an old text may name one that is no more."""
    return _sources.get(name)


def followed_in(pact, names, on):
    """{name: what happens, as it stands on `on`} for those of the sections `names` that draw it."""
    found = {name: named(name) for name in sorted(names)}
    return {name: source.follow(pact, on) for name, source in found.items() if source is not None and source.follow}


def extract_named(name):
    return _extracts.get(name)


def choices():
    """Choices of the drafter (Section.source)."""
    return [(one.name, one.label) for one in sorted(_sources.values(), key=lambda one: normalise(one.label))]
