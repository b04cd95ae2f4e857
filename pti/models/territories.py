"""Territories, shared by all pacts of the base."""

from functools import cache

from django.core.exceptions import ValidationError
from django.db import models

from pti.composed import AnyKey, AnyValue, Composed
from pti.enums import TerritoryKind
from pti.outlines import SHAPE, clean_outline
from pti.rows import Followed, Revised
from pti.search import SearchMixin


class TerritoryQuerySet(models.QuerySet):
    def departments(self):
        return self.filter(kind=TerritoryKind.DEPARTMENT)


class Territory(SearchMixin, Revised, Followed):
    """A place: département, intercommunalité, bassin… One pact may use two sets of them at once."""

    search_fields = ("name", "code", "kind_text")
    json_shapes = {"outline": SHAPE}

    name = models.CharField("nom", max_length=200)
    kind = models.CharField("nature", max_length=12, choices=TerritoryKind, default=TerritoryKind.OTHER)
    kind_text = models.CharField("nature, telle qu’écrite", max_length=200, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name="territoire parent"
    )
    code = models.CharField("code INSEE ou SIREN d’EPCI", max_length=12, blank=True)
    note = models.TextField("note", blank=True)
    outline = models.JSONField("contour GeoJSON", null=True, blank=True)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = "territoire"
        verbose_name_plural = "territoires"
        ordering = ["search", "id"]

    def __str__(self):
        return self.name

    @property
    def kind_label(self):
        """The nature as written in the pact, else the closed list's word."""
        return self.kind_text or self.get_kind_display()

    @classmethod
    def known_as(cls, row, parent, departments=()):
        """The territory of the base that an imported `row` speaks of: same name, nature and parent."""
        keys = (row["name"], row["kind"], row.get("kind_text", ""), *([parent.pk] if parent else []))
        return known_composed(parent is not None).row_of(*keys)

    def clean(self):
        if self.parent_id and self.parent_id == self.pk:
            raise ValidationError({"parent": "Un territoire ne peut pas se contenir lui-même."})
        if self.outline:
            try:
                self.outline = clean_outline(self.outline, (self.code, self.name))
            except ValidationError as error:
                raise ValidationError({"outline": error}) from None


@cache
def known_composed(has_parent):
    """The query of the territory of this name, nature, nature as written, and parent when it has one."""
    names = {name: AnyValue(Territory._meta.get_field(name), place) for place, name in enumerate(("name", "kind", "kind_text"))}
    return Composed(Territory.objects.filter(**names, parent=AnyKey(3) if has_parent else None).order_by("id"))
