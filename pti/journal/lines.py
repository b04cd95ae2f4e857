"""Lines of the journal, read from every historical model at once, with what changed and for whom."""

import dataclasses
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models import F, Value
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import Truncator, capfirst

from pti import typography
from pti.diff import SPOKEN
from pti.fields import DateTextField, RichTextField, readable
from pti.models import User
from pti.rows import Followed

HIDDEN = frozenset({"id", "uid", "revision", "search", "password", "last_login"})
# A row is named by the first of these texts that it has; never by a text that would read another row.
NAMED_BY = (
    "title", "name", "label", "term", "subject", "raw_label", "text", "body", "sentence", "kind", "role", "state", "date_text",
)  # fmt: skip
PERSON = ("first_name", "last_name", "email")
SHORT, LONG = 200, 100_000
EMPTY = mark_safe('<span class="pti-meta">vide</span>')
ARROW = mark_safe(' <span aria-hidden="true">→</span> ')
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
            text = str(typography.date_text(text)) if name == "date_text" else text
            return Truncator(readable(text)).chars(90)
    return f"n° {row.pk}"


@dataclass
class Change:
    """One field, before and after, in words."""

    label: str
    old: str
    new: str
    is_first: bool = False

    @property
    def words(self):
        """« avant → après », each said in a hidden word; the new state alone when there was none before."""
        if self.is_first:
            return self.new or EMPTY
        new = format_html(SPOKEN, "ins", "après", self.new) if self.new else EMPTY
        old = format_html(SPOKEN, "del", "avant", self.old) if self.old else EMPTY
        return format_html("{}{}{}", old, ARROW, new)


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
                is_first=self.previous is None,
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
    if isinstance(field, DateTextField):
        return typography_text(typography.date_text(value))
    if isinstance(field, models.TimeField):
        return typography_text(typography.hour(value))
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


def read_lines(keys):
    """Lines named by (kind, number, number of the state before), in this order: one query per kind of line, one for names."""
    wanted = {}
    for kind, line, before in keys:
        wanted.setdefault(kind, set()).update({line, before} - {None})
    known = followed_models()
    states = {kind: known[kind].history.model.objects.order_by().in_bulk(numbers) for kind, numbers in wanted.items()}
    found = [Line(kind, states[kind][line], states[kind].get(before)) for kind, line, before in keys]
    give_names(found)
    return found


def give_names(lines):
    """Name the people and the rows that the lines point to, in one query for all that the journal follows."""
    wanted = {}
    for line in lines:
        wanted.setdefault(User, set()).add(line.entry.history_user_id)
        for field in line.changed_fields:
            if field.is_relation:
                for entry in filter(None, (line.previous, line.entry)):
                    wanted.setdefault(field.related_model, set()).add(getattr(entry, field.attname))
    wanted = {model: keys - {None} for model, keys in wanted.items() if keys - {None}}
    names = names_of({model: keys for model, keys in wanted.items() if issubclass(model, Followed)})
    for model, keys in wanted.items():
        if not issubclass(model, Followed):
            names |= {(model, pk): str(row) for pk, row in model._base_manager.in_bulk(keys).items()}
    for line in lines:
        line.names = names


def names_of(wanted):
    """{(model, pk): name} of rows of several models: the columns that may name each, sent together."""
    columns = {model: naming_columns(model) for model in wanted}
    width = max(map(len, columns.values()), default=0)
    parts = [
        model._base_manager.filter(pk__in=keys)
        .order_by()
        .annotate(**{f"c{i}": F(name) for i, name in enumerate(columns[model])})
        .annotate(**{f"c{i}": Value("") for i in range(len(columns[model]), width)}, which=Value(place))
        .values_list("which", "pk", *(f"c{i}" for i in range(width)))
        for place, (model, keys) in enumerate(wanted.items())
    ]
    models_in_order, names = list(wanted), {}
    for place, pk, *values in parts[0].union(*parts[1:], all=True) if parts else ():
        model = models_in_order[place]
        row = model(pk=pk, **dict(zip(columns[model], values, strict=False)))
        names[model, pk] = name_of(row)
    return names


def naming_columns(model):
    """The columns that `name_of` reads."""
    names = PERSON if hasattr(model, "last_name") else NAMED_BY
    own = {field.name for field in model._meta.concrete_fields if not field.is_relation}
    return [name for name in names if name in own]
