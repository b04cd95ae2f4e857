"""Meetings (« séances »): page, entry, attendance, minutes, closing."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import modelformset_factory
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import CreateView, DetailView, UpdateView

from governance import services
from governance.access import (
    can_answer_for_seat,
    can_read_minutes,
    can_reopen_meeting,
    can_see_draft,
    can_write_meeting,
)
from governance.agenda import duration_words, proposals, timed
from governance.enums import MeetingStatus, Presence
from governance.forms import ANSWERS, AnswerForm, AttendanceForm, AttendanceFormSet, DecisionForm, MeetingForm, MinutesForm
from governance.models import Attendance, Committee, Meeting, MeetingDocument
from governance.reading import decisions_of, files_of, items_of, meeting_or_404, read_attendances
from governance.tables import decision_state, meeting_state
from partners.models import Organisation
from pti import typography
from pti.access import can_follow, is_animator_on, is_staff_on, require
from pti.dates import today
from pti.documents import attach, detach
from pti.views import ScopedMixin, pact_or_404


def meeting_of(request, pact_pk, pk, allowed=can_write_meeting):
    """(pact, meeting) that the person may do `allowed` on."""
    pact = pact_or_404(request.user, pact_pk)
    meeting = meeting_or_404(pact, pk)
    if allowed is not None:
        require(allowed(request.user, meeting))
    return pact, meeting


def page_of(pact, meeting, anchor=""):
    return reverse("governance:meeting_detail", args=[pact.pk, meeting.pk]) + anchor


def back_to(pact, meeting, anchor=""):
    return redirect(page_of(pact, meeting, anchor))


class MeetingDetail(ScopedMixin, DetailView):
    model = Meeting
    template_name = "governance/meeting_detail.html"

    def get_object(self, queryset=None):
        return meeting_or_404(self.pact, self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        user, meeting, pact = self.request.user, self.object, self.pact
        items, decisions = items_of(user, meeting), decisions_of(user, meeting)
        can_write = can_write_meeting(user, meeting)
        attendances = sorted(
            read_attendances(meeting),
            key=lambda one: (one.presence != Presence.UNKNOWN, str(one.text or one.organisation)),
        )
        kwargs |= {
            "slots": timed(meeting, items, decisions, pact),
            "duration": duration_words(meeting, items),
            "decisions": [(one, decision_state(one, pact.reference_day)) for one in decisions],
            "attendances": attendances,
            "to_point": meeting.held_on is not None and meeting.held_on <= today(),
            "unpointed": sum(one.presence == Presence.UNKNOWN for one in attendances),
            "quorum": quorum_words(meeting, attendances),
            "status": meeting_state(meeting),
            "minutes": meeting.minutes if can_read_minutes(user, meeting) else "",
            "documents": files_of(user, meeting),
            "before": self.before(),
            "proposals": proposals(meeting, pact, user, items) if can_write and meeting.status != MeetingStatus.HELD else [],
            "can_write": can_write,
            "can_see_notes": can_read_minutes(user, meeting),
            "can_follow": is_staff_on(user, meeting.committee.pact),
            "can_reopen": can_reopen_meeting(user, meeting),
            "is_draft": meeting.has_draft_minutes and can_see_draft(user, meeting),
            "answers": self.answers(),
            "decision_form": DecisionForm(meeting=meeting, pact=pact, user=user, auto_id="decision_%s") if can_write else None,
        }
        return super().get_context_data(**kwargs)

    def before(self):
        """The last meeting held before this one, and what became of its decisions."""
        meeting = self.object
        if meeting.held_on is None:
            return None
        earlier = Meeting.objects.filter(committee=meeting.committee, held_on__lt=meeting.held_on).held()
        last = earlier.order_by("-held_on", "-id").first()
        if last is None:
            return None
        last.committee = meeting.committee
        decisions = decisions_of(self.request.user, last)
        return last, [(one, decision_state(one, self.pact.reference_day)) for one in decisions]

    def answers(self):
        """[(organisation, what it answered, choices)] of the member organisations that the person speaks for."""
        if not can_answer_for_seat(self.request.user, self.object, self.pact):
            return []
        said = {one.organisation_id: one.presence for one in self.object.attendances.all()}
        return [(one, said.get(one.pk, ""), ANSWERS) for one in own_seats(self.request.user, self.object)]


def own_seats(user, meeting):
    """Organisations that have a seat at this meeting and that `user` acts for."""
    return Organisation.objects.filter(memberships__user=user, pk__in=meeting.members().values("organisation"))


def quorum_words(meeting, attendances):
    """« Quorum atteint, 8 pour 6 », or nothing when none is set."""
    quorum = meeting.quorum or meeting.committee.quorum
    there = sum(one.presence in (Presence.PRESENT, Presence.REPRESENTED) for one in attendances)
    if not attendances or not there:
        return ""
    if not quorum:
        return typography.plural(there, "organisme présent", "organismes présents")
    return f"Quorum {'atteint' if there >= quorum else 'non atteint'}, {there} pour {quorum}"


class MeetingCreate(ScopedMixin, CreateView):
    model = Meeting
    form_class = MeetingForm
    template_name = "governance/meeting_form.html"
    saved_words = "Séance enregistrée."
    allowed_in = staticmethod(can_follow)

    def get_initial(self):
        return {"committee": self.request.GET.get("instance", ""), "status": MeetingStatus.PLANNED}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "committees": writable_committees(self.request.user, self.pact)}

    def on_saved(self):
        services.invite_members(meeting=self.object, by=self.request.user)
        super().on_saved()

    def get_success_url(self):
        return page_of(self.pact, self.object)


class MeetingEdit(ScopedMixin, UpdateView):
    model = Meeting
    form_class = MeetingForm
    template_name = "governance/meeting_form.html"
    saved_words = "Séance enregistrée."
    allowed = staticmethod(can_write_meeting)

    def scoped(self, queryset):
        return queryset.of_pact(self.pact).select_related("committee__pact")

    def get_form_kwargs(self):
        """The committees of the pact that holds the meeting: the address may be that of another pact which it serves."""
        owner = self.object.committee.pact
        return {**super().get_form_kwargs(), "committees": writable_committees(self.request.user, owner)}

    def get_success_url(self):
        return page_of(self.pact, self.object)


class MinutesEdit(ScopedMixin, UpdateView):
    model = Meeting
    form_class = MinutesForm
    template_name = "governance/minutes_form.html"
    saved_words = "Compte rendu enregistré."
    allowed = staticmethod(can_write_meeting)

    def scoped(self, queryset):
        return queryset.of_pact(self.pact).select_related("committee__pact")

    def get_success_url(self):
        return page_of(self.pact, self.object, "#compte-rendu")


def writable_committees(user, pact):
    """Committees whose meetings the staff of `pact` keep: those that the pact owns."""
    return Committee.objects.visible_to(user).filter(pact=pact).present().order_by("order", "id")


def attendance(request, pact_pk, pk):
    """Point every organisation, on one page; members who have no line yet get one."""
    pact, meeting = meeting_of(request, pact_pk, pk)
    rows = meeting.attendances.select_related("organisation").order_by("organisation__search", "text", "id")
    formset_class = modelformset_factory(Attendance, form=AttendanceForm, formset=AttendanceFormSet, extra=0)
    formset = formset_class(request.POST or None, queryset=rows)
    if request.method == "POST" and formset.is_valid():
        answers = {form.instance.pk: (form.cleaned_data["presence"], form.cleaned_data["people"]) for form in formset}
        deed = partial(services.point_attendance, meeting=meeting, answers=answers, by=request.user)
        attempt(request, deed, "Présences enregistrées.")
        return back_to(pact, meeting, "#presences")
    return render(request, "governance/attendance_form.html", {"pact": pact, "meeting": meeting, "formset": formset})


@require_POST
def invite_members(request, pact_pk, pk):
    """A line of attendance for each member that has none."""
    pact, meeting = meeting_of(request, pact_pk, pk)
    attempt(request, partial(services.invite_members, meeting=meeting, by=request.user), "")
    return redirect("governance:attendance", pact.pk, meeting.pk)


@require_POST
def answer(request, pact_pk, pk):
    """« Je viens », « je me fais représenter », « je ne viens pas »: for one's own organisation only."""
    pact, meeting = meeting_of(request, pact_pk, pk, allowed=None)
    require(can_answer_for_seat(request.user, meeting, pact))
    own = own_seats(request.user, meeting)
    require(own.exists())
    form = AnswerForm(request.POST, organisations=own)
    if not form.is_valid():
        messages.error(request, "Choisissez l’une des trois réponses.")
        return back_to(pact, meeting)
    deed = partial(services.answer_for_seat, meeting=meeting, by=request.user, **form.cleaned_data)
    attempt(request, deed, "Réponse enregistrée.")
    return back_to(pact, meeting)


def attempt(request, deed, success):
    """Do `deed`, which refuses in French, and say what came of it; an empty `success` says nothing."""
    try:
        deed()
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        if success:
            messages.success(request, success)


@require_POST
def send_minutes(request, pact_pk, pk):
    pact, meeting = meeting_of(request, pact_pk, pk)
    attempt(request, lambda: meeting.send_minutes(on=today()), "Compte rendu envoyé : tous ceux du pacte le lisent.")
    return back_to(pact, meeting, "#compte-rendu")


@require_POST
def close_meeting(request, pact_pk, pk):
    pact, meeting = meeting_of(request, pact_pk, pk)
    attempt(request, lambda: meeting.close(on=today()), "Séance close.")
    return back_to(pact, meeting)


@require_POST
def reopen_meeting(request, pact_pk, pk):
    pact, meeting = meeting_of(request, pact_pk, pk, allowed=None)
    require(is_animator_on(request.user, meeting.committee.pact))
    attempt(request, meeting.reopen, "Séance rouverte.")
    return back_to(pact, meeting)


@require_http_methods(["GET", "POST"])
def document_add(request, pact_pk, meeting_pk):
    """Attach a file to a meeting: the staff, until it is closed."""
    pact, meeting = meeting_of(request, pact_pk, meeting_pk)
    crumbs = ("Séances", reverse("governance:meeting_list", args=[pact.pk]))
    document = MeetingDocument(meeting=meeting)
    return attach(request, document, pact=pact, owner=meeting, back=documents_of(pact, meeting), crumbs=crumbs)


@require_POST
def document_delete(request, pact_pk, pk):
    """Remove a file of a meeting: the staff, until it is closed."""
    pact = pact_or_404(request.user, pact_pk)
    rows = MeetingDocument.objects.visible_to(request.user).filter(meeting__in=Meeting.objects.of_pact(pact))
    document = get_object_or_404(rows.select_related("meeting__committee__pact"), pk=pk)
    require(can_write_meeting(request.user, document.meeting))
    return detach(request, document, back=documents_of(pact, document.meeting))


def documents_of(pact, meeting):
    return reverse("governance:meeting_detail", args=[pact.pk, meeting.pk]) + "#documents"
