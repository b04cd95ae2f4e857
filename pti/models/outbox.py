"""The outbox: mails that wait, leave once, and stay as the log of what was sent to whom."""

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from pti.models.pacts import OfPactQuerySet, Pact

# A mail claimed for longer than this, and not marked as sent, was cut in the middle: nobody knows whether it left.
INTERRUPTED_AFTER = datetime.timedelta(minutes=10)
# When a server that said « later » is asked again; a day in all.
LATER = [datetime.timedelta(minutes=minutes) for minutes in (15, 60, 240, 1200)]


class OutgoingMailQuerySet(OfPactQuerySet):
    def waiting(self):
        """Mails that nobody has begun to send, but those that the server asked to bring back later."""
        later = Q(not_before=None) | Q(not_before__lte=timezone.now())
        return self.filter(later, claimed_at=None, failed_at=None)

    def claim(self):
        """Take these mails for oneself before sending: True for the one who got them, even if two ask at once."""
        return bool(self.waiting().update(claimed_at=timezone.now()))

    def mark_sent(self):
        return self.update(sent_at=timezone.now(), error="")

    def mark_failed(self, error):
        return self.update(failed_at=timezone.now(), error=error[:300])

    def put_off(self, error):
        """The server says « later » (greylisting, full box): asked again, less and less often, then given up."""
        (tried,) = self.values_list("attempts", flat=True)
        if tried + 1 >= len(LATER):
            return self.mark_failed(error)
        later = timezone.now() + LATER[tried]
        return self.update(claimed_at=None, attempts=tried + 1, not_before=later, error=error[:300])

    def mark_bounced(self, on, error):
        """It had left, and came back as a mail to the sender."""
        return self.update(bounced_on=on, error=error[:300])


class OutgoingMail(models.Model):
    """One mail to one address. `key` names what it is about: the same thing never leaves twice."""

    key = models.CharField("clé", max_length=200, unique=True)
    pact = models.ForeignKey(
        Pact, null=True, blank=True, on_delete=models.CASCADE, related_name="outgoing_mails", verbose_name="pacte"
    )
    to = models.EmailField("à")
    about = models.CharField("au sujet de", max_length=300, blank=True)
    subject = models.CharField("objet", max_length=300)
    text = models.TextField("texte")
    html = models.TextField("version HTML", blank=True)
    queued_on = models.DateField("préparé le")
    claimed_at = models.DateTimeField("pris en charge le", null=True, blank=True)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    failed_at = models.DateTimeField("refusé le", null=True, blank=True)
    # A server that says « later » (4xx) is asked again: how many times, from when.
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    not_before = models.DateTimeField("pas avant le", null=True, blank=True)
    # It left, then came back as a mail to the sender: somebody wrote it down.
    bounced_on = models.DateField("revenu le", null=True, blank=True)
    error = models.CharField("erreur", max_length=300, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel à envoyer"
        verbose_name_plural = "courriels à envoyer"
        ordering = ["-queued_on", "-id"]

    def __str__(self):
        return self.subject

    @property
    def state(self):
        """Where it stands, in a word."""
        if self.bounced_on:
            return "Revenu"
        if self.sent_at:
            return "Envoyé"
        if self.failed_at:
            return "Refusé"
        if self.claimed_at and timezone.now() - self.claimed_at > INTERRUPTED_AFTER:
            return "Interrompu : peut-être parti, ne repart pas seul"
        if self.claimed_at:
            return "En cours d’envoi"
        return "Remis à plus tard par le serveur" if self.attempts else "En attente d’envoi"


class RefusedAddress(models.Model):
    """An address that a server refused for good: nothing is sent to it until somebody puts it right."""

    email = models.EmailField("adresse électronique", unique=True)
    refused_on = models.DateField("refusée le")
    reason = models.CharField("raison", max_length=300, blank=True)

    class Meta:
        verbose_name = "adresse refusée"
        verbose_name_plural = "adresses refusées"
        ordering = ["email"]

    def __str__(self):
        return self.email
