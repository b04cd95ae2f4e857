"""The look of the département and its public texts: settings that the animator edits."""

from functools import cache

from django.core.validators import RegexValidator
from django.db import models

from pti.composed import Composed
from pti.enums import LegalTextKind
from pti.fields import RichTextField
from pti.rows import Followed

HEX = RegexValidator(r"^#[0-9a-fA-F]{6}$", "Saisissez une couleur comme #123f4a.")


class Brand(Followed):
    """Name, logo and two colours of the département; one row."""

    name = models.CharField("nom du département", max_length=100, default="Département")
    logo = models.FileField("logo", upload_to="marque/", blank=True)
    brand = models.CharField("couleur principale", max_length=7, default="#123f4a", validators=[HEX])
    accent = models.CharField("couleur d’accent", max_length=7, default="#c5d93b", validators=[HEX])
    contact_email = models.EmailField("adresse de l’animation du pacte", blank=True)
    dpo_email = models.EmailField("adresse du délégué à la protection des données", blank=True)
    inactive_months = models.PositiveSmallIntegerField(
        "mois avant fermeture d’un compte inutilisé", default=24, help_text="Un compte qui n’a pas servi est listé puis fermé."
    )

    class Meta:
        verbose_name = "marque et réglages"
        verbose_name_plural = "marque et réglages"

    def __str__(self):
        return self.name

    @classmethod
    def current(cls):
        """The one row, or the defaults of a base that has none yet; one query, that every page asks."""
        return brand_composed().row_of() or cls()


@cache
def brand_composed():
    """The query of the one row."""
    return Composed(Brand.objects.order_by("pk")[:1])


class LegalText(Followed):
    """A public text: accessibility, legal notice, personal data."""

    kind = models.CharField("texte", max_length=24, choices=LegalTextKind, unique=True)
    text = RichTextField("contenu")

    class Meta:
        verbose_name = "texte légal"
        verbose_name_plural = "textes légaux"
        ordering = ["kind"]

    def __str__(self):
        return self.get_kind_display()
