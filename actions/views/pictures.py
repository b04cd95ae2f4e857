"""The matrix of priorities and the map of territories: the same fiches as the list, the same filters."""

from django.shortcuts import render

from actions.access import can_follow_campaigns, can_read_rates
from actions.alerts import late_of
from actions.pictures.map import draw
from actions.pictures.matrix import matrices
from actions.pictures.places import Places
from actions.views.lists import filtered_actions, view_context
from pti import typography
from pti.access import is_animator_on
from pti.views import pact_or_404


def matrix(request, pact_pk):
    """« Matrice »: impact × complexity, priority × financial incidence."""
    pact = pact_or_404(request.user, pact_pk)
    filterset = filtered_actions(request, pact)
    context = view_context(pact, filterset, "matrice") | {
        "day": pact.reference_day,
        "matrices": matrices(pact, filterset.qs, filterset.carried()),
    }
    return render(request, "actions/matrix.html", context)


def territory_map(request, pact_pk):
    """« Carte »: fiches, late ones and answers on the outlines of the territories; `jeu` chooses among the sets."""
    pact = pact_or_404(request.user, pact_pk)
    filterset = filtered_actions(request, pact)
    filterset.keep(["jeu"])
    carried = filterset.carried()
    places = Places(pact, filterset.qs, late_of(pact), carried, request.GET.get("jeu", ""), request.GET.get("page", 1))
    drawing, legend = draw(places.drawn, places.department)
    context = view_context(pact, filterset, "carte") | {
        "day": pact.reference_day,
        "places": places,
        "drawing": drawing,
        "legend": legend,
        "finding": finding(places),
        "sets": [(one, f"{carried or '?'}{'&' if carried else ''}jeu={one.key}") for one in places.sets],
        "shows_answers": places.campaign is not None and can_read_rates(request.user, pact),
        "may_follow": can_follow_campaigns(request.user, pact),
        "may_draw": is_animator_on(request.user, pact),
    }
    return render(request, "actions/map.html", context)


def finding(places):
    """« Grand Ouest : 2 fiches en retard sur 5 », the territory where most are late; what there is otherwise."""
    if not places.chosen:
        return ""
    worst = max(places.rows, key=lambda one: one.late, default=None)
    if worst is not None and worst.late:
        return f"{worst.name} : {typography.plural(worst.late, 'fiche')} en retard sur {typography.number(worst.count)}"
    placed = sum(one.count > 0 for one in places.rows)
    count = typography.plural(placed, "territoire a", "territoires ont")
    return f"{count} des fiches, aucune en retard" if placed else "Aucune fiche n’est située sur un territoire"
