"""The tree of the pact: its page, the page of one node, and writing it."""

from django.contrib import messages
from django.db.models import Max
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import CreateView, DetailView, TemplateView, UpdateView

from actions.access import can_edit_axis
from actions.enums import FundingUnit
from actions.forms.axes import AxisForm
from actions.models import Action, Axis, Funding
from actions.money.totals import totals_table
from actions.services import move_axis
from actions.tree import Tree
from pti.access import can_write_frame, require
from pti.numbers import read_whole
from pti.views import ScopedMixin, pact_or_404

AXIS_TEXTS = ("objective", "summary", "findings", "recommendations", "perspectives", "themes_text", "title_variants")


class AxisTree(ScopedMixin, TemplateView):
    """Every node with its actions, in the pact's own words."""

    template_name = "actions/axis_tree.html"

    def get_context_data(self, **kwargs):
        tree = Tree(self.pact)
        actions = Action.objects.read_in(self.request.user, self.pact).prefetch_related("other_axes")
        loose = tree.hang(actions.order_by("order", "number_key", "id"))
        return super().get_context_data(
            nodes=list(tree.walk()), loose=loose, may_write=can_write_frame(self.request.user, self.pact), **kwargs
        )


class AxisDetail(ScopedMixin, DetailView):
    """One node: what it says, its actions and those below, by status."""

    model = Axis
    template_name = "actions/axis_detail.html"

    def get_context_data(self, **kwargs):
        tree = Tree(self.pact)
        node = tree.nodes[self.object.pk]
        rows = Action.objects.read_in(self.request.user, self.pact).under(tree.below(self.object))
        return super().get_context_data(
            node=node,
            path=tree.path_to(self.object)[:-1],
            actions=rows.for_table().order_by("order", "number_key", "id"),
            on=self.pact.reference_day,
            money_query=f"?axis={self.object.pk}",
            money=money_under(self.request.user, self.pact, node),
            has_text=any(getattr(self.object, name) for name in AXIS_TEXTS),
            may_write=can_write_frame(self.request.user, self.pact),
            **kwargs,
        )


def money_under(user, pact, node):
    """The money of a node and of what is below it, by funder; each figure leads to its rows."""
    keys = [one.axis.pk for one in node.walk()]
    rows = Funding.objects.read_in(user, pact).placed_under(keys)
    table = totals_table(rows, pact=pact, by="financeur", unit=FundingUnit.EUROS)
    list_url = reverse("actions:funding_list", args=[pact.pk])
    for line in (*table.page, table.foot):
        for figure in line.figures:
            query = {"axis": node.axis.pk, "unit": FundingUnit.EUROS.value} | figure.query
            figure.url = f"{list_url}?{urlencode(query)}" if figure.total else ""
    return table


class AxisForms(ScopedMixin):
    """What creating and editing a node share."""

    model = Axis
    form_class = AxisForm
    template_name = "actions/axis_form.html"
    saved_words = "L’arbre est enregistré."

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"pact": self.pact}

    def get_success_url(self):
        return f"{reverse('actions:axis_tree', args=[self.pact.pk])}#axe-{self.object.pk}"


class AxisAdd(AxisForms, CreateView):
    allowed_in = staticmethod(can_write_frame)

    def get_initial(self):
        wanted = read_whole(self.request.GET.get("sous"))
        return {"parent": wanted} if wanted else {}

    def form_valid(self, form):
        last = Axis.objects.filter(pact=self.pact).aggregate(last=Max("order"))["last"]
        form.instance.order = 0 if last is None else last + 1
        return super().form_valid(form)


class AxisEdit(AxisForms, UpdateView):
    allowed = staticmethod(can_edit_axis)


def axis_to_write(request, pact_pk, pk):
    pact = pact_or_404(request.user, pact_pk)
    axis = get_object_or_404(Axis.objects.read_in(request.user, pact), pk=pk)
    require(can_edit_axis(request.user, axis))
    return pact, axis


@require_POST
def axis_move(request, pact_pk, pk):
    """One place up or down among its brothers (`sens=haut` or `bas`)."""
    pact, axis = axis_to_write(request, pact_pk, pk)
    move_axis(axis=axis, up=request.GET.get("sens") != "bas", by=request.user)
    return redirect(f"{reverse('actions:axis_tree', args=[pact.pk])}#axe-{axis.pk}")


@require_http_methods(["GET", "POST"])
def axis_delete(request, pact_pk, pk):
    """Ask, then remove a node that holds nothing: before adoption only."""
    pact, axis = axis_to_write(request, pact_pk, pk)
    if axis.children.exists() or axis.actions.exists():
        messages.error(request, "Des fiches ou d’autres niveaux y sont rattachés : déplacez-les d’abord.")
        return redirect(axis)
    if request.method == "POST":
        axis.delete()
        messages.success(request, "L’arbre est enregistré.")
        return redirect("actions:axis_tree", pact.pk)
    return render(request, "actions/axis_delete.html", {"pact": pact, "axis": axis})
