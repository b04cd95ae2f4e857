"""A workbook of fiches between its arrival and the end of its taking in."""

import datetime

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from actions.enums import WorkbookState
from pti.models import Pact
from pti.progress import Progress

KEPT = datetime.timedelta(days=7)
# No sign of life for so long: whoever was taking the workbook in has been stopped.
SILENCE = datetime.timedelta(minutes=2)
# The same, where the page cannot see how far the work has come.
LONGEST = datetime.timedelta(minutes=20)
# Cron runs the worker every five minutes; past this, nobody does.
LATE = datetime.timedelta(minutes=6)
UNASKED = {"asked_at": None, "claimed_at": None, "ended_at": None, "failure": "", "read_as": "", "to_write": 0}


class WorkbookQuerySet(models.QuerySet):
    def of(self, user, pact):
        """Only the person who sent a workbook sees it."""
        return self.filter(sent_by=user, pact=pact)

    def forgotten(self):
        """Sent more than a week ago: nobody will take it in."""
        return self.filter(sent_at__lt=timezone.now() - KEPT)

    def undecided(self):
        return self.filter(asked_at=None)

    def waiting(self):
        """Asked for, and nobody has begun."""
        return self.filter(asked_at__isnull=False, claimed_at=None, ended_at=None)

    def ask(self, *, read_as, to_write):
        """Ask that these be taken in as they were read: True for the first who asks."""
        return bool(self.undecided().update(asked_at=timezone.now(), read_as=read_as, to_write=to_write))

    def claim(self):
        """Take these for oneself before writing: True for the one who got them, even if two ask at once."""
        return bool(self.waiting().update(claimed_at=timezone.now()))

    def end(self, *, said="", failure=""):
        """Taken in, the file goes; refused, it stays to be verified again."""
        emptied = {} if failure else {"content": b"", "matches": {}}
        return self.update(ended_at=timezone.now(), said=said[:200], failure=failure[:500], **emptied)


class Workbook(models.Model):
    """The file and the choices made while it is verified; emptied as soon as it is taken in, removed when given up."""

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="workbooks", verbose_name="pacte")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="workbooks", verbose_name="envoyé par"
    )
    sent_at = models.DateTimeField("envoyé le", auto_now_add=True)
    name = models.CharField("nom du fichier", max_length=200)
    content = models.BinaryField("contenu")
    matches = models.JSONField("rapprochements", default=dict)
    asked_at = models.DateTimeField("enregistrement demandé le", null=True, blank=True)
    read_as = models.CharField("lu comme", max_length=16, blank=True)
    to_write = models.PositiveIntegerField("fiches à écrire", default=0)
    claimed_at = models.DateTimeField("pris en charge le", null=True, blank=True)
    ended_at = models.DateTimeField("terminé le", null=True, blank=True)
    said = models.CharField("résultat", max_length=200, blank=True)
    failure = models.CharField("refus", max_length=500, blank=True)

    objects = WorkbookQuerySet.as_manager()

    class Meta:
        verbose_name = "classeur de fiches"
        verbose_name_plural = "classeurs de fiches"
        ordering = ["-sent_at", "-id"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Where the person goes on: the verification, then how it is taken in."""
        page = "workbook_check" if self.asked_at is None else "workbook_progress"
        return reverse(f"actions:{page}", args=[self.pact_id, self.pk])

    @property
    def progress(self):
        """How far this taking in has come; another attempt starts anew."""
        return Progress(f"classeur-{self.pk}-{self.claimed_at:%H%M%S%f}")

    @property
    def state(self):
        if self.asked_at is None:
            return WorkbookState.UNDECIDED
        if self.ended_at:
            return WorkbookState.REFUSED if self.failure else WorkbookState.DONE
        if self.claimed_at is None:
            return WorkbookState.WAITING
        return WorkbookState.STOPPED if self.is_silent else WorkbookState.ONGOING

    @property
    def is_silent(self):
        """True when whoever was taking this in gives no sign of life: it was stopped, and nothing is written."""
        seen, now = self.progress.seen_at(), timezone.now()
        return now - seen > SILENCE if seen else now - self.claimed_at > LONGEST

    @property
    def is_late(self):
        """Asked for long ago, and nobody has begun: no worker runs."""
        return self.state == WorkbookState.WAITING and timezone.now() - self.asked_at > LATE

    def reopen(self):
        """Back to the verification, unless it is being written or is done: True when it is."""
        if self.state not in {WorkbookState.WAITING, WorkbookState.REFUSED, WorkbookState.STOPPED}:
            return False
        same = Workbook.objects.filter(pk=self.pk, asked_at=self.asked_at, claimed_at=self.claimed_at, ended_at=self.ended_at)
        return bool(same.update(**UNASKED))
