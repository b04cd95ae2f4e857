"""Decisions and referrals: written at a meeting, followed until they are carried out."""

from django.contrib import messages
from django.db.models import Max
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from actions.models import Update
from governance import services
from governance.access import can_answer_referral, can_follow_decision, can_refer
from governance.forms import DecisionForm, FollowForm, ReferralAnswerForm, ReferralForm
from governance.models import Committee, Decision, Meeting, Referral
from governance.views.meetings import attempt, back_to, meeting_of
from pti.access import require
from pti.dates import today
from pti.forms import saved
from pti.numbers import read_whole
from pti.views import pact_or_404


def edit_decision(request, pact_pk, meeting_pk, pk=None):
    """Write a decision down, or correct it while the meeting is open."""
    pact, meeting = meeting_of(request, pact_pk, meeting_pk)
    if pk:
        decision = get_object_or_404(Decision.objects.visible_to(request.user).filter(meeting=meeting), pk=pk)
    else:
        last = meeting.decisions.aggregate(last=Max("order"))["last"] or 0
        decision = Decision(meeting=meeting, order=last + 1, item_id=read_whole(request.GET.get("point")))
    form = DecisionForm(request.POST or None, instance=decision, meeting=meeting, pact=pact, user=request.user)
    if request.method == "POST" and saved(form):
        messages.success(request, "Décision enregistrée.")
        return back_to(pact, meeting, f"#decision-{form.instance.pk}")
    context = {"pact": pact, "meeting": meeting, "form": form, "decision": decision if pk else None}
    return render(request, "governance/decision_form.html", context)


@require_POST
def follow_decision(request, pact_pk, pk):
    """Say that a decision is carried out, dropped, or open again."""
    pact = pact_or_404(request.user, pact_pk)
    rows = Decision.objects.visible_to(request.user).of_pact(pact).select_related("meeting__committee__pact")
    decision = get_object_or_404(rows, pk=pk)
    require(can_follow_decision(request.user, decision))
    form = FollowForm(request.POST)
    if form.is_valid():
        attempt(request, lambda: decision.follow(form.cleaned_data["state"], on=today()), "Suivi enregistré.")
    else:
        messages.error(request, "Choisissez l’état de la décision.")
    return back(request, lambda: back_to(pact, decision.meeting, f"#decision-{decision.pk}"))


def back(request, otherwise):
    """Where the person came from, when it is on this site."""
    url = request.POST.get("next", "")
    if url and url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(url)
    return otherwise()


def create_referral(request, pact_pk, update_pk):
    """Send a blocking point up to a committee."""
    pact = pact_or_404(request.user, pact_pk)
    rows = Update.objects.visible_to(request.user).filter(action__pact=pact).blocking().select_related("action__pact")
    update = get_object_or_404(rows, pk=update_pk)
    require(can_refer(request.user, update))
    committees = Committee.objects.visible_to(request.user).serving(pact).present().order_by("level", "order", "id")
    meetings = Meeting.objects.filter(closed_on=None).of_pact(pact).coming(today()).select_related("committee")
    initial = {"raised_on": today()}
    row = Referral(update=update)
    form = ReferralForm(request.POST or None, instance=row, committees=committees, meetings=meetings, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        deed = {"committee": data["committee"], "meeting": data["meeting"], "on": data["raised_on"]}
        attempt(request, lambda: services.refer(update=update, by=request.user, **deed), "Point porté à l’instance.")
        return redirect("actions:action_detail", pact.pk, update.action_id)
    return render(request, "governance/referral_form.html", {"pact": pact, "update": update, "form": form})


def answer_referral(request, pact_pk, pk):
    """Record the answer that comes down."""
    pact = pact_or_404(request.user, pact_pk)
    rows = Referral.objects.visible_to(request.user).filter(update__action__pact=pact)
    referral = get_object_or_404(rows.select_related("update__action__pact", "committee"), pk=pk)
    require(can_answer_referral(request.user, referral))
    initial = {"answered_on": referral.answered_on or today()}
    form = ReferralAnswerForm(request.POST or None, instance=referral, initial=initial)
    if request.method == "POST" and saved(form):
        messages.success(request, "Réponse enregistrée.")
        return redirect("actions:action_detail", pact.pk, referral.update.action_id)
    context = {"pact": pact, "referral": referral, "update": referral.update, "form": form}
    return render(request, "governance/referral_answer_form.html", context)
