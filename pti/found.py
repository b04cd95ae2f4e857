"""The row of an address."""

from django.db.models import BigIntegerField
from django.http import Http404


def found_or_404(composed, *keys):
    """The row that a composed query gives for `keys`, or a 404; an address may hold a number that no key can be."""
    row = composed.row_of(*keys) if max(keys) <= BigIntegerField.MAX_BIGINT else None
    if row is None:
        raise Http404
    return row
