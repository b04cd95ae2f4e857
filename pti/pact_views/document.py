"""« Le pacte »: the document as it stands, and the list of its figures."""

import django_filters
import django_tables2 as tables
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html

from pti import sources, typography
from pti.access import can_amend, can_lead_life, can_read_life, can_write_frame, is_staff_on
from pti.enums import StatementKind
from pti.filters import PtiFilterSet
from pti.models import ContextFigure
from pti.outline import numbered
from pti.pact_views.printing import said_now
from pti.printing.assemble import read
from pti.printing.html import to_html
from pti.reading import around, figures_of, parts_of
from pti.tables import PtiTable
from pti.turns import turn_of
from pti.versions import versions_of
from pti.views import TablePage, pact_or_404


def sections_of(pact):
    """The sections, numbered; what a generated one says is read from the text, as the printed document reads it."""
    rows = numbered(parts_of(pact, "sections"))
    if any(one.section.source for one in rows):
        text = read(said_now(pact))[0]
        for one in rows:
            source = sources.named(one.section.source)
            if source is not None:
                one.generated = to_html(source.build(text), level=min(one.heading, 4) + 1)
    return rows


def pact_detail(request, pact_pk):
    """The document: frame, statements, sections, and what the upper floors say of it."""
    pact = pact_or_404(request.user, pact_pk)
    statements = parts_of(pact, "statements")
    figures, figures_count = figures_of(pact)
    principles = [one for one in statements if one.kind == StatementKind.PRINCIPLE]
    context = {
        "pact": pact,
        "turn_now": turn_of(request.user, pact),
        "principles": principles,
        "plain_principles": not any(one.title for one in principles),
        "stakes": [one for one in statements if one.kind == StatementKind.STAKE],
        "sections": sections_of(pact),
        "departments": parts_of(pact, "departments"),
        "territory_links": parts_of(pact, "territory_links"),
        "schemes": parts_of(pact, "schemes"),
        "terms": parts_of(pact, "glossary_terms"),
        "figures": figures,
        "figures_count": figures_count,
        "changes": parts_of(pact, "state_changes"),
        "extensions": parts_of(pact, "extensions"),
        **versions_of(pact),
        **vars(around(request.user, pact)),
        "may_amend": can_amend(request.user, pact),
        "may_write": can_write_frame(request.user, pact),
        "may_see_life": can_read_life(request.user, pact),
        "may_lead": can_lead_life(request.user, pact),
        "is_staff": is_staff_on(request.user, pact),
    }
    return render(request, "pti/pact_detail.html", context)


class FigureTable(PtiTable):
    label = tables.Column("libellé")
    raw_value = tables.Column("valeur", order_by=("value", "raw_value"))
    territory_text = tables.Column("territoire", empty_values=())
    date_text = tables.Column("date")
    source = tables.Column("source")

    noun, nouns, feminine = "chiffre", "chiffres", False
    title_column = "label"
    secondary = ("source",)
    numeric = ("raw_value",)
    when_empty = "Ce pacte n’a pas encore de chiffre de contexte."

    class Meta(PtiTable.Meta):
        model = ContextFigure
        fields = ("label", "raw_value", "territory_text", "date_text", "source")
        order_by = "order"

    def render_label(self, record):
        note = format_html('<span class="pti-small d-block fw-normal">{}</span>', record.note) if record.note else ""
        scope = format_html('<span class="pti-small d-block fw-normal">{}</span>', record.scope) if record.scope else ""
        return format_html("{}{}{}", self.linked(record), scope, note)

    def value_label(self, record):
        return record.label

    def linked(self, record):
        """The label; a link to its form for those who may write the text."""
        if not getattr(self, "may_write", False):
            return typography.typeset(record.label)
        return format_html('<a href="{}">{}</a>', record.edit_url, typography.typeset(record.label))

    def render_raw_value(self, record):
        return record.in_words

    def value_raw_value(self, record):
        return record.value if record.value is not None else record.raw_value

    def render_territory_text(self, record):
        return record.territory_text or (str(record.territory) if record.territory_id else "Tout le pacte")

    def render_date_text(self, value):
        return typography.date_text(value)


def values_of(name, queryset):
    """The values that a column takes in the rows of the pact, as choices."""
    rows = queryset.order_by(name).exclude(**{name: ""}).values_list(name, flat=True).distinct()
    return [(text, text) for text in rows]


class FigureFilter(PtiFilterSet):
    territory_text = django_filters.ChoiceFilter(label="territoire")
    source = django_filters.ChoiceFilter(label="source")

    class Meta:
        model = ContextFigure
        fields = ["territory_text", "source"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("territory_text", "source"):
            self.filters[name].extra["choices"] = values_of(name, self.queryset)


class FigureList(TablePage):
    """Context figures of the pact, with their raw text."""

    model = ContextFigure
    table_class = FigureTable
    filterset_class = FigureFilter
    template_name = "pti/figure_list.html"

    def way_out(self):
        if can_write_frame(self.request.user, self.pact):
            return reverse("piece_add", args=[self.pact.pk, "chiffre"]), "Ajouter un chiffre"
        return None

    def get_queryset(self):
        return super().get_queryset().select_related("territory")

    def get_table(self, **kwargs):
        table = super().get_table(**kwargs)
        table.may_write = can_write_frame(self.request.user, self.pact)
        return table

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_write=can_write_frame(self.request.user, self.pact), **kwargs)
