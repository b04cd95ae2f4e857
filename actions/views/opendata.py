"""The subsidies of a pact as open data: what is ready, what each of the others lacks."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actions.access import can_edit_funding
from actions.money.opendata import subsidies_of
from pti.access import can_follow
from pti.scdl import Schema
from pti.views import ROWS_A_PAGE, pact_or_404


@require_safe
def subsidy_list(request, pact_pk):
    """Every subsidy, those that the file leaves out first."""
    pact = pact_or_404(request.user, pact_pk)
    rows = sorted(subsidies_of(pact), key=lambda one: one.is_ready)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    for one in page:
        one.funding.pact = pact
        one.may_edit = can_edit_funding(request.user, one.funding)
    context = {
        "pact": pact,
        "page": page,
        "ready": sum(row.is_ready for row in rows),
        "total": len(rows),
        "may_edit": can_follow(request.user, pact),
    }
    return render(request, "actions/subsidy_list.html", context)


@require_safe
def subsidy_export(request, pact_pk):
    """The rows that follow the schema, as CSV."""
    pact = pact_or_404(request.user, pact_pk)
    rows = [one.row for one in subsidies_of(pact) if one.is_ready]
    return Schema("subventions-2.0").response(rows, f"subventions-{pact.title}")
