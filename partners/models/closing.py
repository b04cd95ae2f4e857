"""The closing of the signature: who had signed that day, the signature file, the sealed PDF."""

from django.conf import settings
from django.db import models

from partners.models.signatures import Signature
from pti.files import Attachment
from pti.models import Pact, Version
from pti.models.pacts import OfPactQuerySet
from pti.rows import Followed


class ClosingDocument(Attachment):
    """What a closing leaves: the signature file, or the sealed PDF. Whoever reads the pact reads it."""

    pact_path = "pact"

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="closing_documents", verbose_name="pacte")

    objects = OfPactQuerySet.as_manager()

    class Meta(Attachment.Meta):
        verbose_name = "document de clôture"
        verbose_name_plural = "documents de clôture"


class Closing(Followed):
    """The animator closes the signature of a version. Whoever signs later is told so, and another closing may follow."""

    pact_path = "pact"

    pact = models.ForeignKey(Pact, on_delete=models.PROTECT, related_name="closings", verbose_name="pacte")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="closings", verbose_name="version signée")
    closed_on = models.DateField("close le")
    signatures = models.ManyToManyField(Signature, related_name="closings", verbose_name="signatures réunies")
    file = models.OneToOneField(
        ClosingDocument, on_delete=models.PROTECT, related_name="closing", verbose_name="dossier de signature"
    )
    sealed = models.OneToOneField(
        ClosingDocument,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="closing_sealed",
        verbose_name="PDF scellé",
    )
    seal_name = models.CharField("nom au certificat", max_length=300, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="close par",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = OfPactQuerySet.as_manager()

    class Meta:
        verbose_name = "clôture de la signature"
        verbose_name_plural = "clôtures de la signature"
        ordering = ["pact", "closed_on", "id"]

    def __str__(self):
        return f"Clôture du {self.closed_on:%d/%m/%Y}"
