"""What a pact is made of. Each application registers its parts, ground floor first; nothing here names an upper model.

Freezing, export, import, copy and the to-do list walk this registry. A row is plain data: its uid, its fields, the uids
it points to; no primary key, no clock, no account. CONTRACT is what the pact says; LIFE is what happens; SHARED is what
several pacts of the base use (organisations, territories, themes), carried along when a row points to it.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models
from django.db.models import Q

from pti.composed import AnyKey, Composed
from pti.contract import ContractModel, Withdrawable

# Columns that no file carries: keys of the base, counters, computed columns.
LEFT_OUT_COLUMNS = {"id", "revision", "search", "outside"}


class PartKind(StrEnum):
    CONTRACT = "contract"
    LIFE = "life"
    SHARED = "shared"


class Among(StrEnum):
    """Rows of a model of the text: all of them, those that the text is made of, those that joined later or were withdrawn."""

    ALL = "all"
    TEXT = "text"
    OTHERS = "others"


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
    # True when what happened to these rows of the base is true of the copy that an amendment works on (who has left).
    in_amendments: bool = False
    # What an amendment takes over from its pact when it is opened: a function (base=, amendment=, by=).
    taken_over: object = None
    # Rows of this part that are over (fiches done or dropped): a new pact made from this one may leave them out.
    finished: object = None
    narrow: dict = field(default_factory=dict)

    def speaks_of(self, pact):
        """What is missing in the text of a base is not missing in its amendment."""
        return not pact.is_amendment or getattr(self.models[0], "of_the_amendment", False)

    def rows(self, model, pact):
        """Rows of `model` that belong to `pact`."""
        queryset = model._base_manager.filter(**{model.pact_path or "pk": pact.pk})
        if model in self.narrow:
            queryset = self.narrow[model](queryset, pact)
        return queryset

    def dump(self, pact, dumper):
        """Plain data of this part: {model name: [rows]}; what it points to is noted by `dumper`."""
        data = {}
        for model in self.models:
            if not issubclass(model, ContractModel):
                rows = self.read(model, pact, dumper.order)
                data[model.__name__] = dumper.rows(rows, plain_columns(model), pact)
            elif self.kind == PartKind.CONTRACT:
                rows = self.text_rows(model, pact, dumper)
                data[model.__name__] = dumper.rows(rows, contract_columns(model), pact)
            else:
                data[model.__name__] = self.dump_life_of(model, pact, dumper)
        return {name: found for name, found in data.items() if found}

    def read(self, model, pact, order, among=Among.ALL):
        """The same rows, read in `order`."""
        return composed(self.name, model, among, order).rows_of(pact.pk)

    def text_rows(self, model, pact, dumper):
        """Rows of `model` that the text is made of, read once for a dump of the text and of what happened to it."""
        if model not in dumper.texts:
            dumper.texts[model] = self.read(model, pact, dumper.order, Among.TEXT)
        return dumper.texts[model]

    def dump_life_of(self, model, pact, dumper):
        """What happened to rows of the text (uid and moved fields only), then the rows that joined later, whole."""
        columns = life_columns(model)
        blank = dumper.row(model(), columns)
        rows = dumper.rows(self.text_rows(model, pact, dumper), columns, pact)
        happened = [row for row in rows if any(row[name] != blank[name] for name in columns if name != "uid")]
        if has_others(model):
            others = self.read(model, pact, dumper.order, Among.OTHERS)
            happened += dumper.rows(others, plain_columns(model), pact)
        return sorted(happened, key=lambda row: row["uid"])

    def load(self, pact, data, loader):
        """Write `data` (the shape of `dump`) into `pact`."""
        for model in self.models:
            loader.rows(model, data.get(model.__name__, []), pact)


_parts: dict[str, Part] = {}


def register(part):
    """Add a part to the registry; the name is unique."""
    if part.name in _parts:
        raise ValueError(f"part {part.name} is already registered")
    _parts[part.name] = part


@cache
def composed(name, model, among, order):
    """The query of the rows of `model` that belong to a pact, in the part `name`."""
    rows = _parts[name].rows(model, AnyKey())
    if among == Among.TEXT:
        rows = rows.of_the_text()
    elif among == Among.OTHERS:
        rows = rows.filter(others_q(model))
    return Composed(rows.defer(None).order_by(order))


def registered(kind=None):
    """The parts, ground floor first, of one kind when given."""
    return [part for part in _parts.values() if kind is None or part.kind == kind]


def register_text(name, label, models, *, in_amendments=False, **options):
    """Register what the pact says, and beside it what happens to the same rows (dates done, late comers)."""
    register(Part(name, label, PartKind.CONTRACT, tuple(models), **options))
    moving = tuple(m for m in models if m.life_fields or m.life_rows is not None)
    if moving:
        options = {"narrow": options.get("narrow", {}), "in_amendments": in_amendments}
        register(Part(f"{name}_life", f"{label} : ce qui s’est passé", PartKind.LIFE, moving, **options))


def register_life(name, label, models, **options):
    """Register what happens."""
    register(Part(name, label, PartKind.LIFE, tuple(models), **options))


def register_shared(name, label, models):
    """Register what pacts share; `models[0]` is the row pointed to, the others are details of it."""
    register(Part(name, label, PartKind.SHARED, tuple(models)))


def text_model(name):
    """The CONTRACT model of this name, or None."""
    known = (model for part in registered(PartKind.CONTRACT) for model in part.models)
    return next((model for model in known if model.__name__ == name), None)


def text_row(pact, name, uid):
    """The row of the text of `pact` that a model name and a uid name, whatever its floor; None when it is gone."""
    for part in registered(PartKind.CONTRACT):
        for model in part.models:
            if model.__name__ == name:
                return part.rows(model, pact).filter(uid=uid).first()
    return None


def missing(pact):
    """Every line of the to-do list of `pact`, in the order of the floors; of an amendment, what is its own."""
    return [todo for part in registered() if part.speaks_of(pact) for todo in part.missing(pact)]


def has_others(model):
    """True when rows of `model` may belong to a pact without being of its text."""
    return model.life_rows is not None or issubclass(model, Withdrawable)


def others_q(model):
    """Rows that joined after the text, or were withdrawn from it."""
    late = model.life_rows or Q()
    return late | Q(withdrawn_on__isnull=False) if issubclass(model, Withdrawable) else late


# Columns ---------------------------------------------------------------------------------------------------------------


@cache
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
    return (*names, *(f.name for f in generic), *(f.name for f in model._meta.many_to_many if auto_through(f)))


@cache
def is_shared(model):
    """True for what pacts share, and a pact points to."""
    return any(model is part.models[0] for part in registered(PartKind.SHARED))


@cache
def is_people(model):
    """True for a model whose rows are people, exported only when asked."""
    return any(model in part.models for part in registered() if part.people)


def auto_through(many):
    return many.remote_field.through._meta.auto_created


@cache
def contract_columns(model):
    return tuple(name for name in plain_columns(model) if name not in model.life_fields)


@cache
def life_columns(model):
    return ("uid", *(name for name in plain_columns(model) if name in model.life_fields))
