"""Statements sent at each saved row, worded once: Django takes longer to word them than the base to run them."""

from functools import cache

from django.apps import apps
from django.db import connection


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
    names = ", ".join(quote(field.column) for field in fields)
    one = f"({', '.join(['%s'] * len(fields))})"
    return fields, f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES ", one, f" RETURNING {quote(meta.pk.column)}"


def line_before(entry):
    """Number of the state that a line of the journal follows, or None."""
    with connection.cursor() as cursor:
        cursor.execute(finding_line(type(entry)), [entry.id, entry.history_id])
        return cursor.fetchone()[0]


@cache
def finding_line(model):
    """The SQL of `line_before`."""
    table = connection.ops.quote_name(model._meta.db_table)
    return f"SELECT MAX(history_id) FROM {table} WHERE id = %s AND history_id < %s"


def held_pact(key):
    """(state, key of what it amends) of a pact, with a lock: an adoption under way is waited for."""
    with connection.cursor() as cursor:
        cursor.execute(holding(), [key])
        return cursor.fetchone() or (None, None)


@cache
def holding():
    """The SQL of `held_pact`."""
    table = connection.ops.quote_name(apps.get_model("pti", "Pact")._meta.db_table)
    lock = connection.ops.for_update_sql(no_key=True) if connection.features.has_select_for_update else ""
    return f"SELECT state, amends_id FROM {table} WHERE id = %s {lock}".strip()


def stored_key(row):
    """Key of the pact that the base says `row` belongs to, or None."""
    with connection.cursor() as cursor:
        cursor.execute(finding_key(type(row)), [row.pk])
        return (cursor.fetchone() or [None])[0]


@cache
def finding_key(model):
    """The SQL of `stored_key`."""
    rows = model._base_manager.order_by().filter(pk=0).values_list(model.pact_path)
    return rows.query.get_compiler(connection=connection).as_sql()[0]
