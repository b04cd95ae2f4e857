"""Queries composed once by a process and run for any pact.

A pact has some seventy tables, most of them with few rows or none: for Django to compose a query on one costs ten times
what the base takes to answer it.
"""

from django.db import connection, models

THE_KEY = object()


class AnyPact(models.Expression):
    """Stands for a pact in the conditions of a query that is composed before the pact is known."""

    output_field = models.BigAutoField()

    @property
    def pk(self):
        return self

    def as_sql(self, compiler, connection):
        return "%s", [THE_KEY]


class Composed:
    """A query on the rows of AnyPact()."""

    def __init__(self, queryset):
        self.model, self.query = queryset.model, queryset.query
        self.sql, self.values = self.query.sql_with_params()

    def tuples_of(self, pact):
        """What the driver gives for `pact`."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [pact.pk if value is THE_KEY else value for value in self.values])
            return cursor.fetchall()

    def rows_of(self, pact):
        """The rows of `pact`, of a query that asks for whole rows."""
        found = self.tuples_of(pact)
        if not found:
            return []
        fields = self.model._meta.concrete_fields
        compiler = self.query.get_compiler(connection=connection)
        converters = compiler.get_converters([field.cached_col for field in fields])
        names = [field.attname for field in fields]
        return [self.model.from_db(connection.alias, names, row) for row in compiler.apply_converters(found, converters)]
