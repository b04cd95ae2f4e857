"""An organisation's place in a pact, and what the Département thinks of it."""

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse

from partners.enums import Cooperation, Influence, Motivation, SigningState, Standing
from partners.models.organisations import Organisation
from pti.contract import ContractModel, Withdrawable
from pti.dates import today
from pti.enums import PactState, Role
from pti.files import Attachment
from pti.models import Pact, Version
from pti.models.pacts import OfPactContractQuerySet
from pti.rows import Followed, Revised
from pti.search import SearchMixin

# In these states partners approve and sign the version that was frozen.
SIGNING_STATES = (PactState.ADOPTION, PactState.SIGNATURE, PactState.IN_FORCE)


class PartnerQuerySet(OfPactContractQuerySet):
    def present(self):
        """Partners who have not left."""
        return self.filter(left_on=None)

    def signatories(self):
        return self.present().filter(standing=Standing.SIGNATORY, is_concerned=True)

    def of_user(self, user):
        """Partners whose organisation `user` belongs to."""
        return self.filter(organisation__memberships__user=user)

    def with_signing(self):
        """Adds `last_version`, and whether the partner has approved and has signed that version."""
        last = Version.objects.adopted().filter(pact=OuterRef("pact")).order_by("-number").values("pk")[:1]
        return self._with_signing(Subquery(last), OuterRef("last_version"))

    def with_signing_in(self, pact):
        """The same for rows of one `pact`, its last version looked for in the same query, once: far cheaper to ask."""
        last = Subquery(Version.objects.adopted().filter(pact=pact).order_by("-number").values("pk")[:1])
        return self._with_signing(last, last)

    def _with_signing(self, last, on):
        rows = {name: getattr(self.model, name).rel.related_model.objects for name in ("approvals", "signatures", "refusals")}
        acts = {
            "has_approved": rows["approvals"].all(),
            "has_signed": rows["signatures"].filter(withdrawn_on=None),
            "has_refused": rows["refusals"].filter(lifted_on=None),
        }
        on_last = {"partner": OuterRef("pk"), "version": on}
        return self.annotate(last_version=last).annotate(
            **{name: Exists(found.filter(**on_last)) for name, found in acts.items()}
        )

    def awaited(self):
        """Signatories who have neither signed nor refused the last version, once there is one to sign."""
        return (
            self.signatories()
            .with_signing()
            .filter(pact__state__in=SIGNING_STATES, last_version__isnull=False, has_signed=False, has_refused=False)
        )

    def awaiting_approval(self):
        """Those of them whose own body has still to approve it."""
        return self.awaited().filter(needs_approval=True, has_approved=False)

    def awaiting_signature(self):
        """Those of them who may sign now."""
        return self.awaited().exclude(needs_approval=True, has_approved=False)

    def refusing(self):
        """Signatories who have refused the last version, and not signed it since."""
        return self.signatories().with_signing().filter(has_refused=True, has_signed=False)

    def signed(self):
        """Signatories who have signed the last version."""
        return self.signatories().with_signing().filter(has_signed=True)

    def for_table(self):
        return (
            self.select_related("organisation", "pact")
            .with_signing()
            .annotate(
                shown_name=Coalesce(NullIf("name_in_text", Value("")), "organisation__name"),
                commitments_count=Count("commitments", distinct=True),
            )
        )


class Partner(SearchMixin, Revised, Withdrawable, ContractModel):
    """An organisation's place in one pact. One who joins later carries its date and is not part of the frozen text."""

    search_fields = ("name_in_text",)

    life_fields = frozenset({"left_on", "leave_reason"})
    life_rows = Q(joined_on__isnull=False)
    amendment_fields = frozenset({"is_concerned"})

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="partners", verbose_name="pacte")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="partners", verbose_name="organisme")
    name_in_text = models.CharField("nom dans le texte", max_length=300, blank=True)
    standing = models.CharField("place", max_length=10, choices=Standing, default=Standing.ASSOCIATED)
    role_text = models.CharField("rôle, tel qu’écrit", max_length=120, blank=True)
    steers = models.BooleanField("pilote le pacte", default=False)
    is_funder = models.BooleanField("financeur", default=False)
    in_steering_committee = models.BooleanField("membre du comité de pilotage", default=False)
    needs_approval = models.BooleanField("doit délibérer avant de signer", default=True)
    is_conditional = models.BooleanField("sous réserve", default=False)
    condition = models.CharField(
        "réserve",
        max_length=400,
        blank=True,
        help_text="Par exemple : sous réserve d’une décision de sa commission permanente.",
    )
    services = models.TextField("services concernés", blank=True)
    represented_at = models.CharField("représenté à", max_length=300, blank=True)
    workshop = models.CharField("atelier", max_length=300, blank=True)
    category_is_guess = models.BooleanField("nature déduite du nom", default=False)
    note = models.TextField("note", blank=True)
    # In an amendment: those whose approval and signature it asks for. Always true in a pact.
    is_concerned = models.BooleanField("concerné par l’avenant", default=True, editable=False)
    order = models.PositiveIntegerField("ordre", default=0)
    joined_on = models.DateField(
        "a rejoint le pacte le", null=True, blank=True, help_text="Adhésion après l’adoption du texte."
    )
    left_on = models.DateField("a quitté le pacte le", null=True, blank=True)
    leave_reason = models.TextField("motif du départ", blank=True)

    objects = PartnerQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "partenaire"
        verbose_name_plural = "partenaires"
        ordering = ["pact", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pact", "organisation"],
                condition=Q(withdrawn_on=None),
                name="partner_once_per_pact",
                violation_error_message="Cet organisme est déjà partenaire du pacte.",
            )
        ]

    def __str__(self):
        return self.name_in_text or self.organisation.name

    def get_absolute_url(self):
        return reverse("partners:partner_detail", args=[self.pact_id, self.pk])

    def get_edit_url(self):
        """Address of the form of its text."""
        return reverse("partners:partner_edit", args=[self.pact_id, self.pk])

    @property
    def is_life_row(self):
        return self.joined_on is not None

    def signing_file_url(self):
        """Address of its file (« dossier de signature »)."""
        return reverse("partners:signing_file", args=[self.pact_id, self.pk])

    @property
    def today_name(self):
        """Today's name when the text says another, else an empty text."""
        return "" if self.organisation.name == (self.name_in_text or self.organisation.name) else self.organisation.name

    @property
    def dated_name(self):
        """The name of the text, or the one borne when the pact began; `organisation__names` must be prefetched."""
        day = self.joined_on or self.pact.in_force_on or self.pact.starts_on or today()
        return self.name_in_text or self.organisation.name_on(min(day, today()))

    @property
    def signing_state(self):
        """Where a signatory stands with the last version (rows of `with_signing`); None when nothing is awaited of it."""
        if self.standing != Standing.SIGNATORY or not self.is_concerned or self.left_on or self.last_version is None:
            return None
        if self.has_signed:
            return SigningState.SIGNED
        if self.has_refused:
            return SigningState.REFUSED
        if self.pact.state not in SIGNING_STATES:
            return None
        return SigningState.APPROVAL if self.needs_approval and not self.has_approved else SigningState.SIGNATURE


class StakeholderAnalysis(Revised, Followed):
    """What the Département knows and expects of a partner (guide de l’Ansa, fiche 2). Never shown to partners."""

    pact_path = "partner__pact"

    partner = models.OneToOneField(Partner, on_delete=models.CASCADE, related_name="analysis", verbose_name="partenaire")
    strategy = models.TextField("stratégie et missions", blank=True)
    partnership_history = models.TextField("historique du partenariat", blank=True)
    function = models.TextField("fonction dans le projet", blank=True)
    motivation = models.SmallIntegerField("motivation", choices=Motivation, null=True, blank=True)
    strategic_fit = models.TextField("cohérence avec sa stratégie", blank=True)
    short_term_impact = models.TextField("impact à court terme", blank=True)
    influence = models.SmallIntegerField("influence", choices=Influence, null=True, blank=True)
    diagnosis_mode = models.CharField("association au diagnostic", max_length=16, choices=Cooperation, blank=True)
    implementation_mode = models.CharField("association à la mise en œuvre", max_length=16, choices=Cooperation, blank=True)
    evaluation_mode = models.CharField("association à l’évaluation", max_length=16, choices=Cooperation, blank=True)

    class Meta:
        verbose_name = "analyse du partenaire"
        verbose_name_plural = "analyses des partenaires"

    def __str__(self):
        return f"Analyse : {self.partner}"


class PartnerDocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Files of a partner: the staff of its pact, and the people of its own organisation."""
        staff = Pact.objects.with_role(user, Role.ANIMATOR, Role.OFFICER)
        own = Partner.objects.visible_to(user).of_user(user)
        return self.filter(Q(pact__in=staff) | Q(partner__in=own))


class PartnerDocument(Attachment):
    """A file of a partner: deliberation, signed page, letter. Of the pact alone for a COPIL's or an assembly's act."""

    pact_path = "pact"

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="partner_documents", verbose_name="pacte")
    partner = models.ForeignKey(
        Partner, null=True, blank=True, on_delete=models.CASCADE, related_name="documents", verbose_name="partenaire"
    )

    objects = PartnerDocumentQuerySet.as_manager()

    class Meta(Attachment.Meta):
        verbose_name = "document de partenaire"
        verbose_name_plural = "documents de partenaires"
