"""« Point d'avancement »: what a lead says, when, and on behalf of whom."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from actions.enums import ActionStatus, BlockingLevel, Confidence
from actions.models.fiches import Action, OfActionQuerySet
from partners.models import Organisation
from pti.fields import RichTextField
from pti.rows import Followed


class UpdateQuerySet(OfActionQuerySet):
    def blocking(self):
        """Carry a blocking point that nobody lifted."""
        return self.exclude(blocking_point="").filter(unblocked_on=None)


class Update(Followed):
    """One entry of an action's story. One filled field is enough."""

    pact_path = "action__pact"

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="updates", verbose_name="fiche-action")
    on = models.DateField("date")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="updates", verbose_name="auteur"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="updates", verbose_name="pour l’organisme"
    )
    on_behalf = models.BooleanField("enregistré au nom de l’organisme", default=False)
    channel = models.CharField("reçu par", max_length=60, blank=True, help_text="Téléphone, courrier, réunion…")
    status = models.CharField("statut", max_length=8, choices=ActionStatus, blank=True)
    confidence = models.CharField("confiance", max_length=12, choices=Confidence, blank=True)
    sentence = models.CharField("en une phrase", max_length=280, blank=True)
    done = RichTextField("ce qui a été fait")
    difficulties = RichTextField("difficultés")
    next_steps = RichTextField("suites")
    blocking_point = models.TextField("point de blocage", blank=True)
    blocking_level = models.CharField("à porter au", max_length=14, choices=BlockingLevel, blank=True)
    unblocked_on = models.DateField("levé le", null=True, blank=True)
    unblocking = models.TextField("comment il a été levé", blank=True)
    created_at = models.DateTimeField("saisi le", auto_now_add=True)

    objects = UpdateQuerySet.as_manager()

    class Meta:
        verbose_name = "point d’avancement"
        verbose_name_plural = "points d’avancement"
        ordering = ["-on", "-id"]
        indexes = [
            models.Index(fields=["action", "-on", "-id"], name="update_of_action"),
            models.Index(fields=["action", "unblocked_on"], condition=~Q(blocking_point=""), name="update_raised"),
            models.Index(fields=["action", "-on", "-id"], condition=~Q(status=""), name="update_of_status"),
        ]
        constraints = [
            models.CheckConstraint(
                name="update_unblocked_only_if_blocking",
                condition=Q(unblocked_on=None) | ~Q(blocking_point=""),
                violation_error_message="Il n’y a pas de point de blocage à lever.",
            )
        ]

    def __str__(self):
        return f"Point du {self.on:%d/%m/%Y}"

    @property
    def received_by(self):
        """How staff received it, inside a sentence: « Téléphone » → « reçu par téléphone », « SMS » stays."""
        words = self.channel.removeprefix("par ")
        return f"reçu par {words if words[1:2].isupper() else words[:1].lower() + words[1:]}" if words else ""

    @property
    def is_blocking(self):
        return bool(self.blocking_point) and self.unblocked_on is None
