"""The folded journal of one row: {% load journal %}{% journal_of action %}."""

from django import template

from pti.access import is_staff_on
from pti.journal.lines import entries, read_lines

register = template.Library()

LINES_SHOWN = 20


@register.inclusion_tag("pti/_journal_of.html", takes_context=True)
def journal_of(context, row):
    """Last lines of the journal of a row, for the staff of its pact; a fixed number of queries per kind of line."""
    pact, kind = row.owning_pact(), row._meta.label_lower
    if not is_staff_on(context["user"], pact):
        return {"lines": []}
    past = entries(type(row), id=row.pk).order_by("-history_id")
    keys = [(pk, date, kind) for pk, date in past.values_list("history_id", "history_date")[:LINES_SHOWN]]
    return {"lines": read_lines(keys), "count": past.count(), "pact": pact, "kind": kind, "row": row}
