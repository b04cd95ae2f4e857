"""The index of the journal: one row for each line, whatever its model; and the links of rows, which their lines do not hold."""

from django.db import models

from pti.sealed import SealedQuerySet, WrittenOnce


class OfALine(WrittenOnce):
    """Written with a line of the journal."""

    kind = models.CharField("modèle", max_length=80)
    line = models.BigIntegerField("ligne")

    objects = SealedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.kind} {self.line}"


class JournalLine(OfALine):
    """Where a line of the journal is: its model, its number there, when, by whom, in which pact. Says nothing of what changed.

    Written by pti/journal/index.py. The past row it names holds the rest.
    """

    before = models.BigIntegerField("ligne de l’état d’avant", null=True)
    at = models.DateTimeField("quand")
    user = models.ForeignKey(
        "pti.User", verbose_name="qui", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    pact = models.ForeignKey(
        "pti.Pact", verbose_name="pacte", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )

    class Meta:
        verbose_name = "ligne du journal"
        verbose_name_plural = "lignes du journal"
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["kind", "line"], name="journal_line_once")]
        indexes = [models.Index(fields=["-at", "-id"], name="journal_line_newest")]


class JournalLinks(OfALine):
    """What a row was linked to before and after a line of the journal that tells of its links: keys of the other rows.

    Written by pti/journal/links.py. The line says the same in words.
    """

    row = models.BigIntegerField("clé")
    field = models.CharField("lien", max_length=60)
    before = models.JSONField("clés d’avant", default=list)
    after = models.JSONField("clés d’après", default=list)

    class Meta:
        verbose_name = "liens d’une ligne du journal"
        verbose_name_plural = "liens des lignes du journal"
        indexes = [models.Index(fields=["kind", "row", "field", "line"], name="journal_links_of_a_row")]
