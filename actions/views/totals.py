"""The funding table: who gives what, in which state, for which year, with a link from each figure to its rows."""

from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions.enums import FundingState, FundingUnit
from actions.filters import FundingFilter
from actions.models import Funding
from actions.money.files import totals_book
from actions.money.totals import totals_table
from pti.access import is_staff_on
from pti.views import pact_or_404, without_oddities

LINES = [("financeur", "financeur"), ("axe", "axe"), ("territoire", "territoire"), ("fiche", "fiche")]
OURS = ("par", "page", "format", "unit", "state")


class Address:
    """Addresses that keep what is filtered."""

    def __init__(self, query, pact):
        self.kept = query.copy()
        for name in OURS:
            self.kept.pop(name, None)
        self.rows_url = reverse("actions:funding_list", args=[pact.pk])

    def written(self, **changes):
        """This page, some of its choices changed."""
        query = self.kept.copy()
        for name, value in changes.items():
            if value:
                query[name] = value
        return f"?{query.urlencode()}"

    def rows(self, unit, query):
        """The list of the rows that a figure adds."""
        wanted: QueryDict = self.kept.copy()
        wanted["unit"] = unit
        for name, value in query.items():
            if name == "sans":
                wanted.setlist(name, [*dict.fromkeys([*wanted.getlist(name), value])])
            else:
                wanted[name] = value
        return f"{self.rows_url}?{wanted.urlencode()}"


@require_safe
def funding_totals(request, pact_pk):
    """One table at a time: what is in lines, which unit, all the states or the years of one."""
    pact = pact_or_404(request.user, pact_pk)
    request.GET = without_oddities(request.GET)
    by = request.GET.get("par") if request.GET.get("par") in dict(LINES) else "financeur"
    unit = request.GET.get("unit") if request.GET.get("unit") in FundingUnit.values else FundingUnit.EUROS
    state = request.GET.get("state") if request.GET.get("state") in FundingState.values else ""
    address = Address(request.GET, pact)
    chosen = FundingFilter(
        scope_of(request.GET), queryset=Funding.objects.read_in(request.user, pact), pact=pact, request=request
    )
    scope = chosen.form.cleaned_data if chosen.is_valid() else {}
    page = None if request.GET.get("format") == "xlsx" else request.GET.get("page")
    table = totals_table(chosen.qs, pact=pact, by=by, unit=unit, state=state, scope=scope, page=page)
    if request.GET.get("format") == "xlsx":
        return totals_book(table, rows=chosen.qs.in_unit(unit), by=dict(LINES)[by], unit=FundingUnit(unit).label)
    for line in (*table.page, table.foot):
        for figure in line.figures:
            figure.url = address.rows(unit, figure.query) if figure.total else ""
    now = {"par": by, "unit": unit, "state": state}
    context = {
        "pact": pact,
        "filter": chosen,
        "table": table,
        "by": dict(LINES)[by],
        "unit": FundingUnit(unit).label,
        "state": FundingState(state).label if state else "",
        "in_kind": unit == FundingUnit.IN_KIND,
        "hidden": [(name, value) for name, value in now.items() if value],
        "lines": seg(LINES, by, lambda value: address.written(**now | {"par": value})),
        "units": seg(FundingUnit.choices, unit, lambda value: address.written(**now | {"unit": value})),
        "states": seg(
            [("", "les quatre états"), *((value, f"{label}, par année") for value, label in FundingState.choices)],
            state,
            lambda value: address.written(**now | {"state": value}),
        ),
        "xlsx_url": address.written(**now, format="xlsx"),
        "may_edit": is_staff_on(request.user, pact),
    }
    return render(request, "actions/funding_totals.html", context)


def scope_of(query):
    """What is filtered, less what the table itself chooses."""
    scope = query.copy()
    for name in OURS:
        scope.pop(name, None)
    return scope


def seg(choices, chosen, url_of):
    """[(words, address, chosen)] of a row of choices."""
    return [(label, url_of(value), value == chosen) for value, label in choices]
