"""Rows of a pact as plain data: text and numbers, uids instead of keys; the same row always gives the same data."""

import datetime
import unicodedata
import uuid
from decimal import Decimal
from functools import cache

from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models
from django.db.models import prefetch_related_objects

from pti.composed import AnyKey, AnyKeys, Composed
from pti.parts import PartKind, is_people, is_shared, plain_columns, registered


def nfc(text):
    return unicodedata.normalize("NFC", text)


def plain_decimal(value):
    """A decimal as text, without useless zeros: « 12.5 », « 1200 »."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain(value):
    """A value of a field that points to nothing."""
    if isinstance(value, str):
        return nfc(value)
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return value


@cache
def contains_itself(model):
    """True for a shared row that another of the same kind contains (the service of an organisation)."""
    return is_shared(model) and any(column.name == "parent" for column in model._meta.concrete_fields)


@cache
def fields_of(model, columns, with_people):
    """[(name, field)] of `columns`, those that name a person only when asked; the field is None for a plain value."""
    names = [name for name in columns if with_people or name not in model.people_fields]
    fields = [(name, model._meta.get_field(name)) for name in names]
    return [(name, field if field.is_relation else None) for name, field in fields]


@cache
def links_composed(model, name):
    """The query of (row of a pact, row that it points to) by a many-to-many column."""
    column = model._meta.get_field(name)
    back = column.related_query_name()
    targets = column.related_model._default_manager.filter(**{f"{back}__{model.pact_path or 'pk'}": AnyKey()})
    return Composed(targets.order_by().values_list(f"{back}__pk", "pk"))


@cache
def rows_composed(model):
    """The query of some rows of `model`."""
    return Composed(model._base_manager.filter(pk__in=AnyKeys()).order_by())


@cache
def details_composed(detail, head):
    """The query of the details whose every link to `head` is among some rows."""
    links = [column.name for column in detail._meta.concrete_fields if column.related_model is head]
    return Composed(detail._base_manager.filter(**{f"{name}__in": AnyKeys() for name in links}).order_by("uid"))


class Dumper:
    """Turns rows into plain data, and remembers the shared rows that they point to.

    Files and versions list rows by uid, the same on any base; a copy keeps the order in which they were written.
    """

    def __init__(self, *, with_people=False, order="uid"):
        self.with_people = with_people
        self.order = order
        self.needed: dict[type, set] = {}
        self.files: dict[str, models.FileField] = {}
        self.seen: dict[tuple[type, int], models.Model] = {}
        # Rows of the text, by model: what happened to them is dumped after it (pti.parts).
        self.texts: dict[type, list] = {}
        # {(model, name of a many-to-many column): {key of a row: rows that it points to}}.
        self.linked: dict[tuple[type, str], dict] = {}

    def rows(self, objects, columns, pact=None):
        """Plain data of `objects`, rows of one model of `pact`; few queries, whatever their number."""
        if not objects:
            return []
        self.fetch_all(objects, columns, pact)
        return [self.row(obj, columns) for obj in objects]

    def fetch_all(self, objects, columns, pact):
        """Read what `columns` of `objects` point to, and what contains it."""
        self.see(objects)
        for name, column in fields_of(type(objects[0]), columns, self.with_people):
            if isinstance(column, models.ForeignKey):
                if self.hides(column):
                    continue
                self.fetch(objects, column)
                if contains_itself(column.related_model):
                    targets = [target for obj in objects if (target := getattr(obj, name))]
                    self.fetch(targets, column.related_model._meta.get_field("parent"))
            elif column is not None and column.many_to_many and pact is not None:
                self.fetch_links(type(objects[0]), column, pact)
            elif column is not None:
                prefetch_related_objects(objects, name)

    def hides(self, column):
        """True for a link to a person, when people are not asked."""
        return not self.with_people and is_people(column.related_model)

    def see(self, objects):
        self.seen |= {(type(obj), obj.pk): obj for obj in objects}

    def fetch(self, objects, column):
        """Give `objects` the row that `column` points to."""
        waiting = [(obj, key) for obj in objects if (key := getattr(obj, column.attname)) is not None]
        self.read(column.related_model, {key for _, key in waiting})
        for obj, key in waiting:
            column.set_cached_value(obj, self.seen[column.related_model, key])

    def fetch_links(self, model, column, pact):
        """The same for a many-to-many column of the rows of `pact`."""
        if (model, column.name) in self.linked:
            return
        pairs = links_composed(model, column.name).tuples_of(pact.pk)
        self.read(column.related_model, {target for _, target in pairs})
        found = self.linked[model, column.name] = {}
        for key, target in pairs:
            found.setdefault(key, []).append(self.seen[column.related_model, target])

    def read(self, model, keys):
        """Read the rows of these keys that were not met yet, in one query."""
        missing = {key for key in keys if (model, key) not in self.seen}
        if missing:
            self.see(rows_composed(model).rows_of(missing))

    def row(self, obj, columns):
        """One row, `columns` of it; names of people only when asked."""
        row = {}
        for name, column in fields_of(type(obj), columns, self.with_people):
            row[name] = plain(getattr(obj, name)) if column is None else self.link(obj, column)
        if hasattr(obj, "sha256") and hasattr(obj, "file"):
            self.files[obj.sha256] = obj.file
        return row

    def need(self, target):
        """Note a shared row, and what contains it."""
        if not is_shared(type(target)):
            return
        known = self.needed.setdefault(type(target), set())
        if target.pk not in known:
            known.add(target.pk)
            self.see([target])
            parent = getattr(target, "parent", None)
            if parent is not None:
                self.need(parent)

    def value(self, obj, column):
        """Plain value of one field."""
        return self.link(obj, column) if column.is_relation else plain(getattr(obj, column.attname))

    def link(self, obj, column):
        """What a field points to, by uid."""
        if column.many_to_many:
            linked = self.linked.get((type(obj), column.name))
            targets = list(getattr(obj, column.name).all()) if linked is None else linked.get(obj.pk, [])
            for target in targets:
                self.need(target)
            return sorted(str(target.uid) for target in targets)
        if isinstance(column, GenericForeignKey):
            target = getattr(obj, column.name)
            return None if target is None else {"model": target._meta.label, "uid": str(target.uid)}
        if getattr(obj, column.attname) is None:
            return (getattr(obj, "outside", None) or {}).get(column.name)
        if self.hides(column):
            return None
        target = getattr(obj, column.name)
        self.need(target)
        return str(target.uid)

    def shared(self):
        """Plain data of every shared row noted so far: {part: {model: [rows]}}."""
        data = {}
        for part in registered(PartKind.SHARED):
            head, *details = part.models
            keys = self.needed.get(head, set())
            if not keys:
                continue
            heads = sorted((self.seen[head, key] for key in keys), key=lambda one: one.uid)
            data[part.name] = {head.__name__: self.rows(heads, plain_columns(head))}
            for detail in details:
                rows = self.rows(self._details(detail, head, keys), plain_columns(detail))
                if rows:
                    data[part.name][detail.__name__] = rows
        return data

    def _details(self, detail, head, keys):
        """Details whose every link to `head` is among the rows carried."""
        return details_composed(detail, head).rows_of(keys)
