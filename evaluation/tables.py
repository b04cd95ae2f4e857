"""Lists of the evaluation floor."""

import django_tables2 as tables

from evaluation.models import Review
from pti import typography
from pti.tables import UNKNOWN, PtiTable


class ReviewTable(PtiTable):
    title = tables.Column("bilan", linkify=True)
    kind = tables.Column("nature")
    period = tables.Column("période", empty_values=(), order_by=("start_text", "end_text"), accessor="pk")
    as_of_text = tables.Column("arrêté au")

    noun, nouns, feminine = "bilan", "bilans", False
    title_column = "title"
    secondary = ("as_of_text",)
    when_empty = "Aucun bilan n’est encore écrit : chaque année, à mi-parcours et à la fin du pacte, il dit ce qui a changé."

    class Meta(PtiTable.Meta):
        model = Review
        fields = ("title", "kind", "period", "as_of_text")
        order_by = "title"

    def render_period(self, record):
        return record.period or UNKNOWN

    def value_period(self, record):
        return " – ".join(part for part in dict.fromkeys((record.start_text, record.end_text)) if part)

    def render_as_of_text(self, value):
        return typography.date_text(value)
