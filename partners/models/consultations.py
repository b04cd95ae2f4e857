"""What partners were asked about a version of the text, what they proposed and thought, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from partners.enums import Arrival, OpinionKind, ProposalState
from partners.models.partners import Partner, PartnerDocument
from pti import parts
from pti.dates import today
from pti.enums import PactState, Role
from pti.fields import RichTextField
from pti.models import Pact, Version
from pti.models.pacts import OfPactQuerySet
from pti.rows import Followed

# While the text is written, and only then: before, partners do not see it; after, it no longer moves.
CONSULTING_STATES = (PactState.DRAFTING, PactState.CONSULTATION)


class ConsultationQuerySet(OfPactQuerySet):
    def open(self):
        """Those to which partners may still answer."""
        return self.filter(closed_on=None)

    def awaiting(self, partners):
        """Open ones to which one of `partners` was invited and has not answered; `partners` is a queryset."""
        rows = ConsultedPartner.objects.filter(consultation=OuterRef("pk"), partner__in=partners)
        return self.open().filter(Exists(rows.without_answer()), pact__state__in=CONSULTING_STATES)

    def for_table(self):
        """With how many partners were asked and how many proposals wait; two joins would multiply one by the other."""
        return (
            self.select_related("version")
            .defer("version__content")
            .annotate(invited_count=counted(ConsultedPartner.objects.all()), pending_count=counted(Proposal.objects.pending()))
        )


def counted(rows):
    """How many of `rows` belong to the consultation."""
    own = rows.filter(consultation=OuterRef("pk")).order_by().values("consultation").annotate(count=Count("pk"))
    return Coalesce(Subquery(own.values("count")), 0)


class Consultation(Followed):
    """A version of the text submitted to named partners until a day (« concertation »)."""

    pact_path = "pact"

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="consultations", verbose_name="pacte")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="consultations", verbose_name="version")
    title = models.CharField("titre", max_length=200)
    message = models.TextField("message aux partenaires", blank=True)
    opened_on = models.DateField("ouverte le", default=today)
    deadline = models.DateField("réponse attendue le")
    closed_on = models.DateField("close le", null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="ouverte par",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = "concertation"
        verbose_name_plural = "concertations"
        ordering = ["pact", "-opened_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="consultation_deadline_after_opening",
                condition=Q(deadline__gte=models.F("opened_on")),
                violation_error_message="La réponse ne peut pas être attendue avant l’ouverture.",
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("partners:consultation_detail", args=[self.pact_id, self.pk])

    @property
    def is_open(self):
        return self.closed_on is None

    @property
    def is_late(self):
        """Open past its deadline: answers are still taken."""
        return self.is_open and self.deadline < today()


class ConsultedQuerySet(models.QuerySet):
    def without_answer(self):
        """Those who gave no opinion and proposed nothing."""
        given = Opinion.objects.filter(consultation=OuterRef("consultation"), partner=OuterRef("partner"))
        said = Proposal.objects.filter(consultation=OuterRef("consultation"), partner=OuterRef("partner"), carried_from=None)
        return self.filter(~Exists(given), ~Exists(said))


class ConsultedPartner(Followed):
    """One partner whom a consultation asks."""

    pact_path = "consultation__pact"

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="invited", verbose_name="concertation"
    )
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="consulted", verbose_name="partenaire")
    invited_on = models.DateField("invité le", default=today)

    objects = ConsultedQuerySet.as_manager()

    class Meta:
        verbose_name = "partenaire consulté"
        verbose_name_plural = "partenaires consultés"
        ordering = ["consultation", "partner__order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "partner"],
                name="consulted_partner_once",
                violation_error_message="Ce partenaire est déjà invité.",
            )
        ]

    def __str__(self):
        return str(self.partner)


class AnswerQuerySet(models.QuerySet):
    """What partners answer: the staff read everything, a partner its own only."""

    def visible_to(self, user):
        staff = Pact.objects.with_role(user, Role.ANIMATOR, Role.OFFICER)
        own = Partner.objects.visible_to(user).of_user(user)
        return self.filter(Q(consultation__pact__in=staff) | Q(partner__in=own))


class ProposalQuerySet(AnswerQuerySet):
    def pending(self):
        """Those that nobody has decided."""
        return self.filter(state=ProposalState.SUBMITTED)

    def entered(self):
        """Those whose text entered the pact, as proposed or amended."""
        return self.filter(state__in=(ProposalState.ACCEPTED, ProposalState.AMENDED))

    def for_page(self):
        return self.select_related(
            "partner__organisation", "consultation__version", "consultation__pact", "proof", "carried_from", "decided_by"
        ).defer("consultation__version__content")


class Answer(Followed):
    """What a proposal and an opinion share: who says it, how it reached us, its file."""

    pact_path = "consultation__pact"
    people_fields = ("author_name",)

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name="partenaire")
    author_name = models.CharField("auteur ou autrice", max_length=200, blank=True)
    on_behalf = models.BooleanField("enregistré au nom du partenaire", default=False, editable=False)
    received_by = models.CharField("arrivé par", max_length=8, choices=Arrival, blank=True)
    proof = models.ForeignKey(
        PartnerDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name="fichier"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="enregistré par",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        abstract = True


class Proposal(Answer):
    """Another wording that a partner proposes for a long text of the pact, or for one passage of it.

    The target is named by its model and its uid, so that it may be of any floor; `base` is what the partner had read.
    """

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="proposals", verbose_name="concertation"
    )
    target_model = models.CharField("nature de la cible", max_length=60)
    target_uid = models.UUIDField("cible")
    target_name = models.CharField("nom de la cible", max_length=400, blank=True)
    field = models.CharField("rubrique", max_length=60)
    is_passage = models.BooleanField("porte sur un passage", default=False)
    base = RichTextField("texte lu")
    text = RichTextField("texte proposé")
    reason = models.TextField("pourquoi", blank=True)
    submitted_on = models.DateField("proposée le", default=today)
    state = models.CharField("état", max_length=9, choices=ProposalState, default=ProposalState.SUBMITTED)
    answer = models.TextField("réponse au partenaire", blank=True)
    entered_text = RichTextField("texte entré")
    decided_on = models.DateField("examinée le", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="examinée par",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    carried_from = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="carried_to", verbose_name="reprise de"
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "proposition"
        verbose_name_plural = "propositions"
        ordering = ["consultation", "submitted_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="proposal_decided_iff_answered",
                condition=Q(state__in=(ProposalState.SUBMITTED, ProposalState.CARRIED), decided_on=None)
                | Q(state__in=(ProposalState.ACCEPTED, ProposalState.AMENDED, ProposalState.REFUSED), decided_on__isnull=False),
                violation_error_message="Une proposition examinée porte la date de la réponse, et elle seule.",
            )
        ]

    def __str__(self):
        return f"Proposition sur « {self.target_name} »"

    def get_absolute_url(self):
        return reverse("partners:proposal_detail", args=[self.consultation.pact_id, self.pk])

    @property
    def is_pending(self):
        return self.state == ProposalState.SUBMITTED

    @property
    def target_class(self):
        """The model of the target, found in the registry of parts; None for one that the code no longer knows."""
        return parts.text_model(self.target_model)

    @property
    def field_label(self):
        """The label of the field on screen."""
        model = self.target_class
        known = model is not None and self.field in {column.name for column in model._meta.fields}
        return str(model._meta.get_field(self.field).verbose_name) if known else self.field


class Opinion(Answer):
    """What a partner thinks of the whole text (« avis »)."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="opinions", verbose_name="concertation"
    )
    kind = models.CharField("avis", max_length=12, choices=OpinionKind)
    text = RichTextField("observations")
    given_on = models.DateField("donné le", default=today)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"
        ordering = ["consultation", "given_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "partner"],
                name="opinion_once_per_partner",
                violation_error_message="Ce partenaire a déjà donné son avis : modifiez-le.",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} ({self.partner})"
