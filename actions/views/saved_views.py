"""« Vues enregistrées »: saved from the list or another tab, named, shared, followed, removed."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django.views.generic import ListView

from actions import tabs
from actions.access import can_edit_view
from actions.forms.saved_views import PaceForm, SavedViewForm
from actions.models import SavedView, Subscription
from actions.views.lists import filtered_actions
from actions.watching import follow
from pti.access import is_staff_on, require
from pti.forms import saved
from pti.views import ROWS_A_PAGE, ScopedMixin, pact_or_404

LONGEST = SavedView._meta.get_field("query").max_length
MOST = 50


class SavedViewList(ScopedMixin, ListView):
    """Her own views, and for staff those that are shared."""

    model = SavedView
    paginate_by = ROWS_A_PAGE
    template_name = "actions/saved_view_list.html"

    def get_queryset(self):
        user = self.request.user
        return super().get_queryset().listed_for(user, is_staff=is_staff_on(user, self.pact)).select_related("owner")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user, views = self.request.user, list(context["page_obj"])
        paces = {one.view_id: one for one in Subscription.objects.filter(user=user, view__in=views)}
        for view in views:
            view.pact = self.pact
        lines = [(view, paces.get(view.pk), can_edit_view(user, view)) for view in views]
        return context | {"lines": lines}


def view_or_404(request, pact_pk, pk):
    """(pact, view) of the address, when the person may see the view."""
    pact = pact_or_404(request.user, pact_pk)
    rows = SavedView.objects.filter(pact=pact).listed_for(request.user, is_staff=is_staff_on(request.user, pact))
    view = get_object_or_404(rows.select_related("owner"), pk=pk)
    view.pact = pact
    return pact, view


@require_http_methods(["GET", "POST"])
def saved_view_add(request, pact_pk):
    """The filters of the address and the tab that it names, under a name."""
    pact = pact_or_404(request.user, pact_pk)
    filterset = filtered_actions(request, pact)
    tab = tabs.named(request.GET.get(tabs.PARAM))
    query, said = tab.query_of(filterset, request.GET), " ; ".join(words for words, _ in filterset.chips())
    view = SavedView(pact=pact, owner=request.user, query=query[:LONGEST], said=said[:300], tab=tab.key)
    data = request.POST if request.method == "POST" else None
    form = SavedViewForm(data, instance=view, may_share=is_staff_on(request.user, pact))
    if form.is_valid() and len(query) > LONGEST:
        form.add_error(None, "Ces filtres sont trop longs pour être enregistrés : retirez-en un.")
    if form.is_valid() and SavedView.objects.filter(pact=pact, owner=request.user).count() >= MOST:
        form.add_error(None, f"Vous avez déjà {MOST} vues : supprimez-en une.")
    if saved(form):
        follow(view=view, user=request.user, pace=form.cleaned_data["pace"])
        messages.success(request, f"Vue « {view.name} » enregistrée.")
        return redirect(view)
    return draw(request, pact, view, form)


@require_http_methods(["GET", "POST"])
def saved_view_edit(request, pact_pk, pk):
    """Rename, share, choose when to be told; on somebody else's view, the last only."""
    pact, view = view_or_404(request, pact_pk, pk)
    row = Subscription.objects.filter(view=view, user=request.user).first()
    data, initial = request.POST if request.method == "POST" else None, {"pace": row.pace if row else ""}
    if can_edit_view(request.user, view):
        form = SavedViewForm(data, instance=view, initial=initial, may_share=is_staff_on(request.user, pact))
        done = saved(form)
    else:
        form = PaceForm(data, initial=initial)
        done = form.is_valid()
    if done:
        follow(view=view, user=request.user, pace=form.cleaned_data["pace"])
        messages.success(request, f"Vue « {view.name} » enregistrée.")
        return redirect("actions:saved_view_list", pact.pk)
    return draw(request, pact, view, form)


def draw(request, pact, view, form):
    back = reverse("actions:saved_view_list", args=[pact.pk]) if view.pk else view.get_absolute_url()
    return render(request, "actions/saved_view_form.html", {"pact": pact, "view": view, "form": form, "back": back})


@require_http_methods(["GET", "POST"])
def saved_view_delete(request, pact_pk, pk):
    """Ask, then remove: the fiches stay as they are."""
    pact, view = view_or_404(request, pact_pk, pk)
    require(can_edit_view(request.user, view))
    if request.method == "POST":
        view.delete()
        messages.success(request, f"Vue « {view.name} » supprimée.")
        return redirect("actions:saved_view_list", pact.pk)
    followers = view.subscriptions.exclude(user=request.user).count()
    return render(request, "actions/saved_view_delete.html", {"pact": pact, "view": view, "followers": followers})
