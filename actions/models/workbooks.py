"""A workbook of fiches between its arrival and the decision to take it in."""

import datetime

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from pti.models import Pact

KEPT = datetime.timedelta(days=7)


class WorkbookQuerySet(models.QuerySet):
    def of(self, user, pact):
        """Only the person who sent a workbook sees it."""
        return self.filter(sent_by=user, pact=pact)

    def forgotten(self):
        """Sent more than a week ago: nobody will take it in."""
        return self.filter(sent_at__lt=timezone.now() - KEPT)


class Workbook(models.Model):
    """The file and the choices made while it is verified; removed as soon as it is taken in or given up."""

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="workbooks", verbose_name="pacte")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="workbooks", verbose_name="envoyé par"
    )
    sent_at = models.DateTimeField("envoyé le", auto_now_add=True)
    name = models.CharField("nom du fichier", max_length=200)
    content = models.BinaryField("contenu")
    matches = models.JSONField("rapprochements", default=dict)

    objects = WorkbookQuerySet.as_manager()

    class Meta:
        verbose_name = "classeur de fiches"
        verbose_name_plural = "classeurs de fiches"
        ordering = ["-sent_at", "-id"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("actions:workbook_check", args=[self.pact_id, self.pk])
