"""What partners commit to, in the pact and beside it."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from partners.enums import AgreementState, CommitmentState
from partners.models.organisations import Organisation
from partners.models.partners import Partner
from pti import typography
from pti.contract import ContractModel
from pti.fields import DateTextField, RichTextField, readable
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

    @property
    def summary(self):
        """Its first words, to name it."""
        words = " ".join(readable(self.text).split())
        return f"Engagement : {typography.shorten(words, 80)}" if words else str(self)


class CommitmentUpdateQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(commitment__pact__in=Pact.objects.visible_to(user))


class CommitmentUpdate(Followed):
    """« Suivi d’un engagement »: on such a day, a partner says whether it is kept. Life: the text does not move."""

    pact_path = "commitment__pact"

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="updates", verbose_name="engagement")
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="commitment_updates",
        verbose_name="pour l’organisme",
    )
    on = models.DateField("date")
    state = models.CharField("état", max_length=8, choices=CommitmentState)
    sentence = models.CharField("en une phrase", max_length=280, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="auteur"
    )
    on_behalf = models.BooleanField("enregistré au nom de l’organisme", default=False)
    channel = models.CharField("reçu par", max_length=60, blank=True, help_text="Téléphone, courrier, réunion…")

    objects = CommitmentUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = "suivi d’engagement"
        verbose_name_plural = "suivis d’engagements"
        ordering = ["-on", "-id"]

    def __str__(self):
        return f"{self.get_state_display()} au {self.on:%d/%m/%Y}"


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
