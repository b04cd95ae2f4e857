"""The four changes that may be made to several fiches: what each would write on one, writes, and takes back.

`plan(action)` reads; `apply(action, data)` writes what was planned and gives what undoing needs; `undo(action, kept)` refuses
(ValidationError) when the row moved since. What a form refuses is refused here: same predicates, same services.
"""

import datetime
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import Prefetch

from actions.access import can_edit_action, can_edit_life, can_update_action
from actions.enums import ActionStatus, BatchKind, LeadRole
from actions.models import Lead, Milestone, Theme, Update
from actions.services import move_milestone, move_status, succeed_lead
from partners.models import Organisation
from pti import typography
from pti.contract import FROZEN_MESSAGE
from pti.dates import add_months, today

ALREADY = "Déjà ainsi."
NOT_ALLOWED = "Vous ne pouvez pas modifier cette fiche."
MOVED = "A changé depuis : laissée telle quelle."
TOO_FAR = "La nouvelle date sort du calendrier."


@dataclass
class Planned:
    """What a change would write on one fiche, in words and as data; or why it refuses."""

    before: str = ""
    after: str = ""
    data: dict = field(default_factory=dict)
    refusal: str = ""


class Change:
    """Base of the four: `params` is what the form said, `by` who asks."""

    def __init__(self, pact, params, by):
        self.pact, self.params, self.by = pact, params, by
        self.on = today()

    def rows(self, queryset):
        """The fiches with what `plan` reads of them."""
        return queryset

    def day(self, name):
        return datetime.date.fromisoformat(self.params[name])


class StatusChange(Change):
    """An update on each fiche."""

    def plan(self, action):
        to = self.params["status"]
        if not can_update_action(self.by, action):
            return Planned(refusal=NOT_ALLOWED)
        if action.status == to:
            return Planned(refusal=ALREADY)
        return Planned(action.get_status_display(), str(ActionStatus(to).label), {"from": action.status})

    def apply(self, action, data):
        before = {"status": action.status, "done_on": action.done_on}
        said = {"to": self.params["status"], "seen": data["from"], "sentence": self.params.get("sentence", "")}
        update = move_status(action=action, by=self.by, **said)
        return {"update": update.pk, "before": before}

    def undo(self, action, kept):
        action.hold_pact()
        action.refresh_from_db(fields=["status", "done_on"])
        update = Update.objects.filter(pk=kept["update"]).first()
        if update is None or action.status != self.params["status"] or action.updates.first() != update:
            raise ValidationError(MOVED)
        if update.history.count() > 1:
            raise ValidationError(MOVED)
        update.delete()
        done = kept["before"]["done_on"]
        action.set_status(ActionStatus(kept["before"]["status"]), on=done and datetime.date.fromisoformat(done))
        action.save(update_fields=["status", "done_on"])


class LeadChange(Change):
    """The pilot leaves on a day, another follows; a fiche without pilot gets one."""

    def __init__(self, *args):
        super().__init__(*args)
        self.organisation = Organisation.objects.get(pk=self.params["organisation"])

    def rows(self, queryset):
        leads = Lead.objects.current().filter(role=LeadRole.PILOT).select_related("organisation", "scheme")
        return queryset.prefetch_related(Prefetch("leads", leads.order_by("order", "id"), "pilots"))

    def plan(self, action):
        if not can_edit_life(self.by, action) or action.pact.is_amendment:
            return Planned(refusal=NOT_ALLOWED)
        pilots = action.pilots
        if any(lead.organisation_id == self.organisation.pk for lead in pilots):
            return Planned(refusal=ALREADY)
        if len(pilots) > 1:
            return Planned(refusal="Plusieurs pilotes : changez-les dans la fiche.")
        lead = pilots[0] if pilots else None
        if lead and lead.started_on and self.day("on") < lead.started_on:
            return Planned(refusal=f"Son pilote l’est depuis le {lead.started_on:%d/%m/%Y}.")
        after = f"{self.organisation.name}, depuis le {self.day('on'):%d/%m/%Y}"
        return Planned(str(lead) if lead else "Sans pilote", after, {"lead": lead and lead.pk})

    def apply(self, action, data):
        on, reason = self.day("on"), self.params.get("reason", "")
        if data["lead"] is None:
            new = Lead.objects.create(action=action, role=LeadRole.PILOT, organisation=self.organisation, started_on=on)
        else:
            lead = Lead.objects.get(pk=data["lead"])
            new = succeed_lead(lead=lead, on=on, by=self.by, reason=reason, organisation=self.organisation)
        return {"ended": data["lead"], "new": new.pk}

    def undo(self, action, kept):
        new = Lead.objects.filter(pk=kept["new"], ended_on=None, organisation=self.organisation).first()
        ended = Lead.objects.filter(pk=kept["ended"], ended_on=self.day("on")).first() if kept["ended"] else None
        if new is None or new.history.count() > 1 or bool(kept["ended"]) != bool(ended):
            raise ValidationError(MOVED)
        new.delete()
        if ended:
            ended.ended_on, ended.end_reason = None, ""
            ended.save(update_fields=["ended_on", "end_reason"])


class ForecastChange(Change):
    """The forecast date of the milestones that are not done; what was planned stays."""

    def rows(self, queryset):
        to_do = Milestone.objects.filter(done_on=None).with_due_day().order_by("due_day", "id")
        return queryset.prefetch_related(Prefetch("milestones", to_do.exclude(due_day=None), "to_do"))

    def concerned(self, action):
        """The milestones that move: all those not done, or the late ones."""
        if self.params["which"] == "all":
            return action.to_do
        return [one for one in action.to_do if action.can_be_late and one.due_day < self.pact.reference_day]

    def forecast(self, milestone):
        """The new date of a milestone: the one that is set, or its own pushed by so many days or months."""
        if self.params["how"] == "set":
            return self.day("on")
        due, count = milestone.due_on, self.params["count"]
        return add_months(due, count) if self.params["how"] == "months" else due + datetime.timedelta(days=count)

    def plan(self, action):
        if not can_update_action(self.by, action):
            return Planned(refusal=NOT_ALLOWED)
        try:
            moves = [(one, self.forecast(one)) for one in self.concerned(action)]
        except (ValueError, OverflowError):
            return Planned(refusal=TOO_FAR)
        if not moves:
            return Planned(refusal="Aucun jalon à déplacer.")
        moves = [(one, day) for one, day in moves if one.due_on != day]
        if not moves:
            return Planned(refusal=ALREADY)
        before = "\n".join(f"{typography.shorten(one.label, 60)} : {one.due_on:%d/%m/%Y}" for one, _ in moves)
        after = "\n".join(f"{typography.shorten(one.label, 60)} : {day:%d/%m/%Y}" for one, day in moves)
        return Planned(before, after, {"moves": [[one.pk, one.due_on.isoformat(), day.isoformat()] for one, day in moves]})

    def apply(self, action, data):
        kept = []
        for pk, _, day in data["moves"]:
            milestone = Milestone.objects.get(pk=pk)
            kept.append([pk, milestone.forecast_on, milestone.forecast_reason, day])
            move_milestone(milestone, datetime.date.fromisoformat(day), self.params["reason"], self.on)
        return {"moves": kept}

    def undo(self, action, kept):
        rows = Milestone.objects.in_bulk([move[0] for move in kept["moves"]])
        for pk, _, _, day in kept["moves"]:
            row = rows.get(pk)
            if row is None or row.done_on or row.forecast_on != datetime.date.fromisoformat(day):
                raise ValidationError(MOVED)
        for pk, forecast, reason, _ in kept["moves"]:
            move_milestone(rows[pk], forecast and datetime.date.fromisoformat(forecast), reason, self.on)


class ThemeChange(Change):
    """A theme added or taken off: part of the text, so never in a pact that is frozen."""

    def __init__(self, *args):
        super().__init__(*args)
        self.theme = Theme.objects.get(pk=self.params["theme"])
        self.adds = self.params["deed"] == "add"

    def rows(self, queryset):
        return queryset.prefetch_related("themes")

    def plan(self, action):
        if not can_edit_action(self.by, action):
            return Planned(refusal=FROZEN_MESSAGE if action.pact.is_frozen else NOT_ALLOWED)
        now = [theme.name for theme in action.themes.all()]
        if (self.theme.name in now) == self.adds:
            return Planned(refusal=ALREADY)
        after = [*now, self.theme.name] if self.adds else [name for name in now if name != self.theme.name]
        return Planned(", ".join(now) or "Aucun thème", ", ".join(sorted(after)) or "Aucun thème", {"now": now})

    def write(self, action, adds):
        deed = action.themes.add if adds else action.themes.remove
        deed(self.theme)
        action.revision += 1  # whoever has the form open is told
        action._change_reason = f"thème {'ajouté' if adds else 'retiré'} : {self.theme.name}"[:100]
        action.save(update_fields=["revision"])

    def apply(self, action, data):
        self.write(action, self.adds)
        return {}

    def undo(self, action, kept):
        if action.themes.filter(pk=self.theme.pk).exists() != self.adds:
            raise ValidationError(MOVED)
        self.write(action, not self.adds)


CHANGES = {
    BatchKind.STATUS: StatusChange,
    BatchKind.LEAD: LeadChange,
    BatchKind.FORECAST: ForecastChange,
    BatchKind.THEME: ThemeChange,
}


def change_of(batch, by):
    """What `batch` does, asked by `by`; a ValidationError when what it names is gone."""
    try:
        return CHANGES[batch.kind](batch.pact, batch.params, by)
    except (Organisation.DoesNotExist, Theme.DoesNotExist):
        raise ValidationError("Ce que cette modification nomme n’existe plus.") from None
