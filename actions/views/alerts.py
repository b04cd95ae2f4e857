"""The alerts of a pact: what each counts exactly, the list that says the same, what may be done about it."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from actions.access import can_follow_campaigns, can_lead_campaigns
from actions.alerts import tiles_of
from actions.campaigns.mails import letters_now, remind_now
from actions.campaigns.preparing import Reminded
from actions.campaigns.values import Wanted, remind
from actions.models import Campaign, Indicator
from actions.selection import IndicatorSelection, Selection
from pti.access import can_follow, is_animator_on, require
from pti.typography import plural
from pti.views import pact_or_404


def alerts(request, pact_pk):
    """Every alert, its definition and its count; beside, the indicators, and the thresholds that the pact has set."""
    pact = pact_or_404(request.user, pact_pk)
    tiles, total = tiles_of(pact, reverse("actions:action_list", args=[pact.pk]), keys=None)
    indicators = Indicator.objects.read_in(request.user, pact)
    context = {
        "pact": pact,
        "tiles": tiles,
        "total": total,
        "year": pact.reference_day.year,
        "unmeasured": indicators.without_measure(pact.reference_day.year).count(),
        "beyond": indicators.beyond_threshold().count(),
        "may_remind": can_follow_campaigns(request.user, pact),
        "may_table": can_follow(request.user, pact),
        "may_set": is_animator_on(request.user, pact),
    }
    return render(request, "actions/alerts.html", context)


@require_http_methods(["GET", "POST"])
def remind_list(request, pact_pk):
    """Remind the leads of the fiches of a filtered list: those whom an open collection awaits; the others are asked anew.

    Who would receive what is shown first; nobody is written to twice a day.
    """
    pact = pact_or_404(request.user, pact_pk)
    require(can_follow_campaigns(request.user, pact))
    selection = Selection(request, pact)
    anew = f"{reverse('actions:campaign_add', args=[pact.pk])}?{selection.query}"
    if not selection.words:
        messages.error(request, f"Filtrez d’abord la liste : {selection.none_chosen}.")
        return redirect(selection.list_url)
    reminded = Reminded(selection)
    campaigns = list(Campaign.objects.open().filter(pact=pact).order_by("id"))
    if request.method == "POST":
        with transaction.atomic():
            count = sum(remind_now(campaign, actions=reminded.awaited) for campaign in campaigns)
        say = messages.success if count else messages.error
        say(
            request,
            f"{plural(count, 'relance part', 'relances partent')}." if count else "Personne n’est à relancer aujourd’hui.",
        )
        return redirect(selection.list_url)
    may_lead = can_lead_campaigns(request.user, pact)
    if not reminded.awaited and reminded.fiches and may_lead:
        return redirect(anew)
    lines = [(campaign, letters_now(campaign, reminded.awaited)) for campaign in campaigns] if reminded.awaited else []
    lines = [(campaign, letters) for campaign, letters in lines if letters]
    context = {"pact": pact, "selection": selection, "reminded": reminded, "lines": lines}
    context |= {"anew": anew if may_lead else "", "count": sum(len(letters) for _, letters in lines)}
    return render(request, "actions/remind_list.html", context)


@require_http_methods(["GET", "POST"])
def remind_indicators(request, pact_pk):
    """Remind of the indicators of a filtered list: those of fiches by their fiches, those of axes by who pilots the axis.

    Who would receive what is shown first; nobody is written to twice a day about the same thing.
    """
    pact = pact_or_404(request.user, pact_pk)
    require(can_follow_campaigns(request.user, pact))
    selection = IndicatorSelection(request, pact)
    if not selection.words:
        messages.error(request, f"Filtrez d’abord la liste : {selection.none_chosen}.")
        return redirect(selection.list_url)
    wanted = Wanted(selection)
    if request.method == "POST":
        count = remind(wanted=wanted, by=request.user)
        say = messages.success if count else messages.error
        say(
            request,
            f"{plural(count, 'courriel part', 'courriels partent')}." if count else "Personne n’est à relancer aujourd’hui.",
        )
        return redirect(selection.list_url)
    alert = "alerte=hors-seuil" if request.GET.get("seuil") else "manque=valeur"
    context = {"pact": pact, "selection": selection, "wanted": wanted, "letters": wanted.letters()}
    context |= {"fiches_url": f"{reverse('actions:remind_list', args=[pact.pk])}?{alert}"}
    return render(request, "actions/remind_indicators.html", context)
