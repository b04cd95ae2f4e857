"""Tags of the actions floor: states in their shape and word, values of indicators, money.

{% load actions %}
{% actions_led_by partner user %} {% pact_axes pact user points %}
{% status action.status %} {% confidence action.confidence %} {% confidence_mark update.confidence %}
"""

from django import template

from actions import looks
from actions.enums import Confidence
from actions.models import Action
from actions.tree import Tree

register = template.Library()

FICHES_SHOWN = 100


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
def due(action, on):
    """Nearest undone milestone of an action made by `with_due`."""
    return looks.due_state(action.open_due, on, action.can_be_late)


@register.simple_tag
def card_due(action, on):
    """The same on a card, when it asks for somebody: late, or due within thirty days."""
    near = action.open_due is not None and action.can_be_late and (action.open_due - on).days <= 30
    return looks.due_state(action.open_due, on, True) if near else ""


@register.simple_tag
def blocked_mark():
    return looks.blocked_state()


@register.inclusion_tag("actions/_led_by.html")
def actions_led_by(partner, user):
    """The actions of the pact that this partner leads or co-leads today; one query."""
    rows = Action.objects.visible_to(user).filter(pact=partner.pact_id).led_by_organisation(partner.organisation)
    return {"partner": partner, "actions": list(rows.order_by("order", "number_key", "id"))}


@register.inclusion_tag("actions/_pact_axes.html", takes_context=True)
def pact_axes(context, pact, user, points):
    """The tree of the pact and its actions, a hundred of them a page, for the document; four queries.

    `points` are those of amendments under way (opened_points).
    """
    tree = Tree(pact)
    rows = Action.objects.visible_to(user).filter(pact=pact).only("pact", "uid", "number", "title")
    loose = tree.hang_page(rows.order_by("order", "number_key", "id"), context["request"].GET.get("fiches"), FICHES_SHOWN)
    return {"pact": pact, "points": points, "nodes": list(tree.walk()), "loose": loose, "page": tree.page}
