"""The parts of a pact that live on the actions' floor."""

from django.urls import reverse

from actions.enums import ActionStatus
from actions.models import (
    Action,
    ActionDocument,
    Axis,
    Campaign,
    CampaignPlan,
    CampaignRequest,
    Funding,
    Indicator,
    Lead,
    Measure,
    Milestone,
    Roadmap,
    Target,
    Theme,
    Update,
)
from actions.todo import missing_of
from pti import typography
from pti.parts import Todo, register_life, register_shared, register_text


def missing_axes(pact):
    """A tree without fiches, and fiches outside the tree; a pact without tree lacks nothing."""
    if not Axis.objects.filter(pact=pact).exists():
        return []
    loose = Action.objects.filter(pact=pact).without_axis().count()
    if not loose:
        return []
    words = typography.plural(loose, "fiche n’est pas rattachée", "fiches ne sont pas rattachées")
    return [Todo(f"{words} à l’arbre", f"{reverse('actions:action_list', args=[pact.pk])}?manque=axe")]


def missing_actions(pact):
    """What the fiches lack: one line for each absence that concerns several, then the headings of each fiche."""
    rows = Action.objects.filter(pact=pact)
    url = reverse("actions:action_list", args=[pact.pk])
    counts = {
        "pilote": (rows.without_lead().count(), "fiche n’a pas de pilote", "fiches n’ont pas de pilote"),
        "indicateur": (rows.without_indicator().count(), "fiche n’a pas d’indicateur", "fiches n’ont pas d’indicateur"),
        "jalon": (rows.without_milestone().count(), "fiche n’a pas de jalon", "fiches n’ont pas de jalon"),
    }
    lines = [
        Todo(typography.plural(count, one, several), f"{url}?manque={absence}")
        for absence, (count, one, several) in counts.items()
        if count
    ]
    full = rows.order_by("number_key", "order", "id").prefetch_related("leads", "milestones", "indicators__targets")
    for action in full:
        lines += missing_of(action, reverse("actions:action_edit", args=[pact.pk, action.pk]))
    return lines


def finished_actions(pact):
    """Fiches that a new pact need not take up."""
    return Action.objects.filter(pact=pact, status__in=[ActionStatus.DONE, ActionStatus.DROPPED])


def register_all():
    """Register the parts of this floor."""
    register_shared("themes", "Thèmes", [Theme])
    register_text("axes", "Arbre des axes", [Axis], missing=missing_axes)
    register_text("actions", "Fiches-actions", [Action, Lead, Milestone], finished=finished_actions, missing=missing_actions)
    register_text("indicators", "Indicateurs", [Indicator, Target])
    register_text("fundings", "Financements", [Funding])
    register_life("action_documents", "Documents des fiches", [ActionDocument])
    register_life("measures", "Relevés", [Measure])
    register_life("updates", "Points d’avancement", [Update])
    register_life("roadmaps", "Feuilles de route", [Roadmap])
    register_life("campaigns", "Collectes", [Campaign, CampaignPlan, CampaignRequest])
