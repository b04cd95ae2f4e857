"""The agenda of a meeting, item by item."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from governance import services
from governance.agenda import Subjects
from governance.forms import AgendaItemForm, MoveForm
from governance.models import AgendaItem, Meeting
from governance.views.meetings import attempt, back_to, meeting_of
from pti.dates import today
from pti.forms import saved
from pti.models import Pact


def pacts_served(meeting):
    """The pacts that the committee of `meeting` serves."""
    others = meeting.committee.services.exclude(pact=None).values("pact")
    return list(Pact.objects.filter(pk=meeting.committee.pact_id) | Pact.objects.filter(pk__in=others))


def item_of(request, meeting, pk):
    return get_object_or_404(AgendaItem.objects.visible_to(request.user).filter(meeting=meeting), pk=pk)


def edit_item(request, pact_pk, meeting_pk, pk=None):
    """Add a line to the agenda, or change one."""
    pact, meeting = meeting_of(request, pact_pk, meeting_pk)
    item = item_of(request, meeting, pk) if pk else AgendaItem(meeting=meeting, order=services.last_order(meeting) + 1)
    form = AgendaItemForm(
        request.POST or None, instance=item, subjects=Subjects(pact, request.user), pacts=pacts_served(meeting)
    )
    if request.method == "POST" and saved(form):
        messages.success(request, "Ordre du jour enregistré.")
        return back_to(pact, meeting)
    context = {"pact": pact, "meeting": meeting, "form": form, "item": item if pk else None}
    return render(request, "governance/item_form.html", context)


@require_POST
def add_proposal(request, pact_pk, meeting_pk):
    """Put on the agenda what the pact proposes."""
    pact, meeting = meeting_of(request, pact_pk, meeting_pk)
    subject = Subjects(pact, request.user).row_of(request.POST.get("subject", ""))
    if subject is None:
        messages.error(request, "Ce sujet n’est plus dans le pacte.")
    else:
        title, minutes = str(subject)[:300], 15
        own = services.pact_of_item(meeting, subject)
        said = {"title": title, "subject": subject, "minutes_planned": minutes, "pact": own}
        deed = partial(services.add_item, meeting=meeting, by=request.user, **said)
        attempt(request, deed, "Point ajouté à l’ordre du jour.")
    return back_to(pact, meeting)


@require_POST
def delete_item(request, pact_pk, meeting_pk, pk):
    pact, meeting = meeting_of(request, pact_pk, meeting_pk)
    item = item_of(request, meeting, pk)
    attempt(request, partial(services.delete_item, item=item, by=request.user), "Point retiré de l’ordre du jour.")
    return back_to(pact, meeting)


@require_POST
def shift_item(request, pact_pk, meeting_pk, pk, way):
    """Move an item up or down."""
    pact, meeting = meeting_of(request, pact_pk, meeting_pk)
    item = item_of(request, meeting, pk)
    attempt(request, partial(services.reorder_item, item=item, up=way == "monter", by=request.user), "")
    return back_to(pact, meeting)


def move_item(request, pact_pk, meeting_pk, pk):
    """Put an item off to another meeting of the same committee."""
    pact, meeting = meeting_of(request, pact_pk, meeting_pk)
    item = item_of(request, meeting, pk)
    later = Meeting.objects.filter(committee=meeting.committee, closed_on=None).coming(today()).exclude(pk=meeting.pk)
    form = MoveForm(request.POST or None, meetings=later)
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["meeting"]
        attempt(request, lambda: services.move_item(item=item, to=to, by=request.user), "Point reporté.")
        return redirect("governance:meeting_detail", pact.pk, meeting.pk)
    return render(request, "governance/move_form.html", {"pact": pact, "meeting": meeting, "item": item, "form": form})
