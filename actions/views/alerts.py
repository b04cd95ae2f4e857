"""The alerts of a pact: what each counts exactly, the list that says the same, what may be done about it."""

from django.shortcuts import render
from django.urls import reverse

from actions.access import can_lead_campaigns
from actions.alerts import tiles_of
from actions.models import Indicator
from pti.access import can_follow, is_animator_on
from pti.views import pact_or_404


def alerts(request, pact_pk):
    """Every alert, its definition and its count; beside, the indicators, and the thresholds that the pact has set."""
    pact = pact_or_404(request.user, pact_pk)
    tiles, total = tiles_of(pact, reverse("actions:action_list", args=[pact.pk]), keys=None)
    indicators = Indicator.objects.visible_to(request.user).filter(pact=pact)
    context = {
        "pact": pact,
        "tiles": tiles,
        "total": total,
        "year": pact.reference_day.year,
        "unmeasured": indicators.without_measure(pact.reference_day.year).count(),
        "beyond": indicators.beyond_threshold().count(),
        "may_remind": can_lead_campaigns(request.user, pact),
        "may_table": can_follow(request.user, pact),
        "may_set": is_animator_on(request.user, pact),
    }
    return render(request, "actions/alerts.html", context)
