"""Approvals by the partners' own bodies, the steering committee and the assembly; each names its version."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from partners.enums import ApprovalBody
from partners.models.partners import Partner, PartnerDocument
from pti.enums import VersionStage
from pti.fields import DateTextField
from pti.models import Pact, Version
from pti.models.pacts import OfPactQuerySet
from pti.rows import Followed


def refuse_working(version_id):
    """Refuse what would bear on a version that was only submitted to partners."""
    if version_id and Version.objects.filter(pk=version_id, stage=VersionStage.WORKING).exists():
        raise ValidationError("Version de concertation : seule une version arrêtée s’approuve et se signe.")


class Approval(Followed):
    """An act by which a body approves the pact: COPIL, assembly, partner's council (« délibération »)."""

    pact_path = "pact"

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="approvals", verbose_name="pacte")
    partner = models.ForeignKey(
        Partner, null=True, blank=True, on_delete=models.PROTECT, related_name="approvals", verbose_name="partenaire"
    )
    version = models.ForeignKey(
        Version, null=True, blank=True, on_delete=models.PROTECT, related_name="approvals", verbose_name="version approuvée"
    )
    kind = models.CharField("nature", max_length=8, choices=ApprovalBody, default=ApprovalBody.PARTNER)
    body = models.CharField("instance", max_length=300)
    object = models.TextField("objet", blank=True)
    held_text = DateTextField("date")
    held_on = models.DateField("jour", null=True, blank=True)
    held_at = models.TimeField("heure", null=True, blank=True)
    convened_on = models.DateField("convoquée le", null=True, blank=True)
    place = models.CharField("lieu", max_length=200, blank=True)
    act_number = models.CharField("numéro de l’acte", max_length=120, blank=True)
    act_id = models.CharField("identifiant de l’acte", max_length=120, blank=True)
    transmission_number = models.CharField("numéro de transmission", max_length=120, blank=True)
    transmitted_on = models.DateField("transmise au contrôle de légalité le", null=True, blank=True)
    publication_id = models.CharField("identifiant de publication", max_length=120, blank=True)
    published_on = models.DateField("publiée le", null=True, blank=True)
    quorum = models.PositiveIntegerField("quorum", null=True, blank=True)
    present = models.PositiveIntegerField("présents", null=True, blank=True)
    proxies = models.PositiveIntegerField("pouvoirs", null=True, blank=True)
    excused = models.PositiveIntegerField("excusés", null=True, blank=True)
    absent = models.PositiveIntegerField("absents", null=True, blank=True)
    voters = models.PositiveIntegerField("votants", null=True, blank=True)
    votes_for = models.PositiveIntegerField("pour", null=True, blank=True)
    votes_against = models.PositiveIntegerField("contre", null=True, blank=True)
    abstentions = models.PositiveIntegerField("abstentions", null=True, blank=True)
    not_taking_part = models.PositiveIntegerField("ne prennent pas part au vote", null=True, blank=True)
    result = models.CharField("résultat", max_length=200, blank=True)
    chair = models.CharField("présidence", max_length=200, blank=True)
    secretary = models.CharField("secrétariat", max_length=200, blank=True)
    is_conditional = models.BooleanField("sous condition", default=False)
    reservations = models.TextField("réserves", blank=True)
    proof = models.ForeignKey(
        PartnerDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="approvals", verbose_name="fichier"
    )
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

    objects = OfPactQuerySet.as_manager()

    class Meta:
        verbose_name = "approbation"
        verbose_name_plural = "approbations"
        ordering = ["pact", "held_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="approval_partner_iff_own_body",
                condition=Q(kind=ApprovalBody.PARTNER) | Q(partner=None),
                violation_error_message="L’acte du comité de pilotage ou de l’assemblée n’est pas celui d’un partenaire.",
            )
        ]

    def __str__(self):
        return self.body

    def save(self, *args, **kwargs):
        refuse_working(self.version_id)
        super().save(*args, **kwargs)
