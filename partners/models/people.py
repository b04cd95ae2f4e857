"""People of the organisations. No data on beneficiaries as persons, ever."""

from django.conf import settings
from django.db import models

from partners.models.organisations import Organisation
from pti.models import Pact, Territory
from pti.models.pacts import OfPactQuerySet
from pti.rows import Followed, Revised


class Membership(Followed):
    """An account that acts for an organisation (« appartenance »)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships", verbose_name="compte"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships", verbose_name="organisme"
    )

    class Meta:
        verbose_name = "appartenance"
        verbose_name_plural = "appartenances"
        ordering = ["organisation", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                name="membership_once",
                violation_error_message="Cette personne appartient déjà à cet organisme.",
            )
        ]

    def __str__(self):
        return f"{self.user}, {self.organisation}"


class Contact(Revised, Followed):
    """A person of an organisation, for one pact; she may exist long before having an account."""

    pact_path = "pact"
    people_fields = ("first_name", "last_name", "email", "phone")

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="contacts", verbose_name="pacte")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contacts", verbose_name="organisme")
    first_name = models.CharField("prénom", max_length=100, blank=True)
    last_name = models.CharField("nom", max_length=100)
    function = models.CharField("fonction", max_length=200, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    is_signatory = models.BooleanField("signataire", default=False)
    is_elected = models.BooleanField("élu ou élue", default=False)
    is_referent = models.BooleanField("référent ou référente PTI", default=False)
    territories = models.ManyToManyField(
        Territory,
        blank=True,
        related_name="contacts",
        verbose_name="territoires",
        help_text="Vide : tout le pacte.",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contacts",
        verbose_name="compte",
    )

    objects = OfPactQuerySet.as_manager()

    class Meta:
        verbose_name = "contact"
        verbose_name_plural = "contacts"
        ordering = ["last_name", "first_name", "id"]

    def __str__(self):
        return f"{self.first_name} {self.last_name}".strip() or "Personne oubliée"
