"""How rows go in: plain bulk inserts, past the guards; the journal is written apart."""

import datetime
import random

from django.db import connection, models

from bench.base.texts import BORN, TODAY
from pti.composed import insert
from pti.journal.index import NAMES
from pti.models import JournalLine
from pti.search import normalise

# Lines of one kind that a person writes one after the other.
SITTING = 8


class Core:
    """Puts rows and remembers them for the journal."""

    def __init__(self, scale):
        self.scale = scale
        self.random = random.Random(20260615)
        self.made = []

    def put(self, model, rows):
        """Insert `rows`, past the guards of the text, and remember them for the journal."""
        rows = list(rows)
        for row in rows:
            if hasattr(model, "search_fields") and model.search_fields:
                row.search = normalise(" ".join(str(getattr(row, name) or "") for name in model.search_fields))
        rows = models.QuerySet(model).bulk_create(rows, batch_size=2000)
        self.made.append((model, rows))
        return rows

    def link(self, field, pairs):
        """Many-to-many links, (row, other) by (row, other)."""
        through = field.through
        mine, other = field.field.m2m_field_name(), field.field.m2m_reverse_field_name()
        models.QuerySet(through).bulk_create(
            [through(**{mine: row, other: target}) for row, target in pairs], batch_size=5000, ignore_conflicts=True
        )

    def pick(self, rows, count=1):
        return self.random.sample(rows, min(count, len(rows)))

    def day(self, first=BORN, last=TODAY):
        return first + datetime.timedelta(days=self.random.randrange((last - first).days))

    def moment(self):
        """A minute of a working day."""
        minutes = datetime.timedelta(minutes=self.random.randrange(600))
        return datetime.datetime.combine(self.day(), datetime.time(8), datetime.UTC) + minutes

    def journal(self):
        """One line for each row made, and three edits of each fiche, in sittings spread over the years."""
        for model, rows in self.made:
            if not hasattr(model, "history"):
                continue
            edits = 4 if model._meta.model_name == "action" else 1
            before = {}
            for i in range(edits):
                before = self.write_lines(model, rows, "~" if i else "+", before)

    def write_lines(self, model, rows, deed, before):
        """One line for each row, and its place in the index; {row: line} for those that follow."""
        history = model.history.model
        kept = [field.attname for field in history.tracked_fields]
        of_pact = model.pact_path is not None
        sittings = [self.moment() for _ in range(len(rows) // SITTING + 1)]
        written = models.QuerySet(history).bulk_create(
            [
                history(
                    history_date=sittings[i // SITTING] + datetime.timedelta(seconds=i % SITTING),
                    history_type=deed,
                    history_user=self.user,
                    journal_pact=self.pact if of_pact else None,
                    history_change_reason="bench",
                    **{name: getattr(row, name) for name in kept},
                )
                for i, row in enumerate(rows)
            ],
            batch_size=2000,
        )
        kind = model._meta.label_lower
        pairs = [(before.get(row.pk), entry) for row, entry in zip(rows, written, strict=True)]
        index = [(kind, one.pk, last, one.history_date, one.history_user_id, one.journal_pact_id) for last, one in pairs]
        insert(JournalLine, NAMES, index)
        return {row.pk: entry.pk for row, entry in zip(rows, written, strict=True)}

    def gather_statistics(self):
        """What autovacuum does on a base that lives."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
