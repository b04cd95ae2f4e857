"""The fiches as a workbook: handed out, sent back, verified, taken in whole or not at all."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from actions.enums import WorkbookState
from actions.forms.workbooks import MatchForm, WorkbookForm
from actions.models import Workbook
from actions.sheets import taking
from actions.sheets.book import read, write
from actions.sheets.verify import Verdict, verify
from pti.access import can_write_frame, require
from pti.exports import attachment
from pti.files import XLSX
from pti.views import pact_or_404

PER_PAGE = 25
SHOWN = 10


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
    sent = Workbook.objects.of(request.user, pact).defer("content", "matches")[:SHOWN]
    return render(request, "actions/workbook_import.html", {"pact": pact, "form": form, "sent": sent})


@require_http_methods(["GET", "POST"])
def workbook_check(request, pact_pk, pk):
    """Second step: what the file would do, the names to match; then all of it, or nothing."""
    pact = pact_or_404(request.user, pact_pk)
    require(can_write_frame(request.user, pact))
    workbook = get_object_or_404(Workbook.objects.of(request.user, pact), pk=pk)
    if "abandonner" in request.POST:
        Workbook.objects.undecided().filter(pk=workbook.pk).delete()
        messages.info(request, "Ce classeur est abandonné : rien n’a été enregistré.")
        return redirect("actions:action_list", pact.pk)
    if workbook.asked_at:
        return redirect(workbook)
    plan = verify(pact, read(bytes(workbook.content)), workbook.matches)
    matches = MatchForm(request.POST if "rapprocher" in request.POST else None, matches=plan.matches.values())
    if matches.is_bound and matches.is_valid():
        workbook.matches |= matches.chosen()
        workbook.save(update_fields=["matches"])
        return redirect(workbook)
    if "enregistrer" in request.POST:
        if plan.is_ready and plan.fingerprint == request.POST.get("lu"):
            return take_in(request, workbook, plan)
        messages.error(request, taking.MOVED)
    return draw(request, workbook, plan, matches)


def take_in(request, workbook, plan):
    """Take a small workbook in now; a large one is left to the worker, and the page of its progress follows."""
    asked = Workbook.objects.filter(pk=workbook.pk).ask(read_as=plan.fingerprint, to_write=len(plan.writes))
    if asked and len(plan.writes) <= taking.AT_ONCE:
        taking.take(workbook.pk, plan)
    workbook.refresh_from_db()
    if workbook.state == WorkbookState.DONE:
        messages.success(request, f"Classeur enregistré : {workbook.said}.")
        return redirect("actions:action_list", workbook.pact_id)
    return redirect(workbook)


@require_http_methods(["GET", "POST"])
def workbook_progress(request, pact_pk, pk):
    """Third step of a large workbook: how far its taking in has come, how it ended."""
    pact = pact_or_404(request.user, pact_pk)
    workbook = get_object_or_404(Workbook.objects.of(request.user, pact), pk=pk)
    if request.method == "POST" and not workbook.reopen():
        messages.info(request, "Ce classeur est déjà pris en charge.")
    if request.method == "POST" or workbook.asked_at is None:
        workbook.refresh_from_db()
        return redirect(workbook)
    told = workbook.progress.read() if workbook.state == WorkbookState.ONGOING else None
    return render(request, "actions/workbook_progress.html", {"pact": pact, "workbook": workbook, "told": told})


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
