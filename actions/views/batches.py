"""« Modifier en lot »: choose the change, look at what it would do, apply it, undo it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from actions import tabs
from actions.access import can_change_many, can_change_many_texts
from actions.bulk import deeds
from actions.enums import BatchKind, BatchState
from actions.forms.batches import FORMS
from actions.models import Batch
from actions.views.lists import filtered_actions
from pti import typography
from pti.access import can_follow, require
from pti.numbers import read_whole
from pti.views import ROWS_A_PAGE, pact_or_404

RECENT = 10
TOO_MANY = f"Une modification porte sur {deeds.MOST} fiches au plus : ajoutez un filtre."


def kinds_for(user, pact):
    """What this person may change in several fiches of the pact."""
    life = [BatchKind.STATUS, BatchKind.LEAD, BatchKind.FORECAST] if can_follow(user, pact) else []
    return life + ([BatchKind.THEME] if can_change_many_texts(user, pact) else [])


def chosen_actions(request, pact):
    """(fiches, filters): those that are ticked, else those that the filters keep; none when a filter is not understood."""
    filterset = filtered_actions(request, pact)
    ticked = [key for key in map(read_whole, request.GET.getlist("fiche")) if key]
    kept = filterset.qs if filterset.is_valid() else filterset.queryset.none()
    rows = filterset.queryset.filter(pk__in=ticked) if "fiche" in request.GET else kept
    return rows.order_by("number_key", "order", "id"), filterset


@require_http_methods(["GET", "POST"])
def batch_add(request, pact_pk):
    """First step: what changes, over which fiches; nothing is written in them."""
    pact = pact_or_404(request.user, pact_pk)
    require(can_change_many(request.user, pact))
    kinds = kinds_for(request.user, pact)
    require(kinds)
    actions, filterset = chosen_actions(request, pact)
    count = actions.count()
    asked = request.GET.get("quoi")
    kind = next((one for one in kinds if one == asked), kinds[0])
    form = FORMS[kind](request.POST if request.method == "POST" else None, pact=pact)
    if form.is_valid() and count > deeds.MOST:
        form.add_error(None, TOO_MANY)
    elif form.is_valid() and not count:
        form.add_error(None, "Aucune fiche n’est choisie.")
    elif form.is_valid():
        told = {"kind": kind, "params": form.params(), "said": typography.typeset(form.said())}
        batch = deeds.prepare(pact=pact, actions=actions, by=request.user, **told)
        messages.success(request, "Aperçu prêt.")
        return redirect(batch)
    context = {
        "pact": pact,
        "form": form,
        "kind": kind,
        "kinds": [(one, address_of(request, one)) for one in kinds],
        "count": count,
        "some": actions.only("pact", "number", "title", "short_title")[:ROWS_A_PAGE],
        "filter": filterset,
        "is_ticked": "fiche" in request.GET,
        "back": back_to(request, pact, filterset),
        "recent": Batch.objects.filter(pact=pact).exclude(asked_at=None).select_related("made_by")[:RECENT],
    }
    return render(request, "actions/batch_add.html", context)


def back_to(request, pact, filterset):
    """The tab that one comes from, with its filters."""
    tab = tabs.named(request.GET.get(tabs.PARAM))
    return tab.address(pact.pk, tab.query_of(filterset, request.GET))


def address_of(request, kind):
    """The same page, for another change."""
    query = request.GET.copy()
    query["quoi"] = kind
    return f"?{query.urlencode()}"


@require_http_methods(["GET", "POST"])
def batch_detail(request, pact_pk, pk):
    """Second step: before and after, fiche by fiche; then apply, later undo."""
    pact = pact_or_404(request.user, pact_pk)
    require(can_change_many(request.user, pact))
    batch = get_object_or_404(Batch.objects.filter(pact=pact).select_related("pact", "made_by", "undone_by"), pk=pk)
    if request.method == "POST":
        return decide(request, batch)
    lines = batch.lines.select_related("action").order_by("action__number_key", "action__order", "id")
    counts = batch.lines.aggregate(
        changed=Count("pk", filter=Q(refusal="")),
        refused=Count("pk", filter=~Q(refusal="")),
        stuck=Count("pk", filter=~Q(undo_refusal="")),
    )
    context = {
        "pact": pact,
        "batch": batch,
        "state": batch.state,
        "told": batch.progress.read() if batch.is_waiting else None,
        "counts": counts,
        "page": Paginator(lines.filter(refusal=""), ROWS_A_PAGE).get_page(request.GET.get("page")),
        "refused": Paginator(lines.exclude(refusal=""), ROWS_A_PAGE).get_page(request.GET.get("refus")),
        "stuck": lines.exclude(undo_refusal="")[:ROWS_A_PAGE],
    }
    return render(request, "actions/batch_detail.html", context)


def decide(request, batch):
    """Apply or undo: the first who asks; whoever comes second is told where the batch stands."""
    asked = False
    if "appliquer" in request.POST and batch.state == BatchState.DRAFT:
        asked = deeds.ask(batch, by=request.user)
    elif "annuler" in request.POST and batch.state == BatchState.APPLIED:
        asked = deeds.ask_undo(batch, by=request.user)
    batch.refresh_from_db()
    if not asked:
        messages.info(request, f"Cette modification est déjà {batch.state.label}.")
    return redirect(batch)
