"""The list of consultations."""

import django_tables2 as tables
from django.utils.html import format_html

from partners.models import Consultation
from pti import typography
from pti.filters import PtiFilterSet
from pti.tables import DayColumn, PtiTable
from pti.templatetags.pti import state


class ConsultationTable(PtiTable):
    title = tables.Column("concertation", linkify=True)
    version = tables.Column("version", accessor="version__number")
    opened_on = DayColumn("ouverte le")
    deadline = DayColumn("réponse attendue le")
    closed_on = tables.Column("état", empty_values=())
    invited_count = tables.Column("partenaires invités")
    pending_count = tables.Column("propositions à examiner")

    noun, nouns, feminine = "concertation", "concertations", True
    title_column = "title"
    secondary = ("opened_on", "invited_count")
    numeric = ("version", "invited_count", "pending_count")
    when_empty = "Aucune concertation n’a encore été ouverte sur ce texte."

    class Meta(PtiTable.Meta):
        model = Consultation
        fields = ("title", "version", "opened_on", "deadline", "closed_on", "invited_count", "pending_count")
        order_by = "-opened_on"

    def render_closed_on(self, record):
        if not record.is_open:
            return state("s-done", format_html("Close le {}", typography.day(record.closed_on)))
        if record.is_late:
            return state("s-ongoing", "Ouverte, échéance passée")
        return state("s-ongoing", "Ouverte")

    def value_closed_on(self, record):
        return record.closed_on

    def render_version(self, value):
        return typography.number(value)


class ConsultationFilter(PtiFilterSet):
    search_path = ""

    class Meta:
        model = Consultation
        fields = []
