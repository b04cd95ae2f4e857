"""Blocking points: where each stands, sent up to a committee, answered; fiches of a list put on an agenda."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render

from actions.models import Update
from actions.selection import MOST, selection_of
from governance import services
from governance.access import can_answer_referral, can_refer
from governance.blocking import next_committee, road_of, with_standing
from governance.blocking_forms import AgendaFromListForm, ReferralAnswerForm, ReferralForm
from governance.filters import BlockingFilter
from governance.models import Committee, Meeting, Referral
from governance.tables import BlockingTable
from governance.views.lists import PactList
from pti import typography
from pti.access import can_follow, is_staff_on, require
from pti.dates import today
from pti.views import pact_or_404


class BlockingList(PactList):
    """Open blocking points of the pact, the answers most overdue first; `etat` shows those lifted too."""

    model = Update
    table_class = BlockingTable
    filterset_class = BlockingFilter
    template_name = "governance/blocking_list.html"

    def in_pact(self, queryset):
        rows = queryset.filter(action__pact=self.pact).exclude(blocking_point="")
        if self.request.GET.get("etat") not in ("leve", "tous"):
            rows = rows.blocking()
        return with_standing(rows.select_related("action", "organisation"))

    def get_table_kwargs(self):
        on, staff = self.pact.reference_day, is_staff_on(self.request.user, self.pact) and not self.pact.is_amendment
        return {"pact": self.pact, "on": on, "staff": staff}


def coming_meetings(pact):
    """Meetings to come whose agenda may still be written."""
    rows = Meeting.objects.of_pact(pact).filter(closed_on=None).coming(today())
    return rows.select_related("committee")


def create_referral(request, pact_pk, update_pk):
    """Send a blocking point up to a committee, the next level proposed."""
    pact = pact_or_404(request.user, pact_pk)
    rows = Update.objects.visible_to(request.user).filter(action__pact=pact).blocking()
    update = get_object_or_404(rows.select_related("action__pact", "organisation"), pk=update_pk)
    require(can_refer(request.user, update))
    committees = Committee.objects.serving(pact).present().order_by("level", "order", "id")
    referrals = list(update.referrals.select_related("committee").order_by("raised_on", "id"))
    initial = {"raised_on": today(), "committee": next_committee(update, referrals, committees)}
    row, meetings = Referral(update=update), coming_meetings(pact)
    form = ReferralForm(request.POST or None, instance=row, committees=committees, meetings=meetings, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        deed = {name: data[name] for name in ("committee", "meeting", "owner_text", "due_on")}
        try:
            services.refer(update=update, by=request.user, on=data["raised_on"], **deed)
        except ValidationError as error:
            form.add_error("committee", error)
        else:
            messages.success(request, "Point porté à l’instance.")
            return redirect("actions:action_detail", pact.pk, update.action_id)
    context = {"pact": pact, "update": update, "form": form, "road": road_of(update, referrals, pact.reference_day)}
    return render(request, "governance/referral_form.html", context)


def answer_referral(request, pact_pk, pk):
    """Record the answer that comes down, and whether it lifts the point."""
    pact = pact_or_404(request.user, pact_pk)
    rows = Referral.objects.visible_to(request.user).filter(update__action__pact=pact)
    referral = get_object_or_404(rows.select_related("update__action__pact", "update__organisation", "committee"), pk=pk)
    require(can_answer_referral(request.user, referral))
    update = referral.update
    initial = {"answered_on": referral.answered_on or today(), "answer": referral.answer, "outcome": referral.outcome}
    form = ReferralAnswerForm(request.POST or None, referral=referral, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        deed = {"answer": data["answer"], "on": data["answered_on"], "outcome": data["outcome"]}
        row = services.answer_referral(referral=referral, by=request.user, **deed)
        messages.success(request, f"Réponse enregistrée : {row.get_outcome_display()}.")
        return redirect("actions:action_detail", pact.pk, update.action_id)
    referrals = list(update.referrals.select_related("committee").order_by("raised_on", "id"))
    road = road_of(update, referrals, pact.reference_day)
    context = {"pact": pact, "referral": referral, "update": update, "form": form, "road": road}
    return render(request, "governance/referral_answer_form.html", context)


def agenda_from_list(request, pact_pk):
    """Put the fiches, or the indicators, of a filtered list on the agenda of a meeting to come, each once."""
    pact = pact_or_404(request.user, pact_pk)
    require(can_follow(request.user, pact))
    selection = selection_of(request, pact)
    chosen = list(selection.rows.only(*selection.shown)[: MOST + 1])
    if not chosen:
        messages.error(request, f"Filtrez d’abord la liste : {selection.none_chosen}.")
        return redirect(selection.list_url)
    meetings = coming_meetings(pact)
    form = AgendaFromListForm(
        request.POST or None,
        selection=selection,
        meetings=meetings,
        chosen=chosen[:MOST],
        initial={"meeting": meetings.first()},
    )
    if request.method == "POST" and form.is_valid():
        meeting, rows = form.cleaned_data["meeting"], list(form.cleaned_data["rows"].order_by(*selection.order))
        try:
            added = services.table_rows(meeting=meeting, rows=rows, by=request.user, why=selection.why)
        except ValidationError as error:
            form.add_error("meeting", error)
        else:
            tell_added(request, selection, added, len(rows))
            return redirect("governance:meeting_detail", pact.pk, meeting.pk)
    context = {"pact": pact, "form": form, "selection": selection, "is_cut": len(chosen) > MOST}
    return render(request, "governance/agenda_from_list.html", context | {"has_meeting": meetings.exists()})


def tell_added(request, selection, added, asked):
    """How many joined the agenda, how many were there already."""
    words = f"{typography.plural(added, *selection.tabled)} à l’ordre du jour."
    if asked > added:
        words += f" {typography.plural(asked - added, 'y était', 'y étaient')} déjà."
    messages.success(request, words)
