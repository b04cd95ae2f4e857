"""Several collections that write to one person in the same round: one mail, each fiche once.

What waits in the outbox stays one mail for each collection, whose key says to whom and when it wrote; they leave as one.
"""

import re
from itertools import groupby

from actions.campaigns.mails import KEY, MARK, days_shown, line_of, still_for
from actions.models import CampaignPlan, CampaignRequest
from pti.dates import today
from pti.mail import write
from pti.mail_choices import choices_url
from pti.models import OutgoingMail

TEMPLATE = "mail/campaigns"
# Openings and reminders. What follows a gesture (an answer returned, a link asked anew, a colleague) leaves by itself.
JOINED = re.compile(rf"{KEY}[0-9a-f-]{{36}}:(ouverture|\d{{4}}-\d\d-\d\d):")


def joined(mails):
    """The one mail that leaves in place of `mails`, all to one address; it is not saved."""
    uids = {uid for mail in mails for uid in MARK.findall(mail.text)}
    rows = CampaignRequest.objects.filter(pk__in=[row.pk for row in still_for(mails[0].to, uids)])
    rows = list(rows.shown().select_related("campaign__pact").in_order())
    if not rows:
        return mails[0]
    subject, text, html = write(TEMPLATE, **said(mails, rows))
    return OutgoingMail(key=mails[0].key, to=mails[0].to, subject=subject, text=text, html=html)


def said(mails, rows):
    """What the mail tells, collection by collection, the one that ends first before the others."""
    to, asked = mails[0].to.lower(), sorted(once(rows), key=lambda row: (row.campaign.deadline, row.campaign_id))
    parts = [(campaign, [line_of(row) for row in own]) for campaign, own in groupby(asked, key=lambda row: row.campaign)]
    return {
        "name": next((row.person_name for row in rows if row.person_email.lower() == to), ""),
        "parts": parts,
        "count": len(asked),
        "deadline": asked[0].campaign.deadline,
        "reminder": not any(JOINED.match(mail.key)[1] == "ouverture" for mail in mails),
        "has_pacts": len({row.campaign.pact_id for row in rows}) > 1,
        "next_on": next_reminder({row.campaign_id for row in rows}),
        "choices_url": choices_url(to),
    }


def once(rows):
    """Each question once, though two collections put it, in the order of `rows`: an answer to the one answers the other.

    It is put for the collection that asks for the values as well, then for the one that ends first.
    """
    kept = {}
    for row in sorted(rows, key=lambda row: (not row.campaign.asks_values, row.campaign.deadline, row.pk)):
        about = (row.question, row.action_id, row.commitment_id, row.organisation_id)
        kept.setdefault(about if row.action_id or row.commitment_id else row.pk, row)
    return [row for row in rows if row in kept.values()]


def next_reminder(campaigns):
    """The first day on which one of these collections writes again; None when none does."""
    plans = CampaignPlan.objects.filter(campaign__in=campaigns, is_active=True).select_related("campaign")
    return min((day for plan in plans for day in days_shown(plan.campaign, plan) if day > today()), default=None)
