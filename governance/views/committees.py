"""Committees (« instances »): page, entry, and the parts that make them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import CreateView, DetailView, UpdateView

from governance.access import can_delete_committee, can_write_committee
from governance.forms import PART_FORMS, CommitteeForm
from governance.models import Committee
from governance.obligations import obligations
from governance.reading import committee_composed, committee_or_404, happened_in
from governance.services import delete_committee
from governance.tables import decision_state, keeping_state, meeting_state
from pti import typography
from pti.access import is_staff_on, require
from pti.forms import saved
from pti.found import found_or_404
from pti.views import ScopedMixin, pact_or_404

SAVED = "Instance enregistrée."
SAME_PILOT = "Le pilote et le copilote de ce groupe sont le même organisme : le guide en demande deux."


class CommitteeDetail(ScopedMixin, DetailView):
    model = Committee
    template_name = "governance/committee_detail.html"

    def get_object(self, queryset=None):
        return committee_or_404(self.pact, self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        user, committee = self.request.user, self.object
        day = self.pact.reference_day
        meetings, decisions, referrals = happened_in(user, committee, self.pact)
        chairs = {str(chair) for chair in committee.chairs.all()}
        seats = list(committee.seats.all())
        obligation = obligations([committee], self.pact)[committee.pk]
        return super().get_context_data(
            obligation=keeping_state(obligation),
            meetings=[(row, meeting_state(row)) for row in meetings],
            decisions=[(row, decision_state(row, day)) for row in decisions],
            referrals=referrals,
            chair_text="" if committee.chair_text in chairs else committee.chair_text,
            seats=seats,
            seats_meta=typography.plural(len(seats), "siège") if seats else "",
            mandated=[other for other in committee.mandated.all() if other.pact_id == self.pact.pk],
            takes_over_from=", ".join(other.name for other in committee.takes_over_from.all()),
            services=[one for one in committee.services.all() if one.pact_id != self.pact.pk],
            formations=list(committee.formations.all()),
            committee_key=str(committee.pk),
            can_write=can_write_committee(user, committee),
            can_delete=can_delete_committee(user, committee),
            **kwargs,
        )


class CommitteeCreate(ScopedMixin, CreateView):
    model = Committee
    form_class = CommitteeForm
    template_name = "governance/committee_form.html"
    allowed_in = staticmethod(is_staff_on)

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        kwargs["instance"] = Committee(pact=self.pact)
        return {**kwargs, "pact": self.pact}

    def on_saved(self):
        say_saved(self.request, self.object)


class CommitteeEdit(ScopedMixin, UpdateView):
    model = Committee
    form_class = CommitteeForm
    template_name = "governance/committee_form.html"
    allowed = staticmethod(can_write_committee)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "pact": self.pact}

    def on_saved(self):
        say_saved(self.request, self.object)


def say_saved(request, committee):
    messages.success(request, SAVED)
    if committee.same_pilot_twice:
        messages.warning(request, SAME_PILOT)


def committee_of(request, pact_pk, committee_pk):
    """(pact, committee) that the person may write in; only the pact that owns a committee writes it."""
    pact = pact_or_404(request.user, pact_pk)
    committee = found_or_404(committee_composed(), pact.pk, committee_pk)
    require(can_write_committee(request.user, committee))
    return pact, committee


@require_http_methods(["GET", "POST"])
def committee_delete(request, pact_pk, pk):
    """Ask, then remove: before adoption only."""
    pact, committee = committee_of(request, pact_pk, pk)
    require(can_delete_committee(request.user, committee))
    context = {"pact": pact, "committee": committee, "refusal": ""}
    if request.method == "POST":
        try:
            delete_committee(committee=committee, by=request.user)
        except ValidationError as error:
            context["refusal"] = error.messages[0]
        else:
            messages.success(request, f"« {committee.name} » est supprimée.")
            return redirect("governance:committee_list", pact.pk)
    return render(request, "governance/committee_delete.html", context)


def edit_part(request, pact_pk, committee_pk, part, pk=None):
    """Add or edit a chair, a seat, a formation, a plan served."""
    pact, committee = committee_of(request, pact_pk, committee_pk)
    form_class = PART_FORMS[part]
    model = form_class._meta.model
    row = get_object_or_404(model, committee=committee, pk=pk) if pk else model(committee=committee)
    form = form_class(request.POST or None, instance=row, pact=pact, user=request.user)
    if request.method == "POST" and saved(form):
        messages.success(request, f"{capfirst(model._meta.verbose_name)} : enregistré.")
        return redirect("governance:committee_detail", pact.pk, committee.pk)
    context = {"pact": pact, "committee": committee, "form": form, "part": part, "row": row if pk else None}
    return render(request, "governance/part_form.html", context | {"noun": model._meta.verbose_name})


@require_POST
def delete_part(request, pact_pk, committee_pk, part, pk):
    """Take a part off, when the text may still be written; a mandate that ends gets its date instead."""
    pact, committee = committee_of(request, pact_pk, committee_pk)
    model = PART_FORMS[part]._meta.model
    row = get_object_or_404(model, committee=committee, pk=pk)
    PART_FORMS[part].remove(request, row)
    return redirect("governance:committee_detail", pact.pk, committee.pk)
