"""Past states of a row: which models take them back, and how."""

from datetime import timedelta

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.db.models import Max

from pti import typography
from pti.access import is_staff_on
from pti.fields import readable
from pti.journal.lines import bare_row
from pti.journal.links import links_at, put_back
from pti.rows import Revised

_restorable = {}
# A row takes what hangs from it along when it is deleted: the lines of one deed follow one another.
ONE_DEED = timedelta(seconds=5)
MOST_SHOWN = 25


def staff_of_its_pact(user, row):
    return is_staff_on(user, row.owning_pact())


def allow_restore(*models, allowed=staff_of_its_pact):
    """Past states of these models may be put back by whom `allowed(user, row)` says."""
    for model in models:
        _restorable[model] = allowed


def can_restore(user, row):
    """Button and view ask this; a row that was deleted is asked by its last state."""
    try:
        return type(row) in _restorable and not is_withdrawn(row) and _restorable[type(row)](user, row)
    except ObjectDoesNotExist:  # what it belonged to is gone too
        return False


def is_withdrawn(row):
    """True for a row that an amendment took out of the text: only another amendment brings it back."""
    return getattr(row, "withdrawn_on", None) is not None


@transaction.atomic
def restore(*, entry, by):
    """Put a row back as it was; the text of a frozen pact refuses. The journal keeps every state in between."""
    row = entry.instance_type._base_manager.filter(pk=entry.id).first()
    if row is None:
        return bring_back(entry, by)
    if is_withdrawn(row):
        raise ValidationError("Un avenant a retiré cette ligne du texte : son passé se lit, il ne se rétablit pas.")
    names = [field.attname for field in entry.tracked_fields if field.name != "revision"]
    links = links_at(row, entry)
    if not links and all(getattr(row, name) == getattr(entry, name) for name in names):
        raise ValidationError("La ligne est déjà dans cet état.")
    for name in names:
        setattr(row, name, getattr(entry, name))
    sign(row, entry, by)
    row.full_clean(validate_unique=False)
    row.save()
    put_back(row, links)
    return row


def bring_back(entry, by):
    """Make a deleted row again, under its key and its uid, with the rows that went with it."""
    row = bare_row(entry)
    sign(row, entry, by)
    row.full_clean()
    row.save(force_insert=True)
    put_back(row, links_at(row, entry))
    for gone in gone_with(entry):
        bring_back(gone, by)
    return row


def sign(row, entry, by):
    """Who puts it back, and from when."""
    if isinstance(row, Revised):
        row.revision += 1
    row._change_reason = f"rétabli tel qu’au {readable(str(typography.instant(entry.history_date)))}"
    row._history_user = by


def hanging_from(model):
    """(past rows, column that points to a row of `model`) of what hangs from it and may be put back."""
    for relation in model._meta.related_objects:
        if relation.related_model in _restorable:
            yield relation.related_model.history.model.objects, relation.field.attname


def gone_with(entry):
    """The last states of the rows that were deleted along with this one."""
    deletion = type(entry).objects.filter(id=entry.id, history_type="-").order_by("-history_id").first()
    around = deletion.history_date - ONE_DEED, deletion.history_date + ONE_DEED
    for past, column in hanging_from(entry.instance_type):
        still_there = past.model.instance_type._base_manager.values("pk")
        gone = past.filter(history_type="-", history_date__range=around, **{column: entry.id})
        yield from gone.exclude(id__in=still_there).order_by("history_id")


def written_since(entry):
    """The last state of each row hanging from this one that was written after this state, the newest first."""
    found = []
    for past, column in hanging_from(entry.instance_type):
        after = past.filter(history_date__gt=entry.history_date + ONE_DEED, **{column: entry.id}).order_by()
        newest = after.values("id").annotate(newest=Max("history_id")).values("newest")
        found += past.filter(history_id__in=newest).order_by("-history_date")[:MOST_SHOWN]
    return sorted(found, key=lambda one: one.history_date, reverse=True)[:MOST_SHOWN]
