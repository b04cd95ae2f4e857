"""The list of collections."""

import django_tables2 as tables

from actions.models import Campaign
from pti import typography
from pti.filters import PtiFilterSet
from pti.tables import DayColumn, PtiTable
from pti.templatetags.pti import state


class CampaignTable(PtiTable):
    """Each collection, where it stands, how many have answered."""

    name = tables.Column("collecte", linkify=True)
    period = tables.Column("période")
    opened_on = DayColumn("ouverte le")
    deadline = DayColumn("réponse attendue le")
    closed_on = tables.Column("état", empty_values=())
    answered_count = tables.Column("réponses")

    noun, nouns, feminine = "collecte", "collectes", True
    title_column = "name"
    secondary = ("period", "opened_on")
    numeric = ("answered_count",)
    empty_text = (
        "Aucune collecte n’a encore été préparée. Une collecte demande à chaque pilote, par courriel, où en sont ses fiches."
    )

    class Meta(PtiTable.Meta):
        model = Campaign
        fields = ("name", "period", "opened_on", "deadline", "closed_on", "answered_count")
        order_by = "-deadline"

    def render_closed_on(self, record):
        if record.is_draft:
            return state("s-draft", "En préparation")
        return state("s-ongoing", "Ouverte") if record.is_open else state("s-done", f"Close le {record.closed_on:%d/%m/%Y}")

    def value_closed_on(self, record):
        return record.closed_on

    def render_answered_count(self, record):
        return f"{typography.number(record.answered_count)} sur {typography.number(record.asked_count)}"


class CampaignFilter(PtiFilterSet):
    search_path = ""

    class Meta:
        model = Campaign
        fields = []
