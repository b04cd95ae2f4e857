"""Who pays what: funder × year × state, in euros, FTE or in kind. Undisclosed is not zero."""

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Sum
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

    def in_unit(self, unit):
        """Rows counted in `unit`: one that says what is given in kind, and no sum, is in kind whatever its unit."""
        given = ~Q(in_kind="") & Q(amount=None, is_undisclosed=False)
        return self.filter(Q(unit=unit) | given) if unit == FundingUnit.IN_KIND else self.filter(Q(unit=unit) & ~given)

    def totals(self, *by):
        """What is known and what is not, for each value of `by`: the one place where money is added."""
        return (
            self.order_by()
            .values(*by)
            .annotate(
                rows=Count("pk"),
                told=Count("amount"),
                undisclosed=Count("pk", filter=Q(is_undisclosed=True)),
                sum=Sum("amount"),
                conditional=Sum("amount", filter=Q(is_conditional=True)),
                conditional_rows=Count("pk", filter=Q(is_conditional=True)),
            )
        )

    def placed_under(self, axes):
        """Rows whose place is one of `axes`: the first place of their fiche, else the axis that they name."""
        return self.filter(Q(action__axis__in=axes) | Q(action__axis=None, axis__in=axes))

    def without_place(self, axes):
        """Rows that none of `axes` holds."""
        return self.exclude(pk__in=self.placed_under(axes).values("pk"))

    def _territories(self):
        return Action.territories.through.objects.filter(action=OuterRef("action"))

    def _by_places(self, **counted):
        """Rows of the fiches whose number of territories is `counted`."""
        links = Action.territories.through.objects.values("action").annotate(count=Count("pk"))
        return self.filter(action__in=links.filter(**counted).values("action"))

    def on_one_territory(self):
        """Rows of a fiche that serves one territory and no other."""
        return self._by_places(count=1)

    def on_several_territories(self):
        """Rows of a fiche that serves several territories: no part of them belongs to one more than to another."""
        return self._by_places(count__gt=1)

    def on_whole_pact(self):
        """Rows of a fiche that names no territory, and so serves them all."""
        return self.filter(~Exists(self._territories()), action__isnull=False)

    def touching(self, territory):
        """Rows of a fiche that serves `territory`, alone or with others."""
        return self.filter(Exists(self._territories().filter(territory=territory)))


class Funding(Revised, Withdrawable, ContractModel):
    """One cell of the money. What is planned belongs to the text; asked, acquired or paid happens."""

    life_rows = ~Q(state=FundingState.PLANNED)
    life_fields = frozenset(
        {"beneficiary", "agreed_on", "decision_reference", "payment_terms", "payment_text", "is_notified_aid"}
    )

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
    # What a subsidy must say once granted (docs/open-data.md). It happens, also for a row of the text.
    beneficiary = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="fundings_received",
        verbose_name="bénéficiaire",
    )
    agreed_on = models.DateField("convention ou décision du", null=True, blank=True)
    decision_reference = models.CharField("référence de la décision", max_length=120, blank=True)
    payment_terms = models.CharField("conditions de versement", max_length=256, blank=True)
    payment_text = DateTextField("date ou période de versement")
    is_notified_aid = models.BooleanField("aide d’État notifiée à la Commission européenne", null=True, blank=True)
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
