"""« Où en est-on ? »: one update about each live fiche, asked of its pilot, with the values of its indicators."""

from django.db.models import OuterRef, Prefetch, Q, Subquery

from actions.campaigns.questions.base import Asked, Question
from actions.enums import ActionStatus, Confidence, LeadRole, RequestQuestion
from actions.forms.updates import TEXTS, UpdateForm
from actions.models import Action, Lead, Update
from actions.models.fiches import LIVE
from actions.services import move_milestone, post_update, record_measure, take_over
from actions.tree import Tree

# What a choice of the mail says, in the words of the mail.
CHOICES = {"mieux": "Cela avance mieux", "moins-bien": "Cela se complique", "realisee": "C’est réalisé"}
LADDER = (Confidence.COMPROMISED, Confidence.SUPPORT, Confidence.REACHABLE, Confidence.SECURED)


def asked(campaign, wanted):
    """Each live fiche, asked of its pilot; without a pilot it is shown to the animator."""
    rows = []
    for action in fiches_of(campaign):
        body = leader_of(action, wanted)
        if body or not wanted:
            places = {place.pk for place in action.territories.all()}
            rows.append(Asked({"action": action}, body, places, action.last_author))
    return rows


def fiches_of(campaign):
    """The live fiches that the collection is about, with who leads them, where, and who spoke last."""
    rows = Action.objects.filter(pact=campaign.pact, status__in=LIVE)
    if campaign.actions.exists():
        rows = rows.filter(pk__in=campaign.actions.all())
    axes = list(campaign.axes.all())
    if axes:
        tree = Tree(campaign.pact)
        rows = rows.under([pk for axis in axes for pk in tree.below(axis)])
    leads = Lead.objects.leading().select_related("organisation").order_by("order", "id")
    last = Update.objects.filter(action=OuterRef("pk")).exclude(author=None).values("author__email")[:1]
    rows = rows.annotate(last_author=Subquery(last)).order_by("number_key", "order", "id")
    return list(rows.prefetch_related(Prefetch("leads", leads, "leading"), "territories"))


def leader_of(action, wanted):
    """The body that is asked: the pilot, else a co-pilot; one of `wanted` when the collection is for some partners."""
    leads = [one for one in action.leading if one.organisation_id and (not wanted or one.organisation_id in wanted)]
    leads.sort(key=lambda one: one.role != LeadRole.PILOT)
    return leads[0].organisation if leads else None


def preset(action, choice):
    """{field: value} that one choice of the mail sets on the page: the link → what is ticked."""
    at = LADDER.index(action.confidence) if action.confidence in LADDER else None
    if choice == "mieux":
        return {"confidence": LADDER[min(at + 1, 3)] if at is not None else Confidence.REACHABLE}
    if choice == "moins-bien":
        return {"confidence": LADDER[max(at - 1, 0)] if at is not None else Confidence.SUPPORT}
    return {"status": ActionStatus.DONE} if choice == "realisee" else {}


def chosen(action, choice):
    """What one tap confirms of the choice made in the mail; None when it would change nothing."""
    said = preset(action, choice)
    if all(getattr(action, name) == value for name, value in said.items()):
        return None
    return {"words": CHOICES[choice], "status": action.status, "confidence": action.confidence} | said


def context(row, choice):
    return {"action": row.action, "last": row.action.updates.first(), "chosen": chosen(row.action, choice)}


def given(row):
    """What was said, for the form that puts it right."""
    return {name: getattr(row.given, name) for name in ("status", "confidence", *TEXTS)} if row.given else {}


def form(row, data=None, choice="", given=None):
    """The form of an update about the one fiche; filled with what was said when it is put right."""
    action, on = row.action, row.campaign.pact.reference_day
    initial = {name: value for name, value in (given or {}).items() if value} | preset(action, choice)
    indicators = action.indicators.order_by("order", "id") if row.campaign.asks_values else []
    return UpdateForm(
        data, action=action, milestones=action.milestones.to_ask(on), indicators=indicators, year=on.year, initial=initial
    )


def told(form):
    return {"milestones": form.told_milestones(), "values": form.told_values(), **form.said()}


def same(row):
    """« Rien de nouveau »: what is known of the fiche, said again today."""
    action = row.action
    confidence = "" if action.confidence == Confidence.UNKNOWN else action.confidence
    return {"status": action.status, "confidence": confidence}


def take_in(row, told, *, first, by, on_behalf, channel):
    """Post the update, or write it again within a day."""
    action, speaker = row.action, {"by": by, "organisation": row.organisation}
    if row.given_id and not first:
        correct(row.given, told, **speaker)
    else:
        row.given = post_update(action=action, on_behalf=on_behalf, channel=channel, **speaker, **told)
    values = [f"{one.name}, {year}\u00a0: {raw}" for one, year, raw in told.get("values", ())]
    row.values = values if first else [*row.values, *values]


def correct(update, told, *, by, organisation):
    """Write an update again; the journal keeps what it said."""
    action = update.action
    action.hold_pact()
    milestones, values = told.pop("milestones", ()), told.pop("values", ())
    for name, value in told.items():
        setattr(update, name, value)
    update.save()
    if not action.updates.filter(Q(on__gt=update.on) | Q(on=update.on, pk__gt=update.pk)).exists():
        take_over(action, update)
    for milestone, what, reason in milestones:
        move_milestone(milestone, what, reason, update.on)
    for indicator, year, raw in values:
        record_measure(indicator=indicator, year=year, raw_value=raw, by=by, organisation=organisation)


QUESTION = Question(
    RequestQuestion.UPDATE,
    "asks_updates",
    asked=asked,
    form=form,
    told=told,
    same=same,
    take_in=take_in,
    context=context,
    given=given,
)
