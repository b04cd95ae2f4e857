"""Who may say, for every pact, that an address is wrong or works again.

A refused address receives nothing, whatever the pact that writes. Said by the staff of one pact about somebody who works in
two, it would silence her in the other, where nobody has seen the mail come back. So: the animator, who answers for what the
pact sends, or whoever is of the staff in each pact that knows the address. An officer of one of them notes that the mail of
her own pact came back, no more. What a mail server answers holds for all: it is nobody's word.
"""

from collections import defaultdict

from django.db.models.functions import Lower

from actions.models import CampaignRequest
from partners.models import Contact
from pti.access import is_animator_on, is_staff_on
from pti.enums import STAFF
from pti.models import Access, Pact


def settled_by(user, pact, emails):
    """Which of `emails` this person may block or free from `pact`; four queries, none for the animator."""
    emails = {email.lower() for email in emails}
    if not emails or is_animator_on(user, pact):
        return emails
    knowing = pacts_knowing(emails)
    pacts = Pact.objects.in_bulk({pk for pks in knowing.values() for pk in pks if pk})
    staffed = {pk for pk, one in pacts.items() if is_staff_on(user, one)}
    staffed |= {None} if user.roles.get(None) in STAFF else set()
    return {email for email in emails if knowing[email] <= staffed}


def pacts_knowing(emails):
    """{address: keys of the pacts of which she is a contact, is asked something, or has an access; None for every pact}."""
    asked = CampaignRequest.objects.filter(campaign__closed_on=None)
    sources = (
        (Contact.objects.all(), "email", "pact"),
        (asked, "person_email", "campaign__pact"),
        (Access.objects.filter(user__is_active=True), "user__email", "pact"),
    )
    found = defaultdict(set)
    for rows, email, pact in sources:
        for low, pk in rows.alias(low=Lower(email)).filter(low__in=emails).values_list(Lower(email), pact):
            found[low].add(pk)
    return found
