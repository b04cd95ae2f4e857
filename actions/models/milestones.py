"""Milestones (« jalons »): what was planned never moves; a forecast stands beside it."""

import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from actions.enums import CAN_BE_LATE
from actions.models.fiches import Action, OfActionQuerySet
from pti.contract import ContractModel, ContractQuerySet, Withdrawable
from pti.dates import parse_period
from pti.fields import DateTextField

# An update asks about the milestones that are due within that time.
NEAR = datetime.timedelta(days=60)


class MilestoneQuerySet(ContractQuerySet, OfActionQuerySet):
    def late(self, on):
        """Not done, its due day (the forecast if moved) before `on`, and its action à l'état de projet or en cours."""
        return self.due_before(on).filter(action__status__in=CAN_BE_LATE)

    def due_before(self, on):
        """Not done, its due day before `on`."""
        return self.with_due_day().filter(done_on=None, due_day__lt=on)

    def to_ask(self, on):
        """Late, or due soon: an update asks about them."""
        rows = self.filter(done_on=None).with_due_day().exclude(due_day=None)
        return rows.filter(due_day__lt=on + NEAR).order_by("due_day", "id")

    def with_due_day(self):
        return self.annotate(due_day=Coalesce(F("forecast_on"), F("planned_last")))


class Milestone(Withdrawable, ContractModel):
    """A step of an action. It may begin before the pact; an unreadable date is never late."""

    pact_path = "action__pact"
    life_fields = frozenset({"done_on", "forecast_on", "forecast_reason"})
    read_by_day = ("forecast_on",)

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="milestones", verbose_name="fiche-action")
    label = models.CharField("jalon", max_length=400)
    planned_text = DateTextField("date prévue", help_text="jj/mm/aaaa, ou une année, un mois, un semestre : 2015-S2.")
    planned_first = models.DateField("premier jour", null=True, blank=True)
    planned_last = models.DateField("dernier jour", null=True, blank=True)
    order = models.PositiveIntegerField("ordre", default=0)
    done_on = models.DateField("fait le", null=True, blank=True)
    forecast_on = models.DateField("nouvelle date", null=True, blank=True)
    forecast_reason = models.CharField("motif du report", max_length=400, blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "jalon"
        verbose_name_plural = "jalons"
        ordering = ["action", F("planned_last").asc(nulls_last=True), "order", "id"]
        indexes = [
            models.Index(
                fields=["action", "forecast_on", "planned_last"],
                condition=Q(done_on=None, withdrawn_on=None),
                name="milestone_awaited",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="milestone_last_after_first",
                condition=Q(planned_first=None) | Q(planned_last=None) | Q(planned_last__gte=F("planned_first")),
                violation_error_message="La fin du jalon précède son début.",
            )
        ]

    def __str__(self):
        return self.label

    def read_planned_text(self):
        """Set the bounds from the raw text; an import that knows better sets them itself."""
        self.planned_first, self.planned_last = parse_period(self.planned_text) or (None, None)

    @property
    def due_on(self):
        """Last possible day: the forecast if moved, else the plan."""
        return self.forecast_on or self.planned_last

    def is_late(self, on):
        """Same rule as MilestoneQuerySet.late, for one row whose action is loaded."""
        return self.done_on is None and self.action.can_be_late and self.due_on is not None and self.due_on < on

    def days_late(self, on):
        """Days past due on `on`; 0 when not late."""
        return (on - self.due_on).days if self.is_late(on) else 0
