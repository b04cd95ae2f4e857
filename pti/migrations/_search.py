"""Writes the search text of every row again, when what makes it changes."""

from pti.search import searched


def fill(model, names):
    """`names`: the columns that make the search text of `model`, as its `search_fields` says."""
    for row in model.objects.only(*names).iterator(chunk_size=500):
        model.objects.filter(pk=row.pk).update(search=searched(row, names))
