"""The matrix of priorities and the map of territories: the same fiches as the list, the same filters."""

from django.shortcuts import render

from actions.pictures.matrix import matrices
from actions.views.lists import filtered_actions, view_context
from pti.views import pact_or_404


def matrix(request, pact_pk):
    """« Matrice »: impact × complexity, priority × financial incidence."""
    pact = pact_or_404(request.user, pact_pk)
    filterset = filtered_actions(request, pact)
    context = view_context(request, pact, filterset, "matrice") | {
        "day": pact.reference_day,
        "matrices": matrices(pact, filterset.qs, filterset.carried()),
    }
    return render(request, "actions/matrix.html", context)
