"""A frozen text as a document: chapters, rows and fields, read from its canonical form and from nothing else.

The words that label fields and choices come from the models; what the version says comes from the version. A field or
a part that the code no longer knows is shown under its stored name.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import models
from django.utils.safestring import mark_safe

from pti import parts, typography
from pti.fields import DateTextField, RichTextField, clean_html, readable

NAMES = ("title", "name", "label", "term", "body")
SIGNATORY = "signatory"
HIDDEN = {"uid", "order", "pact"}
# What a text whose shape was altered raises.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)


@dataclass
class Entry:
    """One field of a row: its label, and its value as plain or long text."""

    label: str
    text: str = ""
    html: str = ""


@dataclass
class Node:
    """One row and the rows that it contains."""

    kind: str
    number: str
    name: str
    entries: list = field(default_factory=list)
    children: list = field(default_factory=list)
    depth: int = 0


class Nodes(Sequence):
    """The rows of one chapter; each is read when it is shown, so that a page of them costs no more than itself."""

    def __init__(self, reader, tops, inside):
        self.reader, self.tops, self.inside = reader, tops, inside

    def __len__(self):
        return len(self.tops)

    def __getitem__(self, at):
        if isinstance(at, slice):
            return [self.read(*top) for top in self.tops[at]]
        return self.read(*self.tops[at])

    def read(self, name, row):
        """One row; what cannot be read of a text that was altered is left out, and the page says that it was."""
        try:
            return self.reader.node(name, row, self.inside, 0)
        except UNREADABLE:
            return Node(name, "", "")


@dataclass
class Document:
    """A version as its page shows it; `chapters` are (label, anchor, Nodes)."""

    title: str
    subtitle: str
    chapters: list
    signatories: list


def said_twice(key, entry, found):
    """True for a raw text that its own reading repeats word for word (« 1 924 », then the value 1 924)."""
    parsed = found.get(key.removeprefix("raw_").removesuffix("_text").removesuffix("_raw"))
    return parsed not in (None, entry) and parsed.text == entry.text


def read(content):
    """The document that the canonical text `content` describes; an unreadable text gives an empty one."""
    try:
        data = json.loads(content)
        return Reader(data).document()
    except UNREADABLE:
        return Document("", "", [], [])


class Reader:
    """Reads one version: an index of every row by its uid, then the chapters."""

    def __init__(self, data):
        self.parts = data.get("parts", {})
        self.rows = {}
        for groups in [*self.parts.values(), *data.get("shared", {}).values()]:
            for name, rows in groups.items():
                self.rows |= {row["uid"]: (name, row) for row in rows}
        self.models = {model.__name__: model for part in parts.registered() for model in part.models}
        self.columns, self.links = {}, {}

    def document(self):
        frame = self.parts.get("frame", {}).get("Pact", [{}])[0]
        chapters = []
        for name in self.ordered_parts():
            nodes = self.nodes_of(self.parts[name])
            if nodes:
                chapters.append((self.part_label(name), f"partie-{name}", nodes))
        return Document(frame.get("title", ""), frame.get("subtitle", ""), chapters, self.signatories())

    def ordered_parts(self):
        """Names of the parts, those of the registry first and in its order."""
        known = [part.name for part in parts.registered() if part.name in self.parts]
        return known + [name for name in self.parts if name not in known]

    def part_label(self, name):
        return next((part.label for part in parts.registered() if part.name == name), name)

    def row(self, uid):
        """Plain data of a row, or None."""
        return self.rows[uid][1] if uid in self.rows else None

    def walk(self, part):
        """(uid, depth) of the rows of one part in reading order, each after the row that contains it."""
        inside, tops = self.contained(self.parts.get(part, {}))

        def below(pairs, depth):
            for _, row in pairs:
                yield row["uid"], depth
                yield from below(inside.get(row["uid"], []), depth + 1)

        return below(tops, 0)

    def top_of(self, uid):
        """uid of the row that stands alone and contains `uid`; a node of a tree stands alone."""
        seen = set()
        while uid in self.rows and uid not in seen:
            seen.add(uid)
            name, row = self.rows[uid]
            owner = self.owner_of(name, row)
            if not owner or self.rows[owner][0] == name:
                return uid
            uid = owner
        return uid

    def signatories(self):
        """Names of the partners who sign, in the order of the text."""
        rows = sorted(self.parts.get("partners", {}).get("Partner", []), key=lambda row: (row.get("order") or 0, row["uid"]))
        return [self.name_of(row["uid"]) for row in rows if row.get("standing") == SIGNATORY and row.get("is_concerned", True)]

    def nodes_of(self, groups):
        """The rows of one part, each under the row that contains it."""
        inside, tops = self.contained(groups)
        return Nodes(self, tops, inside)

    def contained(self, groups):
        """({uid: rows that it contains}, rows that nothing contains), each in its order."""
        inside, tops = {}, []
        for name, rows in groups.items():
            for row in sorted(rows, key=lambda one: self.rank(name, one)):
                owner = self.owner_of(name, row)
                (inside.setdefault(owner, []) if owner else tops).append((name, row))
        return inside, tops

    def rank(self, name, row):
        """Where a row stands among its like: in the order of the text, then of the years, those without a year last."""
        year = row.get("year")
        return (
            row.get("kind") or "" if name == "Statement" else "",
            row.get("order") or 0,
            (year is None, year or 0),
            self.name_of(row["uid"]),
            row["uid"],
        )

    def owner_of(self, name, row):
        """uid of the row that `row` is a mere part of, or an empty text."""
        for link in self.links_of(name):
            target = row.get(link)
            if target in self.rows and target != row["uid"]:
                return target if self.same_part(name, target) else ""
        return ""

    def links_of(self, name):
        """Links of a model to what its rows are a mere part of; a row of its own kind comes first."""
        if name not in self.links:
            model = self.models.get(name)
            own = [column for column in model._meta.concrete_fields if column.is_relation] if model else []
            own = [one for one in own if one.name != "pact" and one.remote_field.on_delete is models.CASCADE]
            own.sort(key=lambda column: column.related_model is not model)
            self.links[name] = [column.name for column in own]
        return self.links[name]

    def same_part(self, name, target):
        """Containing rows of another chapter are named, not repeated."""
        kind = self.rows[target][0]
        return any(name in groups and kind in groups for groups in self.parts.values())

    def node(self, name, row, inside, depth):
        kind = self.kind_of(name)
        shown = [self.node(child, one, inside, depth + 1) for child, one in inside.get(row["uid"], [])]
        return Node(kind, str(row.get("number") or ""), self.title_of(name, row), self.entries(name, row), shown, min(depth, 3))

    def kind_of(self, name):
        model = self.models.get(name)
        return str(model._meta.verbose_name) if model else name

    def columns_of(self, name):
        """{name: field} of a model, in its order; empty for one that the code no longer knows."""
        if name not in self.columns:
            model = self.models.get(name)
            own = [*model._meta.fields, *model._meta.many_to_many] if model else []
            self.columns[name] = {column.name: column for column in own}
        return self.columns[name]

    def column(self, name, key):
        return self.columns_of(name).get(key)

    def keys_of(self, name, row):
        """Keys of a row, in the order of the model, then those that it no longer knows."""
        columns = self.columns_of(name)
        return [key for key in columns if key in row] + [key for key in row if key not in columns]

    def label_of(self, column, key):
        label = str(column.verbose_name) if column is not None else key
        return label[:1].upper() + label[1:]

    def is_rich(self, column):
        return isinstance(column, RichTextField)

    def title_of(self, name, row):
        return next((str(row[key]) for key in NAMES if row.get(key)), "")

    def name_of(self, uid):
        """How a row is named when another points to it."""
        if uid not in self.rows:
            return "Référence hors du texte"
        name, row = self.rows[uid]
        own = row.get("name_in_text") or self.title_of(name, row)
        if own:
            return own
        target = row.get("organisation") or row.get("territory")
        return self.name_of(target) if target else readable(row.get("text") or "")[:80]

    def entries(self, name, row):
        """The fields of a row that say something, in the order of the model."""
        columns = self.columns_of(name)
        owner = self.owner_of(name, row)
        found = {}
        for key in self.keys_of(name, row):
            if key in HIDDEN or key == "number" or row[key] in (None, "", [], False) or (owner and row[key] == owner):
                continue
            if key in NAMES and str(row[key]) == self.title_of(name, row):
                continue
            found[key] = self.entry(columns.get(key), key, row[key])
        return [entry for key, entry in found.items() if not said_twice(key, entry, found)]

    def entry(self, column, key, value):
        label = self.label_of(column, key)
        if self.is_rich(column):
            return Entry(label, html=mark_safe(clean_html(value)))
        return Entry(label, text=typography.typeset(self.in_words(column, value)))

    def in_words(self, column, value):
        """A plain value as people say it."""
        if isinstance(value, bool):
            return "oui" if value else "non"
        if column is not None and column.is_relation:
            return ", ".join(self.name_of(uid) for uid in (value if isinstance(value, list) else [value]))
        if isinstance(value, list | dict):
            return ", ".join(str(one) for one in value)
        choices = dict(getattr(column, "flatchoices", None) or [])
        if value in choices:
            return str(choices[value])
        if isinstance(column, models.DateField | DateTextField):
            return typography.date_text(value)
        return typography.number(value) if isinstance(column, models.DecimalField) else str(value)
