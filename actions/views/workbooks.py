"""The fiches as a workbook: handed out, sent back, verified, taken in whole or not at all."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from actions.forms.workbooks import MatchForm, WorkbookForm
from actions.models import Workbook
from actions.sheets.book import read, write
from actions.sheets.verify import Verdict, apply, verify
from pti import typography
from pti.access import can_write_frame, require
from pti.exports import attachment
from pti.files import XLSX
from pti.views import pact_or_404

PER_PAGE = 25
MOVED = "Le pacte a changé depuis la vérification : relisez ce que le classeur ferait, puis recommencez."


@require_safe
def workbook_export(request, pact_pk):
    """The workbook of every fiche: whoever reads the fiches."""
    pact = pact_or_404(request.user, pact_pk)
    return attachment(HttpResponse(write(pact), content_type=XLSX), f"fiches-{pact.title}", "xlsx")


@require_http_methods(["GET", "POST"])
def workbook_import(request, pact_pk):
    """First step: the file."""
    pact = pact_or_404(request.user, pact_pk)
    require(can_write_frame(request.user, pact))
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return redirect(form.keep(pact=pact, by=request.user))
    return render(request, "actions/workbook_import.html", {"pact": pact, "form": form})


@require_http_methods(["GET", "POST"])
def workbook_check(request, pact_pk, pk):
    """Second step: what the file would do, the names to match; then all of it, or nothing."""
    pact = pact_or_404(request.user, pact_pk)
    require(can_write_frame(request.user, pact))
    workbook = get_object_or_404(Workbook.objects.of(request.user, pact), pk=pk)
    if "abandonner" in request.POST:
        workbook.delete()
        messages.info(request, "Rien n’a été enregistré.")
        return redirect("actions:action_list", pact.pk)
    plan = verify(pact, read(bytes(workbook.content)), workbook.matches)
    matches = MatchForm(request.POST if "rapprocher" in request.POST else None, matches=plan.matches.values())
    if matches.is_bound and matches.is_valid():
        workbook.matches |= matches.chosen()
        workbook.save()
        return redirect(workbook)
    if "enregistrer" in request.POST and take_in(request, workbook, plan):
        return redirect("actions:action_list", pact.pk)
    return draw(request, workbook, plan, matches)


def take_in(request, workbook, plan):
    """Write the plan that the person read; False, with the reason on screen, when it is not written."""
    if not plan.is_ready or plan.fingerprint != request.POST.get("lu"):
        messages.error(request, MOVED)
        return False
    try:
        with transaction.atomic():
            apply(plan, by=request.user, reason=f"import du classeur {workbook.name}")
            workbook.delete()
    except ValidationError as error:
        messages.error(request, f"Rien n’a été enregistré. {error.messages[0]}")
        return False
    counts = [
        f"{typography.plural(len(rows), 'fiche')} {word}{'s' if len(rows) > 1 else ''}"
        for rows, word in ((plan.of(Verdict.CREATED), "créée"), (plan.of(Verdict.CHANGED), "modifiée"))
        if rows
    ]
    messages.success(request, f"Classeur enregistré : {', '.join(counts)}.")
    return True


def draw(request, workbook, plan, matches):
    """The verification table: one verdict at a time, 25 fiches a page."""
    tabs = [(verdict, len(plan.of(verdict))) for verdict in Verdict if plan.of(verdict)]
    wanted = request.GET.get("voir")
    verdict = next((one for one, _ in tabs if one == wanted), tabs[0][0] if tabs else None)
    context = {
        "pact": workbook.pact,
        "workbook": workbook,
        "plan": plan,
        "matches": matches if plan.matches else None,
        "tabs": tabs,
        "verdict": verdict,
        "page": Paginator(plan.of(verdict), PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "actions/workbook_check.html", context)
