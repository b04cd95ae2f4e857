"""What an amendment under way opens, said beside what the pact says; nothing is asked before the pact is in force.

{% amendments_under_way pact %}            on top of a page that shows the whole text
{% amendments_awaiting pact user amendments %}   on the dashboard
{% opened_by_amendment pact fiche "cette fiche" %}   on the page of one row
{% withdrawn_from pact fiche "Cette fiche" %}       on the page of one row that an amendment withdrew
{% opened_points pact as points %}…{% opened_at points section %}   beside many rows, in one query
{% opened_mark points fiche %}                       the same at the end of a line of a list
"""

from django import template
from django.utils.html import format_html

from pti.amending.reading import amendment_of, point_of, points_in, points_on, under_way
from pti.turns import turn_of

register = template.Library()


@register.inclusion_tag("pti/_amendments_under_way.html")
def amendments_under_way(pact):
    """« L’avenant n° 1 est ouvert »: what it opens, where to read it."""
    return {"pact": pact, "amendments": under_way(pact, "points")}


@register.inclusion_tag("pti/_amendments_awaiting.html")
def amendments_awaiting(pact, user, amendments):
    """For the dashboard: each of the `amendments` under way, and what is awaited of whom."""
    return {"pact": pact, "lines": [(one, turn_of(user, one)) for one in amendments]}


@register.inclusion_tag("pti/_opened.html")
def opened_by_amendment(pact, row, name):
    """The row whose page this is is opened by an amendment; `name` is how the page calls it."""
    return {"pact": pact, "points": points_on(row, pact), "name": name}


@register.inclusion_tag("pti/_withdrawn.html")
def withdrawn_from(pact, row, name):
    """Since when the row is no longer in the text, by which amendment, why, and where to read what it said."""
    return {"pact": pact, "row": row, "name": name, "amendment": amendment_of(row, pact), "point": point_of(row, pact)}


@register.simple_tag
def opened_points(pact):
    """{uid: points} of every row that an amendment under way opens."""
    return points_in(pact)


@register.inclusion_tag("pti/_opened_at.html")
def opened_at(points, row):
    """One line beside a row among others."""
    return {"points": points.get(row.uid, [])}


@register.simple_tag
def opened_mark(points, row):
    """A word at the end of a line of a list."""
    found = points.get(row.uid, [])
    names = ", ".join(point.pact.amendment_name.lower() for point in found)
    return format_html('<span class="pti-small pti-opened__mark">{} en cours</span>', names) if found else ""
