"""Approvals and signatures: who has approved, who has signed, whom we wait for, since when, on which version."""

from functools import cache

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from partners import access
from partners.models import Approval, Closing, ClosingDocument, Partner, ReminderPlan, Signature
from partners.signing import deeds, reminders
from partners.signing.board import board_of
from partners.signing.chart import chart_of
from partners.signing.file import changes_of
from partners.signing.forms import ActForm, ApprovalForm, CorrectionForm, SignatureForm, WithdrawalForm
from pti.access import is_staff_on, require
from pti.composed import AnyKey, Composed
from pti.forms import saved
from pti.views import pact_or_404


def signature_board(request, pact_pk):
    """The table of approvals and signatures of the last version."""
    pact = pact_or_404(request.user, pact_pk)
    board = board_of(pact)
    for line in [*board.lines, *board.left]:
        line.sees_files = access.can_see_coordinates(request.user, pact, line.partner.organisation_id)
    if access.can_remind(request.user, pact):
        tell_reminders(pact, board)
    context = {
        "pact": pact,
        "board": board,
        "page": board.page(request.GET.get("page")),
        "may_remind": access.can_remind(request.user, pact),
        "chart": chart_of(board),
        "changes": changes_of(pact, board),
        **{name: composed.rows_of(pact.pk) for name, composed in papers_composed().items()},
        "may_deposit": access.can_deposit_text(request.user, pact),
        "may_close": access.can_close_signature(request.user, pact),
        "may_act": access.can_record_act(request.user, pact),
        "is_staff": is_staff_on(request.user, pact),
    }
    return render(request, "partners/signature_board.html", context)


@cache
def papers_composed():
    """The queries of the closings of a pact, of its text signed elsewhere, of the acts that are no partner's."""
    acts = Approval.objects.filter(pact=AnyKey(), partner=None).select_related("proof", "version")
    closings = Closing.objects.filter(pact=AnyKey()).select_related("file", "sealed", "version")
    return {
        "acts": Composed(acts.defer("version__content")),
        "closings": Composed(closings.defer("version__content")),
        "signed_texts": Composed(ClosingDocument.objects.filter(pact=AnyKey(), closing=None, closing_sealed=None)),
    }


def tell_reminders(pact, board):
    """Say on each awaited line when its next reminder leaves."""
    plan = plan_composed().row_of(pact.pk)
    for row in reminders.schedule(pact, plan, board) if plan else ():
        row.line.next_reminder = row.next_on


@cache
def plan_composed():
    """The query of the schedule of the reminders of a pact, when they leave by themselves."""
    return Composed(ReminderPlan.objects.filter(pact=AnyKey(), is_active=True).order_by())


def recordable(request, pact_pk, pk):
    """The pact and a partner for whom the person may record."""
    pact = pact_or_404(request.user, pact_pk)
    partner = get_object_or_404(Partner.objects.filter(pact=pact).select_related("organisation", "pact"), pk=pk)
    require(access.can_record(request.user, partner))
    return pact, partner


def back(pact):
    return redirect("partners:signature_board", pact.pk)


def approval_add(request, pact_pk, pk):
    """The act of a partner's own body."""
    pact, partner = recordable(request, pact_pk, pk)
    row = Approval(pact=pact, partner=partner)
    form = ApprovalForm(request.POST or None, request.FILES or None, instance=row, by=request.user)
    if request.method == "POST" and saved(form):
        messages.success(request, "Délibération enregistrée.")
        return redirect(partner.signing_file_url())
    context = {"pact": pact, "partner": partner, "form": form, "title": f"Délibération : {partner}"}
    return render(request, "partners/approval_form.html", context)


def approval_edit(request, pact_pk, pk):
    """Correct an act; the journal keeps what it said before."""
    pact = pact_or_404(request.user, pact_pk)
    row = get_object_or_404(Approval.objects.filter(pact=pact).select_related("partner__organisation", "partner__pact"), pk=pk)
    if row.partner is None:
        require(access.can_record_act(request.user, pact))
    else:
        require(access.can_record(request.user, row.partner))
    form_class = ActForm if row.partner is None else ApprovalForm
    form = form_class(request.POST or None, request.FILES or None, instance=row, by=request.user)
    if request.method == "POST" and saved(form):
        messages.success(request, "Acte enregistré.")
        return redirect(row.partner.signing_file_url()) if row.partner else back(pact)
    context = {"pact": pact, "partner": row.partner, "form": form, "title": "Modifier l’acte"}
    return render(request, "partners/approval_form.html", context)


def act_add(request, pact_pk):
    """The act of the steering committee or of the assembly."""
    pact = pact_or_404(request.user, pact_pk)
    require(access.can_record_act(request.user, pact))
    form = ActForm(request.POST or None, request.FILES or None, instance=Approval(pact=pact), by=request.user)
    if request.method == "POST" and saved(form):
        messages.success(request, "Acte enregistré.")
        return back(pact)
    context = {"pact": pact, "partner": None, "form": form, "title": "Acte d’adoption"}
    return render(request, "partners/approval_form.html", context)


def signature_add(request, pact_pk, pk):
    """A partner's signature of one version; its file is required."""
    pact, partner = recordable(request, pact_pk, pk)
    row = Signature(partner=partner)
    initial = {"method": request.GET.get("moyen", "")}
    form = SignatureForm(request.POST or None, request.FILES or None, instance=row, by=request.user, initial=initial)
    if request.method == "POST" and saved(form):
        messages.success(request, "Signature enregistrée.")
        if form.is_early:
            messages.warning(
                request,
                "La signature est datée d’avant la délibération du partenaire : elle est gardée, et le tableau le signale.",
            )
        return redirect(partner.signing_file_url())
    context = {"pact": pact, "signature": None, "form": form, "title": f"Signature : {partner}"}
    return render(request, "partners/signature_form.html", context)


def signature_or_404(request, pact_pk, pk):
    """The pact and a recorded signature that the person may correct."""
    pact = pact_or_404(request.user, pact_pk)
    rows = (
        Signature.objects.standing()
        .filter(partner__pact=pact)
        .select_related("partner__organisation", "partner__pact", "proof")
    )
    row = get_object_or_404(rows, pk=pk)
    require(access.can_correct_signature(request.user, row.partner))
    return pact, row


@require_http_methods(["GET", "POST"])
def signature_edit(request, pact_pk, pk):
    """Correct a recorded signature, with a reason; the journal keeps what it said before."""
    pact, row = signature_or_404(request, pact_pk, pk)
    if row.is_online:  # its proof is sealed
        return redirect("partners:signature_withdraw", pact.pk, row.pk)
    form = CorrectionForm(request.POST or None, request.FILES or None, instance=row, by=request.user)
    if request.method == "POST" and saved(form):
        messages.success(request, "Signature corrigée.")
        return back(pact)
    context = {"pact": pact, "signature": row, "form": form, "title": f"Corriger la signature : {row.partner}"}
    return render(request, "partners/signature_form.html", context)


@require_http_methods(["GET", "POST"])
def signature_withdraw(request, pact_pk, pk):
    """Take a recorded signature back, with a reason; the row and its file stay in the partner's file."""
    pact, row = signature_or_404(request, pact_pk, pk)
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        deeds.withdraw_signature(signature=row, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, "Signature retirée : elle est de nouveau attendue.")
        return back(pact)
    return render(request, "partners/signature_withdraw.html", {"pact": pact, "signature": row, "form": form})
