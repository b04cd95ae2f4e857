"""Who signs for a partner, its signature, its refusal. Each row is dated and names its version; none overwrites another."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from partners.enums import SignatureMethod
from partners.models.approvals import refuse_working
from partners.models.partners import Partner, PartnerDocument
from partners.models.people import Contact
from pti.models import Pact, Version
from pti.pdf_signatures import SHAPE, check_found
from pti.rows import Followed


class Recorded(Followed):
    """A row that says who entered it, and whether it was in the partner's name (« au nom de »)."""

    pact_path = "partner__pact"

    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="enregistrée par",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    on_behalf = models.BooleanField("enregistrée au nom du partenaire", default=False, editable=False)
    recorded_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    class Meta:
        abstract = True


class Signatory(Recorded):
    """Who signs for a partner, in what capacity, by what delegation, from when. The next one ends the one before."""

    people_fields = ("name", "email")

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="signatories", verbose_name="partenaire")
    contact = models.ForeignKey(
        Contact,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="signatories",
        verbose_name="contact de l’organisme",
    )
    name = models.CharField("prénom et nom", max_length=200)
    capacity = models.CharField("qualité", max_length=200)
    email = models.EmailField("adresse électronique", blank=True)
    delegated_by = models.CharField("délégation donnée par", max_length=200, blank=True)
    delegation_reference = models.CharField("référence de la délégation", max_length=200, blank=True)
    delegation_proof = models.ForeignKey(
        PartnerDocument,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="delegations",
        verbose_name="fichier de la délégation",
    )
    starts_on = models.DateField("signe depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    end_reason = models.CharField("motif du changement", max_length=400, blank=True)

    class Meta:
        verbose_name = "signataire désigné"
        verbose_name_plural = "signataires désignés"
        ordering = ["partner", "starts_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"],
                condition=Q(ends_on=None),
                name="signatory_one_at_a_time",
                violation_error_message="Ce partenaire a déjà un signataire désigné.",
            )
        ]

    def __str__(self):
        return self.name or "Personne oubliée"


class SignatureQuerySet(models.QuerySet):
    def standing(self):
        """Those that nobody has taken back."""
        return self.filter(withdrawn_on=None)


class Signature(Recorded):
    """A partner's signature of one version. A scan or a file of the parapheur is its proof; on line, `agreement` is.

    One that is taken back stays, with its day and its reason.
    """

    people_fields = ("signatory", "pdf_check")
    json_shapes = {"pdf_check": SHAPE}

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="signatures", verbose_name="partenaire")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="signatures", verbose_name="version signée")
    signatory = models.CharField("signataire", max_length=200, blank=True)
    capacity = models.CharField("qualité", max_length=200)
    signed_on = models.DateField("date de signature")
    method = models.CharField("moyen", max_length=10, choices=SignatureMethod)
    proof = models.ForeignKey(
        PartnerDocument,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="signatures",
        verbose_name="fichier signé",
    )
    # What the check of a signed PDF found (pti.pdf_signatures.Check), the day it was deposited.
    pdf_check = models.JSONField("vérification du PDF signé", null=True, blank=True, editable=False, validators=[check_found])
    withdrawn_on = models.DateField("retirée le", null=True, blank=True, editable=False)
    withdrawal_reason = models.CharField("motif du retrait", max_length=400, blank=True, editable=False)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = "signature"
        verbose_name_plural = "signatures"
        ordering = ["signed_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "version"],
                condition=Q(withdrawn_on=None),
                name="signature_once_per_version",
                violation_error_message="Ce partenaire a déjà signé cette version.",
            ),
            models.CheckConstraint(
                name="signature_file_unless_online",
                condition=Q(method=SignatureMethod.ONLINE, proof=None) | Q(proof__isnull=False),
                violation_error_message="L’exemplaire signé manque : joignez-le.",
            ),
        ]

    def __str__(self):
        return f"Signature de {self.partner}"

    @property
    def is_online(self):
        return self.method == SignatureMethod.ONLINE

    @property
    def sealed_proof(self):
        """The proof of an agreement given on line; None when it was imported from a file that names nobody."""
        return getattr(self, "agreement", None)

    @transaction.atomic
    def save(self, *args, **kwargs):
        refuse_working(self.version_id)
        # One signature at a time in a pact: whoever closes the signature sees it whole, before or after.
        if self._state.adding:
            Pact.objects.select_for_update(no_key=True).get(pk=self.partner.pact_id)
        super().save(*args, **kwargs)


class Refusal(Recorded):
    """A partner that will not sign this version, and why. It may change its mind: the refusal is lifted, not erased."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="refusals", verbose_name="partenaire")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="refusals", verbose_name="version refusée")
    refused_on = models.DateField("date du refus")
    said_by = models.CharField("instance qui refuse", max_length=300)
    reason = models.TextField("motif")
    proof = models.ForeignKey(
        PartnerDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="refusals", verbose_name="fichier"
    )
    lifted_on = models.DateField("levé le", null=True, blank=True, editable=False)
    lifting_reason = models.CharField("motif de la levée", max_length=400, blank=True, editable=False)

    class Meta:
        verbose_name = "refus"
        verbose_name_plural = "refus"
        ordering = ["refused_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "version"],
                condition=Q(lifted_on=None),
                name="refusal_once_per_version",
                violation_error_message="Ce partenaire a déjà refusé cette version.",
            )
        ]

    def __str__(self):
        return f"Refus de {self.partner}"

    def save(self, *args, **kwargs):
        refuse_working(self.version_id)
        super().save(*args, **kwargs)
