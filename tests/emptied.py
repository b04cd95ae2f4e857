"""An empty base in the middle of a test: the other side of an export."""

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

FLOORS = ["pti", "partners", "actions", "governance", "evaluation"]


def empty_base():
    """Delete every row of the five floors, past rows included, below the guards of the models."""
    tables = [
        model._meta.db_table for floor in FLOORS for model in apps.get_app_config(floor).get_models(include_auto_created=True)
    ]
    connection.check_constraints()  # PostgreSQL empties no table whose deferred checks are still to come
    with connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), tables, reset_sequences=True, allow_cascade=True):
            cursor.execute(statement)
