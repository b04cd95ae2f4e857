"""Past states of a row: which models take them back, and how."""

from django.core.exceptions import ValidationError
from django.db import transaction

from pti import typography
from pti.access import is_staff_on
from pti.fields import readable
from pti.rows import Revised

_restorable = {}


def staff_of_its_pact(user, row):
    return is_staff_on(user, row.owning_pact())


def allow_restore(*models, allowed=staff_of_its_pact):
    """Past states of these models may be put back by whom `allowed(user, row)` says."""
    for model in models:
        _restorable[model] = allowed


def can_restore(user, row):
    """Button and view ask this."""
    return type(row) in _restorable and not is_withdrawn(row) and _restorable[type(row)](user, row)


def is_withdrawn(row):
    """True for a row that an amendment took out of the text: only another amendment brings it back."""
    return getattr(row, "withdrawn_on", None) is not None


@transaction.atomic
def restore(*, entry, by):
    """Put a row back as it was; the text of a frozen pact refuses. The journal keeps every state in between."""
    row = entry.instance_type._base_manager.filter(pk=entry.id).first()
    if row is None:
        raise ValidationError("Cette ligne n’existe plus : son passé se lit, il ne se rétablit pas.")
    if is_withdrawn(row):
        raise ValidationError("Un avenant a retiré cette ligne du texte : son passé se lit, il ne se rétablit pas.")
    names = [field.attname for field in entry.tracked_fields if field.name != "revision"]
    if all(getattr(row, name) == getattr(entry, name) for name in names):
        raise ValidationError("La ligne est déjà dans cet état.")
    for name in names:
        setattr(row, name, getattr(entry, name))
    if isinstance(row, Revised):
        row.revision += 1
    row._change_reason = f"rétabli tel qu’au {readable(str(typography.instant(entry.history_date)))}"
    row._history_user = by
    row.full_clean(validate_unique=False)
    row.save()
    return row
