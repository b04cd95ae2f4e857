"""The text as it was on a day: submitted to partners (« version de concertation ») or adopted (« version arrêtée »)."""

from django.db import models

from pti.enums import VersionStage
from pti.models.pacts import Pact
from pti.rows import Row, Sealed, SealedQuerySet


class VersionQuerySet(SealedQuerySet):
    sealed_message = "Une version ne se modifie pas."

    def adopted(self):
        """Versions that are approved and signed (« versions arrêtées »); the last is the pact's text."""
        return self.filter(stage=VersionStage.ADOPTED)

    def visible_to(self, user):
        return self.filter(pact__in=Pact.objects.visible_to(user))


class Version(Row):
    """What a pact said on one day: canonical text and SHA-256 (docs/version.md). Written once.

    Numbers go on in one sequence. Only an adopted version is approved and signed; a working one is what partners were
    asked about, and freezes nothing.
    """

    pact_path = "pact"

    pact = models.ForeignKey(Pact, on_delete=models.PROTECT, related_name="versions", verbose_name="pacte")
    number = models.PositiveIntegerField("numéro")
    stage = models.CharField("nature", max_length=8, choices=VersionStage, default=VersionStage.ADOPTED)
    frozen_on = models.DateField("arrêtée le")
    content = models.TextField("forme canonique")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    frozen_by = models.ForeignKey(
        "pti.User", null=True, blank=True, on_delete=models.PROTECT, related_name="frozen_versions", verbose_name="arrêtée par"
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version"
        verbose_name_plural = "versions"
        ordering = ["pact", "-number"]
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["pact", "number"], name="version_number_once_per_pact")]

    @property
    def is_working(self):
        """True for a version that partners were consulted on, not adopted."""
        return self.stage == VersionStage.WORKING

    def __str__(self):
        return f"Version {self.number}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise Sealed(VersionQuerySet.sealed_message)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise Sealed(VersionQuerySet.sealed_message)
