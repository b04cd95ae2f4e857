"""Lines of the journal, read from every historical model at once, with what changed and for whom."""

import dataclasses
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models import OuterRef, Q, Subquery, Value
from django.utils import formats
from django.utils.text import Truncator, capfirst

from pti import typography
from pti.fields import RichTextField, readable
from pti.models import User
from pti.rows import Followed

HIDDEN = frozenset({"id", "uid", "revision", "search", "password", "last_login"})
# A row is named by the first of these texts that it has; never by a text that would read another row.
NAMED_BY = ("title", "name", "label", "term", "subject", "raw_label", "text", "body", "kind", "role", "state")
KEY = ("history_id", "history_date", "journal_kind")
SHORT, LONG = 200, 100_000
DEEDS = {"+": "création", "~": "modification", "-": "suppression"}


def followed_models():
    """{kind: model} of everything the journal follows."""
    return {model._meta.label_lower: model for model in apps.get_models() if issubclass(model, Followed)}


def shown_models():
    """Followed models that the journal of a pact shows: its own rows, and what pacts share but accounts."""
    return {
        kind: model for kind, model in followed_models().items() if model.pact_path is not None or not names_accounts(model)
    }


def names_accounts(model):
    return model is User or any(field.related_model is User for field in model._meta.concrete_fields)


def name_of(row):
    """What a row is called, without reading another."""
    if hasattr(row, "last_name"):
        return str(row)
    for name in NAMED_BY:
        text = getattr(row, f"get_{name}_display", None) or getattr(row, name, None)
        text = text() if callable(text) else text
        if isinstance(text, str) and readable(text):
            return Truncator(readable(text)).chars(90)
    return f"n° {row.pk}"


@dataclass
class Change:
    """One field, before and after, in words."""

    label: str
    old: str
    new: str


@dataclass
class Line:
    """One line of the journal."""

    kind: str
    entry: object
    previous: object = None
    names: dict = dataclasses.field(default_factory=dict)

    @property
    def model(self):
        return self.entry.instance_type

    @property
    def what(self):
        return capfirst(self.model._meta.verbose_name)

    @property
    def deed(self):
        return DEEDS[self.entry.history_type]

    @property
    def name(self):
        return name_of(bare_row(self.entry))

    @property
    def who(self):
        user = self.names.get((User, self.entry.history_user_id))
        return user or "L’application"

    @property
    def changed_fields(self):
        """Fields that differ from the state before; every filled one for a new row."""
        fields = [field for field in self.entry.tracked_fields if field.name not in HIDDEN]
        if self.previous is None:
            return [field for field in fields if getattr(self.entry, field.attname) not in (None, "", [], {})]
        return [field for field in fields if getattr(self.entry, field.attname) != getattr(self.previous, field.attname)]

    @property
    def changes(self):
        return self.changes_in(SHORT)

    def changes_in(self, length):
        """The changes, long texts cut at `length`."""
        return [
            Change(
                capfirst(field.verbose_name),
                self.say(field, self.previous, length) if self.previous is not None else "",
                self.say(field, self.entry, length),
            )
            for field in self.changed_fields
        ]

    def say(self, field, entry, length):
        """Value of a field in a past state, in words."""
        value = getattr(entry, field.attname)
        if field.is_relation:
            return "" if value is None else self.names.get((field.related_model, value), f"n° {value} (supprimé)")
        return Truncator(in_words(field, value)).chars(length)


def in_words(field, value):
    """A stored value as one reads it."""
    if value is None or value == "":
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(field, models.DateTimeField):
        return typography_text(typography.instant(value))
    if isinstance(field, models.DateField):
        return typography_text(typography.day(value))
    if isinstance(field, RichTextField):
        return readable(value)
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return formats.localize(value)


def typography_text(html):
    return readable(str(html))


def bare_row(entry):
    """The row of a past state, without the columns that the journal leaves out (reading them asks the base)."""
    return entry.instance_type(**{field.attname: getattr(entry, field.attname) for field in entry.tracked_fields})


def entries(model, **filters):
    return model.history.model.objects.filter(**filters)


def union_of(models_by_kind, narrow):
    """(history_id, date, kind) of the lines of several models, newest first; `narrow` filters each model's lines."""
    parts = [
        narrow(entries(model))
        .annotate(journal_kind=Value(kind))
        .order_by()
        .values_list("history_id", "history_date", "journal_kind")
        for kind, model in models_by_kind.items()
    ]
    return parts[0].union(*parts[1:], all=True).order_by("-history_date", "-history_id", "journal_kind")


def read_lines(keys):
    """Lines named by (history_id, date, kind), in this order: one query per kind and per kind of row they point to."""
    wanted = {}
    for history_id, _, kind in keys:
        wanted.setdefault(kind, []).append(history_id)
    known = followed_models()
    lines = {}
    for kind, ids in wanted.items():
        lines |= {(kind, line.entry.pk): line for line in lines_of(kind, known[kind], ids)}
    found = [lines[kind, history_id] for history_id, _, kind in keys]
    give_names(found)
    return found


def lines_of(kind, model, ids):
    """Lines of one model with the state before each, in one query."""
    history = model.history.model.objects
    before = (
        history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
        .order_by("-history_id")
        .values("history_id")[:1]
    )
    asked = history.filter(history_id__in=ids)
    rows = history.filter(Q(history_id__in=ids) | Q(history_id__in=asked.annotate(before=Subquery(before)).values("before")))
    states = {}
    for entry in rows.order_by("history_id"):
        states.setdefault(entry.id, []).append(entry)
    for past in states.values():
        for index, entry in enumerate(past):
            if entry.history_id in ids:
                yield Line(kind, entry, past[index - 1] if index else None)


def give_names(lines):
    """Name the people and the rows that the lines point to: one query per model pointed to."""
    wanted = {}
    for line in lines:
        wanted.setdefault(User, set()).add(line.entry.history_user_id)
        for field in line.changed_fields:
            if field.is_relation:
                for entry in filter(None, (line.previous, line.entry)):
                    wanted.setdefault(field.related_model, set()).add(getattr(entry, field.attname))
    names = {}
    for model, keys in wanted.items():
        for pk, row in model._base_manager.in_bulk(keys - {None}).items():
            names[model, pk] = name_of(row) if isinstance(row, Followed) else str(row)
    for line in lines:
        line.names = names
