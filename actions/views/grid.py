"""The grid of fundings: typed, or pasted from a spreadsheet; nothing is saved while a cell is wrong."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from actions.enums import FundingState, LeadRole
from actions.forms.grids import NOT_A_LINE, ScopeForm, new_lines, posted_lines
from actions.models import Action, Funding, Lead
from actions.money.grid import columns_of, fill, lines_of, rows_of, save_cells
from actions.money.pasting import lay
from partners.models import Organisation
from pti import typography
from pti.access import is_staff_on, require
from pti.views import ROWS_A_PAGE, pact_or_404


@require_http_methods(["GET", "POST"])
def funding_grid(request, pact_pk):
    """One page of the grid; « Reporter » lays what is pasted in the cells, « Enregistrer » writes what moved."""
    pact = pact_or_404(request.user, pact_pk)
    require(is_staff_on(request.user, pact))
    funders = funders_of(pact)
    chosen = ScopeForm(scope_of(request.GET, pact), pact=pact, funders=funders)
    scope = chosen.cleaned_data if chosen.is_valid() else {}
    columns = columns_of(pact, scope.get("annee"), scope.get("etat", ""))
    data = request.POST if request.method == "POST" else None
    every = lines_of(pact, action=scope.get("fiche"), axis=scope.get("axe"), funder=scope.get("financeur"))
    page = Paginator(every, ROWS_A_PAGE).get_page(request.GET.get("page"))
    lines = posted_lines(data, pact, funders) if data is not None else list(page)
    fiches = Action.objects.filter(pact=pact).only("number", "title").order_by("number_key", "order", "id")
    fresh = new_lines(data, fiches=fiches, funders=funders, scope=scope)
    whole = [*lines, *(line for _, line in fresh)]
    fill(whole, columns, pact, rows_of(pact, columns), lambda state: may_write(request.user, pact, state))
    pasted, lost = "", []
    if data is not None:
        take(whole, data)
        pasted = data.get("coller", "")[:200_000]
        if "reporter" in data:
            lost = spread(pasted, whole, columns)
        else:
            written = send(pact, fresh, whole, request.user)
            if written is not None:
                messages.success(request, said(written))
                return redirect(request.get_full_path())
    context = {
        "pact": pact,
        "scope": chosen,
        "columns": columns,
        "years": years_in(columns),
        "lines": lines,
        "fresh": fresh,
        "page": page,
        "errors": [(line, cell) for line in whole for cell in line.cells if cell.error],
        "line_errors": [line for _, line in fresh if line.error],
        "pasted": pasted if lost else "",
        "lost": lost,
        "changed": sum(cell.is_moved for line in whole for cell in line.cells),
        "undated": Funding.objects.filter(pact=pact, year=None).count(),
        "one_fiche": scope.get("fiche"),
        "one_funder": scope.get("financeur"),
        "frozen": not may_write(request.user, pact, FundingState.PLANNED)
        and any(c.state == FundingState.PLANNED for c in columns),
        "may_edit": True,
    }
    return render(request, "actions/funding_grid.html", context)


def scope_of(query, pact):
    """What the address asks; a first visit shows this year."""
    if {"fiche", "axe", "financeur", "annee", "etat"} & set(query):
        return query
    first = query.copy()
    first["annee"] = pact.reference_day.year
    return first


def funders_of(pact):
    """Partners of the pact, whoever its fiches name as a funder, and whoever already pays in it."""
    paying = Funding.objects.filter(pact=pact, funder=OuterRef("pk"))
    named = Lead.objects.filter(action__pact=pact, role=LeadRole.FUNDER, organisation=OuterRef("pk"))
    return (
        Organisation.objects.only("name", "acronym")
        .filter(Q(Exists(paying)) | Q(Exists(named)) | Q(partners__pact=pact))
        .distinct()
        .order_by("search", "id")
    )


def may_write(user, pact, state):
    """What is planned is text; the rest happens, in the pact itself and not in its amendments."""
    return is_staff_on(user, pact) and (not pact.is_frozen if state == FundingState.PLANNED else not pact.is_amendment)


def take(lines, data):
    """What was typed, and what the person saw, on each cell that may be written."""
    for line in lines:
        for cell in line.cells:
            if cell.name in data and not cell.locked:
                cell.typed = data[cell.name][:500]
                cell.was = data.get(f"w{cell.name}", "")[:500]


def spread(pasted, lines, columns):
    """Lay what is pasted in the cells, for the person to look at; returns what found no place."""
    placed, lost = lay(pasted, lines, columns)
    for line in lines:
        for cell in line.cells:
            text = placed.get((line.key, cell.column.key))
            if text is None or " ".join(text.split()) == " ".join(cell.shown.split()):
                continue
            if cell.locked:
                lost.append(f"{cell.label} : {cell.locked.lower().rstrip('.')}, « {text[:60]} » n’y est pas reporté")
            else:
                cell.typed = text[:500]
    if not placed and not lost:
        lost.append("Rien n’est collé dans le cadre.")
    return lost


def send(pact, fresh, whole, user):
    """Save what moved: how many cells, or None when something is to be put right."""
    for form, line in fresh:
        if not any(cell.is_moved for cell in line.cells):
            continue
        if not form.is_valid():
            line.error = " ".join(error for errors in form.errors.values() for error in errors)
        elif not line.funder and not line.text:
            line.error = NOT_A_LINE
    moved = [(line, cell) for line in whole for cell in line.cells if cell.is_moved]
    if any(line.error for _, line in fresh):
        return None
    written = save_cells(pact=pact, cells=moved, by=user)
    return None if any(cell.error for _, cell in moved) else written


def said(written):
    if not written:
        return "Rien n’a changé."
    return f"{typography.plural(written, 'case enregistrée', 'cases enregistrées')}."


def years_in(columns):
    """[(year, how many states)] of the heads."""
    years = {}
    for column in columns:
        years[column.year] = years.get(column.year, 0) + 1
    return list(years.items())
