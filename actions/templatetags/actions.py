"""Tags of the actions floor: states in their shape and word, values of indicators, money.

{% load actions %}
{% actions_led_by partner user %} {% pact_axes pact user points %}
{% status action.status %} {% confidence action.confidence %} {% confidence_mark update.confidence %}
"""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from actions import looks, tabs
from actions.enums import Confidence
from actions.models import Action
from actions.tree import Tree
from pti import typography

register = template.Library()

FICHES_SHOWN = 100


@register.simple_tag
def view_tabs(pact, filterset):
    """[(tab, its address with the filters in force)]: the ways to look at the fiches."""
    carried = filterset.carried().removeprefix("?")
    return [(one, one.address(pact.pk, carried)) for one in tabs.registered()]


@register.simple_tag
def status(value):
    """The square of a status and its word."""
    return looks.status_state(value)


@register.simple_tag
def request_state(row):
    """Where the answer to a collection stands, its date, what kind of answer it is."""
    return looks.request_state(row)


@register.simple_tag
def confidence(value, short=False):
    """The shape of a confidence and its word."""
    return looks.confidence_state(value, short=short)


@register.simple_tag
def confidence_mark(value):
    """The shape alone; its word stands beside."""
    return looks.confidence_icon(value)


@register.filter
def confidence_tone(value):
    """CSS tone of a confidence."""
    return {"c-good": "good", "c-fair": "fair", "c-warn": "warn", "c-bad": "bad", "c-none": "none"}[
        looks.CONFIDENCE_SHAPES[value or Confidence.UNKNOWN][0]
    ]


@register.simple_tag
def money_cell(figure):
    """A cell of totals: the figure, which leads to its rows, what it does not know, its share."""
    label = figure.column.label.capitalize()
    if figure.total is None:
        return format_html(
            '<td class="pti-num" data-label="{}" data-empty><span aria-hidden="true">–</span>'
            '<span class="visually-hidden">rien n’est dit</span></td>',
            label,
        )
    remarks = [*figure.total.remarks, *([figure.percent] if figure.percent else [])]
    lines = format_html_join("", '<span class="pti-small d-block">{}</span>', ((words,) for words in remarks))
    css = mark_safe("") if figure.total.told or figure.total.is_in_kind else mark_safe(" pti-state--none")
    return format_html(
        '<td class="pti-num" data-label="{}"><span><a class="pti-money__sum{}" href="{}">{}</a>{}</span></td>',
        label,
        css,
        figure.url,
        figure.total.text,
        lines,
    )


@register.simple_tag
def grid_cell(cell):
    """A cell of the grid: a field, or what is only read."""
    head = cell.column.label.capitalize()
    if cell.locked:
        return format_html(
            '<td class="pti-grid__locked" data-label="{}"><span data-pti-cell="" title="{}">{}'
            '<span class="visually-hidden"> ({})</span></span></td>',
            head,
            cell.locked,
            cell.read or "–",
            cell.locked,
        )
    error = (
        format_html('<span class="invalid-feedback d-block" id="e{}">{}</span>', cell.name, typography.typeset(cell.error))
        if cell.error
        else ""
    )
    return format_html(
        '<td data-label="{}"><span><input class="form-control{}" name="{}" id="{}" value="{}" aria-label="{}"'
        ' data-pti-cell="{}" autocomplete="off"{}><input type="hidden" name="w{}" value="{}">{}</span></td>',
        head,
        mark_safe(" is-invalid") if cell.error else "",
        cell.name,
        cell.id,
        cell.shown,
        cell.label,
        cell.was,
        format_html(' aria-invalid="true" aria-describedby="e{}"', cell.name) if cell.error else "",
        cell.name,
        cell.was,
        error,
    )


@register.simple_tag
def due(action, on):
    """Nearest undone milestone of an action made by `with_due`."""
    return looks.due_state(action.open_due, on, action.can_be_late)


@register.simple_tag
def blocked_mark():
    return looks.blocked_state()


@register.inclusion_tag("actions/_led_by.html")
def actions_led_by(partner, user):
    """The actions of the pact that this partner leads or co-leads today; one query."""
    rows = Action.objects.read_in(user, partner.pact_id).led_by_organisation(partner.organisation)
    return {"partner": partner, "actions": list(rows.order_by("order", "number_key", "id"))}


@register.inclusion_tag("actions/_pact_axes.html", takes_context=True)
def pact_axes(context, pact, user, points):
    """The tree of the pact and its actions, a hundred of them a page, for the document; four queries.

    `points` are those of amendments under way (opened_points).
    """
    tree = Tree(pact)
    rows = Action.objects.read_in(user, pact).only("pact", "uid", "number", "title")
    loose = tree.hang_page(rows.order_by("order", "number_key", "id"), context["request"].GET.get("fiches"), FICHES_SHOWN)
    return {"pact": pact, "points": points, "nodes": list(tree.walk()), "loose": loose, "page": tree.page}
