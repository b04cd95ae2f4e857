"""How the pact says it will be evaluated."""

from django.db import models

from pti.contract import ContractModel
from pti.fields import RichTextField
from pti.models import Pact
from pti.models.pacts import OfPactContractQuerySet


class EvaluationLevel(ContractModel):
    """One of the levels of evaluation (guide: each action, the partnership, the insertion policy)."""

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="evaluation_levels", verbose_name="pacte")
    name = models.CharField("niveau", max_length=300)
    led_by = models.CharField("conduite par", max_length=300, blank=True)
    tools = RichTextField("outils")
    detail = RichTextField("précisions")
    order = models.PositiveIntegerField("ordre", default=0)

    objects = OfPactContractQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "niveau d’évaluation"
        verbose_name_plural = "niveaux d’évaluation"
        ordering = ["pact", "order", "id"]

    def __str__(self):
        return self.name


class PlannedReview(ContractModel):
    """A review that the pact promises, and how often."""

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="planned_reviews", verbose_name="pacte")
    label = models.CharField("bilan prévu", max_length=300)
    frequency = models.CharField("rythme", max_length=200, blank=True)
    order = models.PositiveIntegerField("ordre", default=0)

    objects = OfPactContractQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "bilan prévu"
        verbose_name_plural = "bilans prévus"
        ordering = ["pact", "order", "id"]

    def __str__(self):
        return self.label
