"""The pact itself: frame, life, territories, extensions."""

from functools import cache

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q

from pti.addresses import url_of
from pti.composed import AnyKey, Composed
from pti.contract import ContractModel, ContractQuerySet
from pti.dates import first_day, last_day, today
from pti.enums import FOLLOWED_STATES, STAFF, WRITABLE_STATES, AlertConfidence, AudienceScope, PactState, Role
from pti.fields import DateTextField, RichTextField
from pti.models.territories import Territory
from pti.rows import Followed, PointsOutside, Revised
from pti.search import SearchMixin


def default_level_words():
    return ["axe", "objectif"]


# Written by the life of the pact only (pti/services.py).
STEPS = ("state", "in_force_on", "extended_to", "closed_on")
AMENDS_MESSAGE = "Un avenant reste celui de son pacte."


def held_through(keys):
    """Condition on pacts: an access to one of `keys` is one to them."""
    return Q(pk__in=keys) | Q(parent__in=keys) | Q(amends__in=keys)


class PactQuerySet(ContractQuerySet):
    def visible_to(self, user):
        """Pacts that `user` may read: an access to it, to its parent, or to all; the scoping stage is for staff.

        Read from the roles that the person carries, so that the many querysets which end here stay cheap.
        """
        if not user.is_authenticated:
            return self.none()
        held, is_shown = set(user.roles.values()), ~Q(state=PactState.SCOPING)
        if held <= STAFF:
            return self.filter(self._held_by(user, STAFF))
        if held.isdisjoint(STAFF):
            return self.filter(is_shown & self._held_by(user, Role))
        return self.filter(self._held_by(user, STAFF) | (is_shown & self._held_by(user, Role)))

    def with_role(self, user, *roles):
        """Pacts on which `user` holds one of `roles`."""
        return self.filter(self._held_by(user, roles)) if user.is_authenticated else self.none()

    @staticmethod
    def _held_by(user, roles):
        """Condition on pacts: `user` holds one of `roles` on it, on its parent, on what it amends, or on all."""
        held = [pact for pact, role in user.roles.items() if role in roles]
        if None in held:
            return Q(pk__isnull=False)
        return held_through(held)

    def ordinary(self):
        """Pacts as people count them: without the working copies of amendments."""
        return self.filter(amends=None)

    def update(self, **kwargs):
        if "amends" in kwargs or "amends_id" in kwargs:
            raise ValidationError(AMENDS_MESSAGE)
        return super().update(**kwargs)

    def for_list(self):
        return self.prefetch_related("departments").order_by("-starts_on", "title", "id")


class Pact(SearchMixin, Revised, PointsOutside, ContractModel):
    """Pacte territorial pour l’insertion (Code de l’action sociale et des familles, article L263-2)."""

    pact_path = ""
    computed_fields = ("starts_on", "ends_on")
    search_fields = ("title", "subtitle")
    # `source_note` is a note of whoever enters the text, not the text.
    life_fields = frozenset(
        {
            "state", "in_force_on", "extended_to", "closed_on", "silence_months", "late_days", "alert_confidence",
            "previous", "outside", "source_note",
            "amends", "amendment_number",
        }
    )  # fmt: skip

    title = models.CharField("titre", max_length=300)
    subtitle = models.CharField("sous-titre", max_length=300, blank=True)
    departments = models.ManyToManyField(
        Territory,
        related_name="pacts_as_department",
        verbose_name="départements",
        limit_choices_to={"kind": "department"},
    )
    territories = models.ManyToManyField(Territory, through="PactTerritory", related_name="pacts", verbose_name="territoires")
    start_text = DateTextField("début", help_text="Une année, un mois ou un jour : 2027, 01/2027 ou 01/01/2027.")
    end_text = DateTextField("fin", help_text="Une année, un mois ou un jour.")
    starts_on = models.DateField("premier jour", null=True, blank=True, editable=False)
    ends_on = models.DateField("dernier jour prévu", null=True, blank=True, editable=False)
    legal_basis = RichTextField("fondement juridique")
    audiences = RichTextField("publics")
    audience_definition = RichTextField("définition du public")
    audience_scope = models.CharField("étendue du public", max_length=6, choices=AudienceScope, blank=True)
    level_words = models.JSONField("noms des niveaux de l’arbre", default=default_level_words, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="local_pacts", verbose_name="pacte départemental"
    )
    territory = models.ForeignKey(
        Territory,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="local_pacts",
        verbose_name="territoire du pacte local",
    )
    to_be_signed = models.BooleanField("fait l’objet d’une signature", default=True)
    source_note = models.TextField("source et ambiguïtés", blank=True)
    # What happens.
    state = models.CharField("état", max_length=12, choices=PactState, default=PactState.SCOPING)
    in_force_on = models.DateField("entré en vigueur le", null=True, blank=True)
    extended_to = models.DateField("prorogé jusqu’au", null=True, blank=True)
    closed_on = models.DateField("clos le", null=True, blank=True)
    silence_months = models.PositiveSmallIntegerField(
        "mois sans nouvelles", default=12, help_text="Une action est sans nouvelles au-delà de ce nombre de mois."
    )
    late_days = models.PositiveSmallIntegerField(
        "jours de retard tolérés", default=0, help_text="Un jalon échu alerte au-delà de ce nombre de jours."
    )
    alert_confidence = models.CharField(
        "confiance qui alerte", max_length=11, choices=AlertConfidence, default=AlertConfidence.SUPPORT
    )
    previous = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="next_pacts", verbose_name="pacte précédent"
    )

    # An amendment (« avenant ») is a working copy of the pact that it amends; pti.amending opens and merges it.
    amends = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="amendments",
        verbose_name="avenant au pacte",
    )
    amendment_number = models.PositiveSmallIntegerField("avenant n°", null=True, blank=True, editable=False)

    objects = PactQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "pacte"
        verbose_name_plural = "pactes"
        ordering = ["-starts_on", "title", "id"]
        constraints = [
            models.CheckConstraint(
                name="pact_ends_after_start",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message="La fin du pacte précède son début.",
            ),
            models.CheckConstraint(
                name="pact_local_has_territory",
                condition=Q(parent=None) | Q(territory__isnull=False),
                violation_error_message="Un pacte local porte sur un territoire.",
            ),
            models.CheckConstraint(
                name="pact_amendment_has_number",
                condition=Q(amends=None, amendment_number=None) | Q(amends__isnull=False, amendment_number__isnull=False),
                violation_error_message="Un avenant, et lui seul, porte un numéro d’avenant.",
            ),
            models.UniqueConstraint(
                fields=["amends", "amendment_number"],
                name="pact_amendment_number_once",
                violation_error_message="Ce pacte a déjà un avenant de ce numéro.",
            ),
        ]

    def __str__(self):
        return f"{self.amendment_name} : {self.title}" if self.is_amendment else self.title

    @classmethod
    def of_key(cls, pk):
        """The pact whose key is `pk`, or None: asked by every page."""
        if pk > models.BigIntegerField.MAX_BIGINT:
            return None
        return pact_composed().row_of(pk)

    @classmethod
    def from_db(cls, db, field_names, values):
        pact = super().from_db(db, field_names, values)
        pact.amends_read = pact.__dict__.get("amends_id")
        pact.steps_read = {name: pact.__dict__.get(name) for name in STEPS}
        return pact

    @property
    def is_amendment(self):
        return self.amends_id is not None

    @property
    def is_done(self):
        """True for an amendment that came into force or was abandoned."""
        return self.state in (PactState.IN_FORCE, PactState.CLOSED, PactState.ABANDONED)

    @property
    def people_pact_id(self):
        """The pact that holds contacts and accesses: those of an amendment are those of what it amends."""
        return self.amends_id or self.pk

    @property
    def amendment_name(self):
        """« Avenant n° 1 »; an empty text for an ordinary pact."""
        return f"Avenant n°\u00a0{self.amendment_number}" if self.is_amendment else ""

    def keep_newer_steps(self, written):
        """Whoever read the pact before its adoption, and saves something else after, does not open it again."""
        now = steps_composed().row_of(self.pk)
        for name, value in (now or {}).items():
            if name not in written and self.__dict__.get(name) == getattr(self, "steps_read", {}).get(name):
                setattr(self, name, value)

    @transaction.atomic
    def save(self, *args, **kwargs):
        if not self._state.adding:
            self.keep_newer_steps(kwargs.get("update_fields") or ())
            if getattr(self, "amends_read", None) not in (None, self.amends_id):
                raise ValidationError(AMENDS_MESSAGE)
        self.starts_on, self.ends_on = first_day(self.start_text), last_day(self.end_text)
        if kwargs.get("update_fields") is not None and {"start_text", "end_text"} & set(kwargs["update_fields"]):
            kwargs["update_fields"] = {*kwargs["update_fields"], "starts_on", "ends_on"}
        super().save(*args, **kwargs)
        self.amends_read = self.amends_id

    def get_absolute_url(self):
        return url_of("pact_detail", self.pk)

    @property
    def is_frozen(self):
        """True from adoption on: the text refuses writes."""
        return self.state not in WRITABLE_STATES

    @property
    def awaits_news(self):
        """True while the pact is carried out: nobody is asked how a draft is doing, nor a pact that is over."""
        return self.state in FOLLOWED_STATES

    @property
    def effective_end(self):
        """Last day of the pact, its extensions counted."""
        return self.extended_to or self.ends_on

    @property
    def reference_day(self):
        """Day on which lateness and silence are judged: today, or the end of a closed pact."""
        if self.state == PactState.CLOSED:
            return self.closed_on or self.effective_end or today()
        return today()

    @property
    def period(self):
        """« 2015-2017 », or the raw texts."""
        if self.start_text and self.end_text:
            return (
                f"{self.start_text[:4]}-{self.end_text[:4]}"
                if len(self.start_text) == 4
                else f"{self.start_text} – {self.end_text}"
            )
        return self.start_text or self.end_text

    def level_word(self, depth):
        """The pact's own word for a level of its tree (0 is the top)."""
        words = self.level_words or default_level_words()
        return words[min(depth, len(words) - 1)]


@cache
def pact_composed():
    """The query of a pact."""
    return Composed(Pact.objects.filter(pk=AnyKey()).order_by())


@cache
def steps_composed():
    """The query of the steps of a pact, with a lock."""
    return Composed(Pact._base_manager.select_for_update(no_key=True).filter(pk=AnyKey()).order_by().values(*STEPS))


class PactTerritory(ContractModel):
    """A territory as this pact uses it."""

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="territory_links", verbose_name="pacte")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="pact_links", verbose_name="territoire")
    order = models.PositiveIntegerField("ordre", default=0)

    class Meta(ContractModel.Meta):
        verbose_name = "territoire du pacte"
        verbose_name_plural = "territoires du pacte"
        ordering = ["pact", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pact", "territory"],
                name="pact_territory_once",
                violation_error_message="Ce territoire est déjà dans le pacte.",
            )
        ]

    def __str__(self):
        return str(self.territory)


class OfPactQuerySet(models.QuerySet):
    """Rows that carry their pact."""

    def visible_to(self, user):
        return self.filter(pact__in=Pact.objects.visible_to(user))

    def read_in(self, user, pact):
        """What `visible_to` gives inside a pact that `user` is known to read."""
        if type(self).visible_to is not OfPactQuerySet.visible_to:  # a stricter rule is kept
            return self.visible_to(user).filter(pact=pact)
        return self.filter(pact=pact)


class OfPactContractQuerySet(ContractQuerySet, OfPactQuerySet):
    """Rows of the text that carry their pact."""


class StateChange(Followed):
    """One step in the life of a pact: from, to, when, why, on which act."""

    pact_path = "pact"

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="state_changes", verbose_name="pacte")
    from_state = models.CharField("de", max_length=12, choices=PactState)
    to_state = models.CharField("à", max_length=12, choices=PactState)
    on = models.DateField("date")
    reason = models.TextField("motif", blank=True)
    act = models.CharField("acte", max_length=300, blank=True)
    overridden = models.JSONField("avertissements passés outre", default=list, blank=True)
    by = models.ForeignKey(
        "pti.User", null=True, blank=True, on_delete=models.PROTECT, related_name="state_changes", verbose_name="par"
    )

    objects = OfPactQuerySet.as_manager()

    class Meta:
        verbose_name = "étape de la vie du pacte"
        verbose_name_plural = "étapes de la vie du pacte"
        ordering = ["pact", "on", "id"]

    def __str__(self):
        return f"{self.get_from_state_display()} → {self.get_to_state_display()}"


class Extension(Followed):
    """A pact whose end is put off: reason, new end, decision (« prorogation »)."""

    pact_path = "pact"

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="extensions", verbose_name="pacte")
    new_end_on = models.DateField("nouvelle fin")
    reason = models.TextField("motif")
    decision = models.CharField("décision", max_length=300, blank=True, help_text="Instance et acte.")
    decided_on = models.DateField("décidée le", null=True, blank=True)

    objects = OfPactQuerySet.as_manager()

    class Meta:
        verbose_name = "prorogation"
        verbose_name_plural = "prorogations"
        ordering = ["pact", "new_end_on", "id"]

    def __str__(self):
        return f"Prorogation jusqu’au {self.new_end_on:%d/%m/%Y}"
