"""Whom a collection asks what, before anything leaves."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from actions.campaigns.questions import asked_by
from actions.models import Campaign, CampaignRequest
from actions.selection import MOST
from partners.models import Contact, Membership
from pti.composed import AnyKey, AnyKeys, Composed
from pti.enums import Role
from pti.mail_choices import who_refuses
from pti.models import Access, RefusedAddress, User

# The two kinds of mail of a collection that a person may refuse.
OPENING, REMINDER = "campaign_opening", "campaign_reminder"

# What a collection says that holds in another pact too: axes, partners and fiches are those of one pact.
SAME_ELSEWHERE = (
    "name", "period", "opens_on", "deadline", "message", "asks_updates", "asks_values", "asks_commitments", "asks_fundings",
    "funding_from", "funding_to",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody of a body to whom one may write."""

    name: str
    email: str
    is_referent: bool = False
    territories: frozenset = field(default=frozenset(), compare=False)


def people_of(pact, organisations):
    """{organisation: its people, référents first, then contacts and accounts, elected ones last}; three queries.

    Who only reads the pact cannot say where a fiche stands: such an account is not written to.
    """
    found, elected, people = defaultdict(list), defaultdict(list), pact.people_pact_id
    contacts = Contact.objects.filter(pact=people, organisation__in=organisations).exclude(email="")
    for one in contacts.order_by("-is_referent", "last_name", "first_name", "id").prefetch_related("territories"):
        places = frozenset(place.pk for place in one.territories.all())
        (elected if one.is_elected else found)[one.organisation_id].append(
            Person(str(one), one.email.lower(), one.is_referent, places)
        )
    writing = Access.objects.filter(Q(pact=people) | Q(pact=None)).exclude(role=Role.READER)
    accounts = Membership.objects.filter(organisation__in=organisations, user__is_active=True, user__accesses__in=writing)
    for one in accounts.select_related("user").order_by("user__email"):
        known = found[one.organisation_id] + elected[one.organisation_id]
        if one.user.email not in {other.email for other in known}:
            found[one.organisation_id].append(Person(str(one.user), one.user.email))
    for body, persons in elected.items():
        found[body] += persons
    return found


class Reminded:
    """Of a selection, the fiches that a reminder may be about: live ones, that no open collection awaits already."""

    def __init__(self, selection):
        rows = list(selection.rows.only("pact", "number", "title", "status")[: MOST + 1])
        self.is_cut = len(rows) > MOST
        rows = rows[:MOST]
        asked = CampaignRequest.objects.filter(action__in=rows, campaign__in=Campaign.objects.open()).awaited()
        awaited = set(asked.values_list("action", flat=True))
        self.closed = [one for one in rows if not one.is_live]
        self.awaited = [one for one in rows if one.is_live and one.pk in awaited]
        self.fiches = [one for one in rows if one.is_live and one.pk not in awaited]


def person_for(asked, people):
    """Who spoke last of it, else the référent of its territory, else the référent, else whoever is known."""
    spoke = [one for one in people if one.email == asked.last_author]
    local = [one for one in people if asked.places & one.territories]
    return next(iter([*spoke, *local, *people]), None)


@transaction.atomic
def prepare(*, campaign):
    """Write who will be asked what; a person chosen by hand stays while the question and the body do."""
    if not campaign.is_draft:
        raise ValidationError("Cette collecte est déjà ouverte.")
    wanted = {one.organisation_id for one in campaign.partners.all()}
    known = {key_of(one): one for one in campaign.requests.select_related("organisation")}
    found = [(question.value, one) for question in asked_by(campaign) for one in question.asked(campaign, wanted)]
    people = people_of(campaign.pact, {one.organisation.pk for _, one in found if one.organisation})
    for value, one in found:
        new = CampaignRequest(campaign=campaign, question=value, organisation=one.organisation, **one.subject)
        row = known.pop(key_of(new), None)
        if row and row.organisation == one.organisation and row.person_email:
            continue
        write_to(row or new, one.organisation, person_for(one, people[one.organisation.pk]) if one.organisation else None)
    for row in known.values():
        row.delete()


@transaction.atomic
def prepare_elsewhere(*, campaign, pacts):
    """The same questions in each of `pacts`, by a collection of its own about all its fiches: seen and opened there."""
    said = {name: getattr(campaign, name) for name in SAME_ELSEWHERE}
    for pact in pacts:
        prepare(campaign=Campaign.objects.create(pact=pact, **said))


def key_of(row):
    """What makes two requests the same: a fiche is asked about once, whoever leads it; the rest once for each body."""
    return row.question, row.action_id, row.commitment_id, None if row.action_id else row.organisation_id


def write_to(row, body, person):
    row.organisation = body
    row.person_name, row.person_email = (person.name, person.email) if person else ("", "")
    row.save()


@dataclass
class Letter:
    """What one person receives: the fiches that she is asked about."""

    email: str
    name: str
    requests: list
    # She wants no such mail.
    refuses: bool = False
    # Her address was refused for good by a mail server.
    is_dead: bool = False
    # Her account is closed, or her access to the pact was withdrawn.
    has_left: bool = False

    @property
    def leaves(self):
        return not (self.refuses or self.is_dead or self.has_left)


def letters_of(rows, pact, *, kind=OPENING):
    """One letter for each address among `rows`, asked in `pact`; those who want no mail of this `kind` are told apart."""
    by_email = defaultdict(list)
    for row in rows:
        if row.person_email:
            by_email[row.person_email.lower()].append(row)
    refusing = who_refuses(kind, by_email)
    dead, left = dead_among(by_email), who_left(pact, by_email)
    return [
        Letter(email, own[0].person_name, own, email in refusing, email in dead, email in left)
        for email, own in sorted(by_email.items())
    ]


def dead_among(emails):
    """Which of these addresses, in small letters, were refused for good."""
    return set(RefusedAddress.objects.filter(email__in=emails).values_list("email", flat=True))


def who_left(pact, emails):
    """Which of these addresses, in small letters, are of people who no longer speak here; one query.

    Their account is closed; or they had an access that writes in `pact`, have none now, and are nobody's contact in it.
    """
    on = {pact.pk, pact.people_pact_id, pact.parent_id} - {None}
    return set(left_composed().rows_of(on, pact.people_pact_id, emails)) if emails else set()


@cache
def left_composed():
    """The query of `who_left`: the keys of the pacts, that of the pact of its contacts, the addresses."""
    on = Q(pact_id__in=AnyKeys(0)) | Q(pact_id=None)
    writing = Access.objects.filter(on, user=OuterRef("pk")).exclude(role=Role.READER)
    written = Access.history.filter(on, user_id=OuterRef("pk")).exclude(role=Role.READER)
    contact = Contact.objects.filter(pact=AnyKey(1), email__iexact=OuterRef("email"))
    left = Q(is_active=False) | Q(Exists(written) & ~Exists(writing) & ~Exists(contact))
    return Composed(User.objects.filter(left, email__in=AnyKeys(2)).order_by().values_list("email", flat=True))


def rows_of(campaign):
    """The requests, with what the pages and the mails say of them."""
    return campaign.requests.shown().in_order()
