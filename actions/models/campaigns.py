"""« Collecte »: the period in which the leads are asked where their fiches stand, what is asked of whom, by which links."""

import datetime
import hashlib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from actions.enums import AnswerKind, RequestQuestion, RequestState
from actions.models.axes import Axis
from actions.models.fiches import OVER, Action
from actions.models.updates import Update
from partners.models import Commitment, CommitmentUpdate, Organisation, Partner
from partners.models.reminders import Schedule
from pti.dates import today
from pti.models import Pact
from pti.models.pacts import OfPactQuerySet
from pti.rows import Followed

# Nobody has answered yet, or the answer was returned.
AWAITED = (RequestState.TO_DO, RequestState.RETURNED)
# A collection is to bring late fiches back to life: who has spoken within that time.
WAKING = datetime.timedelta(days=10)
# What was answered may be put right for that long.
CORRECTABLE_FOR = datetime.timedelta(hours=24)
# Of money, in one collection.
MOST_YEARS = 3


def calling(path=""):
    """Somebody needs help, or said that it is somebody else, and nobody has dealt with it yet."""
    needs = {f"{path}kind": AnswerKind.HELP, f"{path}state": RequestState.ANSWERED}
    return Q(**needs) | Q(**{f"{path}kind": AnswerKind.NOT_ME, f"{path}state__in": AWAITED})


class CampaignQuerySet(OfPactQuerySet):
    def open(self):
        return self.exclude(opened_on=None).filter(closed_on=None)

    def for_table(self):
        """How many fiches are asked about, how many of them are answered."""
        answered = Q(requests__state__in=[RequestState.ANSWERED, RequestState.VALIDATED])
        return self.annotate(asked_count=Count("requests"), answered_count=Count("requests", filter=answered))


class Campaign(Followed):
    """« Collecte »: prepared, then opened (the mails leave), then closed for good."""

    pact_path = "pact"

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="campaigns", verbose_name="pacte")
    name = models.CharField("nom", max_length=120)
    period = models.CharField("période", max_length=120, blank=True, help_text="Celle dont on parle : « 3e trimestre 2027 ».")
    opens_on = models.DateField(
        "s’ouvre seule le", null=True, blank=True, help_text="Vide : vous l’ouvrez vous-même, quand vous avez tout vu."
    )
    deadline = models.DateField("réponse attendue le")
    axes = models.ManyToManyField(
        Axis, blank=True, related_name="campaigns", verbose_name="axes", help_text="Aucun : tout le pacte."
    )
    partners = models.ManyToManyField(
        Partner, blank=True, related_name="campaigns", verbose_name="partenaires", help_text="Aucun : tous ceux qui pilotent."
    )
    actions = models.ManyToManyField(
        Action, blank=True, related_name="campaigns", verbose_name="fiches", help_text="Aucune : toutes celles du pacte."
    )
    asks_updates = models.BooleanField("où en sont les fiches-actions", default=True)
    asks_values = models.BooleanField("les valeurs de l’année de leurs indicateurs", default=True)
    asks_commitments = models.BooleanField("si les engagements propres à chaque partenaire sont tenus", default=False)
    asks_fundings = models.BooleanField("à chaque financeur, ses montants demandés, acquis et versés", default=False)
    funding_from = models.PositiveSmallIntegerField(
        "financements, de l’année", null=True, blank=True, help_text="Vide : l’année en cours."
    )
    funding_to = models.PositiveSmallIntegerField("à l’année", null=True, blank=True, help_text="Trois années au plus.")
    message = models.TextField("message", blank=True, max_length=600)
    opened_on = models.DateField("ouverte le", null=True, blank=True, editable=False)
    closed_on = models.DateField("close le", null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="close par",
    )

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "collecte"
        verbose_name_plural = "collectes"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="campaign_closed_after_opened",
                condition=Q(closed_on=None) | Q(opened_on__isnull=False, closed_on__gte=F("opened_on")),
                violation_error_message="Une collecte se clôt après son ouverture.",
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("actions:campaign_detail", args=[self.pact_id, self.pk])

    @property
    def funding_years(self):
        """The years that funders are asked about: three at most."""
        first = self.funding_from or self.funding_to or self.pact.reference_day.year
        last = self.funding_to or first
        return list(range(first, min(last, first + MOST_YEARS - 1) + 1))

    @property
    def is_draft(self):
        return self.opened_on is None

    @property
    def is_planned(self):
        """It opens by itself on a day to come, or that was missed."""
        return self.is_draft and self.opens_on is not None

    @property
    def is_open(self):
        return self.opened_on is not None and self.closed_on is None


class CampaignPlan(Schedule):
    """The reminders of a collection: to the person who is asked, later to the référents of her organisation too."""

    pact_path = "campaign__pact"

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="reminder_plan", verbose_name="collecte")

    class Meta:
        verbose_name = "calendrier des relances d’une collecte"
        verbose_name_plural = "calendriers des relances de collecte"
        ordering = ["campaign"]

    def __str__(self):
        return f"Relances : {self.campaign}"


class CampaignRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(campaign__in=Campaign.objects.visible_to(user))

    def awaited(self):
        """Nobody has answered yet, or the answer was returned."""
        return self.filter(state__in=AWAITED)

    def answered(self):
        return self.filter(state__in=[RequestState.ANSWERED, RequestState.VALIDATED])

    def calling(self):
        """Somebody needs help, or said that it is somebody else: the animator has something to do."""
        return self.filter(calling())

    def mark_late(self, on):
        """Note which fiches are late on the day the collection opens."""
        return self.filter(action__in=Action.objects.late(on)).update(was_late=True)

    def with_first_news(self):
        """Adds `spoke_on`: the day of the first update since the collection opened."""
        since = Update.objects.filter(action=OuterRef("action"), on__gte=OuterRef("campaign__opened_on"))
        return self.annotate(spoke_on=Subquery(since.order_by("on").values("on")[:1]))

    def woken(self, opened_on):
        """Late fiches of a collection opened that day, about which somebody spoke within ten days."""
        return self.filter(was_late=True).with_first_news().filter(spoke_on__lte=opened_on + WAKING)

    def still_asleep(self, opened_on):
        """The other late fiches."""
        return self.filter(was_late=True).exclude(pk__in=self.woken(opened_on).values("pk"))

    def shown(self):
        """With what the pages and the mails say of them; the answers, which few have yet, are asked apart.

        PostgreSQL would look for the best order of nine tables for 40 ms.
        """
        return self.select_related("organisation", "action", "commitment").prefetch_related("given", "kept", "validated_by")

    def in_order(self):
        """The fiches of each body in the order of the pact, then its other questions."""
        number = F("action__number_key").asc(nulls_last=True)
        return self.order_by("organisation__search", "-question", number, "action__order", "commitment__order", "id")


class CampaignRequest(Followed):
    """One question to one person: where a fiche stands, whether a commitment is kept (`actions.campaigns.questions`)."""

    pact_path = "campaign__pact"
    people_fields = ("person_name", "person_email", "named")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="requests", verbose_name="collecte")
    question = models.CharField("question posée", max_length=10, choices=RequestQuestion, default=RequestQuestion.UPDATE)
    action = models.ForeignKey(
        Action, null=True, blank=True, on_delete=models.CASCADE, related_name="requests", verbose_name="fiche-action"
    )
    commitment = models.ForeignKey(
        Commitment, null=True, blank=True, on_delete=models.CASCADE, related_name="requests", verbose_name="engagement"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="requests", verbose_name="organisme"
    )
    person_name = models.CharField("à qui l’on écrit", max_length=200, blank=True)
    person_email = models.EmailField("adresse électronique", blank=True)
    state = models.CharField("état", max_length=9, choices=RequestState, default=RequestState.TO_DO)
    kind = models.CharField("réponse", max_length=7, choices=AnswerKind, blank=True)
    said = models.TextField("ce qui est dit", blank=True)
    named = models.CharField("qui suit la fiche désormais", max_length=200, blank=True)
    given = models.ForeignKey(
        Update, null=True, blank=True, on_delete=models.RESTRICT, related_name="requests", verbose_name="point d’avancement"
    )
    kept = models.ForeignKey(
        CommitmentUpdate,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="requests",
        verbose_name="suivi de l’engagement",
    )
    # As they were answered: what the approver has read, even if the figures are corrected later.
    values = models.JSONField("valeurs données", default=list, blank=True, editable=False)
    # Late on the day the collection opened: what it must bring back to life.
    was_late = models.BooleanField("en retard à l’ouverture", default=False, editable=False)
    on_behalf = models.BooleanField("enregistrée au nom de l’organisme", default=False)
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)
    returned_on = models.DateField("rendue le", null=True, blank=True)
    return_reason = models.TextField("pourquoi elle est rendue", blank=True)
    validated_on = models.DateField("validée le", null=True, blank=True)
    validated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="validée par"
    )

    objects = CampaignRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de collecte"
        verbose_name_plural = "demandes de collecte"
        ordering = ["campaign", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "action"],
                name="campaign_asks_once",
                violation_error_message="Cette fiche est déjà dans la collecte.",
            ),
            models.UniqueConstraint(
                fields=["campaign", "commitment", "organisation"],
                name="campaign_asks_commitment_once",
                violation_error_message="Cet engagement est déjà dans la collecte.",
            ),
            models.UniqueConstraint(
                fields=["campaign", "organisation"],
                condition=Q(question="funding"),
                name="campaign_asks_funder_once",
                violation_error_message="Ce financeur est déjà dans la collecte.",
            ),
            models.CheckConstraint(
                name="request_has_its_subject",
                condition=Q(action=None) | Q(commitment=None),
                violation_error_message="Une demande porte sur une fiche ou sur un engagement.",
            ),
            models.CheckConstraint(
                name="request_of_update_has_action",
                condition=~Q(question="update") | Q(action__isnull=False),
                violation_error_message="Un point d’avancement porte sur une fiche.",
            ),
            models.CheckConstraint(
                name="request_of_commitment_has_it",
                condition=~Q(question="commitment") | Q(commitment__isnull=False),
                violation_error_message="Un suivi porte sur un engagement.",
            ),
            models.CheckConstraint(
                name="request_validated_iff_dated",
                condition=Q(state="validated", validated_on__isnull=False) | (~Q(state="validated") & Q(validated_on=None)),
                violation_error_message="Une réponse validée porte sa date de validation, et elle seule.",
            ),
            models.CheckConstraint(
                name="request_to_do_or_answered",
                condition=Q(state="to_do", answered_at=None) | (~Q(state="to_do") & Q(answered_at__isnull=False)),
                violation_error_message="Une réponse porte sa date.",
            ),
        ]

    def __str__(self):
        return f"{self.campaign} : {self.subject}"

    @property
    def subject(self):
        """What the question is about, in a few words."""
        if self.action_id:
            return str(self.action)
        if self.commitment_id:
            return self.commitment.summary
        return f"financements {', '.join(map(str, self.campaign.funding_years))}"

    @property
    def is_awaited(self):
        """Same rule as CampaignRequestQuerySet.awaited, for one row."""
        return self.state in AWAITED

    @property
    def is_over(self):
        """The fiche is done, dropped, or out of the pact: there is nothing to answer any more."""
        return self.action is not None and (self.action.status in OVER or self.action.withdrawn_on is not None)

    @property
    def is_correctable(self):
        """Answered within the last day, and not yet looked at."""
        return self.state == RequestState.ANSWERED and timezone.now() - self.answered_at < CORRECTABLE_FOR

    def revoke_links(self):
        """Its links open nothing any more."""
        for link in self.links.filter(revoked_at=None):
            link.revoke()

    def validate(self, *, by):
        """« Valider » the answer. Does not save."""
        if self.state != RequestState.ANSWERED:
            raise ValidationError("Seule une réponse reçue se valide.")
        self.state, self.validated_on, self.validated_by = RequestState.VALIDATED, today(), by

    def give_back(self, reason):
        """« Rendre » the answer with the reason why. Does not save."""
        if self.state not in (RequestState.ANSWERED, RequestState.VALIDATED):
            raise ValidationError("Seule une réponse reçue se rend.")
        self.state, self.returned_on, self.return_reason = RequestState.RETURNED, today(), reason
        self.validated_on = self.validated_by = None


class AnswerLink(models.Model):
    """A link of a mail: its token is kept as a fingerprint only, for one person and one fiche."""

    request = models.ForeignKey(CampaignRequest, on_delete=models.CASCADE, related_name="links", verbose_name="demande")
    token_hash = models.CharField("empreinte du jeton", max_length=64, unique=True)
    sent_to = models.EmailField("adresse")
    expires_on = models.DateField("dernier jour")
    spent_at = models.DateTimeField("utilisé le", null=True, blank=True)
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True)

    class Meta:
        verbose_name = "lien de réponse"
        verbose_name_plural = "liens de réponse"
        ordering = ["id"]

    def __str__(self):
        return f"{self.sent_to} : {self.request}"

    @staticmethod
    def hash_of(token):
        return hashlib.sha256(token.encode()).hexdigest()

    @property
    def valid_until(self):
        """A deadline that is put off carries its links along; one that is brought forward cuts none."""
        return max(self.expires_on, self.request.campaign.deadline)

    def has_answered(self):
        """Who has this link answered, by it or by another of her mails: she alone puts it right."""
        return self.request.links.filter(sent_to__iexact=self.sent_to).exclude(spent_at=None).exists()

    def revoke(self):
        """It opens nothing any more."""
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at"])

    def obstacle(self, on):
        """Why it opens no form: « revoked », « closed », « over », « used » or « expired »; empty when it does."""
        asked = self.request
        if self.revoked_at:
            return "revoked"
        if not asked.campaign.is_open:
            return "closed"
        if asked.is_correctable and self.has_answered():
            return ""
        if not asked.is_awaited:
            return "used"
        if asked.is_over:
            return "over"
        return "expired" if self.valid_until < on else ""
