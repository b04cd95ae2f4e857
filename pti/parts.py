"""What a pact is made of. Each application registers its parts, ground floor first; nothing here names an upper model.

Freezing, export, import, copy and the to-do list walk this registry. A row is plain data: its uid, its fields, the uids
it points to; no primary key, no clock, no account. CONTRACT is what the pact says; LIFE is what happens; SHARED is what
several pacts of the base use (organisations, territories, themes), carried along when a row points to it.
"""

import datetime
import re
import unicodedata
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models

from pti.contract import ContractModel
from pti.dates import add_years
from pti.fields import DateTextField
from pti.models import Pact

# Columns that no file carries: keys of the base, counters, computed columns.
LEFT_OUT_COLUMNS = {"id", "revision", "search", "outside"}
YEAR = re.compile(r"\b(19|20)\d\d\b")


class PartKind(StrEnum):
    CONTRACT = "contract"
    LIFE = "life"
    SHARED = "shared"


@dataclass(frozen=True)
class Todo:
    """One line of « à compléter »: what is missing, and the page (with its anchor) where to put it right."""

    text: str
    url: str


def nothing_missing(pact):
    return []


@dataclass(frozen=True)
class Part:
    """One part of a pact. `narrow` keeps the rows of this pact out of a queryset when the path to it does not say it all."""

    name: str
    label: str
    kind: PartKind
    models: tuple
    missing: object = nothing_missing
    # True when `create from` offers to leave it out; False for what every pact needs.
    optional: bool = True
    # True when a copy shifted by whole years moves its dates.
    shifts: bool = True
    # People of this part are exported only when asked.
    people: bool = False
    narrow: dict = field(default_factory=dict)

    def rows(self, model, pact):
        """Rows of `model` that belong to `pact`."""
        queryset = model._base_manager.order_by("uid")
        queryset = queryset.filter(**{model.pact_path or "pk": pact.pk})
        if model in self.narrow:
            queryset = self.narrow[model](queryset, pact)
        return queryset

    def dump(self, pact, dumper):
        """Plain data of this part: {model name: [rows]}; what it points to is noted by `dumper`."""
        data = {}
        for model in self.models:
            rows = self.rows(model, pact)
            if issubclass(model, ContractModel):
                if self.kind == PartKind.CONTRACT:
                    data[model.__name__] = [dumper.row(obj, contract_columns(model)) for obj in rows.of_the_text()]
                else:
                    data[model.__name__] = dump_life_of(model, rows, dumper)
            else:
                data[model.__name__] = [dumper.row(obj, plain_columns(model)) for obj in rows]
        return {name: found for name, found in data.items() if found}

    def load(self, pact, data, loader):
        """Write `data` (the shape of `dump`) into `pact`."""
        for model in self.models:
            loader.rows(model, data.get(model.__name__, []), pact)

    def copy(self, old, new, copier, loader):
        """Write this part of `old` into `new`, through plain data; shared rows are not copied, only pointed to."""
        dumper = Dumper()
        data = self.dump(old, dumper)
        loader.know(dumper.needed)
        self.load(new, copier.part(self, data), loader)


_parts: dict[str, Part] = {}


def register(part):
    """Add a part to the registry; the name is unique."""
    if part.name in _parts:
        raise ValueError(f"part {part.name} is already registered")
    _parts[part.name] = part


def registered(kind=None):
    """The parts, ground floor first, of one kind when given."""
    return [part for part in _parts.values() if kind is None or part.kind == kind]


def register_text(name, label, models, **options):
    """Register what the pact says, and beside it what happens to the same rows (dates done, late comers)."""
    register(Part(name, label, PartKind.CONTRACT, tuple(models), **options))
    moving = tuple(m for m in models if m.life_fields or m.life_rows is not None)
    if moving:
        register(Part(f"{name}_life", f"{label} : ce qui s’est passé", PartKind.LIFE, moving, narrow=options.get("narrow", {})))


def register_life(name, label, models, **options):
    """Register what happens."""
    register(Part(name, label, PartKind.LIFE, tuple(models), **options))


def register_shared(name, label, models):
    """Register what pacts share; `models[0]` is the row pointed to, the others are details of it."""
    register(Part(name, label, PartKind.SHARED, tuple(models)))


def missing(pact):
    """Every line of the to-do list of `pact`, in the order of the floors."""
    return [todo for part in registered() for todo in part.missing(pact)]


# Columns ---------------------------------------------------------------------------------------------------------------


def plain_columns(model):
    """Names of the fields that a file carries: no key of the base, no account, no clock."""
    names = []
    for column in model._meta.concrete_fields:
        if column.name in LEFT_OUT_COLUMNS or column.name in model.computed_fields or isinstance(column, models.FileField):
            continue
        if column.is_relation and column.related_model._meta.label in {settings.AUTH_USER_MODEL, "contenttypes.ContentType"}:
            continue
        if getattr(column, "auto_now_add", False) or getattr(column, "auto_now", False):
            continue
        names.append(column.name)
    generic = [f for f in model._meta.private_fields if isinstance(f, GenericForeignKey)]
    names = [name for name in names if name not in {f.fk_field for f in generic}]
    return names + [f.name for f in generic] + [f.name for f in model._meta.many_to_many if auto_through(f)]


def is_shared(model):
    """True for what pacts share, and a pact points to."""
    return any(model is part.models[0] for part in registered(PartKind.SHARED))


def is_people(model):
    """True for a model whose rows are people, exported only when asked."""
    return any(model in part.models for part in registered() if part.people)


def auto_through(many):
    return many.remote_field.through._meta.auto_created


def contract_columns(model):
    return [name for name in plain_columns(model) if name not in model.life_fields]


def life_columns(model):
    return ["uid", *[name for name in plain_columns(model) if name in model.life_fields]]


def dump_life_of(model, rows, dumper):
    """What happened to rows of the text (uid and moved fields only), then the rows that joined later, whole."""
    columns = life_columns(model)
    blank = model()
    happened = []
    for obj in rows.of_the_text():
        row = dumper.row(obj, columns)
        if any(row[name] != dumper.value(blank, model._meta.get_field(name)) for name in columns if name != "uid"):
            happened.append(row)
    if model.life_rows is not None:
        happened += [dumper.row(obj, plain_columns(model)) for obj in rows.filter(model.life_rows)]
    return sorted(happened, key=lambda row: row["uid"])


# Writing plain data ----------------------------------------------------------------------------------------------------


def nfc(text):
    return unicodedata.normalize("NFC", text)


def plain_decimal(value):
    """A decimal as text, without useless zeros: « 12.5 », « 1200 »."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class Dumper:
    """Turns rows into plain data, and remembers the shared rows that they point to."""

    def __init__(self, *, with_people=False):
        self.with_people = with_people
        self.needed: dict[type, set] = {}
        self.files: dict[str, models.FileField] = {}

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
            found = {head.__name__: [self.row(obj, plain_columns(head)) for obj in heads]}
            for detail in details:
                rows = self._details(detail, head, keys)
                found[detail.__name__] = [self.row(obj, plain_columns(detail)) for obj in rows]
            data[part.name] = {name: rows for name, rows in found.items() if rows}
        return {name: found for name, found in data.items() if found}

    def _details(self, detail, head, keys):
        """Details whose every link to `head` is among the rows carried."""
        links = [f.name for f in detail._meta.concrete_fields if f.related_model is head]
        return detail._base_manager.filter(**{f"{name}__in": keys for name in links}).order_by("uid")


class Copier:
    """Turns the plain data of one pact into that of another: new uids, dates moved by whole `years`."""

    def __init__(self, *, years=0):
        self.years = years
        self.namespace = uuid.uuid4()

    def part(self, part, data):
        """`data` of `part` (the shape of Part.dump), renamed and moved."""
        by_name = {model.__name__: model for model in part.models}
        return {name: [self._row(by_name[name], row, part.shifts) for row in rows] for name, rows in data.items()}

    def uid(self, uid):
        """The uid that the copy of a row bears."""
        return str(uuid.uuid5(self.namespace, uid))

    def _row(self, model, row, shifts):
        return {key: self._value(model._meta.get_field(key), value, shifts) for key, value in row.items()}

    def _value(self, column, value, shifts):
        if value in (None, ""):
            return value
        if column.name == "uid":
            return self.uid(value)
        if column.is_relation:
            if is_shared(column.related_model):
                return value
            return [self.uid(uid) for uid in value] if isinstance(value, list) else self.uid(value)
        return self._moved(column, value) if shifts and self.years else value

    def _moved(self, column, value):
        if isinstance(column, models.DateField):
            return add_years(datetime.date.fromisoformat(value), self.years).isoformat()
        if isinstance(column, DateTextField):
            return YEAR.sub(lambda match: str(int(match[0]) + self.years), value)
        return value + self.years if column.name == "year" else value


# Reading plain data ----------------------------------------------------------------------------------------------------


class Loader:
    """Writes plain data into the base. `refs` maps each uid met to its row.

    `lenient` (copy of some parts only) forgets a link to a row that was left out; else it is an error.
    """

    def __init__(self, *, files=None, lenient=False):
        self.refs: dict[str, models.Model] = {}
        self.files = files or {}
        self.lenient = lenient

    def shared(self, data):
        """Load shared rows: one that the base knows (same uid, or same identity) is used as it is."""
        for part in registered(PartKind.SHARED):
            head, *details = part.models
            found = data.get(part.name, {})
            created = set()
            for row in self._parents_first(head, found.get(head.__name__, [])):
                known = self._known(head, row)
                if known is None:
                    known = self._create(head, row, None)
                    created.add(row["uid"])
                self.refs[row["uid"]] = known
            for detail in details:
                links = [f.name for f in detail._meta.concrete_fields if f.related_model is head]
                for row in found.get(detail.__name__, []):
                    if any(row[name] in created for name in links) and not detail._base_manager.filter(uid=row["uid"]).exists():
                        self._create(detail, row, None)

    def know(self, needed):
        """Let links find shared rows that are already in the base: {model: primary keys}."""
        for model, keys in needed.items():
            self.refs |= {str(obj.uid): obj for obj in model._base_manager.filter(pk__in=keys)}

    def _known(self, model, row):
        """The row of the base that `row` speaks of, or None."""
        same = model._base_manager.filter(uid=row["uid"]).first()
        if same is not None:
            return same
        parent = self.refs.get(row.get("parent")) if row.get("parent") else None
        return model.known_as(row, parent)

    def rows(self, model, rows, pact):
        """Load the rows of one model of `pact`."""
        linked = []
        for row in self._parents_first(model, rows):
            obj = self.refs.get(row["uid"])
            if obj is not None and isinstance(obj, model):
                self._happened(obj, row)
            else:
                obj = self._create(model, row, pact)
            if obj is not None:
                linked.append((obj, row))
        for obj, row in linked:
            self._link(obj, row)

    def _parents_first(self, model, rows):
        """Rows in an order where each comes after the row of the same model that it points to."""
        own = [f.name for f in model._meta.concrete_fields if f.related_model is model]
        waiting, done, ordered = list(rows), set(), []
        uids = {row["uid"] for row in rows}
        while waiting:
            ready = [row for row in waiting if all(row.get(name) not in uids - done for name in own)]
            if not ready:
                raise ValidationError(f"{model._meta.verbose_name} : des lignes se contiennent l’une l’autre.")
            ordered += ready
            done |= {row["uid"] for row in ready}
            waiting = [row for row in waiting if row["uid"] not in done]
        return ordered

    def _create(self, model, row, pact):
        values = {}
        for key, value in row.items():
            column = model._meta.get_field(key)
            if column.many_to_many:
                continue
            if isinstance(column, GenericForeignKey):
                values[key] = self._target(value and value["uid"])
            elif column.is_relation:
                values[key] = self._target(value)
                if values[key] is None and value is not None:
                    if column.related_model is Pact and hasattr(model, "outside"):
                        values.setdefault("outside", {})[key] = value
                    elif not self.lenient:
                        raise ValidationError(f"{model._meta.verbose_name} {row['uid']} : {key} inconnu ({value}).")
                    elif not column.null:
                        return None
            else:
                values[key] = column.to_python(value)
        obj = model(**values)
        if hasattr(obj, "sha256") and hasattr(obj, "file"):
            self._attach(obj)
        obj.save()
        self.refs[row["uid"]] = obj
        return obj

    def _attach(self, obj):
        if obj.sha256 not in self.files:
            raise ValidationError(f"Le fichier « {obj.name} » manque dans l’archive.")
        obj.file = ContentFile(self.files[obj.sha256], name=obj.name)

    def _happened(self, obj, row):
        """Write what happened to a row of the text."""
        for key, value in row.items():
            column = obj._meta.get_field(key)
            if key == "uid" or column.many_to_many:
                continue
            if column.is_relation:
                target = self._target(value)
                if target is None and value is not None:
                    obj.outside = {**obj.outside, key: value}
                setattr(obj, key, target)
            else:
                setattr(obj, key, column.to_python(value))
        obj.save()

    def _target(self, uid):
        if uid is None:
            return None
        found = self.refs.get(uid)
        if found is None:
            found = Pact._base_manager.filter(uid=uid).first()  # the only rows outside a file that it may point to
        return found

    def _link(self, obj, row):
        for key, uids in row.items():
            if not obj._meta.get_field(key).many_to_many or not uids:
                continue
            targets = [self.refs[uid] for uid in uids if uid in self.refs]
            if len(targets) != len(uids) and not self.lenient:
                raise ValidationError(f"{obj._meta.verbose_name} {obj.uid} : {key} pointe vers une ligne absente.")
            getattr(obj, key).set(targets)
