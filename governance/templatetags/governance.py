"""Panels of the governance floor on the pages of lower floors; each is fetched and scoped here.

{% decisions_of action %} {% referrals_of action %} on a fiche; {% next_meetings pact %} on « Mes actions ».
"""

from django import template

from governance.models import Decision, Meeting, Referral
from governance.tables import decision_state
from pti.access import is_staff_on
from pti.dates import today

register = template.Library()
SHOWN = 3


@register.inclusion_tag("governance/_decisions_of.html", takes_context=True)
def decisions_of(context, action):
    """What was decided on this fiche, the latest first; one query."""
    pact = context["pact"]
    rows = Decision.objects.visible_to(context["user"]).of_pact(pact).filter(action=action).for_table()
    rows = rows.order_by("-meeting__held_on", "order", "id")
    return {"pact": pact, "decisions": [(row, decision_state(row, pact.reference_day)) for row in rows]}


@register.inclusion_tag("governance/_referrals_of.html", takes_context=True)
def referrals_of(context, action):
    """Where the blocking points of this fiche went, and those that went nowhere; one query, `updates` being prefetched."""
    user, pact = context["user"], context["pact"]
    rows = Referral.objects.visible_to(user).filter(update__action=action).for_table().order_by("-raised_on", "-id")
    referrals = list(rows)
    sent = {referral.update_id for referral in referrals}
    staff = is_staff_on(user, pact)
    loose = [update for update in action.updates.all() if update.is_blocking and update.pk not in sent] if staff else []
    return {"pact": pact, "referrals": referrals, "loose": loose, "staff": staff}


@register.inclusion_tag("governance/_next_meetings.html", takes_context=True)
def next_meetings(context, pact):
    """The meetings to come, the nearest first; one query."""
    rows = Meeting.objects.visible_to(context["user"]).of_pact(pact).coming(today()).for_table()[:SHOWN]
    return {"pact": pact, "meetings": list(rows)}
