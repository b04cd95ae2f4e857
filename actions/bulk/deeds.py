"""Preparing, applying and undoing a « modification en lot »: at once when it is small, else by the worker."""

import logging

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.deletion import ProtectedError, RestrictedError
from django.utils import timezone

from actions.access import can_change_many
from actions.bulk.changes import MOVED, change_of
from actions.models import Action, Batch, BatchLine
from pti import journal

logger = logging.getLogger(__name__)
# So many fiches are written while the person waits; more, by the worker.
AT_ONCE = 50
MOST = 1000
NO_LONGER = "Qui l’a demandé n’a plus ce droit dans ce pacte : rien n’est changé."
UNFORESEEN = "Une erreur imprévue a tout arrêté : rien n’est changé. Elle est notée dans le journal du serveur."


def nobody(done, total, what):
    """Nobody waits before a page."""


@transaction.atomic
def prepare(*, pact, actions, kind, params, said, by):
    """Write down what the change would do to each fiche: nothing is changed yet."""
    batch = Batch.objects.create(pact=pact, kind=kind, params=params, said=said[:300], made_by=by)
    batch.refresh_from_db(fields=["params"])  # as they will be read: dates are text
    change = change_of(batch, by)
    lines = []
    for action in change.rows(actions)[:MOST]:
        action.pact = pact
        planned = change.plan(action)
        told = {"before": planned.before, "after": planned.after, "refusal": planned.refusal[:300], "data": planned.data}
        lines.append(BatchLine(batch=batch, action=action, **told))
    BatchLine.objects.bulk_create(lines)
    return batch


def ask(batch, *, by):
    """« Appliquer »: True for the one who asks first."""
    asked = {"asked_at": timezone.now(), "made_by": by}
    if not Batch.objects.filter(pk=batch.pk, asked_at=None).update(**asked):
        return False
    if batch.lines.filter(refusal="").count() <= AT_ONCE:
        run(batch.pk, apply)
    return True


def ask_undo(batch, *, by):
    """« Annuler »: True for the one who asks first."""
    asked = {"undo_asked_at": timezone.now(), "undone_by": by, "failure": ""}
    if not Batch.objects.filter(pk=batch.pk, undo_asked_at=None).exclude(applied_at=None).update(**asked):
        return False
    if batch.lines.exclude(kept=None).count() <= AT_ONCE:
        run(batch.pk, undo)
    return True


def run(pk, deed):
    """Apply or undo one batch; whatever stops it is told, and nothing is half done."""
    batch = Batch.objects.select_related("pact", "made_by", "undone_by").get(pk=pk)
    by = batch.undone_by or batch.made_by
    try:
        if not (by.is_active and can_change_many(by, batch.pact)):  # the worker comes later than the page that allowed it
            raise ValidationError(NO_LONGER)
        with journal.written_by(by), transaction.atomic():
            deed(batch, by)
    except ValidationError as error:
        batch.fail(" ".join(error.messages))
    except Exception:  # whoever waits is told, whatever it was
        logger.exception("modification en lot %s", pk)
        batch.fail(UNFORESEEN)
    batch.progress.forget()


def run_waiting():
    """The job of the worker. What was cut in the middle wrote nothing, and is done again."""
    for pk in Batch.objects.to_apply().order_by("asked_at", "pk").values_list("pk", flat=True):
        run(pk, apply)
    for pk in Batch.objects.to_undo().order_by("undo_asked_at", "pk").values_list("pk", flat=True):
        run(pk, undo)


def apply(batch, by):
    """Write every line that still stands as it was previewed; the others say why not. Inside a transaction."""
    if not Batch.objects.filter(pk=batch.pk, applied_at=None).update(applied_at=timezone.now()):
        return
    change = change_of(batch, by)
    lines = list(batch.lines.filter(refusal="").order_by("id"))
    actions = actions_of(change, batch, by, lines)
    for done, line in enumerate(lines):
        batch.progress.tell(done, len(lines), "fiches écrites")
        action = actions.get(line.action_id)
        if action is None:
            line.refusal = MOVED
        else:
            apply_line(change, action, line, batch)
        line.save(update_fields=["refusal", "kept"])


def apply_line(change, action, line, batch):
    action.pact = batch.pact
    planned = change.plan(action)
    if planned.refusal or planned.data != line.data:
        line.refusal = planned.refusal[:300] or MOVED
        return
    try:
        with transaction.atomic():
            line.kept = change.apply(action, line.data)
    except ValidationError as error:
        line.refusal = " ".join(error.messages)[:300]


def undo(batch, by):
    """Put back what was there, line by line, where nothing moved since. Inside a transaction."""
    if not Batch.objects.filter(pk=batch.pk, undone_at=None).update(undone_at=timezone.now()):
        return
    change = change_of(batch, by)
    lines = list(batch.lines.exclude(kept=None).order_by("-id"))
    actions = actions_of(change, batch, by, lines)
    for done, line in enumerate(lines):
        batch.progress.tell(done, len(lines), "fiches remises")
        line.undo_refusal = undo_line(change, actions.get(line.action_id), line, batch)
        line.save(update_fields=["undo_refusal"])


def undo_line(change, action, line, batch):
    """Undo one line. Returns why it could not, or an empty text."""
    if action is None:
        return MOVED
    action.pact = batch.pact
    try:
        with transaction.atomic():
            change.undo(action, line.kept)
    except ValidationError as error:
        return " ".join(error.messages)[:300]
    except (ProtectedError, RestrictedError):
        return "Une réponse de collecte ou une saisine en dépend : laissée telle quelle."
    return ""


def actions_of(change, batch, by, lines):
    """{key: fiche} of the lines that `by` may still read."""
    rows = Action.objects.read_in(by, batch.pact).filter(pk__in=[line.action_id for line in lines])
    return {action.pk: action for action in change.rows(rows)}
