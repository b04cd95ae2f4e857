"""The agreement given on line (« accord enregistré »): its one-time code, and the proof that it leaves."""

import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

from partners.models.partners import Partner
from partners.models.signatures import Signature
from pti.dates import today
from pti.models import Version
from pti.rows import Row
from pti.sealed import SealedQuerySet, WrittenOnce
from pti.shapes import INSTANT, SHA256, TEXT, UID, WHOLE, closed, listing

# What a proof says, as partners.signing.agreement writes it.
SAID = closed(
    {
        "format": TEXT, "nature": TEXT, "pact": UID, "pact_title": TEXT, "version": WHOLE, "version_sha256": SHA256,
        "partner": UID, "partner_name": TEXT, "signatory": TEXT, "capacity": TEXT, "delegated_by": TEXT,
        "delegation_reference": TEXT, "said": listing(TEXT), "means": TEXT, "given_at": INSTANT,
    }
)  # fmt: skip


class AgreementProofQuerySet(SealedQuerySet):
    sealed_message = "La preuve d’un accord ne se modifie pas."

    def erase_addresses(self):
        """Erase the network addresses of these rows: the one thing that time takes away. Returns how many."""
        return models.QuerySet.update(self.exclude(network_address=None), network_address=None, address_erased_on=today())


class AgreementProof(WrittenOnce, Row):
    """What an agreement given on line leaves: its canonical text and SHA-256, written once.

    It is a simple electronic signature (règlement UE 910/2014, article 3, point 10), and never called more.
    """

    pact_path = "signature__partner__pact"
    people_fields = ("network_address",)
    json_shapes = {"content": SAID}

    signature = models.OneToOneField(
        Signature, on_delete=models.PROTECT, related_name="agreement", verbose_name="signature donnée en ligne"
    )
    given_at = models.DateTimeField("donné le")
    content = models.TextField("preuve")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    network_address = models.GenericIPAddressField("adresse réseau", null=True, blank=True)
    address_erased_on = models.DateField("adresse réseau effacée le", null=True, blank=True)

    objects = AgreementProofQuerySet.as_manager()

    class Meta:
        verbose_name = "preuve d’un accord"
        verbose_name_plural = "preuves d’accords"
        ordering = ["given_at", "id"]
        base_manager_name = "objects"

    def __str__(self):
        return f"Preuve : {self.signature}"


class AgreementCodeQuerySet(models.QuerySet):
    def alive(self):
        """Codes that may still be typed."""
        since = timezone.now() - datetime.timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
        return self.filter(used_at=None, sent_at__gt=since, tries__lt=settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS)

    def count_try(self):
        """One more try; False when there was none left, even if two arrive at once."""
        return bool(self.alive().update(tries=models.F("tries") + 1))

    def spend(self):
        """Use the code; False when it was used already."""
        return bool(self.filter(used_at=None).update(used_at=timezone.now()))


class AgreementCode(models.Model):
    """A code sent by mail to the named signatory: a few minutes, three tries, once. Only its imprint is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="agreement_codes", verbose_name="compte"
    )
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="agreement_codes", verbose_name="partenaire")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="agreement_codes", verbose_name="version lue")
    imprint = models.CharField("empreinte du code", max_length=64)
    sent_at = models.DateTimeField("envoyé le")
    tries = models.PositiveSmallIntegerField("essais", default=0)
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)

    objects = AgreementCodeQuerySet.as_manager()

    class Meta:
        verbose_name = "code d’accord"
        verbose_name_plural = "codes d’accord"
        ordering = ["sent_at", "id"]

    def __str__(self):
        return f"Code du {self.sent_at:%d/%m/%Y %H:%M}"
