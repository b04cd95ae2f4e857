"""Rows built once by a process, then written again for each test that starts from them: the same rows, at the price of
their inserts. Building the world of the rights takes 150 ms, writing it again takes a few.

    @pytest.fixture(scope="session")
    def world_rows(keep):
        return keep(make_world)     # built in the empty base of the session, and rolled back

    @pytest.fixture
    def world(world_rows, db):
        return world_rows.replay()  # the rows are there, and this is what make_world() gave

A function of a factory, called inside a test, is kept by `kept(build).replay()`.
"""

import pickle
from datetime import time
from functools import cache
from itertools import count

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from factory.django import DjangoModelFactory

# SQLite gives again a key whose row was rolled back: kept rows stand above whatever a test wrote before it asked for them,
# those of each build above those of the build before. The same on PostgreSQL: no page takes a key for another number.
FIRST_KEYS = count(1_000_000, 1_000_000)
NAMES = count()
ROWS_AT_A_TIME = 100


def every_model():
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def raise_keys(first):
    """From here on, the base numbers rows after `first`."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence")
            tables = [(model._meta.db_table, first) for model in every_model()]
            cursor.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", tables)
        else:
            numbered = [model._meta for model in every_model() if isinstance(model._meta.pk, models.AutoField)]
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(told.name, told.key), %s)"
                " FROM unnest(%s::text[], %s::text[]) AS told (name, key)",
                [first, [meta.db_table for meta in numbered], [meta.pk.column for meta in numbered]],
            )


def rows_of(model):
    """(columns, rows) of a table, as the driver gives them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
        return [column.name if hasattr(column, "name") else column[0] for column in cursor.description], cursor.fetchall()


def insert(model, columns, rows):
    """(statement, parameters) that write `rows`, as the driver takes them."""
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    one = f"({', '.join(['?' if connection.vendor == 'sqlite' else '%s'] * len(columns))})"
    table = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} ({names}) VALUES {', '.join([one] * len(rows))}", [
        given(value) for row in rows for value in row
    ]


def given(value):
    """The value as the driver takes it: SQLite gives an hour, and takes none."""
    return value.isoformat() if isinstance(value, time) else value


def stored_files():
    """{name: content} of every file that a row names."""
    columns = [
        (model, f.name) for model in every_model() for f in model._meta.concrete_fields if isinstance(f, models.FileField)
    ]
    names = {name for model, column in columns for name in model._base_manager.values_list(column, flat=True) if name}
    files = {}
    for name in names:
        with default_storage.open(name) as stored:
            files[name] = stored.read()
    return files


def content_types():
    """{model: key}; a test without a transaction ends by emptying every table, and they are numbered anew."""
    return {(app, model): pk for app, model, pk in ContentType.objects.values_list("app_label", "model", "pk")}


def factories():
    """Those that number what they make; the others take the numbers of one of these."""
    waiting = [DjangoModelFactory]
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one._meta.counter_reference is one._meta:
            yield one


def numbers():
    """{factory: the number of what it makes next}."""
    found = {one: one._meta.next_sequence() for one in factories()}
    for one, number in found.items():
        one.reset_sequence(number)
    return found


def number_after(taken):
    """From here on, the factories give no number of `taken`."""
    for one, number in numbers().items():
        one.reset_sequence(max(number, taken.get(one, 0)))


class Kept:
    """What `build()` gives, with the rows and the files that it writes in an empty base."""

    def __init__(self, build):
        self.build = build
        self.first_key = next(FIRST_KEYS)
        self.keep()

    def keep(self):
        taken = numbers()
        for one in taken:  # the same names, whatever the tests before made
            one.reset_sequence(0)
        with transaction.atomic():
            known = {model: set(rows_of(model)[1]) for model in every_model()}
            self.content_types = content_types()
            raise_keys(self.first_key)
            self.built = pickle.dumps(self.build())
            self.inserts = list(self.new_rows(known))
            self.prepared = None
            self.files = stored_files()
            transaction.set_rollback(True)
        self.numbers = numbers()
        number_after(taken)
        self.pages = {}  # what a test read of these rows and keeps for the next (tests/pages.py)

    def new_rows(self, known):
        for model in every_model():
            columns, rows = rows_of(model)
            new = [row for row in rows if row not in known[model]]
            for start in range(0, len(new), ROWS_AT_A_TIME):
                yield insert(model, columns, new[start : start + ROWS_AT_A_TIME])

    def statements(self, cursor):
        """[(statement, parameters)] that write the rows.

        PostgreSQL reads and plans them once for a connection, values included, and is then asked for all of them at once: a
        third of the price. They outlive the transaction.
        """
        if connection.vendor == "sqlite":
            return self.inserts
        if self.prepared is None or self.prepared[0] is not connection.connection:
            names = [f"kept_{next(NAMES)}" for _ in self.inserts]
            for name, (statement, values) in zip(names, self.inserts, strict=True):
                cursor.execute(f"PREPARE {name} AS {statement}", values)
            self.prepared = connection.connection, ";".join(f"EXECUTE {name}" for name in names)
        return [(self.prepared[1], None)]

    def replay(self):
        """Write the rows in the base, and give a fresh copy of what was built."""
        if content_types() != self.content_types:
            self.keep()
        number_after(self.numbers)
        with transaction.atomic():
            # Straight to the driver: Django would write again each statement for SQLite, which costs as much as running it.
            cursor = connection.connection.cursor()
            for statement, values in self.statements(cursor):
                cursor.execute(statement, values)
            cursor.close()
        for name, content in self.files.items():
            store(name, content)
        return pickle.loads(self.built)


def store(name, content):
    """Write the file `name`, unless it is there as it was."""
    if default_storage.exists(name):
        with default_storage.open(name) as stored:
            if stored.read() == content:
                return
        default_storage.delete(name)
    default_storage.save(name, ContentFile(content))


@cache
def kept(build):
    """What `build()` gives and writes; the base may be used, and is as good as empty for `build`."""
    return Kept(build)
