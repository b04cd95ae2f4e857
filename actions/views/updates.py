"""Posting an update, lifting a blocking point, « Mes actions »."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST

from actions.access import can_update_action
from actions.campaigns import mails
from actions.campaigns.deeds import take_update
from actions.enums import Confidence
from actions.forms.updates import UnblockForm, UpdateForm
from actions.models import Action, Update
from actions.services import lift_blocking, post_update
from actions.turns import awaited_of
from partners.models import Organisation, Partner
from pti import typography
from pti.access import is_partner_on, is_staff_on, require
from pti.views import pact_or_404


def own_organisations(user, action):
    """Organisations of `user` that lead the action today."""
    return Organisation.objects.filter(memberships__user=user, leads__in=action.leads.leading()).distinct()


def next_expected(user, pact, on, action):
    """The next fiche that awaits a word from the same person."""
    if not pact.awaits_news:
        return None
    rows = Action.objects.read_in(user, pact).led_by(user).expecting(on).exclude(pk=action.pk)
    return rows.order_by("number_key", "order", "id").first()


@require_http_methods(["GET", "POST"])
def update_add(request, pact_pk, pk):
    """One page, on a phone, without script; the GET writes nothing."""
    pact = pact_or_404(request.user, pact_pk)
    action = get_object_or_404(Action.objects.read_in(request.user, pact).with_last_news(), pk=pk)
    action.pact = pact
    require(can_update_action(request.user, action))
    is_staff, on = is_staff_on(request.user, pact), pact.reference_day
    leads = Organisation.objects.filter(leads__in=action.leads.leading()).distinct()
    own = None if is_staff else own_organisations(request.user, action).first()
    form = UpdateForm(
        request.POST or None,
        action=action,
        milestones=action.milestones.to_ask(on),
        indicators=action.indicators.order_by("order", "id"),
        year=on.year,
        staff_organisations=leads if is_staff else None,
    )
    last = action.updates.first()
    if request.method == "POST" and "inchange" in request.POST and last:
        take_update(
            post_update(action=action, by=request.user, organisation=own, status=action.status, confidence=told(action))
        )
        return posted(request, pact, action)
    if form.is_valid():
        organisation = form.cleaned_data.get("organisation") if is_staff else own
        update = post_update(
            action=action,
            by=request.user,
            on=form.cleaned_data.get("on"),
            organisation=organisation,
            on_behalf=bool(is_staff and organisation),
            channel=form.cleaned_data.get("channel", ""),
            milestones=form.told_milestones(),
            values=form.told_values(),
            **form.said(),
        )
        take_update(update)
        return posted(request, pact, action)
    following = None if is_staff else next_expected(request.user, pact, on, action)
    context = {"pact": pact, "action": action, "form": form, "last": last, "own": own, "following": following, "on": on}
    return render(request, "actions/update_add.html", context)


def told(action):
    return "" if action.confidence == Confidence.UNKNOWN else action.confidence


def posted(request, pact, action):
    """Say it, then the next expected fiche, « Mes actions », or the fiche for staff."""
    messages.success(request, typography.typeset(f"Point enregistré sur la fiche {action.number} : {action.label}"))
    if is_staff_on(request.user, pact):
        return redirect(action)
    following = next_expected(request.user, pact, pact.reference_day, action)
    if "suite" in request.POST and following:
        return redirect("actions:update_add", pact.pk, following.pk)
    return redirect("actions:my_actions", pact.pk)


@require_http_methods(["GET", "POST"])
def update_unblock(request, pact_pk, pk):
    """Lift a blocking point: staff or a lead."""
    pact = pact_or_404(request.user, pact_pk)
    rows = Update.objects.visible_to(request.user).filter(action__pact=pact).exclude(blocking_point="")
    update = get_object_or_404(rows.select_related("action"), pk=pk)
    require(can_update_action(request.user, update.action))
    form = UnblockForm(request.POST or None)
    if form.is_valid():
        try:
            lift_blocking(update=update, by=request.user, how=form.cleaned_data["how"])
        except ValidationError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, "Le point de blocage est levé.")
        return redirect(update.action)
    return render(request, "actions/update_unblock.html", {"pact": pact, "update": update, "form": form})


def my_actions(request, pact_pk):
    """What is expected of the person's organisations, first; then what is up to date."""
    pact = pact_or_404(request.user, pact_pk)
    require(is_partner_on(request.user, pact) or is_staff_on(request.user, pact))
    on = pact.reference_day
    rows = Action.objects.read_in(request.user, pact).led_by(request.user).for_table()
    own = set(request.user.memberships.values_list("organisation", flat=True))
    cards = [card(action, own, on if pact.awaits_news else None) for action in rows.order_by("number_key", "order", "id")]
    organisations = Organisation.objects.filter(pk__in=own)
    places = {one.organisation_id: one for one in Partner.objects.filter(pact=pact, organisation__in=own)}
    context = {
        "pact": pact,
        "organisations": [(one, places.get(one.pk)) for one in organisations],
        "expected": [one for one in cards if one["reasons"]],
        "up_to_date": [one for one in cards if not one["reasons"]],
        "piloted": sum(1 for one in cards if one["pilots"]),
        "co_piloted": sum(1 for one in cards if not one["pilots"]),
        "on": on,
        "asked": awaited_of(request.user, pact),
    }
    return render(request, "actions/my_actions.html", context)


@require_POST
def request_reply(request, pact_pk, pk):
    """Whoever is logged in answers what her body is asked on the page that the mail opens, by a link of her own."""
    pact = pact_or_404(request.user, pact_pk)
    row = next((one for one in awaited_of(request.user, pact) if one.pk == pk), None)
    if row is None:
        raise Http404
    require(is_partner_on(request.user, pact) or is_staff_on(request.user, pact))
    return redirect("answers:answer", mails.make_link(row, request.user.email))


def card(action, own, on):
    """An action, why a word is expected (nothing is without a day), and who pilots it."""
    pilots = [lead for lead in action.leading if lead.role == "pilot"]
    return {
        "action": action,
        "pilots": any(lead.organisation_id in own for lead in pilots),
        "others": [lead for lead in pilots if lead.organisation_id not in own],
        "reasons": reasons_of(action, on) if on else [],
    }


def reasons_of(action, on):
    """Why a word is expected; empty when the action is up to date."""
    reasons = []
    if action.expects_update(on):
        reasons.append(f"Aucun point depuis le début du {typography.quarter(on)}")
    if action.can_be_late and action.open_due and action.open_due < on:
        reasons.append(f"Un jalon dépassé de {typography.elapsed((on - action.open_due).days)}")
    if action.is_blocked:
        reasons.append("Un point de blocage n’est pas levé")
    if action.is_live and action.confidence == Confidence.UNKNOWN:
        reasons.append("Votre confiance n’est pas renseignée")
    return [mark_safe(reason) for reason in reasons]
