"""What a pact made from another still says of the old one: its département, its years, its people, names since changed.

Each floor registers the words that it knows of (`register`); every text of the new pact is read again each time, so the
list is true until it is empty.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from django.db import models
from django.urls import reverse

from pti import parts, typography
from pti.amending.addresses import piece_of
from pti.fields import readable
from pti.models import Pact
from pti.ticks import containers

_providers = []
# Fields that may name the past rightly: where the text comes from, other spellings.
LEFT_OUT = {"source_note", "title_variants", "name_variants"}


def register(provider):
    """Add `provider(pact)`, which gives [(what it is, word)] of the pact that `pact` follows."""
    _providers.append(provider)


@dataclass
class Place:
    """One field of one row where a word remains."""

    kind: str
    row: str
    label: str
    url: str


@dataclass
class Trace:
    """One word of the old pact, and where the new one still says it."""

    what: str
    word: str
    places: list = field(default_factory=list)

    @property
    def counted(self):
        """« 3 sections, 1 fiche-action »."""
        found = Counter(place.kind for place in self.places)
        return ", ".join(typography.plural(count, *kind) for kind, count in found.items())


def words_of(pact):
    """{word: what it is} of the pact that `pact` follows; nothing without one."""
    if pact.previous_id is None:
        return {}
    return {word: what for provider in _providers for what, word in provider(pact) if word.strip()}


def traces_of(pact):
    """[Trace] of the words that remain, those found in most places first."""
    words = words_of(pact)
    if not words:
        return []
    pattern = re.compile(rf"(?<!\w)({'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})(?!\w)")
    found = {}
    for row in rows_of(pact):
        for column in text_columns(type(row)):
            said = readable(str(getattr(row, column.attname) or ""))
            for word in dict.fromkeys(pattern.findall(said)):
                trace = found.setdefault(word, Trace(words[word], word))
                trace.places.append(place_of(row, column))
    return sorted(found.values(), key=lambda trace: (-len(trace.places), trace.word))


def rows_of(pact):
    """Every row of the text, in the order of the parts."""
    for part in parts.registered(parts.PartKind.CONTRACT):
        for model in part.models:
            yield from part.rows(model, pact).of_the_text().order_by("pk")


def text_columns(model):
    return [
        column
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField)
        and not column.choices
        and column.editable
        and column.name not in LEFT_OUT | model.life_fields | set(model.computed_fields)
    ]


def place_of(row, column):
    meta = row._meta
    kind = (str(meta.verbose_name), str(meta.verbose_name_plural))
    label = str(column.verbose_name)
    return Place(kind, str(row), label[:1].upper() + label[1:], address_of(row, column))


def address_of(row, column):
    """The form of the row, at the field; the page of what it is a part of otherwise."""
    pact = row.owning_pact()
    if isinstance(row, Pact):
        return f"{reverse('frame_edit', args=[pact.pk])}#div_id_{column.name}"
    piece = piece_of(type(row), row)
    if piece is not None:
        return f"{reverse('piece_edit', args=[pact.pk, piece.name, row.pk])}#div_id_{column.name}"
    whole = containers(row)
    if whole:
        return address_of(whole[0], column).split("#")[0]
    return row.get_absolute_url() if hasattr(row, "get_absolute_url") else reverse("pact_write", args=[pact.pk])


def departments_and_years(pact):
    """The ground floor's words: départements that are no longer those of the pact, years before its period."""
    old = pact.previous
    kept = set(pact.departments.values_list("pk", flat=True))
    words = [("Département", one.name) for one in old.departments.all() if one.pk not in kept]
    if old.starts_on and old.ends_on and pact.starts_on:
        years = range(old.starts_on.year, old.ends_on.year + 1)
        words += [("Année du pacte précédent", str(year)) for year in years if year < pact.starts_on.year]
    return words
