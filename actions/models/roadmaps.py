"""« Feuille de route » of a year, of the pact or of one territory: what was promised on the day it was settled."""

import datetime
import uuid
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from actions.enums import ActionStatus, FundingState, FundingUnit
from pti import shapes
from pti.models import Pact, Territory
from pti.models.pacts import OfPactQuerySet
from pti.rows import Followed

# What each line of a settled roadmap says, and of which shape; `actions.roadmaps.draft` writes it.
TEXT, LIST, YES_NO = str, list, bool
LINE = {"uid": TEXT, "number": TEXT, "title": TEXT, "axis": TEXT, "status": TEXT, "leads": LIST, "co_leads": LIST}
STEP = {"uid": TEXT, "label": TEXT, "due": TEXT, "done": TEXT, "carried": YES_NO}
MONEY = {"funder": TEXT, "state": TEXT, "unit": TEXT, "amount": TEXT, "text": TEXT}
GOING_ON = {"uid": TEXT, "number": TEXT, "title": TEXT, "leads": LIST, "status": TEXT}
# The same for those who read exports: a key of this name is more than a text.
SAID = {
    "uid": shapes.UID,
    "status": shapes.among(ActionStatus.values),
    "due": shapes.DAY,
    "done": {"anyOf": [shapes.DAY, shapes.among([""])]},
    "state": shapes.among(FundingState.values),
    "unit": shapes.among(FundingUnit.values),
    "amount": {**shapes.TEXT, "pattern": r"^(-?[0-9]+(\.[0-9]+)?)?$"},
}
KINDS = {TEXT: shapes.TEXT, LIST: shapes.listing(shapes.TEXT), YES_NO: shapes.YES_NO}
# No sum of the base reaches that.
MOST = Decimal(10) ** 15
UNREADABLE = "Ce contenu n’est pas celui d’une feuille de route."


def listed(shape, **more):
    """What a list of such rows is in a JSON Schema."""
    return shapes.listing(shapes.closed({**{key: SAID.get(key, KINDS[kind]) for key, kind in shape.items()}, **more}))


CONTENT = shapes.closed(
    {
        "lines": listed(LINE, steps=listed(STEP), money=listed(MONEY)),
        "going_on": listed(GOING_ON),
        "loose": listed(MONEY),
    }
)


def is_like(row, shape):
    """True when `row` has the keys of `shape`, each of its type; lists of names hold texts, uids are uids."""
    if not isinstance(row, dict) or not all(type(row.get(key)) is kind for key, kind in shape.items()):
        return False
    names = [name for key, kind in shape.items() if kind is LIST for name in row[key]]
    try:
        uuid.UUID(row["uid"]) if "uid" in shape else None
        [datetime.date.fromisoformat(row[key]) for key in ("due", "done") if row.get(key)]
        amount = Decimal(row.get("amount") or 0)
    except (ValueError, InvalidOperation):
        return False
    return all(isinstance(name, str) for name in names) and row.get("due") != "" and amount.is_finite() and abs(amount) < MOST


def is_money(row):
    return is_like(row, MONEY) and row["state"] in FundingState.values and row["unit"] in FundingUnit.values


def check_content(value):
    """Refuse what an import brings and no page could show."""
    parts = [value.get(key) if isinstance(value, dict) else None for key in ("lines", "going_on", "loose")]
    if not all(isinstance(part, list) for part in parts):
        raise ValidationError(UNREADABLE)
    lines, going_on, loose = parts
    fine = all(is_like(row, GOING_ON) for row in going_on) and all(map(is_money, loose))
    for line in lines if fine else ():
        fine = fine and is_like(line, LINE) and line["status"] in ActionStatus.values
        inside = (line.get("steps"), line.get("money")) if fine else (None, None)
        fine = fine and all(isinstance(one, list) for one in inside)
        fine = fine and all(is_like(step, STEP) for step in inside[0]) and all(map(is_money, inside[1]))
    if not fine:
        raise ValidationError(UNREADABLE)


class Roadmap(Followed):
    """A roadmap that was settled (« arrêtée »), kept as it was: the next year compares with it.

    One that is only proposed is no row: it is read from the fiches (`actions.roadmaps`).
    """

    pact_path = "pact"
    json_shapes = {"content": CONTENT}

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="roadmaps", verbose_name="pacte")
    year = models.PositiveSmallIntegerField("année")
    territory = models.ForeignKey(
        Territory, null=True, blank=True, on_delete=models.PROTECT, related_name="roadmaps", verbose_name="territoire"
    )
    settled_on = models.DateField("arrêtée le")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="arrêtée par"
    )
    content = models.JSONField("ce qu’elle dit", default=dict, editable=False, validators=[check_content])

    objects = OfPactQuerySet.as_manager()

    class Meta:
        verbose_name = "feuille de route"
        verbose_name_plural = "feuilles de route"
        ordering = ["pact", "-year", "territory", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pact", "year", "territory"],
                name="roadmap_once",
                violation_error_message="Cette feuille de route est déjà arrêtée.",
            ),
            models.UniqueConstraint(
                fields=["pact", "year"],
                condition=Q(territory=None),
                name="roadmap_of_pact_once",
                violation_error_message="Cette feuille de route est déjà arrêtée.",
            ),
        ]

    def __str__(self):
        return f"Feuille de route {self.year}{f', {self.territory}' if self.territory else ''}"

    def get_absolute_url(self):
        return roadmap_url(self.pact_id, self.year, self.territory_id)


def roadmap_url(pact_pk, year, territory_pk=None):
    """Its page, settled or not."""
    if territory_pk:
        return reverse("actions:roadmap_of_territory", args=[pact_pk, year, territory_pk])
    return reverse("actions:roadmap_detail", args=[pact_pk, year])
