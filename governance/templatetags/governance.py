"""Panels of the governance floor on the pages of lower floors; each is fetched and scoped here.

{% decisions_of action %} {% referrals_of action %} on a fiche; {% next_meetings pact %} {% blocking_points_of pact user %} on
« Mes actions ».
"""

from functools import cache

from django import template

from governance.blocking import higher_words, points_of, road_of
from governance.models import Decision, Meeting, Referral
from governance.models.decisions import JUDGED_BY, may_read
from governance.tables import decision_state
from pti.access import is_staff_on
from pti.composed import AnyKey, Composed
from pti.dates import today

register = template.Library()
SHOWN = 3
# What the panel of a fiche reads of a decision.
SHOWN_OF_DECISION = (
    "text", "state", "done_on", "due_on", "due_text", "owner_text", "owner__acronym", "owner__name",
    "meeting__date_text", "meeting__committee__name",
)  # fmt: skip


@register.inclusion_tag("governance/_decisions_of.html", takes_context=True)
def decisions_of(context, action):
    """What was decided on this fiche, the latest first; one query."""
    pact = context["pact"]
    rows = [row for row in decisions_composed().rows_of(action.pk, pact.pk) if may_read(context["user"], row)]
    return {"pact": pact, "decisions": [(row, decision_state(row, pact.reference_day)) for row in rows]}


@cache
def decisions_composed():
    """The query of what was decided on a fiche in a pact, with what `may_read` judges by."""
    rows = Decision.objects.filter(action=AnyKey(0)).in_pact(AnyKey(1)).select_related("meeting__committee__pact", "owner")
    return Composed(rows.only(*SHOWN_OF_DECISION, *JUDGED_BY).order_by("-meeting__held_on", "order", "id"))


@register.inclusion_tag("governance/_referrals_of.html", takes_context=True)
def referrals_of(context, action):
    """The road of the blocking points of this fiche, and those that went nowhere; one query, `updates` being prefetched."""
    user, pact = context["user"], context["pact"]
    roads = {}
    for referral in referrals_composed().rows_of(action.pk):
        roads.setdefault(referral.update_id, []).append(referral)
    staff = is_staff_on(user, pact) and not pact.is_amendment
    points = [
        (update, road_of(update, roads.get(update.pk, []), pact.reference_day), higher_words(roads.get(update.pk, [])))
        for update in action.updates.all()
        if update.pk in roads or (staff and update.is_blocking)
    ]
    return {"pact": pact, "points": points, "staff": staff}


@cache
def referrals_composed():
    """The query of the road of the points of a fiche: who reads the fiche reads its points."""
    return Composed(Referral.objects.filter(update__action=AnyKey()).select_related("committee").order_by("raised_on", "id"))


@register.inclusion_tag("governance/_my_points.html")
def blocking_points_of(pact, user):
    """What became of the blocking points that the person's organisations raised or meet; three queries."""
    on = pact.reference_day
    rows = list(points_of(user, pact, on))
    return {"pact": pact, "points": [(update, road_of(update, update.road, on)) for update in rows]}


@register.inclusion_tag("governance/_next_meetings.html", takes_context=True)
def next_meetings(context, pact):
    """The meetings to come, the nearest first; one query."""
    rows = Meeting.objects.of_pact(pact).coming(today()).for_table()[:SHOWN]
    return {"pact": pact, "meetings": list(rows)}
