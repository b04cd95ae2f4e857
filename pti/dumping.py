"""Rows of a pact as plain data: text and numbers, uids instead of keys; the same row always gives the same data."""

import datetime
import unicodedata
import uuid
from decimal import Decimal

from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models
from django.db.models import prefetch_related_objects

from pti.parts import PartKind, is_people, is_shared, plain_columns, registered


def nfc(text):
    return unicodedata.normalize("NFC", text)


def plain_decimal(value):
    """A decimal as text, without useless zeros: « 12.5 », « 1200 »."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def contains_itself(model):
    """True for a shared row that another of the same kind contains (the service of an organisation)."""
    return is_shared(model) and any(column.name == "parent" for column in model._meta.concrete_fields)


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

    def rows(self, queryset, columns):
        """Plain data of every row of `queryset`; at most one query for each column that points elsewhere."""
        return [self.row(obj, columns) for obj in self.fetched(queryset, columns)]

    def fetched(self, queryset, columns):
        """The rows of `queryset`, with what their `columns` point to and what contains it."""
        objects = list(queryset)
        self.see(objects)
        for name in columns if objects else ():
            column = queryset.model._meta.get_field(name)
            if isinstance(column, models.ForeignKey):
                self.fetch(objects, column)
                if contains_itself(column.related_model):
                    targets = [target for obj in objects if (target := getattr(obj, name))]
                    self.fetch(targets, column.related_model._meta.get_field("parent"))
            elif column.is_relation:
                prefetch_related_objects(objects, name)
        return objects

    def see(self, objects):
        self.seen |= {(type(obj), obj.pk): obj for obj in objects}

    def fetch(self, objects, column):
        """Give `objects` the row that `column` points to: the one read already, else all those that miss in one query."""
        missing = []
        for obj in objects:
            key = getattr(obj, column.attname)
            target = self.seen.get((column.related_model, key))
            if target is not None:
                column.set_cached_value(obj, target)
            elif key is not None and not column.is_cached(obj):
                missing.append(obj)
        if missing:
            prefetch_related_objects(missing, column.name)
            self.see(target for obj in missing if (target := getattr(obj, column.name)))

    def row(self, obj, columns):
        """One row, `columns` of it; names of people only when asked."""
        row = {}
        for name in columns:
            if name in obj.people_fields and not self.with_people:
                continue
            column = obj._meta.get_field(name)
            if column.many_to_many:
                targets = list(getattr(obj, name).all())
                for target in targets:
                    self.need(target)
                row[name] = sorted(str(target.uid) for target in targets)
            else:
                row[name] = self.value(obj, column)
        if hasattr(obj, "sha256") and hasattr(obj, "file"):
            self.files[obj.sha256] = obj.file
        return row

    def need(self, target):
        """Note a shared row, and what contains it."""
        for part in registered(PartKind.SHARED):
            if isinstance(target, part.models[0]):
                known = self.needed.setdefault(part.models[0], set())
                if target.pk not in known:
                    known.add(target.pk)
                    parent = getattr(target, "parent", None)
                    if parent is not None:
                        self.need(parent)

    def value(self, obj, column):
        """Plain value of one field."""
        if isinstance(column, GenericForeignKey):
            target = getattr(obj, column.name)
            return None if target is None else {"model": target._meta.label, "uid": str(target.uid)}
        if column.is_relation:
            target = getattr(obj, column.name)
            if target is None:
                return (getattr(obj, "outside", None) or {}).get(column.name)
            if not self.with_people and is_people(column.related_model):
                return None
            self.need(target)
            return str(target.uid)
        value = getattr(obj, column.attname)
        if isinstance(value, Decimal):
            return plain_decimal(value)
        if isinstance(value, uuid.UUID):
            return str(value)
        if isinstance(value, datetime.datetime):
            return value.astimezone(datetime.UTC).isoformat()
        if isinstance(value, datetime.date | datetime.time):
            return value.isoformat()
        return nfc(value) if isinstance(value, str) else value

    def shared(self):
        """Plain data of every shared row noted so far: {part: {model: [rows]}}."""
        data = {}
        for part in registered(PartKind.SHARED):
            head, *details = part.models
            keys = self.needed.get(head, set())
            heads = head._base_manager.filter(pk__in=keys).order_by("uid")
            found = {head.__name__: self.rows(heads, plain_columns(head))}
            for detail in details:
                rows = self._details(detail, head, keys)
                found[detail.__name__] = self.rows(rows, plain_columns(detail))
            data[part.name] = {name: rows for name, rows in found.items() if rows}
        return {name: found for name, found in data.items() if found}

    def _details(self, detail, head, keys):
        """Details whose every link to `head` is among the rows carried."""
        links = [f.name for f in detail._meta.concrete_fields if f.related_model is head]
        return detail._base_manager.filter(**{f"{name}__in": keys for name in links}).order_by("uid")
