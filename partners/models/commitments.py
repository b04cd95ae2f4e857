"""What partners commit to, in the pact and beside it."""

from django.db import models
from django.urls import reverse

from partners.enums import AgreementState
from partners.models.partners import Partner
from pti.contract import ContractModel
from pti.fields import DateTextField, RichTextField
from pti.models import Pact
from pti.models.pacts import OfPactContractQuerySet, OfPactQuerySet
from pti.rows import Followed, Revised


class Commitment(Revised, ContractModel):
    """« Engagement » of one or several partners, or of all. Its text may be empty: a cell still to be filled."""

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="commitments", verbose_name="pacte")
    partners = models.ManyToManyField(Partner, blank=True, related_name="commitments", verbose_name="partenaires")
    is_common = models.BooleanField("commun à tous les signataires", default=False)
    text = RichTextField("texte")
    means_fte = models.DecimalField("moyens, en ETP", max_digits=8, decimal_places=2, null=True, blank=True)
    means_euros = models.DecimalField("moyens, en euros", max_digits=14, decimal_places=2, null=True, blank=True)
    means_in_kind = models.TextField("moyens en nature", blank=True)
    period_text = DateTextField("période")
    condition = models.CharField("condition", max_length=400, blank=True)
    order = models.PositiveIntegerField("ordre", default=0)

    objects = OfPactContractQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "engagement"
        verbose_name_plural = "engagements"
        ordering = ["pact", "-is_common", "order", "id"]

    def __str__(self):
        return "Engagement commun" if self.is_common else f"Engagement {self.order + 1}"

    def get_absolute_url(self):
        return reverse("partners:commitment_edit", args=[self.pact_id, self.pk])


class Agreement(Revised, Followed):
    """A convention beside the pact."""

    pact_path = "pact"

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="agreements", verbose_name="pacte")
    name = models.CharField("nom", max_length=300)
    parties = models.TextField("parties", blank=True, help_text="Une par ligne.")
    state = models.CharField("état", max_length=8, choices=AgreementState, default=AgreementState.OTHER)
    state_text = models.CharField("état, tel qu’écrit", max_length=120, blank=True)
    date_text = DateTextField("date")
    period_text = DateTextField("période")
    scope = models.CharField("portée", max_length=200, blank=True)
    territory_text = models.CharField("territoire, tel qu’écrit", max_length=200, blank=True)
    note = models.TextField("note", blank=True)
    order = models.PositiveIntegerField("ordre", default=0)

    objects = OfPactQuerySet.as_manager()

    class Meta:
        verbose_name = "convention"
        verbose_name_plural = "conventions"
        ordering = ["pact", "order", "id"]

    def __str__(self):
        return self.name
