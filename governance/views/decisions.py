"""Decisions: written at a meeting, followed until they are carried out."""

from django.contrib import messages
from django.db.models import Max
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from governance.access import can_follow_decision
from governance.forms import DecisionForm, FollowForm
from governance.models import Decision
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
    rows = Decision.objects.read_in(request.user, pact).select_related("meeting__committee__pact")
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
