"""Whom a collection asks about which fiche, before anything leaves."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Prefetch, Q, Subquery

from actions.enums import LeadRole
from actions.models import Action, Campaign, CampaignRequest, Lead, MailChoice, Update
from actions.models.fiches import LIVE
from actions.selection import MOST
from actions.tree import Tree
from partners.models import Contact, Membership
from pti.enums import Role
from pti.models import Access


@dataclass(frozen=True)
class Person:
    """Somebody of a body to whom one may write."""

    name: str
    email: str
    is_referent: bool = False
    territories: frozenset = field(default=frozenset(), compare=False)


def people_of(pact, organisations):
    """{organisation: its people, référents first, elected ones after the others, accounts last}; three queries.

    Who only reads the pact cannot say where a fiche stands: such an account is not written to.
    """
    found, people = defaultdict(list), pact.people_pact_id
    contacts = Contact.objects.filter(pact=people, organisation__in=organisations).exclude(email="")
    for one in contacts.order_by("-is_referent", "is_elected", "last_name", "first_name", "id").prefetch_related("territories"):
        places = frozenset(place.pk for place in one.territories.all())
        found[one.organisation_id].append(Person(str(one), one.email.lower(), one.is_referent, places))
    writing = Access.objects.filter(Q(pact=people) | Q(pact=None)).exclude(role=Role.READER)
    accounts = Membership.objects.filter(organisation__in=organisations, user__is_active=True, user__accesses__in=writing)
    for one in accounts.select_related("user").order_by("user__email"):
        if one.user.email not in {person.email for person in found[one.organisation_id]}:
            found[one.organisation_id].append(Person(str(one.user), one.user.email))
    return found


def fiches_of(campaign):
    """The live fiches that the collection is about, with who leads them, where, and who spoke last."""
    rows = Action.objects.filter(pact=campaign.pact, status__in=LIVE)
    if campaign.actions.exists():
        rows = rows.filter(pk__in=campaign.actions.all())
    axes = list(campaign.axes.all())
    if axes:
        tree = Tree(campaign.pact)
        rows = rows.under([pk for axis in axes for pk in tree.below(axis)])
    leads = Lead.objects.leading().select_related("organisation").order_by("order", "id")
    last = Update.objects.filter(action=OuterRef("pk")).exclude(author=None).values("author__email")[:1]
    rows = rows.annotate(last_author=Subquery(last)).order_by("number_key", "order", "id")
    return list(rows.prefetch_related(Prefetch("leads", leads, "leading"), "territories"))


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


def leader_of(action, wanted):
    """The body that is asked: the pilot, else a co-pilot; one of `wanted` when the collection is for some partners."""
    leads = [one for one in action.leading if one.organisation_id and (not wanted or one.organisation_id in wanted)]
    leads.sort(key=lambda one: one.role != LeadRole.PILOT)
    return leads[0].organisation if leads else None


def person_for(action, people):
    """Who spoke last of the fiche, else the référent of its territory, else the référent, else whoever is known."""
    places = {place.pk for place in action.territories.all()}
    spoke = [one for one in people if one.email == action.last_author]
    local = [one for one in people if places & one.territories]
    return next(iter([*spoke, *local, *people]), None)


@transaction.atomic
def prepare(*, campaign):
    """Write who will be asked about each fiche; a person chosen by hand stays while the fiche and the body do."""
    if not campaign.is_draft:
        raise ValidationError("Cette collecte est déjà ouverte.")
    wanted = {one.organisation_id for one in campaign.partners.all()}
    known = {one.action_id: one for one in campaign.requests.all()}
    fiches = [(action, leader_of(action, wanted)) for action in fiches_of(campaign)]
    fiches = [(action, body) for action, body in fiches if body or not wanted]
    people = people_of(campaign.pact, {body.pk for _, body in fiches if body})
    for action, body in fiches:
        row = known.pop(action.pk, None)
        if row and row.organisation == body and row.person_email:
            continue
        person = person_for(action, people[body.pk]) if body else None
        write_to(row or CampaignRequest(campaign=campaign, action=action), body, person)
    for row in known.values():
        row.delete()


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
    refuses: bool = False


def letters_of(rows, *, reminder=False):
    """One letter for each address among `rows`; those who asked for no more mail are told apart."""
    by_email = defaultdict(list)
    for row in rows:
        if row.person_email:
            by_email[row.person_email.lower()].append(row)
    name = "no_reminders" if reminder else "no_requests"
    refusing = set(MailChoice.objects.filter(**{name: True}, email__in=by_email).values_list("email", flat=True))
    return [Letter(email, own[0].person_name, own, email in refusing) for email, own in sorted(by_email.items())]


def rows_of(campaign):
    """The requests, with what the pages and the mails say of them."""
    return campaign.requests.select_related("organisation", "action", "given", "validated_by").in_order()
