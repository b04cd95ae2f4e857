"""The life of a pact: what is left to complete, the next steps, its extensions, its settings."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render

from pti import parts
from pti.access import can_lead_life, can_read_life, require, roles_on
from pti.enums import PactState
from pti.forms import saved
from pti.life import steps_of
from pti.life_forms import ExtensionForm, SettingsForm, StepForm
from pti.models import Extension, Pact
from pti.services import change_state, extend
from pti.turns import turn_of
from pti.versions import versions_of
from pti.views import pact_or_404

# What a step that was just taken says of the pact.
STANDS = {
    PactState.SCOPING: "en cadrage",
    PactState.DRAFTING: "en élaboration",
    PactState.CONSULTATION: "en concertation",
    PactState.ADOPTION: "arrêté, en cours d’adoption",
    PactState.SIGNATURE: "ouvert à la signature",
    PactState.IN_FORCE: "en vigueur",
    PactState.CLOSED: "clos",
    PactState.ABANDONED: "abandonné",
}
EXTENDABLE = (PactState.ADOPTION, PactState.SIGNATURE, PactState.IN_FORCE)


def open_steps(user, pact):
    """[(state, step)] that the person may take now, the way forward first."""
    roles = roles_on(user, pact)
    steps = [(to, step) for to, step in steps_of(pact).items() if roles & step.roles]
    return sorted(steps, key=lambda pair: is_way_back(pact, pair[0]))


def is_way_back(pact, to):
    order = list(PactState)
    return to == PactState.ABANDONED or order.index(to) < order.index(pact.state)


def pact_life(request, pact_pk):
    """« À compléter », the next steps, and what already happened."""
    pact = pact_or_404(request.user, pact_pk)
    require(can_read_life(request.user, pact))
    steps = open_steps(request.user, pact)
    context = {
        "pact": pact,
        "turn_now": turn_of(request.user, pact),
        "missing": parts.missing(pact) if not pact.is_frozen else [],
        "forward": [pair for pair in steps if not is_way_back(pact, pair[0])],
        "backward": [pair for pair in steps if is_way_back(pact, pair[0])],
        "changes": list(pact.state_changes.select_related("by")),
        "extensions": list(pact.extensions.all()),
        **versions_of(pact),
        "local_pacts": [],
        "previous": Pact.objects.visible_to(request.user).filter(pk=pact.previous_id).first(),
        "may_lead": can_lead_life(request.user, pact),
        "may_extend": can_lead_life(request.user, pact) and pact.state in EXTENDABLE,
    }
    return render(request, "pti/pact_life.html", context)


def pact_step(request, pact_pk, to):
    """One step: what it demands and what it passes over, then the deed."""
    pact = pact_or_404(request.user, pact_pk)
    step = steps_of(pact).get(to) if to in PactState.values else None
    if step is None:
        require(can_read_life(request.user, pact))
        raise Http404
    require(roles_on(request.user, pact) & step.roles)
    warnings = parts.missing(pact) if step.warns else []
    form = StepForm(request.POST or None, step=step, warnings=warnings)
    if request.method == "POST" and form.is_valid() and taken(pact, to, form, request.user):
        messages.success(request, f"{'L’avenant' if pact.is_amendment else 'Le pacte'} est maintenant {STANDS[to]}.")
        return redirect("pact_life", pact.pk)
    context = {"pact": pact, "form": form, "step": step, "to": to, "warnings": warnings}
    return render(request, "pti/pact_step.html", context)


def taken(pact, to, form, user):
    """Take the step; a refusal comes back beside its field."""
    try:
        change_state(pact=pact, to=to, by=user, seen=pact.state, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def pact_extend(request, pact_pk):
    """Put off the end of the pact."""
    pact = pact_or_404(request.user, pact_pk)
    require(can_lead_life(request.user, pact) and pact.state in EXTENDABLE)
    form = ExtensionForm(request.POST or None, instance=Extension(pact=pact))
    if request.method == "POST" and form.is_valid() and extended(pact, form, request.user):
        messages.success(request, "Prorogation enregistrée.")
        return redirect("pact_life", pact.pk)
    return render(request, "pti/pact_extend.html", {"pact": pact, "form": form})


def extended(pact, form, user):
    try:
        extend(pact=pact, by=user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def pact_settings(request, pact_pk):
    """The delay of silence, the previous pact."""
    pact = pact_or_404(request.user, pact_pk)
    require(can_lead_life(request.user, pact))
    form = SettingsForm(request.POST or None, instance=pact, user=request.user)
    if request.method == "POST" and saved(form):
        messages.success(request, "Réglages enregistrés.")
        return redirect("pact_life", pact.pk)
    return render(request, "pti/pact_settings.html", {"pact": pact, "form": form})
