"""What happens to actions: updates, blocking points lifted, values, leads who change."""

from django.core.exceptions import ValidationError
from django.db import transaction

from actions.enums import ActionStatus, AnswerKind, RequestQuestion
from actions.models import CampaignRequest, Lead, Measure, Update
from actions.numbers import read_number
from pti.dates import today

# Where an action stands, as its last update says.
STANDING = ["status", "done_on", "confidence", "confidence_on", "confidence_text"]
NOTHING_SAID = "Remplissez au moins un champ : une phrase suffit."


@transaction.atomic
def post_update(*, action, by, on=None, organisation=None, on_behalf=False, channel="", milestones=(), values=(), **said):
    """Write a « point d’avancement » and what it changes: status, confidence, milestones, values.

    `said` holds the fields of Update; `milestones` is [(milestone, "done" or a new date, reason)], `values` is
    [(indicator, year, raw text)]. One of them is enough; nothing at all is refused.
    """
    said = {name: value for name, value in said.items() if value}
    if not said and not milestones and not values:
        raise ValidationError(NOTHING_SAID)
    on = on or today()
    action.hold_pact()
    action.refresh_from_db(fields=STANDING)  # another update may have just moved it
    update = Update.objects.create(
        action=action, on=on, author=by, organisation=organisation, on_behalf=on_behalf, channel=channel, **said
    )
    if is_the_last(update):
        take_over(action, update)
    for milestone, what, reason in milestones:
        move_milestone(milestone, what, reason, on)
    for indicator, year, raw in values:
        record_measure(indicator=indicator, year=year, raw_value=raw, by=by, organisation=organisation, on_behalf=on_behalf)
    return update


class StandsElsewhere(ValidationError):
    """Somebody moved the fiche since the page was drawn."""


@transaction.atomic
def move_status(*, action, to, seen, by, sentence="", organisation=None):
    """Move a fiche from the status that one saw to another: an update that says so. Refuses when it stands elsewhere."""
    action.hold_pact()
    action.refresh_from_db(fields=STANDING)
    if action.status != seen:
        raise StandsElsewhere(f"Quelqu’un vient de la déplacer : elle est désormais {action.get_status_display()}.")
    update = post_update(action=action, by=by, organisation=organisation, status=to, sentence=sentence)
    if action.status != to:
        raise ValidationError(f"Un point plus récent que le {update.on:%d/%m/%Y} dit où en est cette fiche.")
    return update


def is_the_last(update):
    """An older story told late does not change where the action stands now."""
    return not update.action.updates.filter(on__gt=update.on).exists()


def take_over(action, update):
    """The action stands where its last update says."""
    if update.status:
        action.set_status(ActionStatus(update.status), on=action.done_on or update.on)
    if update.confidence:
        action.confidence, action.confidence_on, action.confidence_text = update.confidence, update.on, update.sentence
    action.save(update_fields=STANDING)


def move_milestone(milestone, what, reason, on):
    """Done on the day of the update, or put off: the planned date stays."""
    if what == "done":
        milestone.done_on = on
    else:
        milestone.forecast_on, milestone.forecast_reason = what, reason
    milestone.save(update_fields=["done_on", "forecast_on", "forecast_reason"])


@transaction.atomic
def record_measure(*, indicator, year, raw_value, by, organisation=None, on_behalf=False, **details):
    """Write the value of a year; another body that counts differently gets its own series."""
    where = {"breakdown": details.pop("breakdown", ""), "territory": details.pop("territory", None)}
    series = details.pop("series", "")
    known = indicator.measures.filter(year=year, series=series, **where).first()
    others = known is not None and None not in (known.organisation_id, organisation)
    if others and known.organisation_id != organisation.pk:
        series = organisation.short_name[:120]
        known = indicator.measures.filter(year=year, series=series, **where).first()
    measure = known or Measure(indicator=indicator, year=year, series=series, **where)
    measure.raw_value, measure.value = raw_value, read_number(raw_value)
    measure.organisation = organisation or measure.organisation
    measure.recorded_by, measure.on_behalf, measure.measured_on = by, on_behalf, today()
    for name, value in details.items():
        setattr(measure, name, value)
    measure.save()
    return measure


@transaction.atomic
def lift_blocking(*, update, by, how="", on=None):
    """« Lever » the blocking point of an update."""
    if not update.is_blocking:
        raise ValidationError("Ce point de blocage est déjà levé.")
    update.unblocked_on, update.unblocking = on or today(), how
    update._change_reason = "point de blocage levé"  # who: history_user, so that a person may be forgotten
    update.save(update_fields=["unblocked_on", "unblocking"])
    return update


@transaction.atomic
def keep_blocking(*, update, by):
    """The answer that had lifted the blocking point is put right: it stands."""
    update.unblocked_on, update.unblocking = None, ""
    update._change_reason = "point de blocage maintenu"
    update.save(update_fields=["unblocked_on", "unblocking"])
    return update


@transaction.atomic
def succeed_lead(*, lead, on, by, reason="", organisation=None, text=""):
    """End a lead and, when one is named, start the next: life, after the text."""
    if lead.ended_on:
        raise ValidationError("Ce pilotage a déjà pris fin.")
    if lead.started_on and on < lead.started_on:
        raise ValidationError("La fin précède le début.")
    lead.ended_on, lead.end_reason = on, reason
    lead.save(update_fields=["ended_on", "end_reason"])
    ask_the_next(lead, organisation)
    if organisation is None and not text:
        return None
    return Lead.objects.create(
        action=lead.action, role=lead.role, organisation=organisation, text=text, order=lead.order, started_on=on
    )


def ask_the_next(lead, organisation):
    """What collections await about the fiche from the body that no longer leads it is the next one's to say.

    Its links open nothing any more; the animator is told that somebody is to be found. Whoever is answering goes on.
    """
    goes_on = organisation is not None and organisation.pk == lead.organisation_id
    if (
        lead.organisation_id is None
        or goes_on
        or lead.action.leads.leading().filter(organisation=lead.organisation_id).exists()
    ):
        return
    rows = CampaignRequest.objects.awaited().filter(action=lead.action_id, organisation=lead.organisation_id)
    rows = rows.filter(question=RequestQuestion.UPDATE, campaign__closed_on=None)
    for row in rows.select_for_update(of=("self",), skip_locked=True):
        row.revoke_links()
        row.organisation, row.kind, row.person_email = organisation, AnswerKind.NOT_ME, ""
        row.save(update_fields=["organisation", "kind", "person_email"])


@transaction.atomic
def move_action(*, action, up, by):
    """Swap a fiche with its neighbour under the same axis; orders are rewritten only where they change."""
    rows = list(type(action).objects.filter(pact=action.pact, axis=action.axis).order_by("order", "number_key", "id"))
    swap(rows, action, up)


@transaction.atomic
def move_axis(*, axis, up, by):
    """Swap an axis with its neighbour under the same parent."""
    rows = list(type(axis).objects.filter(pact=axis.pact, parent=axis.parent).order_by("order", "id"))
    swap(rows, axis, up)


def swap(rows, row, up):
    """Exchange `row` with the one before (or after) it, in the places that the rows hold together."""
    places = sorted(one.order for one in rows)
    if len(set(places)) < len(places):
        places = list(range(places[0], places[0] + len(places)))
    at = next(i for i, one in enumerate(rows) if one.pk == row.pk)
    to = max(at - 1, 0) if up else min(at + 1, len(rows) - 1)
    rows[at], rows[to] = rows[to], rows[at]
    for place, one in zip(places, rows, strict=True):
        if one.order != place:
            one.order = place
            one.save(update_fields=["order"])
