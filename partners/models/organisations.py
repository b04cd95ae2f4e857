"""Organisations, shared by all pacts, and the names they bore."""

from functools import cache

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from stdnum.fr import siren, siret

from partners.enums import OrganisationKind, SuccessionKind
from pti.access import is_staff
from pti.composed import AnyKeys, Composed
from pti.dates import today
from pti.models import Pact
from pti.rows import Followed, Revised
from pti.search import SearchMixin


def check_siren(value):
    if not siren.is_valid(value):
        raise ValidationError("Ce SIREN n’est pas valide : 9 chiffres, avec leur clé.")


def check_siret(value):
    if not siret.is_valid(value):
        raise ValidationError("Ce SIRET n’est pas valide : 14 chiffres, avec leur clé.")


class OrganisationQuerySet(models.QuerySet):
    def named(self, name):
        """Organisations that bear or bore exactly `name`, an acronym or an alias included."""
        return self.filter(models.Q(name=name) | models.Q(acronym=name) | models.Q(names__name=name)).distinct()

    def around(self, departments):
        """Those that take part in a pact of one of `departments`, first, and those that take part in none anywhere.

        The others are namesakes: the « Caisse d’allocations familiales » of another département is another one.
        """
        if not departments:
            return self.order_by("id")
        placed = {"pk": models.OuterRef("pk")}
        here = self.model.objects.filter(**placed, partners__pact__departments__in=departments)
        anywhere = self.model.objects.filter(**placed, partners__pact__departments__isnull=False)
        rows = self.annotate(is_here=models.Exists(here)).filter(models.Q(is_here=True) | ~models.Exists(anywhere))
        return rows.order_by("-is_here", "id")

    def visible_to(self, user):
        """Staff see all of them; others, those that take part in a pact they read, with their services and parents."""
        if is_staff(user):
            return self.all()
        pacts = Pact.objects.visible_to(user)
        paths = ("partners__pact", "parent__partners__pact", "services__partners__pact")
        own = [models.Exists(self.model.objects.filter(pk=models.OuterRef("pk"), **{f"{path}__in": pacts})) for path in paths]
        return self.filter(own[0] | own[1] | own[2])

    def for_table(self):
        return self.select_related("parent").annotate(
            pacts_count=models.Count("partners", filter=models.Q(partners__pact__amends=None), distinct=True)
        )


class Organisation(SearchMixin, Revised, Followed):
    """A body, a service inside another, or a category of bodies (« missions locales du département »).

    `name` is today's name and `former_names` its « ex- »; partners.services.rename_organisation writes both.
    """

    search_fields = ("name", "acronym", "former_names", "aliases_text")

    name = models.CharField("nom", max_length=300)
    acronym = models.CharField("sigle", max_length=60, blank=True)
    former_names = models.CharField("anciens noms", max_length=600, blank=True, editable=False)
    aliases_text = models.TextField("autres graphies", blank=True, editable=False)
    kind = models.CharField("nature", max_length=16, choices=OrganisationKind, default=OrganisationKind.OTHER)
    kind_text = models.CharField("nature, telle qu’écrite", max_length=120, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="services", verbose_name="service de"
    )
    is_category = models.BooleanField("catégorie d’organismes", default=False)
    siren = models.CharField("SIREN", max_length=9, blank=True, validators=[check_siren])
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[check_siret])
    note = models.TextField("note", blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisme"
        verbose_name_plural = "organismes"
        ordering = ["search", "id"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("partners:organisation_detail", args=[self.pk])

    @property
    def short_name(self):
        """The acronym when there is one."""
        return self.acronym or self.name

    @staticmethod
    def local_name(name, departments):
        """« Caisse d’allocations familiales (Meuse) »: what parts namesakes of two départements."""
        return f"{name} ({', '.join(one.name for one in departments)})"

    @classmethod
    def named_apart(cls, name, departments):
        """A new organisation, its département said when the base has a namesake elsewhere."""
        has_namesake = departments and named_composed().tuples_of([name])
        return cls(name=cls.local_name(name, departments) if has_namesake else name)

    @classmethod
    def known_as(cls, row, parent, departments=()):
        """The organisation of the base that an imported `row` speaks of: same SIRET, else same name, place and SIREN.

        The place is its parent, for a service; the `departments` of the imported pact, for the others. A SIREN or a SIRET
        that only one of the two bears parts nobody; two different ones do.
        """
        if row.get("siret") and (known := cls.objects.filter(siret=row["siret"], parent=parent).order_by("id").first()):
            return known
        same = cls.objects.filter(name=row["name"], parent=parent).order_by("id")
        if departments and parent is None:
            names = [row["name"], cls.local_name(row["name"], departments)]
            if not named_composed().tuples_of(names):
                return None
            same = cls.objects.filter(name__in=names, parent=None).around(departments)
        for key in ("siren", "siret"):
            if row.get(key):
                same = same.filter(**{f"{key}__in": [row[key], ""]})
        if row.get("siren"):
            same = same.order_by(*(["-is_here"] if departments and parent is None else []), "-siren", "id")
        return same.first()

    def clean_fields(self, exclude=None):
        self.siren = siren.compact(self.siren) if self.siren else ""
        self.siret = siret.compact(self.siret) if self.siret else ""
        super().clean_fields(exclude=exclude)

    def clean(self):
        if self.siren and self.siret and not self.siret.startswith(self.siren):
            raise ValidationError({"siret": "Ce SIRET n’appartient pas au SIREN indiqué."})

    def name_on(self, day):
        """The name borne on `day`; `names` must be prefetched for a list."""
        for dated in self.names.all():
            if not dated.is_alias and (dated.starts_on or day) <= day <= (dated.ends_on or day):
                return dated.name
        return self.name


@cache
def named_composed():
    """The query of the organisations that bear one of these names and have no parent."""
    return Composed(Organisation.objects.filter(name__in=AnyKeys(), parent=None).order_by().values_list("pk"))


class OrganisationName(Followed):
    """A name borne between two dates, or an alias found in a text."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="names", verbose_name="organisme")
    name = models.CharField("nom", max_length=300)
    acronym = models.CharField("sigle", max_length=60, blank=True)
    starts_on = models.DateField("depuis le", null=True, blank=True)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    is_alias = models.BooleanField("autre graphie", default=False)

    class Meta:
        verbose_name = "nom daté"
        verbose_name_plural = "noms datés"
        ordering = ["organisation", "is_alias", models.F("starts_on").asc(nulls_first=True), "name", "id"]
        constraints = [
            models.CheckConstraint(
                name="organisation_name_ends_after_start",
                condition=models.Q(starts_on=None) | models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                violation_error_message="Un nom ne peut pas finir avant d’avoir commencé.",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_current(self):
        return not self.is_alias and (self.ends_on is None or self.ends_on >= today())


class Succession(Followed):
    """One organisation that follows another: renamed, merged, split (Direccte + DDCS → DDETS)."""

    predecessor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="successions_after", verbose_name="prédécesseur"
    )
    successor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="successions_before", verbose_name="successeur"
    )
    kind = models.CharField("nature", max_length=8, choices=SuccessionKind)
    on = models.DateField("date")

    class Meta:
        verbose_name = "succession"
        verbose_name_plural = "successions"
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(
                name="succession_between_two",
                condition=~models.Q(predecessor=models.F("successor")),
                violation_error_message="Un organisme ne se succède pas à lui-même.",
            )
        ]

    def __str__(self):
        return f"{self.predecessor} → {self.successor}"
