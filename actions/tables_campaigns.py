"""The list of collections."""

import django_tables2 as tables
from django.utils.functional import cached_property
from django.utils.html import format_html

from actions.campaigns.reading import waking_of
from actions.models import Campaign
from pti import typography
from pti.filters import PtiFilterSet
from pti.tables import DayColumn, PtiTable
from pti.templatetags.pti import state


def closed(record):
    return format_html("Close le {}", typography.day(record.closed_on))


class CampaignTable(PtiTable):
    """Each collection, where it stands, how many have answered."""

    name = tables.Column("collecte", linkify=True)
    period = tables.Column("période")
    opened_on = DayColumn("ouverte le")
    deadline = DayColumn("réponse attendue le")
    closed_on = tables.Column("état", empty_values=())
    answered_count = tables.Column("réponses")
    woken = tables.Column("fiches en retard mises à jour sous dix jours", empty_values=(), orderable=False)

    noun, nouns, feminine = "collecte", "collectes", True
    title_column = "name"
    secondary = ("period", "opened_on")
    numeric = ("answered_count", "woken")
    when_empty = (
        "Aucune collecte n’a encore été préparée. Une collecte demande à chaque pilote, par courriel, où en sont ses fiches."
    )

    class Meta(PtiTable.Meta):
        model = Campaign
        fields = ("name", "period", "opened_on", "deadline", "closed_on", "answered_count", "woken")
        order_by = "-deadline"

    def render_closed_on(self, record):
        if record.is_draft:
            return state("s-draft", "En préparation")
        return state("s-ongoing", "Ouverte") if record.is_open else state("s-done", closed(record))

    def value_closed_on(self, record):
        return record.closed_on

    def render_answered_count(self, record):
        return f"{typography.number(record.answered_count)} sur {typography.number(record.asked_count)}"

    def render_woken(self, record):
        found = self.waking.get(record.pk)
        if found is None or not found.late:
            return "—"
        url = f"{record.get_absolute_url()}?retard=reveil"
        return format_html('<a href="{}">{} sur {}</a>', url, typography.number(found.woken), typography.number(found.late))

    def value_woken(self, record):
        found = self.waking.get(record.pk)
        return "" if found is None or not found.late else f"{found.woken}/{found.late}"

    @cached_property
    def waking(self):
        """Of the rows shown, in one query."""
        return waking_of([row.record for row in self.paginated_rows])


class CampaignFilter(PtiFilterSet):
    search_path = ""

    class Meta:
        model = Campaign
        fields = []
