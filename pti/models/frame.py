"""What frames a pact: sections, principles and stakes, figures, glossary, other plans."""

from django.db import models
from django.urls import reverse

from pti import sources, typography
from pti.contract import ContractModel, Withdrawable
from pti.enums import StatementKind
from pti.fields import DateTextField, RichTextField
from pti.models.pacts import OfPactContractQuerySet, Pact
from pti.models.territories import Territory
from pti.rows import Revised
from pti.search import SearchMixin


class Section(Revised, ContractModel):
    """A piece of the document, in an ordered tree: written, or generated from what the pact says elsewhere (pti.sources)."""

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="sections", verbose_name="pacte")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="children", verbose_name="section parente"
    )
    order = models.PositiveIntegerField("ordre", default=0)
    title = models.CharField("titre", max_length=300)
    source = models.CharField("contenu généré", max_length=30, blank=True, choices=sources.choices)
    text = RichTextField("texte")

    objects = OfPactContractQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "section"
        verbose_name_plural = "sections"
        ordering = ["pact", "order", "id"]

    def __str__(self):
        return self.title


class Statement(Revised, ContractModel):
    """A principle or a stake that the partners state together."""

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="statements", verbose_name="pacte")
    kind = models.CharField("nature", max_length=10, choices=StatementKind)
    number = models.CharField("numéro", max_length=20, blank=True)
    title = models.CharField("intitulé", max_length=300, blank=True)
    title_variants = models.TextField("autres rédactions de l’intitulé", blank=True)
    text = RichTextField("texte")
    order = models.PositiveIntegerField("ordre", default=0)

    objects = OfPactContractQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "principe ou enjeu"
        verbose_name_plural = "principes et enjeux"
        ordering = ["pact", "kind", "order", "id"]

    def __str__(self):
        return self.title or self.get_kind_display()


class ContextFigure(SearchMixin, Revised, ContractModel):
    """A figure of the diagnosis. The raw text is kept beside the value: real pacts hold impossible ones."""

    search_fields = ("label", "territory_text", "source")

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="context_figures", verbose_name="pacte")
    label = models.CharField("libellé", max_length=400)
    raw_value = models.CharField("valeur, telle qu’écrite", max_length=200, blank=True)
    value = models.DecimalField("valeur", max_digits=18, decimal_places=4, null=True, blank=True)
    value_high = models.DecimalField("valeur haute", max_digits=18, decimal_places=4, null=True, blank=True)
    unit = models.CharField("unité", max_length=120, blank=True)
    qualifier = models.CharField("précision", max_length=60, blank=True, help_text="« environ », « plus de »…")
    scope = models.CharField("périmètre", max_length=200, blank=True)
    territory = models.ForeignKey(
        Territory, null=True, blank=True, on_delete=models.PROTECT, related_name="context_figures", verbose_name="territoire"
    )
    territory_text = models.CharField("territoire, tel qu’écrit", max_length=200, blank=True)
    date_text = DateTextField("date")
    source = models.CharField("source", max_length=400, blank=True)
    note = models.TextField("note", blank=True)
    order = models.PositiveIntegerField("ordre", default=0)

    objects = OfPactContractQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "chiffre de contexte"
        verbose_name_plural = "chiffres de contexte"
        ordering = ["pact", "order", "id"]

    def __str__(self):
        return self.label

    @property
    def edit_url(self):
        return reverse("piece_edit", args=[self.pact_id, "chiffre", self.pk])

    @property
    def in_words(self):
        """« environ 1 234,5 € »; the raw text when nothing could be read."""
        if self.value is None:
            return self.raw_value or "Non renseigné"
        high = f" à {typography.number(self.value_high)}" if self.value_high is not None else ""
        return " ".join(part for part in (self.qualifier, f"{typography.number(self.value)}{high}", self.unit) if part)

    @property
    def is_detail(self):
        """« – dont… » details the line above it."""
        return self.label.lstrip().startswith(("–", "-"))


class GlossaryTerm(Revised, ContractModel):
    """A term of which the partners share one definition."""

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="glossary_terms", verbose_name="pacte")
    term = models.CharField("terme", max_length=200)
    definition = RichTextField("définition")

    objects = OfPactContractQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "terme du glossaire"
        verbose_name_plural = "glossaire"
        ordering = ["pact", "term", "id"]

    def __str__(self):
        return self.term


class Scheme(Revised, Withdrawable, ContractModel):
    """Another plan that the pact is coordinated with (« schéma, plan lié »). Its period may be open."""

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="schemes", verbose_name="pacte")
    name = models.CharField("nom", max_length=300)
    lead = models.CharField("chef de file", max_length=300, blank=True)
    period_text = DateTextField("période", help_text="« 2012-2016 » ; peut rester ouverte.")
    date_text = DateTextField("date")
    status = models.CharField("état", max_length=120, blank=True)
    orientations = RichTextField("orientations")
    note = models.TextField("note", blank=True)
    order = models.PositiveIntegerField("ordre", default=0)

    objects = OfPactContractQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "plan lié"
        verbose_name_plural = "plans liés"
        ordering = ["pact", "order", "id"]

    def __str__(self):
        return self.name
