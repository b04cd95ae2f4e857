"""Make the tables of an application at once."""

from django.db.migrations.operations.base import Operation


class CreateTables(Operation):
    """Many CreateModel, whose models are all known before the first table is made.

    Django renders anew, for each model that is added, every model that leads to it: with more than a hundred tables that all
    lead to a pact and to a person, a first start would spend most of a minute on it.
    """

    serialization_expand_args = ["operations"]
    reduces_to_sql = True

    def __init__(self, operations):
        self.operations = operations

    def deconstruct(self):
        return type(self).__name__, [], {"operations": self.operations}

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # rendered once, when the first table asks for it
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"Create {len(self.operations)} tables"
