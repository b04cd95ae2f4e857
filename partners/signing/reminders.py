"""Whom to remind that a signature is awaited, on which days; the outbox sends, and never twice the same."""

import datetime
from dataclasses import dataclass, field
from functools import cache

from partners.enums import SigningState
from partners.models import Contact, Membership, ReminderPlan
from partners.models.partners import SIGNING_STATES
from partners.signing.board import board_of
from partners.signing.deeds import open_signatories
from pti import outbox
from pti.composed import AnyKey, AnyKeys, Composed
from pti.dates import today
from pti.mail import absolute_url
from pti.mail_choices import choices_url, who_refuses
from pti.models import OutgoingMail

KEY = "signature:"
KIND = "signature_reminder"
# A reminder by hand puts the scheduled one off: nobody is written to twice in three days.
CALM = datetime.timedelta(days=3)


@dataclass
class Awaited:
    """One partner who is awaited: to whom one writes, who wants no reminder, when last, when next."""

    line: object
    addresses: list
    last_on: object = None
    next_on: object = None
    refusing: list = field(default_factory=list)

    def leave_alone(self, refusing):
        """Those among `refusing` are not written to, and are shown."""
        self.refusing = [address for address in self.addresses if address in refusing]
        self.addresses = [address for address in self.addresses if address not in refusing]


def due_days(plan, since):
    """Days of the reminders of who is awaited `since`, for ever: counted from then, or from the start of the schedule."""
    day = max(since, plan.started_on) + datetime.timedelta(days=plan.first_after)
    while True:
        yield day
        day += datetime.timedelta(days=plan.every)


def last_due(plan, since, on):
    """The last reminder that is due on the day `on`, or None."""
    due = None
    for day in due_days(plan, since):
        if day > on:
            return due
        due = day


def is_too_early(plan, on):
    """True as long as no reminder can be due, whoever is awaited."""
    return plan.started_on is not None and on < plan.started_on + datetime.timedelta(days=plan.first_after)


def key_of(version, partner, day):
    return f"{KEY}{version.uid}:{partner.uid}:{day}"


def addresses_of(pact, lines):
    """{partner: addresses}: the signatory once it is her turn, and the référents; failing them, whoever has an account."""
    referents, members = speakers(pact, lines)
    signatories = open_signatories(pact)
    found = {}
    for line in lines:
        signatory = signatories.get(line.partner.pk)
        own = [signatory.email] if signatory and signatory.email and line.state == SigningState.SIGNATURE else []
        organisation = line.partner.organisation_id
        everybody = own + referents.get(organisation, []) or members.get(organisation, [])
        found[line.partner.pk] = list(dict.fromkeys(address.lower() for address in everybody))
    return found


def speakers(pact, lines):
    """({organisation: addresses of its référents}, {organisation: addresses of its accounts}); two queries."""
    wanted, people = list({line.partner.organisation_id for line in lines}), pact.people_pact_id
    found = {}, {}
    for emails, composed in zip(found, speakers_composed(), strict=True):
        for organisation, email in composed.rows_of(people, wanted):
            emails.setdefault(organisation, []).append(email.lower())
    return found


@cache
def speakers_composed():
    """The queries of (organisation, address): those of the référents of some organisations in a pact, of their accounts."""
    referents = Contact.objects.filter(pact=AnyKey(0), organisation__in=AnyKeys(1), is_referent=True).exclude(email="")
    accounts = Membership.objects.filter(organisation__in=AnyKeys(1), user__is_active=True, user__accesses__pact=AnyKey(0))
    return Composed(referents.values_list("organisation", "email")), Composed(
        accounts.values_list("organisation", "user__email")
    )


def schedule(pact, plan, board, on=None):
    """Those who are awaited, with the day of their last and of their next reminder; five queries."""
    return scheduled(pact, plan, board.awaited, last_days(pact, board.version), on or today())


def scheduled(pact, plan, lines, sent, on):
    """The same for some of them, whose last reminders are known."""
    addresses = addresses_of(pact, lines)
    rows = [Awaited(line, addresses[line.partner.pk], sent.get(str(line.partner.uid))) for line in lines]
    return planned(rows, KIND, plan, on)


def planned(rows, kind, plan, on):
    """The same rows without those who refuse, with the day of the next reminder of whoever is still written to; one query."""
    refusing = who_refuses(kind, {address for row in rows for address in row.addresses})
    for row in rows:
        row.leave_alone(refusing)
        if plan and plan.is_active and (row.addresses or not row.refusing):
            row.next_on = next_day(plan, row.line, row.last_on, on)
    return rows


def next_day(plan, line, last_on, on):
    """The next day on which a reminder leaves, as the worker will judge it."""
    calm = last_on + CALM if last_on else on
    if is_unsent(last_due(plan, line.since, on), last_on):
        return max(on, calm)
    return next(max(day, calm) for day in due_days(plan, line.since) if day > on)


def last_days(pact, version):
    """{uid of the partner: day of its last reminder} about `version`."""
    if version is None:
        return {}
    days = {}
    sent = OutgoingMail.objects.filter(pact=pact, key__startswith=f"{KEY}{version.uid}:")
    for key, on in sent.order_by("queued_on").values_list("key", "queued_on"):
        days[key.split(":")[2]] = on
    return days


def queue_due(on=None):
    """Queue every reminder that is due: the job of the worker."""
    on = on or today()
    plans = ReminderPlan.objects.filter(is_active=True, pact__state__in=SIGNING_STATES).select_related("pact")
    return sum(queue_due_of(plan, on) for plan in plans if not is_too_early(plan, on))


def queue_due_of(plan, on):
    board, count = board_of(plan.pact), 0
    sent = last_days(plan.pact, board.version)
    due = {line.partner.pk: last_due(plan, line.since, on) for line in board.awaited}
    lines = [line for line in board.awaited if is_unsent(due[line.partner.pk], sent.get(str(line.partner.uid)))]
    for row in scheduled(plan.pact, plan, lines, sent, on) if lines else ():
        if row.next_on == on:
            count += remind(row, board.version, day=due[row.line.partner.pk], on=on)
    return count


def is_unsent(due, last_on):
    """True for a reminder that was due, and has not left since."""
    return due is not None and (last_on is None or last_on < due)


def remind_now(pact, on=None):
    """By hand: everybody who is awaited, but who was written to today. Returns how many mails are queued."""
    on, board = on or today(), board_of(pact)
    rows = [row for row in schedule(pact, None, board, on) if row.last_on != on]
    return sum(remind(row, board.version, day=on, on=on) for row in rows)


def remind(row, version, *, day, on):
    """Queue the reminder of one partner to each of its addresses; the key names the day that it is due for."""
    partner = row.line.partner
    queued = [
        outbox.queue(
            key=f"{key_of(version, partner, day)}:{address}",
            to=address,
            template="mail/signature_reminder",
            pact=partner.pact,
            about=str(partner),
            on=on,
            partner=partner,
            version=version,
            awaits_approval=row.line.state == SigningState.APPROVAL,
            days=row.line.days,
            url=absolute_url("partners:signing_file", partner.pact_id, partner.pk),
            choices_url=choices_url(address),
        )
        for address in row.addresses
    ]
    return sum(one is not None for one in queued)
