"""An empty base in the middle of a test: the other side of an export."""

from functools import cache

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

FLOORS = ["pti", "partners", "actions", "governance", "evaluation"]


@cache
def statements():
    """The SQL that empties them, and what hangs on them; SQLite looks long for what that is."""
    tables = [
        model._meta.db_table for floor in FLOORS for model in apps.get_app_config(floor).get_models(include_auto_created=True)
    ]
    return connection.ops.sql_flush(no_style(), tables, reset_sequences=True, allow_cascade=True)


def empty_base():
    """Delete every row of the five floors, past rows included, below the guards of the models."""
    connection.check_constraints()  # PostgreSQL empties no table whose deferred checks are still to come
    with connection.cursor() as cursor:
        for statement in statements():
            cursor.execute(statement)
