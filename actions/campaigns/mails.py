"""The mails of a collection: one a person, its links made as it leaves, its reminders on the days that are shown.

What waits in the outbox names each link by the row that it is for; the token is drawn when the mail is sent, and the base
keeps its fingerprint alone.
"""

import datetime
import re
import secrets
from dataclasses import dataclass
from itertools import islice, takewhile

from django.conf import settings

from actions.campaigns.preparing import REMINDER, letters_of, people_of, rows_of, who_left
from actions.models import AnswerLink, CampaignPlan, CampaignRequest
from partners.models import Contact
from partners.signing.reminders import due_days, last_due, next_day
from pti import outbox
from pti.dates import today
from pti.mail import write
from pti.mail_choices import choices_url
from pti.models import OutgoingMail, RefusedAddress

TEMPLATE = "mail/campaign"
KEY = "collecte:"
OUTDATED = "Rien n’est plus demandé à cette adresse : la collecte est close, une autre personne répond, ou l’accès est retiré."
MARK = re.compile(r"\[lien-([0-9a-f-]{36})\]")
# A link sent late lives at least that long.
SHORTEST = datetime.timedelta(days=7)
# Of the reminders, how many days are shown: a deadline may be typed in another century.
MOST_DAYS = 50


def address_of(row):
    """The address of the answer page in a mail that waits."""
    return f"{settings.SITE_URL.rstrip('/')}/repondre/[lien-{row.uid}]/"


def still_for(email, uids):
    """Of the requests that a mail names, those that are still this person's to answer as it leaves.

    Hers, or those of a body whose référent she is; nothing once the collection is closed, or she has left the pact.
    """
    rows = CampaignRequest.objects.filter(uid__in=uids, campaign__closed_on=None).select_related("campaign__pact")
    rows = [row for row in rows if row.person_email.lower() == email.lower() or is_referent(row, email)]
    left = {pact for pact in {row.campaign.pact for row in rows} if who_left(pact, [email.lower()])}
    return [row for row in rows if row.campaign.pact not in left]


def is_referent(row, email):
    known = Contact.objects.filter(pact=row.campaign.pact.people_pact_id, organisation=row.organisation_id, is_referent=True)
    return row.organisation_id is not None and known.filter(email__iexact=email).exists()


def make_link(row, to, expires=None):
    """The token of a new link for the person who is asked; only its fingerprint is kept."""
    token = secrets.token_urlsafe(24)
    expires = expires or max(row.campaign.deadline, today() + SHORTEST)
    AnswerLink.objects.create(request=row, token_hash=AnswerLink.hash_of(token), sent_to=to, expires_on=expires)
    return token


def dress(mail):
    """(text, HTML) of a mail as it leaves, with its links."""
    rows = still_for(mail.to, set(MARK.findall(mail.text)))
    if not rows:
        raise outbox.Outdated(OUTDATED)
    tokens = {str(row.uid): make_link(row, mail.to) for row in rows}
    text, html = (MARK.sub(lambda match: tokens.get(match[1], "perdu"), one) for one in (mail.text, mail.html))
    return text, html


def said(campaign, letter, *, next_on=None, reminder=False, returned=None):
    """What a mail tells."""
    return {
        "campaign": campaign,
        "letter": letter,
        "lines": [line_of(row) for row in letter.requests],
        "next_on": next_on,
        "reminder": reminder,
        "returned": returned,
        "choices_url": choices_url(letter.email),
    }


def line_of(row):
    """What a mail says of one question: its templates are beside those of the other lines."""
    template = f"mail/questions/{row.question}"
    return {"request": row, "url": address_of(row), "html": f"{template}.html", "text": f"{template}.txt"}


def preview(campaign, letter):
    """(subject, text) of the mail, its links left out."""
    subject, text, _ = write(TEMPLATE, **said(campaign, letter) | {"choices_url": "…"})
    return subject, MARK.sub("…", text)


def prefix_of(campaign):
    return f"{KEY}{campaign.uid}:"


def mail_of(campaign, letter, what, *, on=None, **context):
    """One letter as the outbox takes it; `what` says which: the opening, the day of a reminder."""
    return {
        "key": f"{prefix_of(campaign)}{what}:{letter.email}",
        "to": letter.email,
        "template": TEMPLATE,
        "pact": campaign.pact,
        "about": str(campaign),
        "on": on,
        **said(campaign, letter, **context),
    }


def queue_opening(campaign):
    """Queue the first mail of each person. Returns how many."""
    plan = CampaignPlan.objects.filter(campaign=campaign, is_active=True).first()
    following = next(iter(days_shown(campaign, plan)), None)
    letters = [letter for letter in letters_of(rows_of(campaign), campaign.pact) if letter.leaves]
    return outbox.queue_many(mail_of(campaign, letter, "ouverture", next_on=following) for letter in letters)


def days_shown(campaign, plan):
    """The days of the reminders until the deadline, as they are shown before anything leaves; the first ones."""
    if plan is None or not plan.is_active:
        return []
    days = islice(due_days(started(plan), campaign.opened_on or today()), MOST_DAYS)
    return list(takewhile(lambda day: day <= campaign.deadline, days))


def started(plan):
    plan.started_on = plan.started_on or today()
    return plan


@dataclass
class Waiting:
    """What `next_day` reads of a person who has not answered."""

    since: datetime.date


def awaited_letters(campaign, actions=None):
    """One letter for each person who has not answered (about `actions` alone).

    Those who want no reminder, or whose address is refused, are left out.
    """
    rows = rows_of(campaign).awaited() if campaign.is_open else []
    rows = list(rows if actions is None else rows.filter(action__in=actions))
    return [letter for letter in letters_of(rows, campaign.pact, kind=REMINDER) if letter.leaves]


def last_days(campaign):
    """{address: day of the last mail}; the opening counts."""
    sent = OutgoingMail.objects.filter(pact=campaign.pact_id, key__startswith=prefix_of(campaign))
    return dict(sent.order_by("queued_on").values_list("to", "queued_on"))


def queue_due(on=None):
    """Queue every reminder that is due, a job of the worker; none after the deadline, as the days that are shown end there."""
    on = on or today()
    open_on = {"campaign__opened_on__lte": on, "campaign__deadline__gte": on, "campaign__closed_on": None}
    plans = CampaignPlan.objects.filter(is_active=True, **open_on)
    return sum(queue_due_of(plan, on) for plan in plans.select_related("campaign__pact"))


def queue_due_of(plan, on):
    campaign, count = plan.campaign, 0
    line, sent = Waiting(campaign.opened_on), last_days(campaign)
    due = last_due(started(plan), line.since, on)
    if due is None:
        return 0
    for letter in awaited_letters(campaign):
        if next_day(plan, line, sent.get(letter.email), on) == on:
            count += remind(campaign, letter, day=due, on=on, next_on=following_day(plan, line, on))
    if due > next(due_days(plan, line.since)):
        count += tell_referents(campaign, sent, day=due, on=on)
    return count


def following_day(plan, line, on):
    day = next(day for day in due_days(plan, line.since) if day > on)
    return day if day <= plan.campaign.deadline else None


def remind(campaign, letter, *, day, on, next_on=None):
    """The reminder of one person; the key names the day that it is due for."""
    mail = outbox.queue(**mail_of(campaign, letter, day, on=on, reminder=True, next_on=next_on))
    return int(mail is not None)


def tell_referents(campaign, sent, *, day, on):
    """From the second reminder on, the référents of the body are written to as well, about the same fiches."""
    rows = [row for row in rows_of(campaign).awaited() if row.organisation_id]
    people, count = people_of(campaign.pact, {row.organisation_id for row in rows}), 0
    by_referent = {}
    for row in rows:
        for person in people[row.organisation_id]:
            told = sent.get(person.email, campaign.opened_on) >= day
            if person.is_referent and not told and person.email != row.person_email.lower():
                by_referent.setdefault(person, []).append(row)
    asked = {letter.email for letter in awaited_letters(campaign)}
    for person, own in by_referent.items():
        for letter in letters_of([as_if_for(row, person) for row in own], campaign.pact, kind=REMINDER):
            if letter.leaves and letter.email not in asked:
                count += remind(campaign, letter, day=day, on=on)
    return count


def as_if_for(row, person):
    """The same request, told to somebody else; never saved."""
    row.person_name, row.person_email = person.name, person.email
    return row


def letters_now(campaign, actions=None, on=None):
    """What a reminder by hand would send: to whoever has not answered, but those written to today."""
    on, sent = on or today(), last_days(campaign)
    return [letter for letter in awaited_letters(campaign, actions) if sent.get(letter.email) != on]


def remind_now(campaign, on=None, actions=None):
    """By hand, about `actions` or all. Returns how many mails."""
    on = on or today()
    letters = letters_now(campaign, actions, on)
    return outbox.queue_many(mail_of(campaign, letter, on, on=on, reminder=True) for letter in letters)


def write_again(row, *others, what, returned=None):
    """One mail to one person: handed over, returned, a link asked anew. Returns the mail, or None."""
    if not row.person_email:
        return None
    letter = letters_of([row, *others], row.campaign.pact)[0]
    return outbox.queue(**mail_of(row.campaign, letter, f"{what}:{row.uid}:{row.links.count()}", returned=returned))


def correct_address(pact, old, new):
    """Put an address right in what the pact still asks: the contacts of its bodies, and a new mail for what is awaited."""
    people = Contact.objects.filter(pact=pact.people_pact_id, email__iexact=old)
    for contact in people:
        contact.email = new
        contact.save(update_fields=["email"])
    rows = CampaignRequest.objects.filter(campaign__pact=pact, campaign__closed_on=None, person_email__iexact=old)
    told = {}
    for row in rows.shown().select_related("campaign__pact"):
        # Whoever reads the wrong address has the links that were sent there.
        for link in row.links.filter(sent_to__iexact=old, revoked_at=None) if new != old.lower() else ():
            link.revoke()
        row.person_email = new
        row.save(update_fields=["person_email"])
        if row.campaign.is_open and row.is_awaited:
            told.setdefault(row.campaign_id, []).append(row)
    RefusedAddress.objects.filter(email=old.lower()).delete()
    return sum(write_again(*own, what="adresse") is not None for own in told.values())


def forget(email):
    """Take the address of a person who asks to be forgotten out of the links."""
    AnswerLink.objects.filter(sent_to__iexact=email).delete()
