"""Indicators, their yearly targets, and what is measured."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse

from actions.enums import IndicatorKind
from actions.models.axes import Axis
from actions.models.fiches import Action
from partners.models import Organisation
from pti.contract import ContractModel, ContractQuerySet, Withdrawable
from pti.fields import DateTextField
from pti.models import Pact, Territory
from pti.models.pacts import OfPactContractQuerySet
from pti.rows import Followed, Revised
from pti.search import SearchMixin


class IndicatorQuerySet(OfPactContractQuerySet):
    def with_last_value(self):
        """Annotate `last_value` and `last_year` with the latest measure."""
        last = Measure.objects.filter(indicator=OuterRef("pk")).exclude(value=None).order_by("-year", "-id")
        return self.annotate(last_value=Subquery(last.values("value")[:1]), last_year=Subquery(last.values("year")[:1]))

    def without_target(self):
        return self.filter(targets=None)

    def without_measure(self, year):
        """No value for `year`."""
        return self.filter(~Exists(Measure.objects.filter(indicator=OuterRef("pk"), year=year)))

    def for_table(self):
        """What a list shows: where it belongs, the last value as written, the last target."""
        last = Measure.objects.filter(indicator=OuterRef("pk")).order_by("-year", "-id")
        target = Target.objects.filter(indicator=OuterRef("pk")).order_by(F("year").desc(nulls_last=True), "-id")
        return (
            self.with_last_value()
            .annotate(
                last_raw=Subquery(last.values("raw_value")[:1]),
                last_measured=Subquery(last.values("year")[:1]),
                target_raw=Subquery(target.values("raw_value")[:1]),
                target_value=Subquery(target.values("value")[:1]),
                target_year=Subquery(target.values("year")[:1]),
            )
            .select_related("action", "axis")
        )

    def beyond_threshold(self):
        """The latest value (`last_value`) is below the low threshold or above the high one; judged in one reading."""
        low, high = (Q(**{f"value__{way}": OuterRef(f"threshold_{end}")}) for way, end in (("lt", "low"), ("gt", "high")))
        last = Measure.objects.filter(indicator=OuterRef("pk")).exclude(value=None).order_by("-year", "-id")
        is_beyond = Subquery(last.annotate(is_beyond=low | high).values("is_beyond")[:1])
        return self.exclude(threshold_low=None, threshold_high=None).with_last_value().filter(is_beyond)


class Indicator(SearchMixin, Revised, Withdrawable, ContractModel):
    """What is measured and how. It may be text only: many real indicators have no target and no unit."""

    search_fields = ("name", "definition", "group")
    proposed_fields = ("definition", "threshold_action")

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="indicators", verbose_name="pacte")
    action = models.ForeignKey(
        Action, null=True, blank=True, on_delete=models.CASCADE, related_name="indicators", verbose_name="fiche-action"
    )
    axis = models.ForeignKey(
        Axis, null=True, blank=True, on_delete=models.CASCADE, related_name="indicators", verbose_name="axe"
    )
    group = models.CharField("ensemble", max_length=200, blank=True, help_text="Par exemple un niveau d’évaluation.")
    name = models.CharField("nom", max_length=400)
    kind = models.CharField("nature", max_length=10, choices=IndicatorKind, default=IndicatorKind.OTHER)
    kind_text = models.CharField("nature, telle qu’écrite", max_length=120, blank=True)
    definition = models.TextField("ce qu’il mesure, et comment", blank=True)
    unit = models.CharField("unité", max_length=120, blank=True)
    source = models.CharField("source", max_length=300, blank=True)
    frequency = models.CharField("fréquence", max_length=120, blank=True)
    collector = models.CharField("qui recueille", max_length=300, blank=True)
    audience = models.CharField("pour qui", max_length=300, blank=True)
    baseline_raw = models.CharField("situation de départ", max_length=200, blank=True)
    baseline = models.DecimalField("situation de départ, lue", max_digits=18, decimal_places=4, null=True, blank=True)
    baseline_text = DateTextField("date de la situation de départ")
    threshold_low = models.DecimalField("seuil bas", max_digits=18, decimal_places=4, null=True, blank=True)
    threshold_high = models.DecimalField("seuil haut", max_digits=18, decimal_places=4, null=True, blank=True)
    threshold_action = models.TextField("que faire au-delà d’un seuil", blank=True)
    disaggregation = models.CharField("ventilation", max_length=300, blank=True, help_text="Territoire, sexe, âge…")
    order = models.PositiveIntegerField("ordre", default=0)

    objects = IndicatorQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "indicateur"
        verbose_name_plural = "indicateurs"
        ordering = ["pact", "order", "id"]
        indexes = [models.Index(fields=["action"], condition=Q(withdrawn_on=None), name="indicator_of_action")]
        constraints = [
            models.CheckConstraint(
                name="indicator_thresholds_in_order",
                condition=Q(threshold_low=None) | Q(threshold_high=None) | Q(threshold_low__lte=F("threshold_high")),
                violation_error_message="Le seuil bas dépasse le seuil haut.",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_beyond_threshold(self):
        """Same rule as IndicatorQuerySet.beyond_threshold, for one row that carries `last_value`."""
        if self.last_value is None:
            return False
        low, high = self.threshold_low, self.threshold_high
        return (low is not None and self.last_value < low) or (high is not None and self.last_value > high)

    def get_absolute_url(self):
        return reverse("actions:indicator_detail", args=[self.pact_id, self.pk])

    def get_edit_url(self):
        """Address of the form of its text."""
        return reverse("actions:indicator_edit", args=[self.pact_id, self.pk])


class OfIndicatorQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(indicator__in=Indicator.objects.visible_to(user))


class TargetQuerySet(ContractQuerySet, OfIndicatorQuerySet):
    """Targets are part of the text."""


class Target(Withdrawable, ContractModel):
    """« Valeur cible » of one year; a range has two values."""

    pact_path = "indicator__pact"

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="targets", verbose_name="indicateur")
    year = models.PositiveSmallIntegerField("année", null=True, blank=True)
    date_text = DateTextField("échéance")
    raw_value = models.CharField("valeur, telle qu’écrite", max_length=200, blank=True)
    value = models.DecimalField("valeur", max_digits=18, decimal_places=4, null=True, blank=True)
    value_high = models.DecimalField("valeur haute", max_digits=18, decimal_places=4, null=True, blank=True)
    qualifier = models.CharField("précision", max_length=60, blank=True)
    note = models.CharField("note", max_length=400, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "valeur cible"
        verbose_name_plural = "valeurs cibles"
        ordering = ["indicator", F("year").asc(nulls_last=True), "id"]

    def __str__(self):
        return f"{self.raw_value} ({self.year or self.date_text or 'sans date'})"


class Measure(Followed):
    """« Relevé »: a value observed. Two bodies that count differently keep two series, never merged."""

    pact_path = "indicator__pact"

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="measures", verbose_name="indicateur")
    year = models.PositiveSmallIntegerField("année")
    measured_on = models.DateField("relevé le", null=True, blank=True)
    series = models.CharField("série", max_length=120, blank=True, help_text="Vide s’il n’y en a qu’une.")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="measures", verbose_name="fourni par"
    )
    territory = models.ForeignKey(
        Territory, null=True, blank=True, on_delete=models.PROTECT, related_name="measures", verbose_name="territoire"
    )
    breakdown = models.CharField("ventilation", max_length=120, blank=True, help_text="Femmes, moins de 26 ans…")
    raw_value = models.CharField("valeur, telle qu’écrite", max_length=200)
    value = models.DecimalField("valeur", max_digits=18, decimal_places=4, null=True, blank=True)
    note = models.CharField("note", max_length=400, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="enregistré par",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    on_behalf = models.BooleanField("enregistré au nom d’un partenaire", default=False, editable=False)

    objects = OfIndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = "relevé"
        verbose_name_plural = "relevés"
        ordering = ["indicator", "year", "series", "id"]
        indexes = [
            models.Index(fields=["indicator", "-year", "-id"], name="measure_latest"),
            models.Index(fields=["year", "indicator"], name="measure_of_year"),
        ]

    def __str__(self):
        return f"{self.raw_value} ({self.year})"
