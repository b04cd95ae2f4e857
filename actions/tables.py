"""Lists of the actions floor."""

from functools import cache

import django_tables2 as tables
from django.db.models import Case, F, IntegerField, Value, When
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from actions import looks
from actions.enums import ActionStatus, Confidence
from actions.figures import funder_name, money
from actions.models import Action, Funding, Indicator, Lead
from pti import typography
from pti.composed import AnyKeys, Composed, ComposedParts
from pti.fields import without_texts
from pti.tables import PtiTable

NEVER = mark_safe('<span class="pti-state--none">Aucun point</span>')
# A tick belongs to the form « lot » that stands under the list.
PICK = (
    '<label class="pti-pick"><input class="form-check-input" type="checkbox" name="fiche" value="{}" form="lot">'
    '<span class="visually-hidden">Cocher la fiche {}</span></label> <span class="pti-pick__number">{}</span>'
)
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


def lines_of(keys):
    """The fiches of these keys, in their order, with what the cells of the list read."""
    found = {row.pk: row for row in lines_composed().rows_of(keys)}
    leading_composed().give(found.values())
    return [found[key] for key in keys if key in found]


@cache
def lines_composed():
    """The query of the lines of some fiches, but for who leads them."""
    return Composed(without_texts(Action.objects.filter(pk__in=AnyKeys()).for_table().prefetch_related(None)).order_by())


@cache
def leading_composed():
    """Who leads some fiches."""
    return ComposedParts(Action, "leads", Lead.objects.for_table(), to_attr="leading")


class ActionTable(PtiTable):
    """The fiches: who leads, where it stands, what is due, when it was last told."""

    number = tables.Column("n°", order_by=("number_key", "order", "id"), empty_values=())
    title = tables.Column("fiche-action", linkify=True, order_by=("search", "id"))
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
    when_empty = "Ce pacte n’a pas encore de fiche-action. Certains pactes n’en ont pas : ils disent des engagements."

    class Meta(PtiTable.Meta):
        model = Action
        fields = ("number", "title", "axis", "leading", "status", "confidence", "open_due", "last_update_on")
        order_by = "number"

    def __init__(self, *args, on, may_pick=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.on, self.may_pick = on, may_pick

    @cached_property
    def paginated_rows(self):
        """The rows of the page: their keys in the order asked for, then what their cells read, by statements composed once."""
        if not hasattr(self, "page"):
            return self.rows
        rows = self.page.object_list
        rows.data = lines_of(list(rows.data.values_list("pk", flat=True)))
        return rows

    def render_number(self, record):
        if not self.may_pick:
            return record.number
        return format_html(PICK, record.pk, record.number or record.label, record.number)

    def value_number(self, record):
        return record.number

    def render_axis(self, record):
        axis = record.axis
        if axis is None:
            return mark_safe('<span class="pti-state--none">Aucun</span>')
        return typography.shorten(axis, 48)

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
        return self.in_order(queryset.with_due(), F("open_due"), is_descending)

    def order_last_update_on(self, queryset, is_descending):
        return self.in_order(queryset.with_last_news(), F("last_update_on"), is_descending)

    def in_order(self, queryset, key, is_descending):
        """Sorted by `key`, what has none last, ties by number."""
        key = key.desc(nulls_last=True) if is_descending else key.asc(nulls_last=True)
        return queryset.order_by(key, "number_key", "id"), True


class IndicatorTable(PtiTable):
    """The indicators: where they belong, what was aimed at, what was last observed."""

    name = tables.Column("indicateur", linkify=True, order_by=("search", "id"))
    action = tables.Column("fiche", empty_values=(), order_by=("action__number_key", "order", "id"))
    kind = tables.Column("nature")
    unit = tables.Column("unité")
    target_year = tables.Column("cible", empty_values=(), orderable=False)
    last_measured = tables.Column("dernière valeur", empty_values=())

    noun, nouns, feminine = "indicateur", "indicateurs", False
    title_column = "name"
    secondary = ("kind", "unit")
    numeric = ("target_year", "last_measured")
    when_empty = "Ce pacte n’a pas encore d’indicateur."

    class Meta(PtiTable.Meta):
        model = Indicator
        fields = ("name", "action", "kind", "unit", "target_year", "last_measured")
        order_by = "action"

    def render_action(self, record):
        if record.action is not None:
            return format_html('<a href="{}">{}</a>', record.action.get_absolute_url(), action_words(record.action))
        return str(record.axis or record.group or "Tout le pacte")

    def render_kind(self, record):
        return (record.kind_text or record.get_kind_display()).capitalize()

    def render_target_year(self, record):
        text = record.target_raw or (typography.number(record.target_value) if record.target_value is not None else "")
        if not text:
            return mark_safe('<span class="pti-state--none">Sans cible</span>')
        return format_html('{} <span class="pti-small d-block">{}</span>', text, record.target_year or "")

    def render_last_measured(self, record):
        if not record.last_measured:
            return mark_safe('<span class="pti-state--none">Aucune valeur</span>')
        beyond = looks.state("exclamation-triangle", "Au-delà du seuil", "bad") if record.is_beyond_threshold else ""
        return format_html('{} <span class="pti-small d-block">{}</span>{}', record.last_raw, record.last_measured, beyond)

    def order_last_measured(self, queryset, is_descending):
        key = F("last_measured").desc(nulls_last=True) if is_descending else F("last_measured").asc(nulls_last=True)
        return queryset.order_by(key, "search", "id"), True


def action_words(action):
    return f"{action.number} {typography.shorten(action.label, 48)}".strip()


class FundingTable(PtiTable):
    """The money, one line for each funder, year and state."""

    label = tables.Column("objet", empty_values=(), order_by=("label", "id"))
    funder = tables.Column("financeur", empty_values=(), order_by=("funder__search", "funder_text", "id"))
    action = tables.Column("fiche", empty_values=(), order_by=("action__number_key", "order", "id"))
    year = tables.Column("année", empty_values=())
    amount = tables.Column("montant", empty_values=())
    state = tables.Column("état")

    noun, nouns, feminine = "financement", "financements", False
    title_column = "label"
    numeric = ("amount",)
    when_empty = "Aucun financement n’est saisi. Un montant inconnu se dit « non communiqué », jamais zéro."

    class Meta(PtiTable.Meta):
        model = Funding
        fields = ("label", "funder", "action", "year", "amount", "state")
        order_by = "year"

    def __init__(self, *args, may_edit, **kwargs):
        super().__init__(*args, **kwargs)
        self.may_edit = may_edit

    def render_label(self, record):
        words = self.value_label(record)
        if self.may_edit(record):
            words = format_html('<a href="{}">{}</a>', record.get_absolute_url(), words)
        details = ". ".join(filter(None, (record.complement if record.label else "", record.note)))
        return format_html('{}<span class="pti-small d-block fw-normal">{}</span>', words, details) if details else words

    def value_label(self, record):
        return record.label or record.complement or f"Financement de {funder_name(record)}"

    def render_funder(self, record):
        return funder_name(record)

    def render_action(self, record):
        if record.action is not None:
            return format_html('<a href="{}">{}</a>', record.action.get_absolute_url(), action_words(record.action))
        return str(record.axis or "Aucune")

    def render_year(self, record):
        return (
            record.year
            or typography.date_text(record.date_text)
            or mark_safe('<span class="pti-state--none">Sans année</span>')
        )

    def render_amount(self, record):
        return money(record).text

    def value_amount(self, record):
        return record.amount if record.amount is not None else money(record).text

    def render_state(self, record):
        return money(record).state.capitalize()

    def order_amount(self, queryset, is_descending):
        key = F("amount").desc(nulls_last=True) if is_descending else F("amount").asc(nulls_last=True)
        return queryset.order_by(key, "id"), True

    def order_year(self, queryset, is_descending):
        key = F("year").desc(nulls_last=True) if is_descending else F("year").asc(nulls_last=True)
        return queryset.order_by(key, "order", "id"), True
