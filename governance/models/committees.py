"""Committees (« instances »), their formations, chairs and seats."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from actions.models import Lead
from governance.enums import ChairMode, CommitteeKind, CommitteeLevel, ObligationPeriod
from partners.models import Contact, Organisation
from pti.contract import ContractModel, ContractQuerySet, Withdrawable
from pti.enums import WRITABLE_STATES
from pti.fields import RichTextField
from pti.models import Pact, Territory
from pti.rows import Followed, PointsOutside, Revised
from pti.search import SearchMixin


class CommitteeQuerySet(ContractQuerySet):
    def serving(self, pact):
        """Committees of `pact`: its own, and those of another pact that serve it too."""
        return self.filter(Q(pact=pact) | Q(pk__in=CommitteeService.objects.living().filter(pact=pact).values("committee")))

    def visible_to(self, user):
        visible = Pact.objects.visible_to(user)
        return self.filter(
            Q(pact__in=visible) | Q(pk__in=CommitteeService.objects.living().filter(pact__in=visible).values("committee"))
        )

    def present(self):
        """Committees that are not dissolved."""
        return self.filter(dissolved_on=None)

    def with_gaps(self):
        """Annotate whether somebody chairs (`has_chair`) and whether somebody sits (`has_seat`)."""
        chairs = Chair.objects.filter(committee=OuterRef("pk"), ends_on=None)
        seats = Seat.objects.filter(committee=OuterRef("pk"), ends_on=None)
        return self.annotate(has_chair=Exists(chairs), has_seat=Exists(seats))

    def for_table(self):
        return self.select_related("pact").prefetch_related("territories", "chairs__organisation")


class Committee(SearchMixin, Revised, Withdrawable, ContractModel):
    """A body that steers, follows or works. It may serve several pacts and plans, and take over from others.

    One that is created after the text is frozen carries the date of its mandate (`mandated_on`).
    """

    search_fields = ("name", "name_variants", "theme", "role")
    life_fields = frozenset({"dissolved_on"})
    life_rows = Q(mandated_on__isnull=False)

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="committees", verbose_name="pacte")
    name = models.CharField("nom", max_length=300)
    name_variants = models.TextField("autres noms", blank=True, help_text="Un par ligne.")
    level = models.CharField("niveau", max_length=12, choices=CommitteeLevel, default=CommitteeLevel.DEPARTMENTAL)
    level_text = models.CharField("niveau, tel qu’écrit", max_length=120, blank=True)
    kind = models.CharField("nature", max_length=14, choices=CommitteeKind, default=CommitteeKind.OTHER)
    kind_text = models.CharField("nature, telle qu’écrite", max_length=120, blank=True)
    theme = models.CharField("thème", max_length=300, blank=True)
    role = RichTextField("rôle")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="mandated", verbose_name="mandaté par"
    )
    takes_over_from = models.ManyToManyField(
        "self", blank=True, symmetrical=False, related_name="taken_over_by", verbose_name="prend la suite de"
    )
    territories = models.ManyToManyField(
        Territory, blank=True, related_name="committees", verbose_name="territoires", help_text="Vide : tout le pacte."
    )
    chair_mode = models.CharField("mode de présidence", max_length=10, choices=ChairMode, blank=True)
    chair_text = models.CharField("présidence, telle qu’écrite", max_length=400, blank=True)
    pilot = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="piloted_committees", verbose_name="pilote"
    )
    co_pilot = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="co_piloted_committees",
        verbose_name="copilote",
    )
    members_text = RichTextField("composition, telle qu’écrite")
    elaboration_members = RichTextField("composition pendant l’élaboration")
    frequency_text = models.CharField("rythme, tel qu’écrit", max_length=300, blank=True)
    obligations_text = RichTextField("obligations")
    meetings_due = models.PositiveSmallIntegerField("séances dues", null=True, blank=True)
    meetings_due_per = models.CharField("comptées", max_length=4, choices=ObligationPeriod, blank=True)
    due_at_launch = models.BooleanField("se réunit au lancement", default=False)
    due_at_mid_term = models.BooleanField("se réunit à mi-parcours", default=False)
    due_at_end = models.BooleanField("se réunit en fin de pacte", default=False)
    quorum = models.PositiveSmallIntegerField("quorum", null=True, blank=True)
    note = models.TextField("note", blank=True)
    order = models.PositiveIntegerField("ordre", default=0)
    mandated_on = models.DateField(
        "créée le", null=True, blank=True, help_text="Pour une instance créée après l’adoption du texte."
    )
    dissolved_on = models.DateField("dissoute le", null=True, blank=True)

    objects = CommitteeQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "instance"
        verbose_name_plural = "instances"
        ordering = ["pact", "order", "id"]
        constraints = [
            models.CheckConstraint(
                name="committee_due_count_and_period",
                condition=Q(meetings_due=None, meetings_due_per="") | (Q(meetings_due__isnull=False) & ~Q(meetings_due_per="")),
                violation_error_message="Dites combien de séances sont dues et sur quelle durée, ou laissez les deux vides.",
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("governance:committee_detail", args=[self.pact_id, self.pk])

    def get_edit_url(self):
        """Address of the form of its text."""
        return reverse("governance:committee_edit", args=[self.pact_id, self.pk])

    @classmethod
    def frozen_q(cls):
        """Frozen as soon as one of the pacts it serves is."""
        frozen = CommitteeService.objects.living().exclude(pact=None).exclude(pact__state__in=WRITABLE_STATES)
        return super().frozen_q() | Q(pk__in=frozen.values("committee"))

    @property
    def is_life_row(self):
        return self.mandated_on is not None

    @property
    def kind_label(self):
        return self.kind_text or self.get_kind_display()

    @property
    def same_pilot_twice(self):
        """A working group is led by two different organisations; True asks for a warning."""
        return self.pilot_id is not None and self.pilot_id == self.co_pilot_id


class OfCommitteeQuerySet(models.QuerySet):
    """Rows that carry their committee."""

    def visible_to(self, user):
        return self.filter(committee__in=Committee.objects.visible_to(user))


class OfCommitteeContractQuerySet(ContractQuerySet, OfCommitteeQuerySet):
    """Rows of the text that carry their committee."""


class CommitteeServiceQuerySet(OfCommitteeContractQuerySet):
    def living(self):
        """Without the copies that amendments work on: they serve nobody."""
        return self.filter(committee__pact__amends=None)


class CommitteeService(PointsOutside, ContractModel):
    """Another pact, or another plan, that a committee serves too."""

    pact_path = "committee__pact"

    committee = models.ForeignKey(Committee, on_delete=models.CASCADE, related_name="services", verbose_name="instance")
    pact = models.ForeignKey(
        Pact, null=True, blank=True, on_delete=models.PROTECT, related_name="committee_services", verbose_name="autre pacte"
    )
    label = models.CharField("plan ou pacte servi", max_length=300, blank=True)

    objects = CommitteeServiceQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "autre pacte servi"
        verbose_name_plural = "autres pactes servis"
        ordering = ["committee", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "pact"],
                name="committee_serves_pact_once",
                violation_error_message="Cette instance sert déjà ce pacte.",
            ),
            models.CheckConstraint(
                name="committee_service_says_what",
                condition=Q(pact__isnull=False) | ~Q(label=""),
                violation_error_message="Choisissez un pacte ou écrivez le plan servi.",
            ),
        ]

    def __str__(self):
        return self.label or str(self.pact)

    def compute(self):
        super().compute()
        self.label = self.label or str(self.pact)


class Formation(Withdrawable, ContractModel):
    """A way for a committee to sit: executive, technical…"""

    pact_path = "committee__pact"

    committee = models.ForeignKey(Committee, on_delete=models.CASCADE, related_name="formations", verbose_name="instance")
    name = models.CharField("nom", max_length=200)
    role = models.TextField("rôle", blank=True)
    order = models.PositiveIntegerField("ordre", default=0)

    objects = OfCommitteeContractQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "formation"
        verbose_name_plural = "formations"
        ordering = ["committee", "order", "id"]

    def __str__(self):
        return self.name


class Chair(Followed):
    """Who chairs, and when: one, two together (co-chairs), or in turn (rotating)."""

    pact_path = "committee__pact"

    committee = models.ForeignKey(Committee, on_delete=models.CASCADE, related_name="chairs", verbose_name="instance")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="chairs", verbose_name="organisme"
    )
    text = models.CharField("fonction, telle qu’écrite", max_length=300, blank=True)
    starts_on = models.DateField("depuis le", null=True, blank=True)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    order = models.PositiveIntegerField("ordre", default=0)

    objects = OfCommitteeQuerySet.as_manager()

    class Meta:
        verbose_name = "présidence"
        verbose_name_plural = "présidences"
        ordering = ["committee", "order", "id"]
        constraints = [
            models.CheckConstraint(
                name="chair_says_who",
                condition=Q(organisation__isnull=False) | ~Q(text=""),
                violation_error_message="Choisissez un organisme ou écrivez qui préside.",
            )
        ]

    def __str__(self):
        return self.text or str(self.organisation)


class Seat(Followed):
    """A place in a committee (« siège »), with its holder, deputy and mandate."""

    pact_path = "committee__pact"

    committee = models.ForeignKey(Committee, on_delete=models.CASCADE, related_name="seats", verbose_name="instance")
    formation = models.ForeignKey(
        Formation, null=True, blank=True, on_delete=models.CASCADE, related_name="seats", verbose_name="formation"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="seats", verbose_name="organisme"
    )
    text = models.CharField("tel qu’écrit", max_length=300, blank=True)
    holder = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="seats", verbose_name="titulaire"
    )
    deputy = models.ForeignKey(
        Contact,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="deputy_seats",
        verbose_name="suppléant ou suppléante",
    )
    starts_on = models.DateField("mandat depuis le", null=True, blank=True)
    ends_on = models.DateField("mandat jusqu’au", null=True, blank=True)
    order = models.PositiveIntegerField("ordre", default=0)

    objects = OfCommitteeQuerySet.as_manager()

    class Meta:
        verbose_name = "siège"
        verbose_name_plural = "sièges"
        ordering = ["committee", "order", "id"]
        constraints = [
            models.CheckConstraint(
                name="seat_says_who",
                condition=Q(organisation__isnull=False) | ~Q(text=""),
                violation_error_message="Choisissez un organisme ou écrivez qui siège.",
            ),
            models.CheckConstraint(
                name="seat_ends_after_start",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message="La fin du mandat précède son début.",
            ),
        ]

    def __str__(self):
        return self.text or str(self.organisation)


class CommitteeLead(Withdrawable, ContractModel):
    """A committee that leads an action: a link above the Lead, which keeps its text."""

    pact_path = "lead__action__pact"

    lead = models.OneToOneField(Lead, on_delete=models.CASCADE, related_name="committee_link", verbose_name="pilote")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="lead_links", verbose_name="instance")

    objects = OfCommitteeContractQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "instance pilote"
        verbose_name_plural = "instances pilotes"
        ordering = ["committee", "id"]

    def __str__(self):
        return f"{self.committee} : {self.lead}"
