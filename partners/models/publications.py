"""The public page of a signed pact."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from pti.models import Pact, Version
from pti.rows import Followed


class PublicationQuerySet(models.QuerySet):
    def online(self):
        """Those that anybody reads."""
        return self.filter(withdrawn_on=None)


class Publication(Followed):
    """A version put on line by the animator: one permanent address for each pact, whatever the version.

    Publishing is an act of this installation: no file carries it.
    """

    pact_path = "pact"

    pact = models.OneToOneField(Pact, on_delete=models.CASCADE, related_name="publication", verbose_name="pacte")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="publications", verbose_name="version en ligne")
    posted_on = models.DateField("mise en ligne le")
    withdrawn_on = models.DateField("retirée le", null=True, blank=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = "publication"
        verbose_name_plural = "publications"
        ordering = ["-posted_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="publication_withdrawn_after_posted",
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=models.F("posted_on")),
                violation_error_message="Une page ne se retire pas avant d’être en ligne.",
            )
        ]

    def __str__(self):
        return f"Page publique : {self.pact}"

    def get_absolute_url(self):
        return reverse("partners:public_pact", args=[self.uid])

    @property
    def is_online(self):
        return self.withdrawn_on is None
