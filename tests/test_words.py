"""Words that people read: every field of the domain has its French name."""

import pytest
from django.apps import apps

from tests.world import FLOORS

# French and English write these alike.
SAME_WORD = {
    "abstentions", "condition", "date", "formation", "influence", "logo", "message", "motif", "motivation", "note",
    "orientations", "parties", "perspectives", "quorum", "source", "version",
}  # fmt: skip
INHERITED = {"id", "search", "password", "last_login", "is_superuser"}
MODELS = [m for floor in FLOORS for m in apps.get_app_config(floor).get_models() if not hasattr(m, "history_id")]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_has_a_french_name(model):
    unnamed = [
        column.name
        for column in model._meta.concrete_fields
        if column.name not in INHERITED | SAME_WORD and column.verbose_name == column.name.replace("_", " ")
    ]
    assert unnamed == []
