"""The folded journal of one row: {% load journal %}{% journal_of action %}."""

from django import template

from pti.access import is_staff_on
from pti.journal.index import keys_of
from pti.journal.lines import read_lines

register = template.Library()

LINES_SHOWN = 20


@register.inclusion_tag("pti/_journal_of.html", takes_context=True)
def journal_of(context, row):
    """Last lines of the journal of a row, for the staff of its pact; a fixed number of queries per kind of line."""
    pact, kind = row.owning_pact(), row._meta.label_lower
    if not is_staff_on(context["user"], pact):
        return {"lines": []}
    keys = keys_of(row)
    return {"lines": read_lines(keys[:LINES_SHOWN]), "count": keys.count(), "pact": pact, "kind": kind, "row": row}
