"""Proposals and opinions: written by partners or « au nom de », examined by the staff."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from partners import access
from partners.consulting import Shifted, decide, merged, target_of
from partners.consulting_forms import DecisionForm, OpinionForm, ProposalForm
from partners.enums import ProposalState
from partners.models import Opinion, Proposal
from partners.passages import Passages, html_now
from partners.views.consultations import consultation_or_404
from pti.access import is_staff_on, require
from pti.diff import rich
from pti.fields import clean_html
from pti.forms import saved
from pti.numbers import read_whole
from pti.views import ROWS_A_PAGE, pact_or_404


def proposal_add(request, pact_pk, pk, uid, name):
    """Another wording for a text of the version, or for one passage of it (`?passage=2`)."""
    pact, consultation = consultation_or_404(request, pact_pk, pk)
    partners = access.answering(request.user, consultation)
    require(partners.exists())
    passages = Passages(consultation.version)
    place = passages.find(str(uid))
    text = next((one for one in passages.texts(place) if one.name == name), None) if place else None
    if text is None:
        raise Http404
    row = new_proposal(consultation, place, text, request.GET.get("passage", ""))
    form = ProposalForm(request.POST or None, request.FILES or None, instance=row, by=request.user, partners=partners)
    if request.method == "POST" and saved(form):
        messages.success(request, "Proposition enregistrée. Vous lirez la réponse sur la page de la concertation.")
        return redirect("partners:place_detail", pact.pk, consultation.pk, uid)
    back = reverse("partners:place_detail", args=[pact.pk, consultation.pk, uid])
    return proposal_page(request, row, form, back=back, title="Proposer une autre rédaction")


def new_proposal(consultation, place, text, passage):
    """A proposal on the whole text, or on the passage of this rank."""
    row = Proposal(
        consultation=consultation,
        target_model=place.model,
        target_uid=place.uid,
        target_name=place.title[:400],
        field=text.name,
        base=text.html,
    )
    rank = read_whole(passage)
    if rank is not None and rank < len(text.passages):
        row.base, row.is_passage = str(text.passages[rank]), len(text.passages) > 1
    return row


def proposal_page(request, row, form, *, back, title):
    context = {
        "pact": row.consultation.pact,
        "consultation": row.consultation,
        "proposal": row,
        "form": form,
        "back": back,
        "title": title,
        "base": clean_html(row.base),
    }
    return render(request, "partners/proposal_form.html", context)


def proposal_or_404(request, pact_pk, pk):
    """The pact, and a proposal that the person reads: staff read all, a partner its own."""
    pact = pact_or_404(request.user, pact_pk)
    rows = Proposal.objects.visible_to(request.user).filter(consultation__pact=pact).for_page()
    return pact, get_object_or_404(rows, pk=pk)


def proposal_edit(request, pact_pk, pk):
    """Write it again, until somebody has examined it."""
    _, row = proposal_or_404(request, pact_pk, pk)
    require(access.can_rewrite(request.user, row))
    partners = access.answering(request.user, row.consultation)
    form = ProposalForm(request.POST or None, request.FILES or None, instance=row, by=request.user, partners=partners)
    if request.method == "POST" and saved(form):
        messages.success(request, "Proposition enregistrée.")
        return redirect(row)
    return proposal_page(request, row, form, back=row.get_absolute_url(), title="Modifier la proposition")


def proposal_detail(request, pact_pk, pk):
    """The proposal word by word, its reason, and its answer, or the form that answers it."""
    pact, row = proposal_or_404(request, pact_pk, pk)
    form = None
    if row.is_pending and is_staff_on(request.user, pact):
        form = decision_form(row)
    return detail_page(request, pact, row, form)


def decision_form(row, data=None):
    """The form that answers; its text is the passage as proposed, or the whole text of today when that has moved."""
    target = target_of(row)
    whole, initial = False, row.text
    try:
        merged(row, target, row.text)
    except Shifted:
        whole = target is not None
    now = html_now(target, row.field) if target is not None else ""
    return DecisionForm(data, initial={"text": initial, "whole": whole, "seen": now if whole else ""})


def detail_page(request, pact, row, form):
    target = target_of(row) if form is not None else None
    moved = form is not None and bool(form.initial.get("whole"))
    now = html_now(target, row.field) if target is not None else ""
    context = {
        "pact": pact,
        "proposal": row,
        "form": form,
        "words": rich(row.base, row.text, fold=False),
        "entered": rich(row.base, row.entered_text, fold=False) if row.state == ProposalState.AMENDED else "",
        "is_staff": is_staff_on(request.user, pact),
        "may_rewrite": access.can_rewrite(request.user, row),
        "gone": form is not None and target is None,
        "since": rich(row.base, now, fold=True) if moved and not row.is_passage else "",
        "now": now if moved else "",
    }
    return render(request, "partners/proposal_detail.html", context)


@require_POST
def proposal_decide(request, pact_pk, pk):
    """Accept, amend or refuse; what cannot be saved comes back with what was typed."""
    pact, row = proposal_or_404(request, pact_pk, pk)
    require(access.can_examine(request.user, pact))
    if not row.is_pending:
        messages.error(request, f"Cette proposition est déjà examinée : {row.get_state_display()}.")
        return redirect(row)
    form = decision_form(row, request.POST)
    if form.is_valid() and decided(row, form, request.user):
        messages.success(request, f"Proposition {row.partner} : {ProposalState(form.state).label}.")
        return redirect("partners:proposal_list", pact.pk)
    return detail_page(request, pact, row, again(row, form))


def decided(row, form, user):
    """Write the decision; a refusal comes back on the form."""
    data = form.cleaned_data
    try:
        decide(
            proposal=row,
            state=form.state,
            answer=data["answer"],
            by=user,
            text=data["text"],
            whole=data["whole"] and form.state == ProposalState.AMENDED,
            seen=data["seen"],
        )
    except ValidationError as error:
        form.add_error(None, " ".join(error.messages)) if not hasattr(error, "error_dict") else form.add_error(None, error)
        return False
    return True


def again(row, form):
    """The refused form, over the text of today: the person reads it before she saves."""
    fresh = decision_form(row)
    form.initial = fresh.initial
    form.data = form.data.copy()
    form.data["seen"] = fresh.initial["seen"]
    form.data["whole"] = "on" if fresh.initial["whole"] else ""
    if not form.data.get("text"):
        form.data["text"] = row.text
    return form


def proposal_list(request, pact_pk):
    """« Propositions à examiner »: each word by word, with its three answers; `?etat=` shows the others."""
    pact = pact_or_404(request.user, pact_pk)
    require(access.can_examine(request.user, pact))
    states = dict(ProposalState.choices)
    asked = request.GET.get("etat", ProposalState.SUBMITTED)
    asked = asked if asked in states else ProposalState.SUBMITTED
    rows = Proposal.objects.filter(consultation__pact=pact)
    counts = dict(rows.order_by().values_list("state").annotate(count=Count("pk")))
    chosen = rows.filter(state=asked).for_page().order_by("target_name", "field", "submitted_on", "pk")
    page = Paginator(chosen, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "pact": pact,
        "page": page,
        "asked": asked,
        "states": [(state, label, counts.get(state, 0)) for state, label in states.items()],
        "lines": [(row, rich(row.base, row.text)) for row in page],
    }
    return render(request, "partners/proposal_list.html", context)


def opinion_edit(request, pact_pk, pk):
    """The opinion of a partner on the whole text; the staff choose for whom (`?partenaire=`)."""
    pact, consultation = consultation_or_404(request, pact_pk, pk)
    partners = access.answering(request.user, consultation)
    require(partners.exists())
    asked = read_whole(request.GET.get("partenaire"))
    chosen = partners.filter(pk=asked).first() if asked else None
    if chosen is None and len(partners) == 1:
        chosen = partners[0]
    row = Opinion.objects.filter(consultation=consultation, partner=chosen).first() if chosen else None
    row = row or Opinion(consultation=consultation, partner=chosen)
    if chosen is None:
        partners = partners.exclude(opinions__consultation=consultation)
    form = OpinionForm(request.POST or None, request.FILES or None, instance=row, by=request.user, partners=partners)
    if request.method == "POST" and saved(form):
        messages.success(request, "Avis enregistré.")
        return redirect(consultation)
    context = {"pact": pact, "consultation": consultation, "form": form, "partner": chosen}
    return render(request, "partners/opinion_form.html", context)
