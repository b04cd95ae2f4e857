"""Writing a fiche: create, edit with its rows, move, remove; and what may still move once the text is frozen."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from actions.access import can_edit_action, can_edit_life, can_update_action
from actions.forms.fiches import ActionForm, ShortTitleForm, SuccessionForm, with_row_moves
from actions.models import Action, ActionDocument, Axis, Lead
from actions.reading import read_written_parts, written_composed
from actions.services import move_action, succeed_lead
from actions.todo import headings_of
from pti.access import can_write_frame, require
from pti.contract import FROZEN_MESSAGE, FrozenText
from pti.documents import attach, detach
from pti.forms import Moved, saved
from pti.found import found_or_404
from pti.numbers import read_whole
from pti.views import pact_or_404

MANY_INDICATORS = 3
IS_SPOKEN_OF = "Une décision ou un ordre du jour porte sur cette fiche : elle se garde. Dites-la plutôt « abandonnée »."


def action_or_404(request, pact_pk, pk):
    """(pact, action) of the address."""
    pact = pact_or_404(request.user, pact_pk)
    action = found_or_404(written_composed(), pact.pk, pk)
    action.pact = pact
    return pact, action


@require_http_methods(["GET", "POST"])
def action_add(request, pact_pk):
    """A new fiche: only the title is demanded."""
    pact = pact_or_404(request.user, pact_pk)
    require(can_write_frame(request.user, pact))
    action = Action(pact=pact)
    asked = read_whole(request.GET.get("axe"))
    axis = Axis.objects.filter(pact=pact, pk=asked).first() if asked else None
    return write(request, action, initial={"axis": axis})


@require_http_methods(["GET", "POST"])
def action_edit(request, pact_pk, pk):
    """The text of a fiche, its rows included; once frozen, its short title only."""
    pact, action = action_or_404(request, pact_pk, pk)
    require(can_edit_life(request.user, action))
    if can_edit_action(request.user, action):
        read_written_parts(action)
        return write(request, action)
    if "title" in request.POST:
        form = ActionForm(request.POST, instance=action, pact=pact)
        form.quieten()
        form.add_error(None, FROZEN_MESSAGE)
        return draw(request, action, form, status=403)
    form = ShortTitleForm(request.POST or None, instance=action)
    if request.method == "POST" and saved(form):
        messages.success(request, "Titre court enregistré.")
        return redirect(action)
    return render(request, "actions/action_short_title.html", {"pact": pact, "action": action, "form": form})


def write(request, action, initial=None):
    """Draw the form, add or remove a row, or save everything at once."""
    if request.method != "POST":
        return draw(request, action, ActionForm(instance=action, pact=action.pact, initial=initial))
    if "ajouter" in request.POST or "retirer" in request.POST:
        groups = ActionForm(request.POST, instance=action, pact=action.pact).groups
        form = ActionForm(with_row_moves(request.POST, groups), instance=action, pact=action.pact)
        form.quieten()
        return draw(request, action, form)
    form = ActionForm(request.POST, instance=action, pact=action.pact)
    if form.is_valid() and save(form):
        messages.success(request, "Fiche enregistrée.")
        return redirect(form.instance)
    return draw(request, action, form)


def save(form):
    """The fiche and its rows, or nothing; what another person froze or saved meanwhile is told in the form."""
    try:
        form.save_whole()
    except Moved:
        form.full_clean()
        return False
    except FrozenText as error:
        form.add_error(None, error)
        return False
    return True


def as_stored(action):
    """The fiche as the base holds it, with all that its form shows; None for a new one."""
    stored = written_composed().row_of(action.pact_id, action.pk) if action.pk else None
    if stored:
        stored.pact = action.pact
        read_written_parts(stored)
    return stored


def draw(request, action, form, status=200):
    """The page of the form and its panel « rubriques remplies »."""
    stored = as_stored(action) if form.is_bound or not action.pk else action
    headings = headings_of(stored) if stored else []
    filled = [one for one in headings if one.is_filled]
    indicator_count = len(stored.indicators.all()) if stored else 0
    context = {
        "pact": action.pact,
        "action": stored,
        "form": form,
        "headings": headings,
        "filled": filled,
        "to_fill": [one for one in headings if not one.is_filled],
        "percent": f"{100 * len(filled) / len(headings):.0f}" if headings else "0",
        "indicator_count": indicator_count if indicator_count > MANY_INDICATORS else 0,
    }
    return render(request, "actions/action_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def action_delete(request, pact_pk, pk):
    """Ask, then remove: before adoption only."""
    pact, action = action_or_404(request, pact_pk, pk)
    require(can_edit_action(request.user, action))
    if request.method == "POST":
        name = str(action)
        try:
            action.delete()
        except ProtectedError:
            messages.error(request, IS_SPOKEN_OF)
            return redirect(action)
        messages.success(request, f"« {name} » est supprimée.")
        return redirect("actions:action_list", pact.pk)
    return render(request, "actions/action_delete.html", {"pact": pact, "action": action})


@require_POST
def action_move(request, pact_pk, pk):
    """One place up or down under its axis (`sens=haut` or `bas`)."""
    pact, action = action_or_404(request, pact_pk, pk)
    require(can_edit_action(request.user, action))
    move_action(action=action, up=request.GET.get("sens") != "bas", by=request.user)
    return redirect(action.axis or reverse("actions:axis_tree", args=[pact.pk]))


@require_http_methods(["GET", "POST"])
def document_add(request, pact_pk, pk):
    """Attach a file: staff and those who lead."""
    pact, action = action_or_404(request, pact_pk, pk)
    require(can_update_action(request.user, action))
    crumbs = ("Fiches-actions", reverse("actions:action_list", args=[pact.pk]))
    document = ActionDocument(action=action)
    return attach(request, document, pact=pact, owner=action, back=f"{action.get_absolute_url()}#documents", crumbs=crumbs)


@require_POST
def document_delete(request, pact_pk, pk):
    """Remove a file: staff."""
    pact = pact_or_404(request.user, pact_pk)
    rows = ActionDocument.objects.visible_to(request.user).filter(action__pact=pact, action__withdrawn_on=None)
    document = get_object_or_404(rows.select_related("action"), pk=pk)
    require(can_edit_life(request.user, document.action))
    return detach(request, document, back=f"{document.action.get_absolute_url()}#documents")


@require_http_methods(["GET", "POST"])
def lead_succeed(request, pact_pk, pk):
    """End a lead and name the next one: what happens, also once the text is frozen."""
    pact = pact_or_404(request.user, pact_pk)
    rows = Lead.objects.visible_to(request.user).filter(action__pact=pact, ended_on=None)
    lead = get_object_or_404(rows.select_related("action", "organisation"), pk=pk)
    require(can_edit_life(request.user, lead.action))
    form = SuccessionForm(request.POST or None)
    if form.is_valid():
        try:
            succeed_lead(lead=lead, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Changement de pilotage enregistré.")
            return redirect(lead.action)
    return render(request, "actions/lead_succeed.html", {"pact": pact, "lead": lead, "form": form})
