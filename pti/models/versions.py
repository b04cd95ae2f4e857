"""The text as it was on a day: submitted to partners (« version de concertation ») or adopted (« version arrêtée »)."""

from django.db import models

from pti.enums import VersionStage
from pti.files import Attachment
from pti.models.pacts import Pact
from pti.rows import Row
from pti.sealed import SealedQuerySet, WrittenOnce
from pti.shapes import kind


class VersionQuerySet(SealedQuerySet):
    """Read through `Version.objects`, rows come without their text, which is megabytes long: it is fetched when asked for."""

    sealed_message = "Une version ne se modifie pas."

    def adopted(self):
        """Versions that are approved and signed (« versions arrêtées »)."""
        return self.filter(stage=VersionStage.ADOPTED)

    def of_the_text(self):
        """Adopted versions, and those that signed amendments made of them; the last is the pact's text."""
        return self.exclude(stage=VersionStage.WORKING)

    def visible_to(self, user):
        return self.filter(pact__in=Pact.objects.visible_to(user))

    def with_text(self):
        """Each with its text, in the same query."""
        return self.defer(None)


class VersionManager(models.Manager.from_queryset(VersionQuerySet)):
    def get_queryset(self):
        return super().get_queryset().defer("content")


class Version(WrittenOnce, Row):
    """What a pact said on one day: canonical text and SHA-256 (docs/version.md). Written once.

    Numbers go on in one sequence. Only an adopted version is approved and signed; a working one is what partners were
    asked about, and freezes nothing. A merged one is the adopted text with the amendments that came into force since.
    """

    pact_path = "pact"
    json_shapes = {"content": kind("frozen_text")}

    pact = models.ForeignKey(Pact, on_delete=models.PROTECT, related_name="versions", verbose_name="pacte")
    number = models.PositiveIntegerField("numéro")
    stage = models.CharField("nature", max_length=8, choices=VersionStage, default=VersionStage.ADOPTED)
    frozen_on = models.DateField("arrêtée le")
    content = models.TextField("forme canonique")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    amendment_number = models.PositiveSmallIntegerField("consolidée par l’avenant n°", null=True, blank=True, editable=False)
    frozen_by = models.ForeignKey(
        "pti.User", null=True, blank=True, on_delete=models.PROTECT, related_name="frozen_versions", verbose_name="arrêtée par"
    )

    objects = VersionManager()

    class Meta:
        verbose_name = "version"
        verbose_name_plural = "versions"
        ordering = ["pact", "-number"]
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["pact", "number"], name="version_number_once_per_pact")]

    @property
    def deed(self):
        """What was done of it on its day, in words that go before the date."""
        if self.is_working:
            return "soumise à la concertation"
        return f"consolidée par l’avenant n°\u00a0{self.amendment_number}" if self.is_merged else "arrêtée"

    @property
    def is_merged(self):
        """True for the text that an amendment, itself signed, made."""
        return self.stage == VersionStage.MERGED

    @property
    def is_working(self):
        """True for a version that partners were consulted on, not adopted."""
        return self.stage == VersionStage.WORKING

    def __str__(self):
        return f"Version {self.number}"


class VersionDocumentQuerySet(SealedQuerySet):
    sealed_message = VersionQuerySet.sealed_message

    def visible_to(self, user):
        return self.filter(version__in=Version.objects.visible_to(user))


class VersionDocument(WrittenOnce, Attachment):
    """The PDF of a version, made from its content on the day when it was frozen, and kept with it. Written once."""

    pact_path = "version__pact"

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="pdf", verbose_name="version")

    objects = VersionDocumentQuerySet.as_manager()

    class Meta(Attachment.Meta):
        verbose_name = "document d’une version"
        verbose_name_plural = "documents des versions"
        base_manager_name = "objects"
