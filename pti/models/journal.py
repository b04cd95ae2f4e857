"""The index of the journal: one row for each line, whatever its model."""

from django.db import models

from pti.rows import Sealed, SealedQuerySet


class JournalLine(models.Model):
    """Where a line of the journal is: its model, its number there, when, by whom, in which pact. Says nothing of what changed.

    Written with the line (pti/journal/index.py), never altered. The past row it names holds the rest.
    """

    kind = models.CharField("modèle", max_length=80)
    line = models.BigIntegerField("ligne")
    before = models.BigIntegerField("ligne de l’état d’avant", null=True)
    at = models.DateTimeField("quand")
    user = models.ForeignKey(
        "pti.User", verbose_name="qui", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    pact = models.ForeignKey(
        "pti.Pact", verbose_name="pacte", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )

    objects = SealedQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne du journal"
        verbose_name_plural = "lignes du journal"
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["kind", "line"], name="journal_line_once")]
        indexes = [models.Index(fields=["-at", "-id"], name="journal_line_newest")]

    def __str__(self):
        return f"{self.kind} {self.line}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise Sealed(SealedQuerySet.sealed_message)
        super().save(*args, **kwargs | {"force_insert": True})

    def delete(self, *args, **kwargs):
        raise Sealed(SealedQuerySet.sealed_message)
