"""The « fiche action »."""

import re
from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse

from actions.enums import CAN_BE_LATE, CAN_BE_SILENT, LEADING_ROLES, LOW_CONFIDENCE, ActionStatus, Confidence, LeadRole, Stars
from actions.models.axes import Axis, Theme
from pti.addresses import url_of
from pti.contract import ContractModel, Withdrawable
from pti.dates import add_months, first_day, last_day, today
from pti.fields import DateTextField, RichTextField
from pti.files import Attachment
from pti.models import Pact, Scheme, Territory
from pti.models.pacts import OfPactContractQuerySet
from pti.rows import Revised
from pti.search import SearchMixin

OVER = (ActionStatus.DONE, ActionStatus.DROPPED)
LIVE = (ActionStatus.PROJECT, ActionStatus.ONGOING, ActionStatus.RUNNING)
DIGITS = re.compile(r"\d+")


def number_key(text):
    """Sorting key of a number: « 2 » before « 10 », « 1.2 » before « 1.10 »."""
    return DIGITS.sub(lambda match: match[0].zfill(6), text)[:120]


def quarter_start(on):
    """First day of the quarter of `on`."""
    return on.replace(month=3 * ((on.month - 1) // 3) + 1, day=1)


class ActionQuerySet(OfPactContractQuerySet):
    """The rules that the list, the tile and the dashboard share. Each takes the reference day (Pact.reference_day)."""

    def _leads(self, *roles):
        from_lead = self.model._meta.get_field("leads").related_model
        return from_lead.objects.filter(action=OuterRef("pk"), ended_on=None, role__in=roles)

    def led_by(self, user):
        """Actions that an organisation of `user` leads or co-leads today."""
        return self.filter(Exists(self._leads(*LEADING_ROLES).filter(organisation__memberships__user=user)))

    def led_by_organisation(self, organisation):
        return self.filter(Exists(self._leads(*LEADING_ROLES).filter(organisation=organisation)))

    def without_lead(self):
        return self.filter(self.when_without_lead())

    def without_indicator(self):
        return self.filter(self.when_without_indicator())

    # Conditions, so that a filter keeps and a tile counts by the very same words.

    def _own(self, name):
        """Rows that point to the fiche."""
        return self.model._meta.get_field(name).related_model.objects.filter(action=OuterRef("pk"))

    def when_late(self, on):
        """One of its milestones is late on `on` (see Milestone.late)."""
        return Q(Exists(self._own("milestones").due_before(on)), status__in=CAN_BE_LATE)

    def when_silent(self, on, months):
        """Under way, and no news (last update, else the start) for more than `months` months before `on`."""
        limit, updates = add_months(on, -months), self._own("updates")
        begun = Q(starts_on__lt=limit) | Q(starts_on=None, pact__starts_on__lt=limit)
        return Q(~Exists(updates.filter(on__gte=limit)), begun | Q(Exists(updates)), status__in=CAN_BE_SILENT)

    def when_recent(self, on, months):
        """Under way, with an update within the `months` months before `on`."""
        return Q(Exists(self._own("updates").filter(on__gte=add_months(on, -months))), status__in=CAN_BE_SILENT)

    def when_blocked(self):
        """A blocking point was raised and not lifted."""
        return Q(Exists(self._own("updates").blocking()))

    def when_needing_support(self, levels=LOW_CONFIDENCE):
        """Not finished, and the lead says support is needed or the goal is compromised (`levels`)."""
        return Q(confidence__in=levels) & ~Q(status__in=OVER)

    def when_without_lead(self):
        """No pilot today: no organisation, plan or plain text."""
        return Q(~Exists(self._leads(LeadRole.PILOT)))

    def when_without_indicator(self):
        return Q(~Exists(self._own("indicators")))

    def when_beyond_threshold(self):
        """The latest value of one of its indicators is beyond a threshold."""
        return Q(Exists(self._own("indicators").beyond_threshold()))

    def when_open(self):
        """Neither done nor dropped."""
        return ~Q(status__in=OVER)

    def when_without_measure(self, year):
        """Has indicators, none of them measured for `year`."""
        own = self._own("indicators")
        return Q(Exists(own), ~Exists(own.filter(measures__year=year)))

    def late(self, on):
        return self.filter(self.when_late(on))

    def silent(self, on, months):
        return self.filter(self.when_silent(on, months))

    def expecting_news(self):
        """Under way: en cours or en fonctionnement."""
        return self.filter(status__in=CAN_BE_SILENT)

    def with_recent_news(self, on, months):
        return self.filter(self.when_recent(on, months))

    def blocked(self):
        return self.filter(self.when_blocked())

    def needing_support(self):
        return self.filter(self.when_needing_support())

    def without_measure(self, year):
        return self.filter(self.when_without_measure(year))

    def with_unmeasured_indicator(self, year):
        """One of its indicators has no value for `year`."""
        return self.filter(Exists(self._own("indicators").without_measure(year)))

    def for_page(self):
        """What the head of the page of a fiche shows; `parts_of_page` give the rest."""
        return self.with_due().with_last_news().select_related("axis__parent__parent")

    def expecting(self, on):
        """Not finished, and no update since the quarter of `on` began."""
        begun = quarter_start(on)
        return self.with_last_news().filter(status__in=LIVE).filter(Q(last_update_on=None) | Q(last_update_on__lt=begun))

    def never_updated(self):
        return self.filter(updates=None)

    def without_axis(self):
        return self.filter(axis=None, other_axes=None)

    def without_territory(self):
        """Actions that no territory is ticked on: they bear on the whole pact."""
        return self.filter(territories=None)

    def without_stars(self, *names):
        """One of the scales `names` is not filled."""
        return self.filter(reduce(or_, (Q(**{name: None}) for name in names)))

    def without_milestone(self):
        return self.filter(milestones=None)

    def open(self):
        """Neither done nor dropped."""
        return self.filter(self.when_open())

    def under(self, axes):
        """Actions placed under one of `axes`, by their first place or another one."""
        other = self.model.other_axes.through.objects.filter(action=OuterRef("pk"), axis__in=axes)
        return self.filter(Q(axis__in=axes) | Exists(other))

    def with_due(self):
        """Annotate `open_due`, the due day of the first milestone not done, and `is_blocked`."""
        milestone = self.model._meta.get_field("milestones").related_model
        update = self.model._meta.get_field("updates").related_model
        due = milestone.objects.filter(action=OuterRef("pk"), done_on=None).with_due_day().exclude(due_day=None)
        return self.annotate(
            open_due=Subquery(due.order_by("due_day", "id").values("due_day")[:1]),
            is_blocked=Exists(update.objects.filter(action=OuterRef("pk")).blocking()),
        )

    def for_table(self):
        """What a list shows: the axis, who leads today, the next due day, the last update."""
        leads = self.model._meta.get_field("leads").related_model.objects.for_table()
        return self.with_due().with_last_news().select_related("axis").prefetch_related(Prefetch("leads", leads, "leading"))

    def with_last_news(self):
        """Annotate `last_update_on`."""
        update = self.model._meta.get_field("updates").related_model
        last = update.objects.filter(action=OuterRef("pk")).order_by("-on").values("on")[:1]
        return self.annotate(last_update_on=Subquery(last))


class Action(SearchMixin, Revised, Withdrawable, ContractModel):
    """One line of the plan (« fiche action »), with the fields of the method guide and of the real pacts."""

    computed_fields = ("starts_on", "ends_on", "number_key")
    computed_from = {"starts_text": ("starts_on", "ends_on"), "ends_text": ("starts_on", "ends_on"), "number": ("number_key",)}
    read_by_day = ("axis", "order", "status")
    search_fields = ("title", "number", "short_title", "title_variants", "diagnosis", "objectives", "content", "audience")
    life_fields = frozenset({"status", "confidence", "confidence_on", "confidence_text", "done_on", "short_title"})

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="actions", verbose_name="pacte")
    axis = models.ForeignKey(
        Axis, null=True, blank=True, on_delete=models.PROTECT, related_name="actions", verbose_name="rattachement"
    )
    other_axes = models.ManyToManyField(Axis, blank=True, related_name="other_actions", verbose_name="rattachée aussi à")
    order = models.PositiveIntegerField("ordre", default=0)
    number = models.CharField("numéro", max_length=20, blank=True)
    number_key = models.CharField("numéro, pour le tri", max_length=120, blank=True, editable=False)
    title = models.CharField("titre", max_length=400)
    short_title = models.CharField("titre court", max_length=60, blank=True)
    title_variants = models.TextField("autres rédactions du titre", blank=True, help_text="Une par ligne.")
    diagnosis = RichTextField("diagnostic")
    objectives = RichTextField("objectifs")
    audience = RichTextField("public visé")
    content = RichTextField("contenu et modalités")
    schedule = RichTextField("calendrier")
    starts_text = DateTextField("début")
    ends_text = DateTextField("fin")
    starts_on = models.DateField("premier jour", null=True, blank=True, editable=False)
    ends_on = models.DateField("dernier jour", null=True, blank=True, editable=False)
    means = RichTextField("moyens")
    human_means = RichTextField("moyens humains")
    technical_means = RichTextField("moyens techniques")
    legal_means = RichTextField("moyens juridiques")
    financial_means = RichTextField("moyens financiers")
    assets = RichTextField("atouts")
    constraints = RichTextField("contraintes et freins")
    prerequisites = RichTextField("préalables")
    evaluation_method = RichTextField("modalités d’évaluation")
    themes = models.ManyToManyField(Theme, blank=True, related_name="actions", verbose_name="thèmes")
    territories = models.ManyToManyField(
        Territory, blank=True, related_name="actions", verbose_name="territoires", help_text="Vide : tout le pacte."
    )
    schemes = models.ManyToManyField(
        Scheme, blank=True, related_name="actions", verbose_name="autres plans servis", help_text="Un lien, jamais une copie."
    )
    is_experiment = models.BooleanField("expérimentation", null=True, blank=True)
    impact = models.PositiveSmallIntegerField("impact sur l’insertion", choices=Stars, null=True, blank=True)
    complexity = models.PositiveSmallIntegerField("complexité", choices=Stars, null=True, blank=True)
    priority = models.PositiveSmallIntegerField("priorité", choices=Stars, null=True, blank=True)
    financial_incidence = models.PositiveSmallIntegerField("incidence financière", choices=Stars, null=True, blank=True)
    associated_open_ended = models.BooleanField("la liste des associés reste ouverte (« … »)", default=False)
    # What happens; written by actions.services.post_update.
    status = models.CharField("statut", max_length=8, choices=ActionStatus, default=ActionStatus.PROJECT)
    done_on = models.DateField("réalisée le", null=True, blank=True)
    confidence = models.CharField("confiance", max_length=12, choices=Confidence, default=Confidence.UNKNOWN)
    confidence_on = models.DateField("confiance déclarée le", null=True, blank=True)
    confidence_text = models.CharField("en une phrase", max_length=280, blank=True)

    objects = ActionQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "fiche-action"
        verbose_name_plural = "fiches-actions"
        ordering = ["pact", "order", "id"]
        constraints = [
            models.CheckConstraint(
                name="action_done_on_iff_done",
                condition=Q(status="done", done_on__isnull=False) | (~Q(status="done") & Q(done_on=None)),
                violation_error_message="Une action réalisée porte sa date de réalisation, et elle seule.",
            )
        ]

    def __str__(self):
        return f"Fiche {self.number}. {self.title}" if self.number else self.title

    def compute(self):
        super().compute()
        self.starts_on, self.ends_on = first_day(self.starts_text), last_day(self.ends_text)
        self.number_key = number_key(self.number)

    def get_absolute_url(self):
        return url_of("actions:action_detail", self.pact_id, self.pk)

    def get_edit_url(self):
        """Address of the form of its text."""
        return reverse("actions:action_edit", args=[self.pact_id, self.pk])

    @property
    def label(self):
        """The short title that everybody uses, else the title."""
        return self.short_title or self.title

    @property
    def is_live(self):
        """Neither finished, nor paused."""
        return self.status in LIVE

    @property
    def can_be_late(self):
        return self.status in CAN_BE_LATE

    def expects_update(self, on):
        """Same rule as ActionQuerySet.expecting, for one row that carries `last_update_on`."""
        return self.is_live and (self.last_update_on is None or self.last_update_on < quarter_start(on))

    def clean(self):
        if self.axis and self.axis.pact_id != self.pact_id:
            raise ValidationError({"axis": "Cet axe appartient à un autre pacte."})

    def set_status(self, status, *, on=None):
        """Move to `status`; « réalisée » takes its date (`on`, else today). Does not save."""
        self.status = status
        self.done_on = (on or today()) if status == ActionStatus.DONE else None


class ActionDocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Of the fiches that `user` reads, those that an amendment withdrew too: their page says what they were."""
        return self.filter(action__in=Action.objects.with_withdrawn().visible_to(user))


class ActionDocument(Attachment):
    """A file attached to a fiche."""

    pact_path = "action__pact"

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="documents", verbose_name="fiche-action")

    objects = ActionDocumentQuerySet.as_manager()

    class Meta(Attachment.Meta):
        verbose_name = "document de fiche"
        verbose_name_plural = "documents de fiches"


class OfActionQuerySet(models.QuerySet):
    """Rows that carry their action."""

    def visible_to(self, user):
        return self.filter(action__in=Action.objects.visible_to(user))
