"""Statements composed once by a process.

Django takes up to ten times longer to compose a small statement than the base to run it. So are composed once, their keys left
open: what every page asks (the person, the pact), what every save asks, and the seventy tables that a pact is made of.
"""

from functools import cache

from django.db import connection, models


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


class Composed:
    """A query on the rows of AnyKey()."""

    def __init__(self, queryset):
        self.model, self.query = queryset.model, queryset.query
        self.sql, self.values = self.query.sql_with_params()

    def tuples_of(self, *keys):
        """What the driver gives for these keys."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [keys[value.place] if isinstance(value, AnyKey) else value for value in self.values])
            return cursor.fetchall()

    def rows_of(self, *keys):
        """The rows, of a query that asks for whole rows; what it annotates is set on each."""
        found = self.tuples_of(*keys)
        if not found:
            return []
        fields, added = self.model._meta.concrete_fields, self.query.annotation_select
        compiler = self.query.get_compiler(connection=connection)
        converters = compiler.get_converters([*(field.cached_col for field in fields), *added.values()])
        names = [field.attname for field in fields]
        rows = []
        for values in compiler.apply_converters(found, converters):
            row = self.model.from_db(connection.alias, names, values[: len(names)])
            vars(row).update(zip(added, values[len(names) :], strict=True))
            rows.append(row)
        return rows

    def row_of(self, *keys):
        """The first of the rows, or None."""
        return next(iter(self.rows_of(*keys)), None)


def known_values(model, name, values):
    """Those of `values` that the field `name` of some row of `model` holds, in the order given."""
    field, quote, known = model._meta.get_field(name), connection.ops.quote_name, set()
    column, table = quote(field.column), quote(model._meta.db_table)
    stored = [field.get_db_prep_save(value, connection) for value in values]
    at_once = connection.features.max_query_params or 10_000
    with connection.cursor() as cursor:
        for first in range(0, len(stored), at_once):
            some = stored[first : first + at_once]
            cursor.execute(f"SELECT {column} FROM {table} WHERE {column} IN ({', '.join(['%s'] * len(some))})", some)
            known |= {value for (value,) in cursor.fetchall()}
    return [value for value, one in zip(values, stored, strict=True) if one in known]


def insert(rows):
    """Insert new rows of one model (a line of the journal, of its index) and give them their keys: no signal, no guard."""
    if not connection.features.can_return_rows_from_bulk_insert:  # SQLite before 3.35
        for row in rows:
            row.save_base(force_insert=True)
        return
    fields, start, one, end = insertion(type(rows[0]))
    at_once = max((connection.features.max_query_params or 10_000) // len(fields), 1)
    with connection.cursor() as cursor:
        for first in range(0, len(rows), at_once):
            some = rows[first : first + at_once]
            values = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in some for field in fields]
            cursor.execute(f"{start}{', '.join([one] * len(some))}{end}", values)
            for row, (key,) in zip(some, cursor.fetchall(), strict=True):
                row.pk, row._state.adding, row._state.db = key, False, connection.alias


@cache
def insertion(model):
    """(fields, and the three pieces of the statement) that insert rows of `model`."""
    quote, meta = connection.ops.quote_name, model._meta
    fields = [field for field in meta.concrete_fields if field is not meta.pk]
    table, names = quote(meta.db_table), ", ".join(quote(field.column) for field in fields)
    one = f"({', '.join(['%s'] * len(fields))})"
    return fields, f"INSERT INTO {table} ({names}) VALUES ", one, f" RETURNING {table}.{quote(meta.pk.column)}"


class SavedByComposed(models.Model):
    """A row whose `save()` runs the statements that Django would compose anew each time; all the rest is Django's."""

    class Meta:
        abstract = True

    def _do_insert(self, manager, using, fields, returning_fields, raw):
        ours, start, one, end = insertion(type(self))
        if fields == ours and returning_fields == [self._meta.pk]:  # the base gives the key, and says it
            given = [getattr(self, field.attname) if raw else field.pre_save(self, True) for field in fields]
            if not are_unusual(using, given):
                with connection.cursor() as cursor:
                    cursor.execute(f"{start}{one}{end}", as_stored(fields, given))
                    return cursor.fetchall()
        return super()._do_insert(manager, using, fields, returning_fields, raw)

    def _do_update(self, base_qs, using, pk_val, values, update_fields, forced_update):
        fields, given = [field for field, _, _ in values], [value for _, _, value in values]
        if not values or are_unusual(using, given):
            return super()._do_update(base_qs, using, pk_val, values, update_fields, forced_update)
        with connection.cursor() as cursor:
            cursor.execute(updating(type(self), tuple(fields)), as_stored([*fields, self._meta.pk], [*given, pk_val]))
            return cursor.rowcount > 0


def are_unusual(using, values):
    """True when Django writes these values: in another base, or computed by the base."""
    return using != connection.alias or any(hasattr(value, "resolve_expression") for value in values)


def as_stored(fields, values):
    return [field.get_db_prep_save(value, connection) for field, value in zip(fields, values, strict=True)]


@cache
def updating(model, fields):
    """The statement that writes `fields` of one row of `model`, its key coming last."""
    quote, meta = connection.ops.quote_name, model._meta
    table, columns = quote(meta.db_table), ", ".join(f"{quote(field.column)} = %s" for field in fields)
    return f"UPDATE {table} SET {columns} WHERE {table}.{quote(meta.pk.column)} = %s"
