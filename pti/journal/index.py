"""The index of the journal is written with each of its lines, so that one page shows them all with one query."""

from simple_history.signals import post_create_historical_record

from pti.models import JournalLine

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


def write(entry):
    """Index one line."""
    line_of(entry, None if entry.history_type == "+" else before(entry)).save(force_insert=True)


def before(entry):
    """Number of the state that `entry` follows."""
    past = type(entry).objects.filter(id=entry.id, history_id__lt=entry.history_id).order_by("-history_id")
    return past.values_list("history_id", flat=True).first()


def index(sender, history_instance, **kwargs):
    write(history_instance)


def connect():
    """Called once, when the applications are ready."""
    post_create_historical_record.connect(index, dispatch_uid="pti-journal-index")
