"""A pact made from another: its plain data under new uids, dates moved by whole years."""

import datetime
import re
import uuid

from django.db import models

from pti.dates import add_years
from pti.dumping import Dumper
from pti.fields import DateTextField
from pti.models import Pact
from pti.parts import is_shared

YEAR = re.compile(r"\b(19|20)\d\d\b")


class Copier:
    """Turns the plain data of one pact into that of another: new uids, dates moved by whole `years`.

    `pact` is the pact copied: other pacts that its rows name stay themselves.
    """

    def __init__(self, pact, *, years=0):
        self.pact = str(pact.uid)
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
            if is_shared(column.related_model) or (column.related_model is Pact and value != self.pact):
                return value
            return [self.uid(uid) for uid in value] if isinstance(value, list) else self.uid(value)
        return self._moved(column, value) if shifts and self.years else value

    def _moved(self, column, value):
        if isinstance(column, models.DateField):
            return add_years(datetime.date.fromisoformat(value), self.years).isoformat()
        if isinstance(column, DateTextField):
            return YEAR.sub(lambda match: str(int(match[0]) + self.years), value)
        return value + self.years if column.name == "year" else value

    def copy(self, part, old, new, loader):
        """Write `part` of `old` into `new`; shared rows are not copied, only pointed to."""
        dumper = Dumper(order="pk")
        data = part.dump(old, dumper)
        loader.know(dumper.needed)
        part.load(new, self.part(part, data), loader)
