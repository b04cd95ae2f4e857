"""A consultation: opened by the animator, read and answered by those whom it asks, followed by the staff."""

from functools import cache

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from partners import access
from partners.consulting import answers_of, close_consultation, invite, open_consultation
from partners.consulting_forms import ConsultationForm
from partners.consulting_tables import ConsultationFilter, ConsultationTable
from partners.models import Consultation, Opinion, Proposal
from partners.passages import Passages
from pti.access import require
from pti.composed import AnyKey, Composed
from pti.forms import saved
from pti.found import found_or_404
from pti.views import TablePage, pact_or_404


class ConsultationList(TablePage):
    """Every consultation of the pact, the latest first."""

    model = Consultation
    table_class = ConsultationTable
    filterset_class = ConsultationFilter
    template_name = "partners/consultation_list.html"

    def get_table(self, **kwargs):
        table = super().get_table(**kwargs)
        if not access.can_examine(self.request.user, self.pact):
            table.exclude = ("invited_count", "pending_count")
        return table

    def get_context_data(self, **kwargs):
        user, pact = self.request.user, self.pact
        return super().get_context_data(
            may_open=access.can_consult(user, pact), may_examine=access.can_examine(user, pact), **kwargs
        )


def consultation_or_404(request, pact_pk, pk):
    """The pact of the address and one of its consultations."""
    pact = pact_or_404(request.user, pact_pk)
    return pact, found_or_404(consultation_composed(), pact.pk, pk)


@cache
def consultation_composed():
    """The query of a consultation of a pact, with its version."""
    rows = Consultation.objects.filter(pact=AnyKey(0), pk=AnyKey(1)).order_by()
    return Composed(rows.select_related("version__pact", "pact__amends"))


def consultation_add(request, pact_pk):
    """Submit the text of today to partners; it goes on being written."""
    pact = pact_or_404(request.user, pact_pk)
    require(access.can_consult(request.user, pact))
    form = ConsultationForm(request.POST or None, instance=Consultation(pact=pact))
    if request.method == "POST" and form.is_valid():
        consultation = opened(pact, form, request.user)
        if consultation:
            messages.success(request, "Concertation ouverte. Les partenaires invités reçoivent un courriel.")
            return redirect(consultation)
    context = {"pact": pact, "form": form, "title": "Ouvrir une concertation", "verb": "Ouvrir la concertation"}
    return render(request, "partners/consultation_form.html", context)


def opened(pact, form, user):
    """The consultation, or None with the refusal on the form."""
    data = form.cleaned_data
    try:
        return open_consultation(
            pact=pact,
            title=data["title"],
            deadline=data["deadline"],
            message=data["message"],
            partners=data["partners"],
            by=user,
        )
    except ValidationError as error:
        form.add_error(None, error)
        return None


def consultation_edit(request, pact_pk, pk):
    """Its title, its deadline, its message; partners asked too."""
    pact, consultation = consultation_or_404(request, pact_pk, pk)
    require(access.can_lead_consultation(request.user, pact) and consultation.is_open)
    form = ConsultationForm(request.POST or None, instance=consultation)
    if request.method == "POST":
        with transaction.atomic():
            done = saved(form)
            if done:
                invite(consultation, form.cleaned_data.get("partners") or [])
        if done:
            messages.success(request, "Concertation enregistrée.")
            return redirect(consultation)
    context = {"pact": pact, "form": form, "title": "Modifier la concertation", "verb": "Enregistrer la concertation"}
    return render(request, "partners/consultation_form.html", {**context, "consultation": consultation})


@require_POST
def consultation_close(request, pact_pk, pk):
    """No more answers."""
    pact, consultation = consultation_or_404(request, pact_pk, pk)
    require(access.can_lead_consultation(request.user, pact))
    try:
        close_consultation(consultation=consultation)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "Concertation close. Ce qui reste à examiner attend dans la liste des propositions.")
    return redirect(consultation)


def consultation_detail(request, pact_pk, pk):
    """What is asked, until when; the text by place; one's own answers, or everybody's for the staff."""
    pact, consultation = consultation_or_404(request, pact_pk, pk)
    user = request.user
    may_examine = access.can_examine(user, pact)
    own = list(access.own_partners(user, pact).filter(consulted__consultation=consultation).select_related("organisation"))
    proposals = Proposal.objects.visible_to(user).filter(consultation=consultation).for_page()
    context = {
        "pact": pact,
        "consultation": consultation,
        "chapters": Passages(consultation.version).chapters(),
        "may_examine": may_examine,
        "may_lead": access.can_lead_consultation(user, pact),
        "may_remind": access.can_remind_of(user, consultation),
        "may_answer": access.can_answer(user, consultation),
        "own": own,
        "own_proposals": list(proposals.filter(partner__in=own)) if not may_examine else [],
        "own_opinions": list(
            Opinion.objects.filter(consultation=consultation, partner__in=own).select_related("partner", "proof")
        ),
        "answers": answers_of(consultation) if may_examine else [],
        "pending_count": proposals.pending().count() if may_examine else 0,
    }
    context["awaited"] = [line for line in context["answers"] if not line.has_answered]
    context["answered"] = [line for line in context["answers"] if line.has_answered]
    context["has_answered"] = bool(context["own_proposals"] or context["own_opinions"])
    return render(request, "partners/consultation_detail.html", context)


def place_detail(request, pact_pk, pk, uid):
    """One section or fiche of the version, paragraph by paragraph, each with the way to propose another wording."""
    pact, consultation = consultation_or_404(request, pact_pk, pk)
    passages = Passages(consultation.version)
    place = passages.find(str(uid))
    if place is None:
        raise Http404
    before, after = passages.neighbours(place)
    texts = passages.texts(place)
    proposals = Proposal.objects.visible_to(request.user).filter(consultation=consultation, target_uid=uid).for_page()
    context = {
        "pact": pact,
        "consultation": consultation,
        "place": place,
        "texts": [one for one in texts if one.html],
        "empty": [one for one in texts if not one.html],
        "others": passages.others(place),
        "before": before,
        "after": after,
        "proposals": list(proposals),
        "may_answer": access.can_answer(request.user, consultation),
    }
    return render(request, "partners/place_detail.html", context)
