"""Amendments (« avenants »): what one is about, and the points that it opens."""

from django.db import models
from django.db.models import Q

from pti.contract import ContractModel
from pti.fields import RichTextField
from pti.models.pacts import OfPactContractQuerySet, Pact
from pti.rows import Revised


class Amendment(Revised, ContractModel):
    """What an amendment says of itself. Its text is its own pact (`Pact.amends`), a working copy of the base."""

    of_the_amendment = True

    pact = models.OneToOneField(Pact, on_delete=models.CASCADE, related_name="amendment", verbose_name="avenant")
    purpose = RichTextField("objet de l’avenant")
    opened_on = models.DateField("ouvert le")
    # The text that the copy was made of: the merging is refused when the base has moved since.
    base_number = models.PositiveIntegerField("version de départ")
    base_sha256 = models.CharField("empreinte de la version de départ", max_length=64)

    objects = OfPactContractQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "avenant"
        verbose_name_plural = "avenants"
        ordering = ["pact", "id"]

    def __str__(self):
        return str(self.pact)


class AmendmentPoint(Revised, ContractModel):
    """A ticked point: a row of the base that the amendment opens (`target`), or a kind of rows that it may add."""

    of_the_amendment = True

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="points", verbose_name="avenant")
    target = models.UUIDField("ligne du pacte", null=True, blank=True, editable=False)
    model = models.CharField("nature", max_length=40, editable=False)
    label = models.CharField("point", max_length=400)
    reason = models.TextField("motif", blank=True)

    objects = OfPactContractQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "point ouvert par l’avenant"
        verbose_name_plural = "points ouverts par l’avenant"
        ordering = ["pact", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pact", "target"],
                name="amendment_point_once",
                violation_error_message="Cette ligne est déjà cochée.",
            ),
            models.UniqueConstraint(
                fields=["pact", "model"],
                condition=Q(target=None),
                name="amendment_addition_once",
                violation_error_message="Cet ajout est déjà coché.",
            ),
        ]

    def __str__(self):
        return self.label
