"""The board of the fiches by status, and what moves a fiche from one column to another."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_safe

from actions.access import can_update_action
from actions.board import columns_of
from actions.campaigns.deeds import take_update
from actions.enums import ActionStatus
from actions.forms.moves import MoveForm
from actions.models import Action
from actions.services import StandsElsewhere, move_status
from actions.views.lists import filtered_actions, view_context
from actions.views.updates import own_organisations
from pti import typography
from pti.access import can_follow, is_staff_on, require
from pti.views import pact_or_404


@require_safe
def action_board(request, pact_pk):
    """The fiches that the filters keep, one column a status."""
    pact = pact_or_404(request.user, pact_pk)
    filterset = filtered_actions(request, pact)
    columns = columns_of(pact, filterset.qs, request.GET, lambda keys: movable(request.user, pact, keys))
    context = view_context(pact, filterset, "tableau") | {
        "day": pact.reference_day,
        "columns": columns,
        "may_move": any(card.may_move for column in columns for card in column.cards),
    }
    return render(request, "actions/action_board.html", context)


def movable(user, pact, keys):
    """Keys of the fiches that the person may move: same rule as `can_update_action`, for a page of them."""
    if can_follow(user, pact):
        return set(keys)
    if is_staff_on(user, pact) or pact.is_amendment:
        return set()
    return set(Action.objects.filter(pk__in=keys).led_by(user).values_list("pk", flat=True))


@require_http_methods(["GET", "POST"])
def action_status(request, pact_pk, pk):
    """Move a fiche to another status, with a sentence when it stops; the address carries the board that one comes from."""
    pact = pact_or_404(request.user, pact_pk)
    action = get_object_or_404(Action.objects.read_in(request.user, pact), pk=pk)
    action.pact = pact
    require(can_update_action(request.user, action))
    query = request.GET.copy()
    to = query.pop("vers", [""])[-1]
    initial = {"status": to if to in ActionStatus.values else "", "seen": action.status}
    form = MoveForm(request.POST if request.method == "POST" else None, initial=initial, action=action)
    back = f"{reverse('actions:action_board', args=[pact.pk])}{'?' if query else ''}{query.urlencode()}"
    if form.is_valid() and moved(request, action, form):
        return redirect(f"{back}#{action.status}")
    return render(request, "actions/action_status.html", {"pact": pact, "action": action, "form": form, "back": back})


def moved(request, action, form):
    """Record the update; a refusal stays in the form, which then tells where the fiche stands."""
    said = form.cleaned_data
    own = None if is_staff_on(request.user, action.pact) else own_organisations(request.user, action).first()
    try:
        update = move_status(
            action=action, to=said["status"], seen=said["seen"], sentence=said["sentence"], by=request.user, organisation=own
        )
    except StandsElsewhere as error:
        form.stands(action.status)
        form.add_error(None, error)
        return False
    except ValidationError as error:
        form.add_error("status", error)
        return False
    take_update(update)
    name = typography.typeset(f"{'Fiche ' + action.number if action.number else action.label} : {action.get_status_display()}.")
    messages.success(request, capfirst(name))
    return True
