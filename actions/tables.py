"""Lists of the actions floor."""

import django_tables2 as tables
from django.db.models import Case, F, IntegerField, Value, When
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import Truncator

from actions import looks
from actions.enums import ActionStatus, Confidence
from actions.models import Action
from pti import typography
from pti.tables import PtiTable

NEVER = mark_safe('<span class="pti-state--none">Aucun point</span>')
NO_LEAD = mark_safe('<span class="pti-state--none">Sans pilote</span>')
CONFIDENCE_ORDER = [Confidence.COMPROMISED, Confidence.SUPPORT, Confidence.REACHABLE, Confidence.SECURED, Confidence.UNKNOWN]


def lead_words(leads):
    """Who leads: names, « pressenti » said."""
    return format_html_join(
        mark_safe("<br>"),
        "{}{}",
        (
            (
                lead.organisation.short_name if lead.organisation_id else str(lead),
                mark_safe(' <span class="pti-small">(pressenti)</span>') if lead.is_tentative else "",
            )
            for lead in leads
        ),
    )


def ranked(field, values):
    """Order by the rank of a closed list rather than by its letters."""
    return Case(*[When(**{field: value}, then=Value(i)) for i, value in enumerate(values)], output_field=IntegerField())


class ActionTable(PtiTable):
    """The fiches: who leads, where it stands, what is due, when it was last told."""

    number = tables.Column("n°", order_by=("number_key", "order", "id"), empty_values=())
    title = tables.Column("fiche-action", linkify=True, order_by=("title", "id"))
    axis = tables.Column("rattachement", order_by=("axis__order", "number_key", "id"), empty_values=())
    leading = tables.Column("pilote", orderable=False, empty_values=())
    status = tables.Column("statut")
    confidence = tables.Column("confiance déclarée")
    open_due = tables.Column("échéances", empty_values=())
    last_update_on = tables.Column("dernier point", empty_values=())

    noun, nouns = "fiche", "fiches"
    title_column = "title"
    secondary = ("axis", "last_update_on")
    numeric = ("number",)
    nowrap = ("status", "confidence", "open_due", "last_update_on")
    empty_text = "Ce pacte n’a pas encore de fiche-action. Certains pactes n’en ont pas : ils disent des engagements."

    class Meta(PtiTable.Meta):
        model = Action
        fields = ("number", "title", "axis", "leading", "status", "confidence", "open_due", "last_update_on")
        order_by = "number"

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    def render_number(self, value):
        return value or ""

    def render_axis(self, record):
        axis = record.axis
        if axis is None:
            return mark_safe('<span class="pti-state--none">Aucun</span>')
        return Truncator(str(axis)).chars(30)

    def value_axis(self, record):
        return str(record.axis or "")

    def render_leading(self, record):
        leads = record.leading
        pilots = [lead for lead in leads if lead.role == "pilot"]
        return lead_words(pilots or leads) if leads else NO_LEAD

    def render_status(self, record):
        return looks.status_state(record.status)

    def value_status(self, record):
        return record.get_status_display()

    def render_confidence(self, record):
        return looks.confidence_state(record.confidence)

    def value_confidence(self, record):
        return record.get_confidence_display()

    def render_open_due(self, record):
        due = looks.due_state(record.open_due, self.on, record.can_be_late)
        if not record.is_blocked:
            return due
        return format_html("{}<br>{}", due, looks.blocked_state())

    def render_last_update_on(self, value):
        return typography.day(value) if value else NEVER

    def value_last_update_on(self, value):
        return value

    def order_status(self, queryset, is_descending):
        return self.in_order(queryset, ranked("status", ActionStatus.values), is_descending)

    def order_confidence(self, queryset, is_descending):
        return self.in_order(queryset, ranked("confidence", CONFIDENCE_ORDER), is_descending)

    def order_open_due(self, queryset, is_descending):
        return self.in_order(queryset, F("open_due"), is_descending)

    def order_last_update_on(self, queryset, is_descending):
        return self.in_order(queryset, F("last_update_on"), is_descending)

    def in_order(self, queryset, key, is_descending):
        """Sorted by `key`, what has none last, ties by number."""
        key = key.desc(nulls_last=True) if is_descending else key.asc(nulls_last=True)
        return queryset.order_by(key, "number_key", "id"), True
