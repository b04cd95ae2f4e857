"""What partners may propose on: the long texts of a version, read from its stored content, whatever their floor."""

import json
from dataclasses import dataclass, field

from django.core.exceptions import FieldDoesNotExist
from django.utils.html import linebreaks
from django.utils.safestring import mark_safe

from pti.fields import RichTextField, clean_html, passages_of, readable
from pti.ticks import Ticks
from pti.version_page import Reader


@dataclass
class Text:
    """One long text of a row: its label, its passages."""

    name: str
    label: str
    html: str
    passages: list = field(default_factory=list)

    @property
    def shown(self):
        return mark_safe(self.html)


@dataclass
class Place:
    """A row of the version that holds long texts: a section, a fiche…"""

    uid: str
    model: str
    kind: str
    number: str
    name: str
    depth: int = 0

    @property
    def title(self):
        return f"{self.number}. {self.name}" if self.number else self.name or self.kind.capitalize()


class Passages:
    """The long texts of one version; of an amendment's, those that it opens."""

    def __init__(self, version):
        data = json.loads(version.content)
        self.reader = Reader(data if isinstance(data, dict) else {})
        self.ticks = Ticks.of(version.pact) if version.pact.is_amendment else None

    def is_open(self, uid):
        """True for what may change: everything but, in an amendment, what is not ticked."""
        return self.ticks is None or self.ticks.cover_data(*self.named(uid), self.named)

    def named(self, uid):
        """(model, plain data) of a row of this version."""
        name, row = self.reader.rows[uid]
        return self.reader.models[name], row

    def rich_names(self, model_name):
        """Names of the long texts of a model, in its order."""
        model = self.reader.models.get(model_name)
        return [name for name in self.reader.columns_of(model_name) if model is not None and is_long_text(model, name)]

    def chapters(self):
        """[(label, places)] of the rows that hold a long text, in reading order."""
        found = []
        for part in self.reader.ordered_parts():
            places = [self.place(uid, depth) for uid, depth in self.reader.walk(part)]
            places = [one for one in places if self.rich_names(one.model) and self.is_open(one.uid)]
            if places:
                found.append((self.reader.part_label(part), places))
        return found

    def place(self, uid, depth=0):
        name, row = self.reader.rows[uid]
        number = str(row.get("number") or "")
        shown = self.reader.name_of(uid) or self.name_of_only_text(name)
        # What an amendment opens is read apart from what it hangs on.
        return Place(uid, name, self.reader.kind_of(name), number, shown, 0 if self.ticks else min(depth, 3))

    def name_of_only_text(self, model_name):
        """« Objet de l’avenant »: a row without a name bears that of its one long text."""
        names = self.rich_names(model_name)
        return str(self.reader.label_of(self.reader.column(model_name, names[0]), names[0])) if len(names) == 1 else ""

    def find(self, uid):
        """The row of this uid if partners may propose on it, or None."""
        if uid not in self.reader.rows or not self.rich_names(self.reader.rows[uid][0]):
            return None
        inside = any(uid in {row["uid"] for rows in groups.values() for row in rows} for groups in self.reader.parts.values())
        return self.place(uid) if inside and self.is_open(uid) else None

    def texts(self, place):
        """Its long texts, empty ones included: a partner may propose to fill them."""
        row = self.reader.row(place.uid)
        found = []
        for name in self.rich_names(place.model):
            html = as_html(self.reader.models[place.model], name, row.get(name))
            label = self.reader.label_of(self.reader.column(place.model, name), name)
            found.append(Text(name, label, html, [mark_safe(one) for one in passages_of(html)]))
        return found

    def others(self, place):
        """What else the row says, to read beside its long texts."""
        return [entry for entry in self.reader.entries(place.model, self.reader.row(place.uid)) if not entry.html]

    def neighbours(self, place):
        """The rows before and after it that hold long texts."""
        flat = [one for _, places in self.chapters() for one in places]
        at = next(index for index, one in enumerate(flat) if one.uid == place.uid)
        return flat[at - 1] if at else None, flat[at + 1] if at + 1 < len(flat) else None


def is_long_text(model, name):
    """True when `name` is a long text of `model`, or a plain one on which partners may propose."""
    return is_rich(model, name) or name in getattr(model, "proposed_fields", ())


def is_rich(model, name):
    try:
        return isinstance(model._meta.get_field(name), RichTextField)
    except FieldDoesNotExist:
        return False


def as_html(model, name, value):
    """The clean HTML of a text, be it plain."""
    return clean_html(value or "") if is_rich(model, name) else clean_html(linebreaks(value or "", autoescape=True))


def as_stored(model, name, html):
    """What the field holds once `html` has entered."""
    return html if is_rich(model, name) else readable(html)


def html_now(row, name):
    """The text of today."""
    return as_html(type(row), name, getattr(row, name))
