"""« Feuille de route » of a year, of the pact or of one territory: what was promised on the day it was settled."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from pti.models import Pact, Territory
from pti.models.pacts import OfPactQuerySet
from pti.rows import Followed


class Roadmap(Followed):
    """A roadmap that was settled (« arrêtée »), kept as it was: the next year compares with it.

    One that is only proposed is no row: it is read from the fiches (`actions.roadmaps`).
    """

    pact_path = "pact"

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="roadmaps", verbose_name="pacte")
    year = models.PositiveSmallIntegerField("année")
    territory = models.ForeignKey(
        Territory, null=True, blank=True, on_delete=models.PROTECT, related_name="roadmaps", verbose_name="territoire"
    )
    settled_on = models.DateField("arrêtée le")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="arrêtée par"
    )
    content = models.JSONField("ce qu’elle dit", default=dict, editable=False)

    objects = OfPactQuerySet.as_manager()

    class Meta:
        verbose_name = "feuille de route"
        verbose_name_plural = "feuilles de route"
        ordering = ["pact", "-year", "territory", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pact", "year", "territory"],
                name="roadmap_once",
                violation_error_message="Cette feuille de route est déjà arrêtée.",
            ),
            models.UniqueConstraint(
                fields=["pact", "year"],
                condition=Q(territory=None),
                name="roadmap_of_pact_once",
                violation_error_message="Cette feuille de route est déjà arrêtée.",
            ),
        ]

    def __str__(self):
        return f"Feuille de route {self.year}{f', {self.territory}' if self.territory else ''}"

    def get_absolute_url(self):
        return roadmap_url(self.pact_id, self.year, self.territory_id)


def roadmap_url(pact_pk, year, territory_pk=None):
    """Its page, settled or not."""
    if territory_pk:
        return reverse("actions:roadmap_of_territory", args=[pact_pk, year, territory_pk])
    return reverse("actions:roadmap_detail", args=[pact_pk, year])
