"""The index of the journal is written with each of its lines, so that one page shows them all with one query."""

from functools import cache

from django.db.models import Max

from pti.composed import AnyKey, Composed, insert
from pti.models import JournalLine
from pti.rows import lines_written

KEY = ("kind", "line", "before")
NAMES = (*KEY, "at", "user_id", "pact_id")


def keys_of(row):
    """Keys of the lines of one row, newest first."""
    model = type(row)
    own = model.history.model.objects.filter(id=row.pk).values("history_id")
    lines = JournalLine.objects.filter(kind=model._meta.label_lower, line__in=own)
    return lines.order_by("-line").values_list(*KEY)


@cache
def before_composed(model):
    """The query of the number of the last line of a row before one of its lines."""
    return Composed(
        model.objects.filter(id=AnyKey(0), history_id__lt=AnyKey(1))
        .order_by()
        .values("id")
        .annotate(last=Max("history_id"))
        .values_list("last")
    )


def before(model, line):
    """Number of the state that a line of the journal follows; None for a new row."""
    found = [] if line.deed == "+" else before_composed(model).tuples_of(line.row, line.key)
    return found[0][0] if found else None


def index(sender, lines, **kwargs):
    """Index the lines that have just been written."""
    kind = sender.instance_type._meta.label_lower
    insert(JournalLine, NAMES, [(kind, line.key, before(sender, line), line.at, line.user, line.pact) for line in lines])


def connect():
    """Called once, when the applications are ready."""
    lines_written.connect(index, dispatch_uid="pti-journal-index")
