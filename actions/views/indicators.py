"""Indicators: the list, the page of one, its definition, its values."""

from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django.views.generic import CreateView, DetailView, UpdateView

from actions.access import can_edit_indicator, can_measure
from actions.figures import indicator_chart, indicator_rows, indicator_years, is_whole
from actions.filters import IndicatorFilter
from actions.forms.indicators import IndicatorForm, MeasureForm
from actions.models import Indicator, Measure, Target
from actions.services import record_measure
from actions.tables import IndicatorTable
from partners.models import Organisation
from pti.access import can_write_frame, is_staff_on, require
from pti.numbers import read_whole
from pti.views import ScopedMixin, TablePage, pact_or_404


class IndicatorList(TablePage):
    """Every indicator of the pact, of its axes and of its fiches."""

    model = Indicator
    table_class = IndicatorTable
    filterset_class = IndicatorFilter
    template_name = "actions/indicator_list.html"
    xlsx = True

    def way_out(self):
        if can_write_frame(self.request.user, self.pact):
            return reverse("actions:indicator_add", args=[self.pact.pk]), "Ajouter un indicateur"
        return None

    def get_filterset_kwargs(self, filterset_class):
        return super().get_filterset_kwargs(filterset_class) | {"pact": self.pact}

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_write=can_write_frame(self.request.user, self.pact), **kwargs)


class IndicatorDetail(ScopedMixin, DetailView):
    """Targets and values by year, each series apart; then how it is counted."""

    model = Indicator
    template_name = "actions/indicator_detail.html"

    def get_queryset(self):
        measures = Measure.objects.select_related("organisation", "territory", "recorded_by").order_by("year", "series", "id")
        rows = self.scoped(Indicator.objects.with_withdrawn()).with_last_value().select_related("action", "axis")
        targets = Target.objects.with_whole("indicator")
        return rows.prefetch_related(Prefetch("targets", targets), Prefetch("measures", measures))

    def get_context_data(self, **kwargs):
        indicator, on = self.object, self.pact.reference_day
        indicator.pact = self.pact
        if indicator.action is not None:
            indicator.action.pact = self.pact
        years = indicator_years([indicator])
        rows = indicator_rows([indicator], years, on)
        return super().get_context_data(
            years=years,
            rows=rows,
            charts=[indicator_chart(row) for row in rows],
            details=[one for one in indicator.measures.all() if not is_whole(one)],
            may_edit=can_edit_indicator(self.request.user, indicator),
            may_measure=can_measure(self.request.user, indicator),
            **kwargs,
        )


class IndicatorForms(ScopedMixin):
    """What creating and editing an indicator share."""

    model = Indicator
    form_class = IndicatorForm
    template_name = "actions/indicator_form.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"pact": self.pact}


class IndicatorAdd(IndicatorForms, CreateView):
    allowed_in = staticmethod(can_write_frame)

    def get_initial(self):
        wanted = read_whole(self.request.GET.get("fiche"))
        return {"action": wanted} if wanted else {}


class IndicatorEdit(IndicatorForms, UpdateView):
    allowed = staticmethod(can_edit_indicator)


@require_http_methods(["GET", "POST"])
def indicator_delete(request, pact_pk, pk):
    """Ask, then remove: before adoption only, its values with it."""
    pact = pact_or_404(request.user, pact_pk)
    indicator = get_object_or_404(Indicator.objects.read_in(request.user, pact), pk=pk)
    require(can_edit_indicator(request.user, indicator))
    if request.method == "POST":
        indicator.delete()
        messages.success(request, "Indicateur supprimé.")
        return redirect("actions:indicator_list", pact.pk)
    return render(request, "actions/indicator_delete.html", {"pact": pact, "indicator": indicator})


@require_http_methods(["GET", "POST"])
def measure_add(request, pact_pk, pk):
    """A value of a year: staff, and the partner that leads the action."""
    pact = pact_or_404(request.user, pact_pk)
    rows = Indicator.objects.read_in(request.user, pact).select_related("action")
    indicator = get_object_or_404(rows, pk=pk)
    require(can_measure(request.user, indicator))
    is_staff = is_staff_on(request.user, pact)
    own = None if is_staff else Organisation.objects.filter(memberships__user=request.user)
    form = MeasureForm(request.POST or None, indicator=indicator, organisations=own)
    if form.is_valid():
        data = form.cleaned_data
        organisation = data.pop("organisation") or (own.first() if own is not None else None)
        record_measure(
            indicator=indicator,
            by=request.user,
            organisation=organisation,
            on_behalf=bool(is_staff and organisation),
            **{name: value for name, value in data.items() if value is not None},
        )
        messages.success(request, "Valeur enregistrée.")
        return redirect(indicator)
    return render(request, "actions/measure_form.html", {"pact": pact, "indicator": indicator, "form": form})


@require_http_methods(["GET", "POST"])
def measure_delete(request, pact_pk, pk):
    """Ask, then remove a value entered by mistake; the journal keeps it."""
    pact = pact_or_404(request.user, pact_pk)
    rows = Measure.objects.visible_to(request.user).filter(indicator__pact=pact).select_related("indicator__action")
    measure = get_object_or_404(rows, pk=pk)
    require(can_measure(request.user, measure.indicator))
    if request.method == "POST":
        measure.delete()
        messages.success(request, "Valeur retirée.")
        return redirect(measure.indicator)
    return render(request, "actions/measure_delete.html", {"pact": pact, "measure": measure})
