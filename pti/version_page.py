"""A frozen text as a document: chapters, rows and fields, read from its canonical form and from nothing else.

The words that label fields and choices come from the models; what the version says comes from the version. A field or
a part that the code no longer knows is shown under its stored name.
"""

import json
from dataclasses import dataclass, field

from django.db import models
from django.utils.safestring import mark_safe

from pti import parts, typography
from pti.fields import DateTextField, RichTextField, clean_html

NAMES = ("title", "name", "label", "term", "body")
SIGNATORY = "signatory"
HIDDEN = {"uid", "order", "pact"}


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


@dataclass
class Document:
    """A version as its page shows it."""

    title: str
    subtitle: str
    chapters: list
    signatories: list


def read(content):
    """The document that the canonical text `content` describes; an unreadable text gives an empty one."""
    try:
        data = json.loads(content)
        return Reader(data).document()
    except (ValueError, KeyError, TypeError, AttributeError):
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

    def document(self):
        frame = self.parts.get("frame", {}).get("Pact", [{}])[0]
        chapters = []
        labels = {part.name: part.label for part in parts.registered()}
        ordered = [name for name in labels if name in self.parts] + [name for name in self.parts if name not in labels]
        for name in ordered:
            nodes = self.nodes_of(self.parts[name])
            if nodes:
                chapters.append((labels.get(name, name), f"partie-{name}", nodes))
        return Document(frame.get("title", ""), frame.get("subtitle", ""), chapters, self.signatories())

    def signatories(self):
        """Names of the partners who sign, in the order of the text."""
        rows = sorted(self.parts.get("partners", {}).get("Partner", []), key=lambda row: (row.get("order") or 0, row["uid"]))
        return [self.name_of(row["uid"]) for row in rows if row.get("standing") == SIGNATORY]

    def nodes_of(self, groups):
        """The rows of one part, each under the row that contains it."""
        inside, tops = {}, []
        for name, rows in groups.items():
            for row in sorted(rows, key=lambda one: self.rank(name, one)):
                owner = self.owner_of(name, row)
                (inside.setdefault(owner, []) if owner else tops).append((name, row))
        return [self.node(name, row, inside, 0) for name, row in tops]

    def rank(self, name, row):
        return (
            row.get("kind") or "" if name == "Statement" else "",
            row.get("order") or 0,
            self.name_of(row["uid"]),
            row["uid"],
        )

    def owner_of(self, name, row):
        """uid of the row that `row` is a mere part of, or an empty text."""
        model = self.models.get(name)
        if model is None:
            return ""
        own = [column for column in model._meta.concrete_fields if column.is_relation and column.name != "pact"]
        own.sort(key=lambda column: column.related_model is not model)
        for column in own:
            target = row.get(column.name)
            if target in self.rows and column.remote_field.on_delete is models.CASCADE and target != row["uid"]:
                return target if self.same_part(name, target) else ""
        return ""

    def same_part(self, name, target):
        """Containing rows of another chapter are named, not repeated."""
        kind = self.rows[target][0]
        return any(name in groups and kind in groups for groups in self.parts.values())

    def node(self, name, row, inside, depth):
        model = self.models.get(name)
        kind = str(model._meta.verbose_name) if model else name
        shown = [self.node(child, one, inside, depth + 1) for child, one in inside.get(row["uid"], [])]
        return Node(kind, str(row.get("number") or ""), self.title_of(name, row), self.entries(name, row), shown, min(depth, 3))

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
        return self.name_of(target) if target else (row.get("text") or "")[:80]

    def entries(self, name, row):
        """The fields of a row that say something, in the order of the model."""
        model = self.models.get(name)
        columns = {column.name: column for column in [*model._meta.fields, *model._meta.many_to_many]} if model else {}
        keys = [key for key in columns if key in row] + [key for key in row if key not in columns]
        owner = self.owner_of(name, row)
        found = []
        for key in keys:
            if key in HIDDEN or key == "number" or row[key] in (None, "", [], False) or (owner and row[key] == owner):
                continue
            if key in NAMES and str(row[key]) == self.title_of(name, row):
                continue
            found.append(self.entry(columns.get(key), key, row[key]))
        return found

    def entry(self, column, key, value):
        label = str(column.verbose_name) if column is not None else key
        label = label[:1].upper() + label[1:]
        if isinstance(column, RichTextField):
            return Entry(label, html=mark_safe(clean_html(value)))
        return Entry(label, text=typography.typeset(self.in_words(column, value)))

    def in_words(self, column, value):
        """A plain value as people say it."""
        if value is True:
            return "oui"
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
