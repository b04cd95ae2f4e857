"""The first page of a person, and the list of her pacts."""

from collections import defaultdict

from django.core.paginator import Paginator
from django.shortcuts import redirect, render

from pti.access import can_create_pact
from pti.models import Pact
from pti.navigation import first_url, menu_of
from pti.views import ROWS_A_PAGE


def home(request):
    """One pact: the first page of her menu there. None, or several: the list."""
    pacts = list(Pact.objects.visible_to(request.user).ordinary()[:2])
    if len(pacts) == 1:
        return redirect(start_of(request.user, pacts[0]))
    return redirect("pact_list")


def start_of(user, pact):
    """Where a person's menu begins on this pact."""
    addresses = (first_url(names, pact.pk) for _, names in menu_of(user, pact))
    return next((url for url in addresses if url), pact.get_absolute_url())


def pact_list(request):
    """Pacts that the person reads, local ones under the pact that they hang on."""
    pacts = list(Pact.objects.visible_to(request.user).ordinary().select_related("territory").for_list())
    known = {pact.pk for pact in pacts}
    local = defaultdict(list)
    for pact in pacts:
        if pact.parent_id in known:
            local[pact.parent_id].append(pact)
    tops = [(pact, local[pact.pk]) for pact in pacts if pact.parent_id not in known]
    page = Paginator(tops, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "count": len(pacts), "may_create": can_create_pact(request.user)}
    return render(request, "pti/pact_list.html", context)
