"""Mails kept in the base in demonstration mode: nothing leaves."""

from django.db import models


class DemoMail(models.Model):
    """A mail that the application would have sent."""

    to = models.TextField("à")
    subject = models.CharField("objet", max_length=300)
    text = models.TextField("texte")
    html = models.TextField("version HTML", blank=True)
    sent_at = models.DateTimeField("envoyé le", auto_now_add=True)

    class Meta:
        verbose_name = "courriel de démonstration"
        verbose_name_plural = "courriels de démonstration"
        ordering = ["-sent_at", "-id"]

    def __str__(self):
        return self.subject
