"""The index of the journal is written with each of its lines, so that one page shows them all with one query."""

from pti.models import JournalLine
from pti.rows import lines_written
from pti.worded import insert, line_before

KEY = ("kind", "line", "before")


def keys_of(row):
    """Keys of the lines of one row, newest first."""
    model = type(row)
    own = model.history.model.objects.filter(id=row.pk).values("history_id")
    lines = JournalLine.objects.filter(kind=model._meta.label_lower, line__in=own)
    return lines.order_by("-line").values_list(*KEY)


def line_of(entry, before):
    """The row of the index that points to a past state; `before` is the number of the state that it follows."""
    return JournalLine(
        kind=entry.instance_type._meta.label_lower,
        line=entry.history_id,
        before=before,
        at=entry.history_date,
        user_id=entry.history_user_id,
        pact_id=entry.journal_pact_id,
    )


def index(sender, entries, **kwargs):
    """Index the lines that have just been written."""
    insert([line_of(entry, None if entry.history_type == "+" else line_before(entry)) for entry in entries])


def connect():
    """Called once, when the applications are ready."""
    lines_written.connect(index, dispatch_uid="pti-journal-index")
