"""Reminders to those whose signature or answer is awaited: the schedule, its next days, what was sent."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from partners import access, consulting_reminders
from partners.models import ConsultationPlan, ReminderPlan
from partners.signing import reminders
from partners.signing.board import board_of
from partners.signing.forms import ConsultationReminderForm, ReminderForm
from partners.views.consultations import consultation_or_404
from pti.access import require
from pti.forms import saved
from pti.models import OutgoingMail
from pti.typography import plural
from pti.views import ROWS_A_PAGE, pact_or_404

NOTHING_LEFT = (
    "Rien n’est parti : ceux qu’on attend ont été relancés aujourd’hui, n’ont pas d’adresse ou ne veulent plus de relances."
)


def reminder_list(request, pact_pk):
    """Who will be written to and when; the rhythm; what was sent to whom."""
    pact = pact_or_404(request.user, pact_pk)
    require(access.can_remind(request.user, pact))
    plan = ReminderPlan.objects.filter(pact=pact).first() or ReminderPlan(pact=pact)
    form = ReminderForm(request.POST or None, instance=plan)
    if request.method == "POST" and saved(form):
        messages.success(request, "Relances automatiques en marche." if plan.is_active else "Relances automatiques arrêtées.")
        return redirect("partners:reminder_list", pact.pk)
    kept = ReminderPlan.objects.filter(pact=pact, is_active=True).first()
    mails = OutgoingMail.objects.filter(pact=pact, key__startswith=reminders.KEY).defer("text", "html")
    context = {
        "pact": pact,
        "form": form,
        "is_active": kept is not None,
        "awaited": reminders.schedule(pact, kept, board_of(pact)),
        "page": Paginator(mails, ROWS_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "partners/reminder_list.html", context)


@require_POST
def remind(request, pact_pk):
    """Remind now everybody who is awaited, but whoever was written to today."""
    pact = pact_or_404(request.user, pact_pk)
    require(access.can_remind(request.user, pact))
    say_sent(request, reminders.remind_now(pact))
    return redirect("partners:reminder_list", pact.pk)


def say_sent(request, count):
    if count:
        messages.success(request, f"{plural(count, 'courriel')} en partance.")
    else:
        messages.info(request, NOTHING_LEFT)


def consultation_reminders(request, pact_pk, pk):
    """Who has not answered: to whom one writes, what, when; the rhythm; what was sent to whom."""
    pact, consultation = consultation_or_404(request, pact_pk, pk)
    require(access.can_remind_of(request.user, consultation))
    plan = ConsultationPlan.objects.filter(consultation=consultation).first() or ConsultationPlan(consultation=consultation)
    form = ConsultationReminderForm(request.POST or None, instance=plan)
    if request.method == "POST" and saved(form):
        messages.success(request, "Relances automatiques en marche." if plan.is_active else "Relances automatiques arrêtées.")
        return redirect("partners:consultation_reminders", pact.pk, consultation.pk)
    kept = ConsultationPlan.objects.filter(consultation=consultation, is_active=True).first()
    mails = OutgoingMail.objects.filter(pact=pact, key__startswith=consulting_reminders.prefix_of(consultation))
    rows = consulting_reminders.schedule(consultation, kept, consulting_reminders.awaited_in(consultation))
    context = {
        "pact": pact,
        "consultation": consultation,
        "form": form,
        "is_active": kept is not None,
        "awaited": rows,
        "mail": consulting_reminders.preview(consultation, rows),
        "page": Paginator(mails.defer("text", "html"), ROWS_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "partners/consultation_reminders.html", context)


@require_POST
def consultation_remind(request, pact_pk, pk):
    """Remind now every partner who has not answered, but those written to today."""
    pact, consultation = consultation_or_404(request, pact_pk, pk)
    require(access.can_remind_of(request.user, consultation))
    say_sent(request, consulting_reminders.remind_now(consultation))
    return redirect("partners:consultation_reminders", pact.pk, consultation.pk)
