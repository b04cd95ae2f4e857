"""The deliberations of a pact as open data: what is ready, what each of the others lacks."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partners.deliberations import deliberations_of
from pti.scdl import Schema
from pti.views import pact_or_404

PER_PAGE = 25


@require_safe
def deliberation_list(request, pact_pk):
    """The acts of local authorities, and what keeps some of them out of the file."""
    pact = pact_or_404(request.user, pact_pk)
    rows = deliberations_of(pact)
    context = {
        "pact": pact,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "ready": sum(row.is_ready for row in rows),
        "total": len(rows),
    }
    return render(request, "partners/deliberation_list.html", context)


@require_safe
def deliberation_export(request, pact_pk):
    """The rows that follow the schema, as CSV."""
    pact = pact_or_404(request.user, pact_pk)
    rows = [one.row for one in deliberations_of(pact) if one.is_ready]
    return Schema("deliberations-2.1").response(rows, f"deliberations-{pact.title}")
