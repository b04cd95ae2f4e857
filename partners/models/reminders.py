"""The schedules of reminders: to those whose signature is awaited, to those who have not answered a consultation."""

from django.core.validators import MinValueValidator
from django.db import models

from partners.models.consultations import Consultation
from pti.models import Pact
from pti.models.pacts import OfPactQuerySet
from pti.rows import Followed


class Schedule(Followed):
    """First reminder after so many days, then every so many days; the animator sees the dates and stops it when she wants."""

    is_active = models.BooleanField("relances automatiques", default=False)
    first_after = models.PositiveSmallIntegerField(
        "première relance après (jours)", default=15, validators=[MinValueValidator(1)]
    )
    every = models.PositiveSmallIntegerField("puis tous les (jours)", default=15, validators=[MinValueValidator(3)])
    started_on = models.DateField("en marche depuis le", null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class ReminderPlan(Schedule):
    """To those whose approval or signature the pact awaits."""

    pact_path = "pact"

    pact = models.OneToOneField(Pact, on_delete=models.CASCADE, related_name="reminder_plan", verbose_name="pacte")

    objects = OfPactQuerySet.as_manager()

    class Meta:
        verbose_name = "calendrier des relances"
        verbose_name_plural = "calendriers des relances"
        ordering = ["pact"]

    def __str__(self):
        return f"Relances : {self.pact}"


class ConsultationPlan(Schedule):
    """To the partners invited to a consultation who have not answered, as long as it is open."""

    pact_path = "consultation__pact"

    consultation = models.OneToOneField(
        Consultation, on_delete=models.CASCADE, related_name="reminder_plan", verbose_name="concertation"
    )

    class Meta:
        verbose_name = "calendrier des relances d’une concertation"
        verbose_name_plural = "calendriers des relances de concertation"
        ordering = ["consultation"]

    def __str__(self):
        return f"Relances : {self.consultation}"
