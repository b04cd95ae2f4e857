"""The money of a pact: who pays what, when, and how sure it is."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django.views.generic import CreateView, UpdateView

from actions.access import can_edit_funding
from actions.enums import FundingState, FundingUnit
from actions.filters import FundingFilter
from actions.forms.fundings import FundingForm
from actions.models import Funding
from actions.money.sums import Total
from actions.tables import FundingTable
from pti.access import is_staff_on, require
from pti.numbers import read_whole
from pti.views import ScopedMixin, TablePage, pact_or_404


class FundingList(TablePage):
    """Every funding, and the totals of what is filtered, by state."""

    model = Funding
    table_class = FundingTable
    filterset_class = FundingFilter
    template_name = "actions/funding_list.html"
    xlsx = True

    def get_filterset_kwargs(self, filterset_class):
        return super().get_filterset_kwargs(filterset_class) | {"pact": self.pact}

    def get_table_kwargs(self):
        return super().get_table_kwargs() | {"may_edit": lambda row: self.may_edit(row)}

    def may_edit(self, funding):
        return is_staff_on(self.request.user, self.pact) and (funding.is_life_row or not self.pact.is_frozen)

    def way_out(self):
        if is_staff_on(self.request.user, self.pact):
            return reverse("actions:funding_add", args=[self.pact.pk]), "Ajouter un financement"
        return None

    def get_context_data(self, **kwargs):
        context = super().get_context_data(may_add=is_staff_on(self.request.user, self.pact), **kwargs)
        unit = context["filter"].data.get("unit") if context["filter"].data else None
        unit = unit if unit in FundingUnit.values else FundingUnit.EUROS
        rows = {row["state"]: Total.of(row, unit) for row in context["filter"].qs.in_unit(unit).totals("state")}
        totals = [(word, rows[state]) for state, word in FundingState.choices if state in rows]
        words = "nature" if unit == FundingUnit.IN_KIND else FundingUnit(unit).label
        return context | {"totals": totals, "unit": words}


class FundingForms(ScopedMixin):
    """What creating and editing a funding share."""

    model = Funding
    form_class = FundingForm
    template_name = "actions/funding_form.html"
    saved_words = "Financement enregistré."

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"pact": self.pact}

    def get_success_url(self):
        return reverse("actions:funding_list", args=[self.pact.pk])


class FundingAdd(FundingForms, CreateView):
    allowed_in = staticmethod(is_staff_on)

    def get_initial(self):
        wanted = read_whole(self.request.GET.get("fiche"))
        state = FundingState.ASKED if self.pact.is_frozen else FundingState.PLANNED
        return {"state": state} | ({"action": wanted} if wanted else {})


class FundingEdit(FundingForms, UpdateView):
    allowed = staticmethod(can_edit_funding)


@require_http_methods(["GET", "POST"])
def funding_delete(request, pact_pk, pk):
    """Ask, then remove."""
    pact = pact_or_404(request.user, pact_pk)
    funding = get_object_or_404(Funding.objects.read_in(request.user, pact), pk=pk)
    require(can_edit_funding(request.user, funding))
    if request.method == "POST":
        funding.delete()
        messages.success(request, "Financement supprimé.")
        return redirect("actions:funding_list", pact.pk)
    return render(request, "actions/funding_delete.html", {"pact": pact, "funding": funding})
