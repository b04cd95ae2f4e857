"""The tree of the pact, and the themes."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from actions.enums import ThemeFamily
from actions.themes import GUIDE_THEMES
from partners.models import Organisation
from pti.contract import ContractModel, Withdrawable
from pti.fields import RichTextField
from pti.models import Pact
from pti.models.pacts import OfPactContractQuerySet
from pti.rows import Followed, Revised


class Theme(Followed):
    """A theme of insertion, shared by all pacts; the animator keeps the list."""

    name = models.CharField("nom", max_length=120, unique=True)
    family = models.CharField("famille", max_length=12, choices=ThemeFamily, blank=True)
    aim = models.CharField("visée", max_length=300, blank=True)
    is_active = models.BooleanField("proposé", default=True)

    class Meta:
        verbose_name = "thème"
        verbose_name_plural = "thèmes"
        ordering = ["name", "id"]

    def __str__(self):
        return self.name

    @classmethod
    def known_as(cls, row, parent, departments=()):
        """The theme of the base that an imported `row` speaks of."""
        return cls.objects.filter(name=row["name"]).first()

    @property
    def is_as_delivered(self):
        """True for a theme of the guide that nobody has edited."""
        return self.is_active and (self.name, self.aim) in GUIDE_THEMES.get(self.family, ())


class Axis(Revised, Withdrawable, ContractModel):
    """A node of the tree: axis, orientation, objective… of free depth; the number is optional and not unique."""

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="axes", verbose_name="pacte")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="children", verbose_name="sous"
    )
    order = models.PositiveIntegerField("ordre", default=0)
    number = models.CharField("numéro", max_length=20, blank=True)
    title = models.CharField("titre", max_length=400)
    title_variants = models.TextField("autres rédactions du titre", blank=True, help_text="Une par ligne.")
    is_group = models.BooleanField("simple regroupement, sans numéro", default=False)
    is_transversal = models.BooleanField("transversal", default=False)
    lead = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="led_axes", verbose_name="pilote"
    )
    objective = RichTextField("objectif")
    summary = RichTextField("présentation")
    findings = RichTextField("constats")
    recommendations = RichTextField("préconisations")
    perspectives = RichTextField("perspectives")
    themes_text = RichTextField("thèmes d’action")

    objects = OfPactContractQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "axe"
        verbose_name_plural = "axes"
        ordering = ["pact", "order", "id"]

    def level_below(self, level):
        """The level of what is right under an axis of this `level`, in the pact’s own words: a mere group takes none."""
        return level if self.is_group else level + 1

    def __str__(self):
        return f"{self.number}. {self.title}" if self.number else self.title

    def get_absolute_url(self):
        return reverse("actions:axis_detail", args=[self.pact_id, self.pk])

    def get_edit_url(self):
        """Address of the form of its text."""
        return reverse("actions:axis_edit", args=[self.pact_id, self.pk])

    def clean(self):
        node = self.parent
        while node is not None:
            if node.pk and node.pk == self.pk:
                raise ValidationError({"parent": "Un axe ne peut pas être placé sous lui-même."})
            node = node.parent
        if self.parent and self.parent.pact_id != self.pact_id:
            raise ValidationError({"parent": "Cet axe appartient à un autre pacte."})
