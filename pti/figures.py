"""A figure is a link to the list that it counts; tests find them all by `data-pti-figure`."""

from django.utils.html import format_html
from django.utils.http import urlencode

from pti import typography
from pti.addresses import url_of


def address(pact, name, **filters):
    """The list `name` of `pact`, filtered."""
    url = url_of(name, pact.pk)
    return f"{url}?{urlencode(filters)}" if filters else url


def figure(count, url, words=""):
    """`count`, or words that hold it, as a link to the rows."""
    return format_html('<a href="{}" data-pti-figure="{}">{}</a>', url, count, words or typography.number(count))


def counted(count, noun, url, several=None):
    """« 16 fiches-actions », as a link."""
    return figure(count, url, typography.plural(count, noun, several))
