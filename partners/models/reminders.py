"""The schedule of reminders to those whose signature is awaited."""

from django.core.validators import MinValueValidator
from django.db import models

from pti.models import Pact
from pti.models.pacts import OfPactQuerySet
from pti.rows import Followed


class ReminderPlan(Followed):
    """First reminder after so many days, then every so many days; the animator sees the dates and stops it when she wants."""

    pact_path = "pact"

    pact = models.OneToOneField(Pact, on_delete=models.CASCADE, related_name="reminder_plan", verbose_name="pacte")
    is_active = models.BooleanField("relances automatiques", default=False)
    first_after = models.PositiveSmallIntegerField(
        "première relance après (jours)", default=15, validators=[MinValueValidator(1)]
    )
    every = models.PositiveSmallIntegerField("puis tous les (jours)", default=15, validators=[MinValueValidator(3)])
    started_on = models.DateField("en marche depuis le", null=True, blank=True, editable=False)

    objects = OfPactQuerySet.as_manager()

    class Meta:
        verbose_name = "calendrier des relances"
        verbose_name_plural = "calendriers des relances"
        ordering = ["pact"]

    def __str__(self):
        return f"Relances : {self.pact}"
