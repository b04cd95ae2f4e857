"""Whom to remind that an answer to a consultation is awaited, on which days; the same days and outbox as for signatures."""

from partners.consulting import answers_of
from partners.models import ConsultationPlan
from partners.models.consultations import CONSULTING_STATES
from partners.signing.reminders import Awaited, is_too_early, last_due, planned, speakers
from pti import outbox
from pti.dates import today
from pti.mail import absolute_url, write
from pti.mail_choices import choices_url
from pti.models import OutgoingMail

TEMPLATE = "mail/consultation_reminder"
KEY = "consultation:"
KIND = "consultation_reminder"


def prefix_of(consultation):
    return f"{KEY}{consultation.uid}:"


def awaited_in(consultation):
    """Lines of the partners who have not answered; none once it is closed."""
    return [line for line in answers_of(consultation) if not line.has_answered] if consultation.is_open else []


def schedule(consultation, plan, lines, on=None):
    """Those who are awaited, with their addresses, the day of their last and of their next reminder; four queries."""
    on = on or today()
    referents, members = speakers(consultation.pact, lines)
    sent = last_days(consultation)
    rows = []
    for line in lines:
        organisation = line.partner.organisation_id
        addresses = referents.get(organisation) or members.get(organisation, [])
        rows.append(Awaited(line, list(dict.fromkeys(addresses)), sent.get(str(line.partner.uid))))
    return planned(rows, KIND, plan, on)


def last_days(consultation):
    """{uid of the partner: day of its last reminder}."""
    sent = OutgoingMail.objects.filter(pact=consultation.pact_id, key__startswith=prefix_of(consultation))
    return {key.split(":")[2]: on for key, on in sent.order_by("queued_on").values_list("key", "queued_on")}


def queue_due(on=None):
    """Queue every reminder that is due: a job of the worker."""
    on = on or today()
    plans = ConsultationPlan.objects.filter(
        is_active=True, consultation__closed_on=None, consultation__pact__state__in=CONSULTING_STATES
    )
    plans = plans.select_related("consultation__pact", "consultation__version")
    return sum(queue_due_of(plan, on) for plan in plans if not is_too_early(plan, on))


def queue_due_of(plan, on):
    count = 0
    for row in schedule(plan.consultation, plan, awaited_in(plan.consultation), on):
        due = last_due(plan, row.line.since, on)
        if due and row.next_on == on:
            count += remind(plan.consultation, row, day=due, on=on)
    return count


def remind_now(consultation, on=None):
    """By hand: every partner who is awaited, but those written to today. Returns how many mails are queued."""
    on = on or today()
    rows = [row for row in schedule(consultation, None, awaited_in(consultation), on) if row.last_on != on]
    return sum(remind(consultation, row, day=on, on=on) for row in rows)


def remind(consultation, row, *, day, on):
    """Queue the reminder of one partner to each of its addresses; the key names the day that it is due for."""
    partner = row.line.partner
    queued = [
        outbox.queue(
            key=f"{prefix_of(consultation)}{partner.uid}:{day}:{address}", to=address, template=TEMPLATE,
            pact=consultation.pact, about=str(partner), on=on, **said(consultation, row.line, choices_url(address)),
        )
        for address in row.addresses
    ]  # fmt: skip
    return sum(one is not None for one in queued)


def said(consultation, line, choices):
    """What the mail tells."""
    return {
        "consultation": consultation,
        "partner": str(line.partner),
        "days": line.days,
        "url": absolute_url("partners:consultation_detail", consultation.pact_id, consultation.pk),
        "choices_url": choices,
    }


def preview(consultation, rows):
    """(subject, text) of the mail as the first of those awaited would receive it; None when nobody is."""
    if not rows:
        return None
    subject, text, _ = write(TEMPLATE, **said(consultation, rows[0].line, "…"))
    return subject, text
