"""Statements composed once by a process.

Django takes up to ten times longer to compose a small statement than the base to run it. So are composed once, their keys left
open: what every page asks (the person, the pact), what the dearest pages ask, what every save asks, and the seventy tables that
a pact is made of.

    @cache
    def leads_composed():
        return Composed(Lead.objects.filter(action__pact=AnyKey()).select_related("organisation"))

    leads_composed().rows_of(pact.pk)

Everybody runs the same statement. So whatever is of a person or of a pact is a key left open, given at each run. The function
that composes is given only what changes the statement and is of nobody in particular (a model, a day, a threshold): those are
the keys of its cache (`lru_cache` where days follow one another). What a person may read is asked before, or is itself a list
of keys left open.
"""

import re
from copy import copy
from functools import cache

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections, models

# A place for a value, as Django itself reads it for SQLite.
PLACE = re.compile(r"(?<!%)%s")
NO_KEY = "SELECT 0 WHERE 1 = 0"


class AnyKey(models.Expression):
    """Stands for a row, or for its key, in the conditions of a query composed before they are known.

    `place` is that of the key among those given when the query is run.
    """

    output_field = models.BigAutoField()

    def __init__(self, place=0):
        super().__init__()
        self.place = place

    @property
    def pk(self):
        return self

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def given(self, keys):
        """What the driver is given, of the `keys` of a run."""
        return keys[self.place]


class AnyValue(AnyKey):
    """The same for what is no key, a uid or a day: written as `column`, the field that it is compared with, writes it."""

    def __init__(self, column, place=0):
        super().__init__(place)
        self.output_field = column

    def given(self, keys):
        return self.output_field.get_db_prep_value(keys[self.place], connection)


class AnyKeys(AnyKey):
    """The same for several rows, as many as there will be: `filter(action__in=AnyKeys())`."""


class Composed:
    """A query on the rows of AnyKey(), AnyKeys() and AnyValue(column)."""

    def __init__(self, queryset):
        self.queryset, self.query = queryset, queryset.query
        self.compiler = self.query.get_compiler(connection=connection)
        try:
            self.sql, self.values = self.compiler.as_sql()
        except EmptyResultSet:
            self.sql, self.values = "", ()
        columns = [column for column, *_ in self.compiler.select or ()]
        self.converted = {place: column for place, (_, column) in self.compiler.get_converters(columns).items()}
        self.takes_lists = any(isinstance(value, AnyKeys) for value in self.values)

    def statement(self, keys):
        """(sql, values) for these keys."""
        if self.takes_lists:
            return self.statement_of_lists(keys)
        return self.sql, [value.given(keys) if isinstance(value, AnyKey) else value for value in self.values]

    def statement_of_lists(self, keys):
        """The same, with as many places as there are keys in each list."""
        start, *rest = PLACE.split(self.sql)
        sql, values = [start], []
        for value, text in zip(self.values, rest, strict=True):
            if isinstance(value, AnyKeys):
                some = list(value.given(keys))
                sql.append(", ".join(["%s"] * len(some)) or NO_KEY)
                values += some
            else:
                sql.append("%s")
                values.append(value.given(keys) if isinstance(value, AnyKey) else value)
            sql.append(text)
        return "".join(sql), values

    def tuples_of(self, *keys):
        """What the driver gives for these keys."""
        if not self.sql:
            return []
        with connection.cursor() as cursor:
            cursor.execute(*self.statement(keys))
            return cursor.fetchall()

    def rows_of(self, *keys):
        """The list that the queryset would give, be it of rows (with what it joins, annotates, prefetches) or of values.

        Django's own code makes it, but for the statement, and the columns that need no conversion are not gone through.
        What is kept is shared by threads: a run changes its own copies, and takes the connection of its thread.
        """
        statement, own = self.statement(keys), connections[connection.alias]
        compiler, query, found = alike(self.compiler), alike(self.query), object.__new__(type(self.queryset))
        compiler.connection = own
        compiler.as_sql = lambda *args, **kwargs: statement
        compiler.get_converters = lambda columns: {
            place: (own.ops.get_db_converters(column) + column.get_db_converters(own), column)
            for place, column in self.converted.items()
        }
        query.get_compiler = lambda *args, **kwargs: compiler
        prefetched = tuple(map(copy, self.queryset._prefetch_related_lookups))
        found.__dict__ = vars(self.queryset) | {"_query": query, "_prefetch_related_lookups": prefetched}
        return list(found)

    def row_of(self, *keys):
        """The first of the rows, or None."""
        return next(iter(self.rows_of(*keys)), None)


def alike(kept):
    """What `copy` gives, for objects that say nothing of how they are copied."""
    one = object.__new__(type(kept))
    one.__dict__ = vars(kept).copy()
    return one


class ComposedParts:
    """What `prefetch_related` gives, its statement composed once: `rows`, in their order, as `name` of those that own them.

    With `to_attr`, they are a list of that name, as for Prefetch.
    """

    def __init__(self, model, name, rows, to_attr=""):
        self.name, self.to_attr = name, to_attr
        relation = model._meta.get_field(name)
        # The column of the parts that points to their owner; None where a table of links does.
        self.column = relation.field if relation.one_to_many else None
        path = relation.field.name if relation.one_to_many else relation.related_query_name()
        rows = rows.filter(**{f"{path}__in": AnyKeys()})
        self.composed = Composed(rows if self.column else rows.annotate(owner_key=models.F(path)))

    def give(self, owners):
        """Read the parts of `owners`; `owner.<name>.all()` asks nothing any more."""
        by_key = {owner.pk: (owner, []) for owner in owners}
        for part in self.composed.rows_of(list(by_key)) if by_key else ():
            owner, parts = by_key[getattr(part, self.column.attname) if self.column else part.owner_key]
            parts.append(part)
            if self.column:
                self.column.set_cached_value(part, owner)
        for owner, parts in by_key.values():
            if self.to_attr:
                setattr(owner, self.to_attr, parts)
                continue
            found = getattr(owner, self.name).all()
            found._result_cache, found._prefetch_done = parts, True
            vars(owner).setdefault("_prefetched_objects_cache", {})[self.name] = found
        return [part for _, parts in by_key.values() for part in parts]


def insert(model, names, lines):
    """Insert lines of `model` (of the journal, of its index), each the values of the fields `names`: no signal, no guard.

    Gives their keys.
    """
    own = connections[connection.alias]
    if not own.features.can_return_rows_from_bulk_insert:  # SQLite before 3.35
        rows = [model(**dict(zip(names, line, strict=True))) for line in lines]
        for row in rows:
            row.save_base(force_insert=True)
        return [row.pk for row in rows]
    prepared, start, one, end = insertion(model, names)
    at_once, keys = max((own.features.max_query_params or 10_000) // len(names), 1), []
    with own.cursor() as cursor:
        for first in range(0, len(lines), at_once):
            some = lines[first : first + at_once]
            pairs = [pair for line in some for pair in zip(prepared, line, strict=True)]
            values = [
                value if value is None or (is_text and type(value) is str) else prepare(value, own)
                for (is_text, prepare), value in pairs
            ]
            cursor.execute(f"{start}{', '.join([one] * len(some))}{end}", values)
            keys += [key for (key,) in cursor.fetchall()]
    return keys


@cache
def insertion(model, names):
    """((is it plain text, what prepares a value) of each field, and the three pieces of the statement) for lines of `model`."""
    quote, meta = connection.ops.quote_name, model._meta
    by_name = {field.attname: field for field in meta.concrete_fields}
    fields = [by_name[name] for name in names]
    columns = ", ".join(quote(field.column) for field in fields)
    one = f"({', '.join(['%s'] * len(fields))})"
    start, end = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ", f" RETURNING {quote(meta.pk.column)}"
    prepared = [(type(field) in (models.CharField, models.TextField), field.get_db_prep_save) for field in fields]
    return prepared, start, one, end
