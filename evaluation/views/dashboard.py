"""The dashboard of a pact; « L’essentiel » for its readers."""

from dataclasses import replace
from functools import cache

from django.shortcuts import render
from django.urls import reverse

from actions.alerts import tiles_of
from actions.models import Indicator
from actions.turns import campaign_turn
from evaluation.dashboard.carnet import Carnet, legend
from evaluation.dashboard.figures import Share
from evaluation.dashboard.head import sentence, turn_of
from evaluation.dashboard.progress import Progress, facts_for, roots_of
from evaluation.dashboard.steering import Steering
from evaluation.dashboard.waiting import SHOWN as AWAITED_SHOWN
from evaluation.dashboard.waiting import Points, Waiting, signatories_of
from partners.enums import SigningState
from partners.models import Partner
from pti.access import is_staff_on
from pti.amending.reading import under_way
from pti.composed import AnyKey, Composed
from pti.figures import address, counted, figure
from pti.turns import STAFF_TURNS
from pti.views import pact_or_404

SHOWN = 3
BEYOND_COLUMNS = ("pact", "name", "unit", "threshold_action")


def dashboard(request, pact_pk):
    """Alerts, confidence quarter by quarter, progress, who is awaited, governance computed."""
    pact = pact_or_404(request.user, pact_pk)
    roots, tops = roots_of(pact)
    facts = facts_for(pact)
    tiles, total = tiles_of(pact, reverse("actions:action_list", args=[pact.pk]), facts=facts)
    progress = Progress(pact, facts, roots, tops)
    steering = Steering(pact, request.user, progress)
    meetings = steering.next_meetings()
    points = Points(pact)
    amendments = under_way(pact)
    signatories = signatories_of(pact)
    staff = is_staff_on(request.user, pact)
    partners = signatories[0].present if signatories else Partner.objects.filter(pact=pact).present().count()
    context = {
        "pact": pact,
        "amendments": amendments,
        "staff": staff,
        "day": pact.reference_day,
        "sentence": sentence(pact, total, partners, steering),
        "turn_now": turn_of(pact, meetings, points, signatories) if staff else None,
        "collecting": campaign_turn(request.user, pact) or (draft_turn(pact) if staff else None),
        "tiles": tiles,
        "carnet": Carnet(pact, roots, facts, request.GET.get("page", 1)),
        "legend": legend(),
        "progress": progress,
        "points": points.shown,
        "points_whole": points.whole,
        "waiting": Waiting(pact, facts, steering.overdue, signatories, amendments, awaited_shown(request)),
        "signing": signing_share(pact, signatories),
        "meetings": meetings[:SHOWN],
        "meetings_link": counted(
            len(meetings), "séance à venir", address(pact, "governance:meeting_list", when="coming"), "séances à venir"
        ),
        "held_figure": figure(*steering.held_this_year()),
        "pact_word": pact.level_word(0),
        "shares": steering.shares(),
        **beyond_threshold(pact),
    }
    return render(request, "evaluation/dashboard.html", context)


def awaited_shown(request):
    """How many of those we wait for; all of them when the address asks."""
    return None if request.GET.get("attente") == "tous" else AWAITED_SHOWN


def draft_turn(pact):
    """While the text is written there is nothing to follow yet: what is left to write, and where it is told."""
    if pact.is_frozen:
        return None
    return replace(STAFF_TURNS[pact.state], url=reverse("pact_life", args=[pact.pk]), link="Ce qui manque")


def signing_share(pact, signatories):
    """« 7 sur 9 » signatories have signed the last version; nothing before there is one to sign."""
    signed = sum(partner.signing_state == SigningState.SIGNED for partner in signatories)
    if not any(partner.signing_state for partner in signatories):
        return None
    return Share(
        "Signataires qui ont signé",
        signed,
        len(signatories),
        address(pact, "partners:partner_list", awaited=SigningState.SIGNED),
        address(pact, "partners:partner_list", standing="signatory", present="present"),
    )


def beyond_threshold(pact):
    """Indicators whose last value is beyond a threshold: how many, and the first ones."""
    rows = beyond_composed().rows_of(pact.pk)
    link = counted(len(rows), "indicateur", address(pact, "actions:indicator_list", seuil="hors"))
    return {"beyond": rows[:SHOWN], "beyond_link": link}


@cache
def beyond_composed():
    """The query of the indicators of a pact that are beyond a threshold."""
    rows = Indicator.objects.filter(pact=AnyKey()).beyond_threshold()
    return Composed(rows.only(*BEYOND_COLUMNS).order_by("order", "id"))
