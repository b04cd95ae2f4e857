"""The row of an address, and a row as it stands now."""

from functools import cache

from django.db.models import BigIntegerField
from django.http import Http404

from pti.composed import AnyKey, Composed


def found_or_404(composed, *keys):
    """The row that a composed query gives for `keys`, or a 404; an address may hold a number that no key can be."""
    row = composed.row_of(*keys) if max(keys) <= BigIntegerField.MAX_BIGINT else None
    if row is None:
        raise Http404
    return row


def found_again(row, *, held=False):
    """`row` as the base holds it now, locked until the transaction ends when `held`; DoesNotExist when it is gone."""
    return row_of_key(type(row), row.pk, held=held)


def row_of_key(model, key, *, held=False):
    """The row of `model` whose key is given."""
    row = keyed_composed(model, held).row_of(key)
    if row is None:
        raise model.DoesNotExist
    return row


def pointed_to(row, name):
    """What the link `name` of `row` gives."""
    link = row._meta.get_field(name)
    key = getattr(row, link.attname)
    if key is not None and not link.is_cached(row):
        link.set_cached_value(row, row_of_key(link.related_model, key))
    return getattr(row, name)


@cache
def keyed_composed(model, held):
    """The query of a row of `model`."""
    rows = model._base_manager.filter(pk=AnyKey()).order_by()
    return Composed(rows.select_for_update() if held else rows)
