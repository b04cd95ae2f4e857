"""What every row of the domain shares: a uid that survives export, and a journal that nobody can alter."""

import uuid
from datetime import datetime
from functools import cache
from itertools import zip_longest
from typing import NamedTuple

from django.db import connection, models, transaction
from django.dispatch import Signal
from django.utils import timezone
from simple_history.manager import HistoricalQuerySet, HistoryManager
from simple_history.models import HistoricalRecords

from pti.composed import insert
from pti.found import pointed_to
from pti.sealed import SealedQuerySet, WrittenOnce

# Where the `save()` that many models share are written: `save_together` does the same.
SHARED_SAVES = {"django.db.models.base", "pti.rows", "pti.search", "pti.contract"}
# What a line of the journal adds to the columns of the row.
ADDED_NAMES = ("history_type", "history_date", "history_user_id", "history_change_reason", "journal_pact_id")
# Lines of the journal have just been written, all of one model: `lines` (Line).
lines_written = Signal()


class JournalQuerySet(SealedQuerySet, HistoricalQuerySet):
    def blank_person(self, **blanked):
        """Blank the name and coordinates of a person in past rows; only `forget_person` calls it."""
        return models.QuerySet.update(self, **blanked)


class JournalHistory(JournalQuerySet, HistoricalQuerySet):
    """What `row.history` and `Model.history` give: sealed too."""


class JournalManager(HistoryManager):
    """The manager behind `row.history`. simple-history builds its class anew at each reading; ours is built once."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class, class_name=None):
        return super().from_queryset(queryset_class, class_name)


class JournalEntry(WrittenOnce):
    """Base of every historical model: who, when, what, in which pact. Inserted, never changed."""

    journal_pact = models.ForeignKey(
        "pti.Pact", null=True, blank=True, editable=False, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )

    objects = JournalQuerySet.as_manager()

    class Meta:
        abstract = True


class Journal(HistoricalRecords):
    """Past rows of a model, without what is computed (search text) or secret (password)."""

    left_out = ("search", "password", "last_login")

    def create_history_model(self, model, inherited):
        # The names must exist on the model: `past.instance` asks for each of them.
        self.excluded_fields = [field.name for field in model._meta.fields if field.name in self.left_out]
        history_model = super().create_history_model(model, inherited)
        self.excluded_fields = list(self.left_out)
        return history_model

    def create_historical_record(self, instance, history_type, using=None):
        write_lines([instance], history_type)

    def get_meta_options(self, model):
        """What a row was on a past day is its last line before the day is over: found without sorting, read in the index."""
        options = super().get_meta_options(model)
        if model.read_by_day:
            fields = [model._meta.pk.attname, "-history_date", "-history_id", *model.read_by_day]
            options["indexes"] = [models.Index(fields=fields, name=f"{model._meta.model_name}_by_day")]
        return options


class Line(NamedTuple):
    """What the index notes of a line of the journal."""

    key: int
    row: int
    deed: str
    at: datetime
    user: int | None
    pact: int | None


@cache
def tracked_names(model):
    """Columns of a row that its lines of the journal repeat."""
    return tuple(field.attname for field in model.tracked_fields)


def write_lines(rows, deed, *, reasons=()):
    """Write one line of the journal for each of these rows, all of one model; gives the keys of the lines.

    Who and why: `_history_user` and `_change_reason` of the row, else who is logged in and what `reasons` says of it.
    """
    model = type(rows[0]).history.model
    names, lines, noted = tracked_names(model), [], []
    for row, reason in zip_longest(rows, reasons):
        person, at, pact = model.get_default_history_user(row), timezone.now(), row.owning_key()
        user = None if person is None else person.pk
        why = getattr(row, "_change_reason", None) or reason
        lines.append((*[getattr(row, name) for name in names], deed, at, user, why, pact))
        noted.append((row.pk, deed, at, user, pact))
    keys = insert(model, names + ADDED_NAMES, lines)
    lines_written.send(sender=model, lines=[Line(key, *note) for key, note in zip(keys, noted, strict=True)])
    return keys


class Row(models.Model):
    """A row named by a uid, which export, import and versions keep.

    `pact_path` is the lookup from the row to its pact ("" for the pact itself, None for what belongs to no pact).
    `people_fields` name a person: exports leave them out unless asked, and `forget_person` blanks them.
    `computed_fields` are written by `compute()` from others, {field: those that follow it} in `computed_from`: no file
    carries them.
    `json_shapes` say what a JSON column, or a text that is JSON, holds when it is no list of texts: {name: pti.shapes}.
    `read_by_day` are fields that are read as they were on a past day, for every row of a pact.
    """

    pact_path: str | None = None
    people_fields: tuple = ()
    computed_fields: tuple = ()
    computed_from: dict = {}
    json_shapes: dict = {}
    read_by_day: tuple = ()

    uid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True

    def compute(self):
        """Fill the columns that are computed from others; asked before each write."""

    def save(self, *args, **kwargs):
        self.compute()
        named = kwargs.get("update_fields")
        if named is not None:
            kwargs["update_fields"] = {*named, *(field for name in named for field in self.computed_from.get(name, ()))}
        super().save(*args, **kwargs)


class Followed(Row):
    """A row of the domain: named by a uid, followed by the journal."""

    history = Journal(inherit=True, bases=[JournalEntry], history_manager=JournalManager, historical_queryset=JournalQuerySet)

    class Meta:
        abstract = True

    def owning_key(self):
        """Key of the pact this row belongs to, or None; the pact itself is not read."""
        if not self.pact_path:
            return None if self.pact_path is None else self.pk
        *above, last = self.pact_path.split("__")
        row = self
        for name in above:
            row = pointed_to(row, name)
            if row is None:
                return None
        return getattr(row, row._meta.get_field(last).attname)

    def owning_pact(self):
        """The pact this row belongs to, or None."""
        if self.pact_path is None:
            return None
        row = self
        for name in filter(None, self.pact_path.split("__")):
            row = pointed_to(row, name)
            if row is None:
                return None
        return row


def save_together(rows):
    """Save new rows of one model, in a few statements: the guards, the columns and the journal of as many `save()`.

    A model that has a `save()` of its own is written row by row.
    """
    if len(rows) < 2 or writes_alone(type(rows[0])) or not connection.features.can_return_rows_from_bulk_insert:
        for row in rows:
            row.save()
        return
    for row in rows:
        row.compute()
    with transaction.atomic():
        type(rows[0])._base_manager.bulk_create(rows)
        write_lines(rows, "+")


@cache
def writes_alone(model):
    """True when saving a row of `model` does more than what rows share."""
    return any("save" in vars(one) and one.__module__ not in SHARED_SAVES for one in model.__mro__)


class Revised(models.Model):
    """A row that several people edit: the revision moves at each save from a form (pti.forms.RevisionForm)."""

    revision = models.PositiveIntegerField("révision", default=0, editable=False)

    class Meta:
        abstract = True


class PointsOutside(models.Model):
    """A row that may point to a pact which this base does not hold: the uid is kept, {field name: uid}."""

    outside = models.JSONField("liens hors de la base", default=dict, blank=True, editable=False)

    class Meta:
        abstract = True
