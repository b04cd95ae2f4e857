"""What a year's roadmap says: what is planned, by whom, by when, for how much; and what changed since another one.

Everything is plain data (`Roadmap.content`): names and dates as they are on that day, rows named by their uid.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from actions.enums import LEADING_ROLES, ActionStatus, FundingState, FundingUnit, LeadRole
from actions.figures import funder_name, money
from actions.models import Action, Funding, Lead, Milestone, Roadmap
from actions.money.cells import counted_in
from actions.money.sums import Total
from pti.composed import AnyKey, Composed, ComposedParts
from pti.dates import today

FIRST_YEAR, LAST_YEAR = 1990, 2100
OVER = (ActionStatus.DONE, ActionStatus.DROPPED)


def draft(pact, year, territory=None):
    """The roadmap as the pact says it today: five queries."""
    actions = fiches_composed(territory is not None).rows_of(pact.pk, *([territory.pk] if territory else []))
    for parts in parts_composed(year):
        parts.give(actions)
    lines, going_on = [], []
    for action in actions:
        line = line_of(action, year)
        if line["steps"] or line["money"]:
            lines.append(line)
        elif action.status not in OVER:
            going_on.append({key: line[key] for key in ("uid", "number", "title", "leads", "status")})
    loose = [] if territory else loose_composed().rows_of(pact.pk, year)
    return {"lines": lines, "going_on": going_on, "loose": said_of(loose)}


@cache
def fiches_composed(of_territory):
    """The query of the fiches of a pact, those of a territory and of everywhere alone when asked."""
    rows = Action.objects.filter(pact=AnyKey(0))
    if of_territory:
        rows = rows.filter(Q(territories=AnyKey(1)) | Q(territories=None)).distinct()
    return Composed(rows.select_related("axis").order_by("axis__order", "axis_id", "number_key", "order", "id"))


def fundings_of(year):
    return Funding.objects.filter(year=year).select_related("funder").order_by("order", "id")


@lru_cache(maxsize=32)
def parts_composed(year):
    """What a roadmap says of its fiches: who leads them, their milestones, the money of the year."""
    leads = Lead.objects.filter(role__in=LEADING_ROLES, ended_on=None).select_related("organisation", "scheme")
    return [
        ComposedParts(Action, "leads", leads.order_by("order", "id"), "leading"),
        ComposedParts(Action, "milestones", Milestone.objects.all(), "steps"),
        ComposedParts(Action, "fundings", fundings_of(year), "money"),
    ]


@cache
def loose_composed():
    """The query of the money of a year that no fiche of a pact bears."""
    return Composed(fundings_of(AnyKey(1)).filter(pact=AnyKey(0), action=None))


def line_of(action, year):
    """One fiche: its leads, the milestones of the year and those carried over, the money of the year."""
    return {
        "uid": str(action.uid),
        "number": action.number,
        "title": action.label,
        "axis": str(action.axis or ""),
        "status": action.status,
        "leads": [name_of(lead) for lead in action.leading if lead.role == LeadRole.PILOT],
        "co_leads": [name_of(lead) for lead in action.leading if lead.role == LeadRole.CO_PILOT],
        "steps": [step_of(one, year) for one in action.steps if is_of(one, action, year)],
        "money": said_of(action.money),
    }


def name_of(lead):
    return lead.organisation.short_name if lead.organisation_id else str(lead)


def is_of(milestone, action, year):
    """Due in the year, or due before and still to be done."""
    due = milestone.due_on
    if due is None:
        return False
    return due.year == year or (due.year < year and milestone.done_on is None and action.can_be_late)


def step_of(milestone, year):
    due = milestone.due_on
    return {
        "uid": str(milestone.uid),
        "label": milestone.label,
        "due": due.isoformat(),
        "done": milestone.done_on.isoformat() if milestone.done_on else "",
        "carried": due.year < year,
    }


def said_of(fundings):
    """What is given, by funder, state and unit, in the order in which it is met."""
    sums, given = {}, defaultdict(list)
    for row in fundings:
        unit = counted_in(row)
        key = (funder_name(row), row.state, unit)
        one = Total(
            unit,
            rows=1,
            told=int(row.amount is not None),
            undisclosed=int(row.is_undisclosed),
            amount=row.amount or Decimal(0),
            conditional=(row.amount or Decimal(0)) if row.is_conditional else Decimal(0),
            conditional_rows=int(row.is_conditional),
        )
        sums[key] = sums[key] + one if key in sums else one
        if unit == FundingUnit.IN_KIND:
            given[key].append(money(row).text)
    return [
        {
            "funder": funder,
            "state": state,
            "unit": unit,
            "amount": str(total.amount) if total.is_whole and not total.is_in_kind else "",
            "text": ", ".join([*(given[funder, state, unit] or [total.text]), *total.remarks]),
        }
        for (funder, state, unit), total in sums.items()
    ]


@dataclass
class Changes:
    """What differs between two roadmaps; each list holds plain words and dates."""

    kept: int = 0
    promised: int = 0
    undone: list = field(default_factory=list)
    moved: list = field(default_factory=list)
    new: list = field(default_factory=list)
    gone: list = field(default_factory=list)
    amounts: list = field(default_factory=list)

    @property
    def is_empty(self):
        return not (self.undone or self.moved or self.new or self.gone or self.amounts)


def changes(before, now, pact):
    """What became of `before` (the content of a settled roadmap) in `now`; two queries."""
    found = Changes()
    promised = [(line, step) for line in before.get("lines", []) for step in line["steps"]]
    rows = Milestone.objects.with_withdrawn().filter(action__pact=pact, uid__in=[step["uid"] for _, step in promised])
    today_ = {str(row.uid): row for row in rows}
    for line, step in promised:
        row = today_.get(step["uid"])
        found.promised += 1
        if row is not None and row.done_on:
            found.kept += 1
            continue
        due = row.due_on if row is not None and not row.withdrawn_on else None
        entry = {"line": line, "step": step, "from": day_of(step["due"]), "to": due, "why": row.forecast_reason if row else ""}
        (found.moved if due and due != entry["from"] else found.undone).append(entry)
    by_uid = {line["uid"]: line for line in before.get("lines", [])}
    known = by_uid.keys() | {line["uid"] for line in before.get("going_on", [])}
    here = {line["uid"]: line for line in now["lines"]}
    found.new = [line for uid, line in here.items() if uid not in known]
    statuses = dict(
        Action.objects.with_withdrawn().filter(pact=pact, uid__in=by_uid.keys() - here.keys()).values_list("uid", "status")
    )
    statuses = {str(uid): ActionStatus(status).label for uid, status in statuses.items()}
    found.gone = [{"line": by_uid[uid], "status": statuses.get(uid, "")} for uid in by_uid if uid not in here]
    found.amounts = [one for uid in here if uid in by_uid for one in amounts_moved(by_uid[uid], here[uid])]
    return found


def amounts_moved(before, now):
    """[{line, state, from, to}] where the euros of a fiche are not what they were; None: not known, "": nothing said."""
    one, two = euros_by_state(before), euros_by_state(now)
    return [
        {"line": now, "state": FundingState(state).label, "from": one.get(state, ""), "to": two.get(state, "")}
        for state in FundingState.values
        if one.get(state, "") != two.get(state, "")
    ]


def euros_by_state(line):
    """{state: sum in euros, or None when an amount is not known}."""
    sums = {}
    for one in line["money"]:
        if one["unit"] == FundingUnit.EUROS:
            so_far = sums.get(one["state"], Decimal(0))
            sums[one["state"]] = so_far + Decimal(one["amount"]) if one["amount"] and so_far is not None else None
    return sums


def day_of(text):
    return datetime.date.fromisoformat(text) if text else None


def totals_of(content):
    """[(state, unit, Total-like words)] of a whole roadmap, in euros and FTE; None stands for what is not known."""
    sums = {}
    for one in [*(said for line in content["lines"] for said in line["money"]), *content["loose"]]:
        if one["unit"] == FundingUnit.IN_KIND:
            continue
        key = (one["state"], one["unit"])
        so_far, missing = sums.get(key, (Decimal(0), 0))
        sums[key] = (so_far + Decimal(one["amount"] or 0), missing + (not one["amount"]))
    return [
        (FundingState(state).label, unit, *sums[state, unit])
        for state in FundingState.values
        for unit in (FundingUnit.EUROS, FundingUnit.FTE)
        if (state, unit) in sums
    ]


def settled(pact, year, territory=None):
    """The roadmap that was settled, or None."""
    return settled_composed(territory is not None).row_of(pact.pk, year, *([territory.pk] if territory else []))


@cache
def settled_composed(of_territory):
    """The query of the roadmap of a pact, of one of its territories when asked, and of a year."""
    rows = Roadmap.objects.filter(pact=AnyKey(0), year=AnyKey(1), territory=AnyKey(2) if of_territory else None)
    return Composed(rows.select_related("settled_by"))


@transaction.atomic
def settle(*, pact, year, territory, by):
    """« Arrêter »: keep the roadmap as it is today."""
    type(pact).objects.select_for_update(no_key=True).get(pk=pact.pk)
    if settled(pact, year, territory):
        raise ValidationError("Cette feuille de route est déjà arrêtée.")
    content = draft(pact, year, territory)
    if not content["lines"] and not content["loose"]:
        raise ValidationError("Rien n’est prévu cette année-là : il n’y a rien à arrêter.")
    return Roadmap.objects.create(pact=pact, year=year, territory=territory, settled_on=today(), settled_by=by, content=content)


@transaction.atomic
def reopen(*, roadmap, by):
    """« Rouvrir » a roadmap settled by mistake, as long as the next one does not rest on it; the journal keeps it."""
    after = Roadmap.objects.filter(pact=roadmap.pact_id, territory=roadmap.territory_id, year__gt=roadmap.year)
    if after.exists():
        raise ValidationError("Une feuille de route plus récente se compare à celle-ci : elle ne se rouvre plus.")
    roadmap.delete()
