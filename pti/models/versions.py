"""The frozen text (« version arrêtée »)."""

from django.db import models

from pti.models.pacts import Pact
from pti.rows import Row, Sealed, SealedQuerySet


class VersionQuerySet(SealedQuerySet):
    sealed_message = "Une version arrêtée ne se modifie pas."

    def visible_to(self, user):
        return self.filter(pact__in=Pact.objects.visible_to(user))


class Version(Row):
    """What a pact said on the day of its adoption: canonical text and SHA-256 (docs/version.md). Written once."""

    pact_path = "pact"

    pact = models.ForeignKey(Pact, on_delete=models.PROTECT, related_name="versions", verbose_name="pacte")
    number = models.PositiveIntegerField("numéro")
    frozen_on = models.DateField("arrêtée le")
    content = models.TextField("forme canonique")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    frozen_by = models.ForeignKey(
        "pti.User", null=True, blank=True, on_delete=models.PROTECT, related_name="frozen_versions", verbose_name="arrêtée par"
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version arrêtée"
        verbose_name_plural = "versions arrêtées"
        ordering = ["pact", "-number"]
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["pact", "number"], name="version_number_once_per_pact")]

    def __str__(self):
        return f"Version {self.number}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise Sealed(VersionQuerySet.sealed_message)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise Sealed(VersionQuerySet.sealed_message)
