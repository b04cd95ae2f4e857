"""Taking a verified workbook in: at once when it is small, else by the worker. All of it, or nothing."""

import logging

from django.core.exceptions import ValidationError
from django.db import transaction

from actions.models import Workbook
from actions.sheets.book import read
from actions.sheets.verify import Verdict, apply, verify
from pti import journal, typography
from pti.access import can_write_frame

logger = logging.getLogger(__name__)
# So many fiches are written while the person waits; more, by the worker.
AT_ONCE = 20
MOVED = "Le pacte a changé depuis la vérification : relisez ce que le classeur ferait, puis recommencez."
NO_LONGER = "Vous ne pouvez plus écrire les fiches de ce pacte."
UNFORESEEN = "Une erreur imprévue a arrêté l’enregistrement ; elle est notée dans le journal du serveur."


class Left(Exception):
    """Somebody else has this workbook now."""


def take_waiting():
    """Take in every workbook that waits, the oldest first."""
    for pk in Workbook.objects.waiting().order_by("asked_at", "pk").values_list("pk", flat=True):
        take(pk)


def take(pk, plan=None):
    """Take in a workbook that was asked for, and write how it ended; `plan` when it has just been verified."""
    row = Workbook.objects.filter(pk=pk)
    if not row.claim():
        return
    workbook = row.select_related("pact", "sent_by").get()
    mine = row.filter(claimed_at=workbook.claimed_at, ended_at=None)
    try:
        with journal.written_by(workbook.sent_by):
            write(workbook, mine, plan)
    except Left:
        pass
    except ValidationError as error:
        mine.end(failure=" ".join(error.messages))
    except Exception:  # whoever waits is told, whatever it was
        logger.exception("classeur %s", pk)
        mine.end(failure=UNFORESEEN)
    workbook.progress.forget()  # whoever is stopped in the middle leaves it: its silence tells


def write(workbook, mine, plan):
    """Verify again, unless `plan` has just been made, then write; the end is written with the fiches."""
    tell = workbook.progress.tell
    tell(0, 0, "")
    if not (workbook.sent_by.is_active and can_write_frame(workbook.sent_by, workbook.pact)):
        raise ValidationError(NO_LONGER)
    plan = plan or verify(workbook.pact, read(bytes(workbook.content)), workbook.matches, tell=tell)
    if not plan.is_ready or plan.fingerprint != workbook.read_as:
        raise ValidationError(MOVED)
    with transaction.atomic():
        if not mine.select_for_update().exists():
            raise Left
        apply(plan, reason=f"import du classeur {workbook.name}", tell=tell)
        mine.end(said=summary(plan))


def summary(plan):
    """« 12 fiches créées, 1 fiche modifiée »."""
    return ", ".join(
        f"{typography.plural(len(rows), 'fiche')} {word}{'s' if len(rows) > 1 else ''}"
        for rows, word in ((plan.of(Verdict.CREATED), "créée"), (plan.of(Verdict.CHANGED), "modifiée"))
        if rows
    )
