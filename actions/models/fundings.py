"""Who pays what: funder × year × state, in euros, FTE or in kind. Undisclosed is not zero."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from actions.enums import FundingState, FundingUnit
from actions.models.axes import Axis
from actions.models.fiches import Action
from partners.models import Organisation
from pti.contract import ContractModel, Withdrawable
from pti.fields import DateTextField
from pti.models import Pact
from pti.models.pacts import OfPactContractQuerySet
from pti.rows import Revised


class FundingQuerySet(OfPactContractQuerySet):
    """Fundings of a pact."""

    def for_table(self):
        return self.select_related("funder", "action", "axis")


class Funding(Revised, Withdrawable, ContractModel):
    """One cell of the money. What is planned belongs to the text; asked, acquired or paid happens."""

    life_rows = ~Q(state=FundingState.PLANNED)

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="fundings", verbose_name="pacte")
    action = models.ForeignKey(
        Action, null=True, blank=True, on_delete=models.CASCADE, related_name="fundings", verbose_name="fiche-action"
    )
    axis = models.ForeignKey(Axis, null=True, blank=True, on_delete=models.CASCADE, related_name="fundings", verbose_name="axe")
    label = models.CharField("objet", max_length=300, blank=True)
    funder = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="fundings", verbose_name="financeur"
    )
    funder_text = models.CharField("financeur, tel qu’écrit", max_length=300, blank=True)
    year = models.PositiveSmallIntegerField("année", null=True, blank=True)
    date_text = DateTextField("date")
    state = models.CharField("état", max_length=8, choices=FundingState, default=FundingState.PLANNED)
    unit = models.CharField("unité", max_length=8, choices=FundingUnit, default=FundingUnit.EUROS)
    unit_text = models.CharField("unité, telle qu’écrite", max_length=60, blank=True)
    raw_amount = models.CharField("montant, tel qu’écrit", max_length=200, blank=True)
    amount = models.DecimalField("montant", max_digits=14, decimal_places=2, null=True, blank=True)
    is_conditional = models.BooleanField("sous réserve", default=False)
    is_undisclosed = models.BooleanField("non communiqué", default=False)
    in_kind = models.CharField("apport en nature", max_length=300, blank=True)
    complement = models.CharField("complément", max_length=300, blank=True)
    note = models.TextField("note", blank=True)
    order = models.PositiveIntegerField("ordre", default=0)

    objects = FundingQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "financement"
        verbose_name_plural = "financements"
        ordering = ["pact", "order", "id"]
        indexes = [models.Index(fields=["pact", "year", "order", "id"], name="funding_by_year")]
        constraints = [
            models.CheckConstraint(
                name="funding_undisclosed_has_no_amount",
                condition=Q(is_undisclosed=False) | Q(amount=None),
                violation_error_message="Un montant non communiqué reste vide.",
            )
        ]

    def __str__(self):
        return self.label or str(self.funder or self.funder_text)

    def get_absolute_url(self):
        return reverse("actions:funding_edit", args=[self.pact_id, self.pk])

    @property
    def is_life_row(self):
        return self.state != FundingState.PLANNED
