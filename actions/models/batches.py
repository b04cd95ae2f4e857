"""« Modification en lot »: one change over several fiches, previewed, applied at once, undone as long as nothing moved."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse

from actions.enums import BatchKind, BatchState
from actions.models.fiches import Action
from pti.models import Pact
from pti.models.pacts import OfPactQuerySet
from pti.progress import Progress


class BatchQuerySet(OfPactQuerySet):
    def to_apply(self):
        return self.filter(applied_at=None, failure="").exclude(asked_at=None)

    def to_undo(self):
        return self.filter(undone_at=None, failure="").exclude(undo_asked_at=None)


class Batch(models.Model):
    """What is changed (`params`), by whom, and where it stands. The journal of each fiche tells what it changed there."""

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="batches", verbose_name="pacte")
    kind = models.CharField("ce qui change", max_length=8, choices=BatchKind)
    params = models.JSONField("réglages", default=dict, encoder=DjangoJSONEncoder)
    said = models.CharField("en mots", max_length=300)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="batches", verbose_name="préparée par"
    )
    made_at = models.DateTimeField("préparée le", auto_now_add=True)
    asked_at = models.DateTimeField("demandée le", null=True, blank=True)
    applied_at = models.DateTimeField("appliquée le", null=True, blank=True)
    undo_asked_at = models.DateTimeField("annulation demandée le", null=True, blank=True)
    undone_at = models.DateTimeField("annulée le", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="annulée par"
    )
    failure = models.CharField("refus", max_length=300, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = "modification en lot"
        verbose_name_plural = "modifications en lot"
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="batch_undone_after_applied",
                condition=Q(undone_at=None) | Q(applied_at__isnull=False),
                violation_error_message="Une modification s’annule une fois appliquée.",
            )
        ]

    def __str__(self):
        return self.said

    def get_absolute_url(self):
        return reverse("actions:batch_detail", args=[self.pact_id, self.pk])

    @property
    def state(self):
        if self.failure and not self.applied_at:
            return BatchState.FAILED
        if self.undone_at:
            return BatchState.UNDONE
        if self.applied_at:
            return BatchState.UNDOING if self.undo_asked_at else BatchState.APPLIED
        return BatchState.WAITING if self.asked_at else BatchState.DRAFT

    @property
    def is_waiting(self):
        """The worker has it."""
        return self.state in (BatchState.WAITING, BatchState.UNDOING)

    def fail(self, why):
        """Stopped: nothing was written. What was applied may be asked to be undone again."""
        Batch.objects.filter(pk=self.pk).update(failure=why[:300], undo_asked_at=None)

    @property
    def progress(self):
        return Progress(f"lot-{self.pk}{'-annulation' if self.undo_asked_at else ''}")


class BatchLine(models.Model):
    """One fiche of a batch: before, after, or why it refuses; once applied, what undoing needs."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="lines", verbose_name="modification en lot")
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="+", verbose_name="fiche-action")
    before = models.TextField("avant", blank=True)
    after = models.TextField("après", blank=True)
    refusal = models.CharField("refus", max_length=300, blank=True)
    data = models.JSONField("ce qui serait écrit", default=dict, encoder=DjangoJSONEncoder)
    kept = models.JSONField("ce qu’il faut pour annuler", null=True, blank=True, encoder=DjangoJSONEncoder)
    undo_refusal = models.CharField("refus d’annuler", max_length=300, blank=True)

    class Meta:
        verbose_name = "ligne de modification en lot"
        verbose_name_plural = "lignes de modification en lot"
        ordering = ["batch", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "action"],
                name="batch_names_once",
                violation_error_message="Cette fiche est déjà dans la modification.",
            )
        ]

    def __str__(self):
        return f"{self.batch} : {self.action}"
