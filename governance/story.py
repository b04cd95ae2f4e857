"""The story of a fiche: what was said, done, measured, decided, sent up and answered, one line a fact, in words.

Each source is one query, scoped like the page that shows it elsewhere; nothing here reads the journal's people.
"""

import datetime
from dataclasses import dataclass
from itertools import groupby, pairwise

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst

from actions import looks
from actions.enums import ActionStatus, Confidence
from actions.models import ActionDocument, Indicator, Lead, Measure, Milestone, Target, Update
from governance.models import Decision, Referral
from pti import typography
from pti.enums import PactState
from pti.models import AmendmentPoint, StateChange


@dataclass
class Entry:
    """One fact: its day, its shape, what happened, then the words that were said."""

    on: datetime.date
    shape: str
    title: str
    text: str = ""
    who: str = ""
    url: str = ""
    tone: str = "ink"
    update: Update | None = None


def story_of(action, user):
    """[Entry], the latest first; `action.pact` is known."""
    updates = list(
        Update.objects.filter(action=action).select_related("author", "organisation").order_by("on", "created_at", "id")
    )
    found = [
        *said(updates),
        *statuses(action, updates),
        *milestones(action),
        *values(action),
        *leads(action),
        *decisions(action, user),
        *roads(action, updates, user),
        *documents(action, user),
        *texts(action),
    ]
    # On one day, what happened last is read first: the sources are in the order of the facts.
    found.sort(key=lambda entry: entry.on)
    return found[::-1]


def by_month(entries):
    """[(first day of the month, entries)]."""
    return [(month, list(own)) for month, own in groupby(entries, key=lambda entry: entry.on.replace(day=1))]


def said(updates):
    """Updates: how the status and the confidence moved, the sentence, the blocking point."""
    status = confidence = ""
    for update in updates:
        moves = []
        if update.status and update.status != status:
            moves.append(moved("le statut", status and ActionStatus(status).label, update.get_status_display()))
        if update.confidence and update.confidence != confidence:
            before = confidence and Confidence(confidence).label
            moves.append(moved("la confiance", before, update.get_confidence_display()))
        status, confidence = update.status or status, update.confidence or confidence
        title = "Point d’avancement" + (f" : {' ; '.join(moves)}" if moves else "")
        shape, tone = looks.CONFIDENCE_SHAPES[update.confidence or Confidence.UNKNOWN][0], TONES[update.confidence]
        if update.blocking_point:
            shape, tone = "sign-stop", "bad"
        yield Entry(update.on, shape, title, update.sentence, speaker(update), tone=tone, update=update)


TONES = {
    Confidence.SECURED: "good",
    Confidence.REACHABLE: "fair",
    Confidence.SUPPORT: "warn",
    Confidence.COMPROMISED: "bad",
    Confidence.UNKNOWN: "none",
    "": "none",
}


def moved(what, before, now):
    """« le statut passe de « en cours » à « réalisée » »."""
    return f"{what} passe de « {before} » à « {now} »" if before else f"{what} est « {now} »"


def speaker(update):
    """Who said it, on behalf of whom, how."""
    organisation = update.organisation.short_name if update.organisation_id else ""
    words = [str(update.author)] if update.author_id else []
    if organisation:
        words.append(f"au nom de {organisation}" if update.on_behalf else organisation)
    return ", ".join([*words, *([update.received_by] if update.channel else [])])


def statuses(action, updates):
    """Changes of status that no update told: a list edited at once, a fiche put right."""
    rows = type(action).history.model.objects.filter(id=action.pk).order_by("history_id")
    for (before, _), (now, at) in pairwise(rows.values_list("status", "history_date")):
        day = timezone.localtime(at).date()
        if before != now and not any(one.status == now and one.on <= day for one in updates):
            title = capfirst(moved("le statut", ActionStatus(before).label, ActionStatus(now).label))
            yield Entry(day, looks.STATUS_SHAPES[now], title)


def milestones(action):
    """Milestones put off (the journal says when), then done."""
    rows = {one.pk: one for one in Milestone.objects.with_withdrawn().filter(action=action)}
    past = Milestone.history.model.objects.filter(id__in=rows).order_by("id", "history_id")
    for before, now in pairwise(past.values_list("id", "forecast_on", "forecast_reason", "history_date")):
        if before[0] == now[0] and now[1] and now[1] != before[1]:
            title = format_html("Jalon reporté au {} : {}", typography.day(now[1]), rows[now[0]].label)
            yield Entry(timezone.localtime(now[3]).date(), "j-todo", title, now[2])
    for one in rows.values():
        if one.done_on:
            late = (one.done_on - one.planned_last).days if one.planned_last else 0
            gap = typography.elapsed(abs(late))
            text = f"{gap} après la date prévue" if late > 0 else f"{gap} avant la date prévue" if late < 0 else ""
            yield Entry(one.done_on, "j-done", f"Jalon fait : {one.label}", text)


def values(action):
    """Values of its indicators, with the target of the year."""
    rows = Measure.objects.filter(indicator__action=action, indicator__withdrawn_on=None)
    rows = list(rows.select_related("indicator", "territory", "organisation").order_by("year", "id"))
    years = Target.objects.filter(indicator__action=action).exclude(year=None).values_list("indicator", "year", "raw_value")
    targets = {(indicator, year): raw for indicator, year, raw in years}
    for one in rows:
        unit = f" {one.indicator.unit}" if one.indicator.unit else ""
        apart = ", ".join(filter(None, [one.series, one.breakdown, one.territory.name if one.territory_id else ""]))
        title = f"{one.indicator.name} : {one.raw_value}{unit} en {one.year}" + (f" ({apart})" if apart else "")
        target = targets.get((one.indicator_id, one.year))
        text = f"Cible de {one.year} : {target}{unit}." if target else ""
        who = one.organisation.short_name if one.organisation_id else ""
        yield Entry(one.measured_on or end_of_year(one.year), "bar-chart-line", title, text, who,
                    reverse("actions:indicator_detail", args=[action.pact_id, one.indicator_id]))  # fmt: skip


def end_of_year(year):
    """Its last day; a year that an import brought may be out of the calendar."""
    return datetime.date(min(max(year, datetime.MINYEAR), datetime.MAXYEAR), 12, 31)


def leads(action):
    """Who came and who left; on the same day in the same role, one succeeds the other."""
    rows = Lead.objects.with_withdrawn().filter(action=action).select_related("organisation", "scheme").order_by("order", "id")
    rows = list(rows)
    came = [one for one in rows if one.started_on]
    for one in rows:
        if one.ended_on:
            following = next((new for new in came if (new.started_on, new.role) == (one.ended_on, one.role)), None)
            came = [new for new in came if new is not following]
            role = one.get_role_display()
            title = f"{following} succède à {one} ({role})" if following else f"{one} n’est plus {role}"
            yield Entry(one.ended_on, "person", title, one.end_reason)
    for one in came:
        yield Entry(one.started_on, "person", f"{one} devient {one.get_role_display()}")


def decisions(action, user):
    """Decisions of meetings that the person may read: taken, then carried out."""
    rows = Decision.objects.read_in(user, action.pact).filter(action=action).for_table()
    for one in rows.order_by("meeting__held_on", "order", "id"):
        url = reverse("governance:meeting_detail", args=[action.pact_id, one.meeting_id])
        who = f"À faire par {one.owner_name}" if one.owner_name else ""
        if one.meeting.held_on:
            title = f"Décision : {one.meeting.committee.name}"
            yield Entry(one.meeting.held_on, "check-lg", title, one.text, who, f"{url}#decision-{one.pk}")
        if one.done_on:
            title = f"Décision exécutée : {one.meeting.committee.name}"
            yield Entry(one.done_on, "s-done", title, one.text, "", f"{url}#decision-{one.pk}")


def roads(action, updates, user):
    """Blocking points: sent to a committee, answered, lifted."""
    rows = Referral.objects.visible_to(user).filter(update__action=action).select_related("committee", "update")
    lifted = set()
    for one in rows.order_by("raised_on", "id"):
        url = reverse("governance:committee_detail", args=[action.pact_id, one.committee_id])
        who = f"Réponse demandée à {one.owner_text}" if one.owner_text else ""
        title = f"Point de blocage porté à : {one.committee.name}"
        yield Entry(one.raised_on, "arrow-right", title, one.update.blocking_point, who, url)
        if one.answered_on:
            outcome = one.get_outcome_display() or "réponse"
            title = f"{one.committee.name} répond : {outcome}"
            yield Entry(one.answered_on, "arrow-return-right", title, one.answer, "", url)
            if one.outcome == "lifted":
                lifted.add(one.update_id)
    for update in updates:
        if update.unblocked_on and update.pk not in lifted:
            yield Entry(update.unblocked_on, "check-lg", "Point de blocage levé", update.unblocking)


def documents(action, user):
    for one in ActionDocument.objects.visible_to(user).filter(action=action).select_related("added_by"):
        who = str(one.added_by) if one.added_by_id else ""
        day = timezone.localtime(one.added_at).date()
        yield Entry(day, "paperclip", f"Document déposé : {one.name}", "", who, one.get_absolute_url())


def texts(action):
    """The pact comes into force; amendments that opened the fiche or one of its parts; its withdrawal."""
    pact = action.pact
    for one in StateChange.objects.filter(pact=pact, to_state=PactState.IN_FORCE).order_by("on", "id"):
        yield Entry(one.on, "file-earmark-text", "Le pacte entre en vigueur", one.act, "", pact.get_absolute_url())
    parts = Q(target=action.uid)
    for model, link in ((Lead, "action"), (Milestone, "action"), (Indicator, "action"), (Target, "indicator__action")):
        parts |= Q(target__in=model.objects.with_withdrawn().filter(**{link: action}).values("uid"))
    points = AmendmentPoint.objects.filter(parts, pact__amends=pact, pact__state=PactState.IN_FORCE)
    for one in points.select_related("pact").order_by("id"):
        if one.pact.in_force_on:
            url = reverse("amendment_detail", args=[pact.pk, one.pact.amendment_number])
            title = f"{one.pact.amendment_name} : {one.label}"
            yield Entry(one.pact.in_force_on, "pen", title, one.reason, "", f"{url}#point-{one.pk}")
    if action.withdrawn_on:
        yield Entry(action.withdrawn_on, "x-lg", capfirst(action.withdrawal))
