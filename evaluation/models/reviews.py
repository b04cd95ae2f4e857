"""Reviews (« bilans »); the evaluation of the previous pact is an annex of the next."""

from django.db import models
from django.urls import reverse
from django.utils.html import format_html_join

from evaluation.enums import ReviewItemKind, ReviewKind
from pti import typography
from pti.fields import DateTextField, RichTextField
from pti.models import Pact
from pti.models.pacts import OfPactQuerySet
from pti.rows import Followed, Revised


class Review(Revised, Followed):
    """What was done and learnt over a period. One of the previous pact keeps what its text told of it."""

    pact_path = "pact"

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="reviews", verbose_name="pacte")
    kind = models.CharField("nature", max_length=10, choices=ReviewKind)
    title = models.CharField("titre", max_length=300)
    start_text = DateTextField("début")
    end_text = DateTextField("fin")
    initial_end_text = DateTextField("fin prévue à l’origine")
    extension = models.TextField("prorogation", blank=True)
    preparation_text = DateTextField("préparation commencée en")
    launched_text = DateTextField("lancé le")
    as_of_text = DateTextField("arrêté au")
    working_groups_as_of_text = DateTextField("groupes de travail arrêtés au")
    provider = models.CharField("évaluateur", max_length=200, blank=True)
    method = RichTextField("méthode")
    findings = RichTextField("constats")
    strengths = RichTextField("points forts")
    weaknesses = RichTextField("points faibles")
    internal_cooperation = RichTextField("coopération interne")
    user_groups = RichTextField("groupes d’usagers")
    steering_meetings = models.PositiveIntegerField("réunions du comité de pilotage", null=True, blank=True)
    signatories_count = models.PositiveIntegerField("signataires", null=True, blank=True)
    working_groups_count = models.PositiveIntegerField("groupes de travail", null=True, blank=True)
    actions_total = models.PositiveIntegerField("actions", null=True, blank=True)
    note = models.TextField("note", blank=True)

    objects = OfPactQuerySet.as_manager()

    class Meta:
        verbose_name = "bilan"
        verbose_name_plural = "bilans"
        ordering = ["pact", "kind", "id"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("evaluation:review_detail", args=[self.pact_id, self.pk])

    @property
    def period(self):
        """« 1er janvier 2016 – 31 mars 2017 », « 2016 » when both ends say the same or one of them is silent."""
        ends = [typography.date_text(one) for one in dict.fromkeys((self.start_text, self.end_text)) if one]
        return format_html_join(" – ", "{}", ((one,) for one in ends))

    @property
    def has_brief(self):
        """True when « En bref » has something to say."""
        counts = (self.steering_meetings, self.signatories_count, self.working_groups_count, self.actions_total)
        texts = (self.initial_end_text, self.extension, self.preparation_text, self.launched_text, self.as_of_text)
        return any((*texts, self.provider, self.note)) or any(count is not None for count in counts)


class ReviewItemQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(review__in=Review.objects.visible_to(user))


class ReviewItem(Revised, Followed):
    """One line of a review: an axis and its assessment, a working group, a flagship action…"""

    pact_path = "review__pact"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="items", verbose_name="bilan")
    kind = models.CharField("nature", max_length=14, choices=ReviewItemKind)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="children", verbose_name="sous"
    )
    number = models.CharField("numéro", max_length=20, blank=True)
    title = models.CharField("titre", max_length=400)
    title_full = models.CharField("titre complet", max_length=600, blank=True)
    assessment = models.CharField("appréciation", max_length=200, blank=True)
    achievements = RichTextField("réalisations")
    limits = RichTextField("limites")
    summary = RichTextField("résumé")
    planned_actions = models.PositiveIntegerField("actions prévues", null=True, blank=True)
    count = models.PositiveIntegerField("nombre", null=True, blank=True)
    territory = models.CharField("territoire", max_length=200, blank=True)
    territories = models.TextField("territoires", blank=True, help_text="Un par ligne.")
    lead = models.CharField("pilote", max_length=200, blank=True)
    co_lead = models.CharField("copilote", max_length=200, blank=True)
    partners = models.TextField("partenaires", blank=True, help_text="Un par ligne.")
    order = models.PositiveIntegerField("ordre", default=0)

    objects = ReviewItemQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne de bilan"
        verbose_name_plural = "lignes de bilan"
        ordering = ["review", "order", "id"]

    def __str__(self):
        return self.title
