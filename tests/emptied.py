"""An empty base in the middle of a test, the other side of an export; and after a test that had no transaction."""

from django.apps import apps
from django.db import connection, transaction

FLOORS = ["pti", "partners", "actions", "governance", "evaluation"]
# What Django writes when it makes the tables; no test changes it.
MADE_WITH_THE_TABLES = {"contenttypes.ContentType", "auth.Permission"}


def every_model():
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def empty_base():
    """Delete every row of the five floors and what points to them, past rows included, below the guards of the models."""
    connection.check_constraints()
    empty(model for model in every_model() if is_ours(model) or any(is_ours(one) for one in pointed_to(model)))


def is_ours(model):
    return model._meta.app_label in FLOORS


def pointed_to(model):
    return [column.related_model for column in model._meta.concrete_fields if column.is_relation]


def empty_what_was_written():
    """Delete every row but those that Django made with the tables: as good as its `flush`, without making them again."""
    empty(model for model in every_model() if model._meta.label not in MADE_WITH_THE_TABLES)


def empty(models):
    """Delete the rows of the tables, in any order: the checks of the keys wait for the end."""
    quote = connection.ops.quote_name
    tables = [quote(model._meta.db_table) for model in models]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # all at once: to plan the question below takes it longer
            cursor.execute(";".join(f"DELETE FROM {table}" for table in tables))
            return
        cursor.execute(" UNION ALL ".join(f"SELECT {at} WHERE EXISTS (SELECT 1 FROM {one})" for at, one in enumerate(tables)))
        for (at,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {tables[at]}")
