"""A partner, ready to be read: what it is, what it commits to, whom to speak to, what it approved and signed."""

from functools import cache

from django.core.paginator import Paginator

from partners.models import (
    Approval,
    Commitment,
    CommitmentUpdate,
    Contact,
    Organisation,
    OrganisationName,
    Partner,
    PartnerDocument,
    Refusal,
    Signature,
)
from pti.composed import AnyKey, AnyKeys, Composed, ComposedParts
from pti.models import Territory

COMMITMENTS_SHOWN = 50


@cache
def partner_composed(*, with_signing):
    """The query of a partner of a pact, with what it signed when a page says so."""
    rows = Partner.objects.filter(pact=AnyKey(0), pk=AnyKey(1)).select_related("organisation")
    return Composed(rows.with_signing_in(AnyKey(0)) if with_signing else rows)


@cache
def parts_composed():
    """What belongs to partners, by name."""
    rows = {
        "approvals": Approval.objects.select_related("proof", "version").defer("version__content"),
        "signatures": Signature.objects.standing().select_related("proof", "version").defer("version__content"),
        "refusals": Refusal.objects.select_related("proof", "version").defer("version__content"),
        "documents": PartnerDocument.objects.select_related("added_by"),
    }
    return {name: ComposedParts(Partner, name, some) for name, some in rows.items()}


def parts_of(partners, name):
    """What belongs to `partners`, as their pages show it: of the signatures, those that nobody took back."""
    return parts_composed()[name].give(partners)


def read_organisation(organisation):
    """Read its names and its services."""
    for parts in organisation_composed():
        parts.give([organisation])
    return organisation


@cache
def organisation_composed():
    """What belongs to an organisation."""
    return [
        ComposedParts(Organisation, "names", OrganisationName.objects.all()),
        ComposedParts(Organisation, "services", Organisation.objects.all()),
    ]


def commitments_of(partner):
    """What `partner` commits to, with whom, and what was told of it."""
    commitments = commitments_composed().rows_of(partner.pk)
    partners, updates = said_composed()
    for one in (*commitments, *partners.give(commitments)):
        one.pact = partner.pact
    updates.give(commitments)
    return commitments


@cache
def commitments_composed():
    """The query of what a partner commits to."""
    return Composed(Commitment.objects.filter(partners=AnyKey()))


@cache
def said_composed():
    """Who commits to something, and what was told of it."""
    return (
        ComposedParts(Commitment, "partners", Partner.objects.select_related("organisation")),
        ComposedParts(Commitment, "updates", CommitmentUpdate.objects.select_related("organisation")),
    )


def commitments_page(pact, number):
    """A page of the commitments of `pact`, those of all first, each with its partners and their names."""
    page = Paginator(keys_composed().rows_of(pact.pk), COMMITMENTS_SHOWN).get_page(number)
    page.object_list = among_composed().rows_of(list(page.object_list))
    partners, _ = said_composed()
    organisations = {}
    for partner in partners.give(page.object_list):
        partner.pact = pact
        partner.organisation = organisations.setdefault(partner.organisation_id, partner.organisation)
    names, _ = organisation_composed()
    names.give(list(organisations.values()))
    return page


@cache
def keys_composed():
    """The query of the commitments of a pact, their keys alone."""
    rows = Commitment.objects.filter(pact=AnyKey()).order_by("-is_common", "order", "id")
    return Composed(rows.values_list("pk", flat=True))


@cache
def among_composed():
    """The query of some commitments, in the order of their page."""
    return Composed(Commitment.objects.filter(pk__in=AnyKeys()).order_by("-is_common", "order", "id"))


def contacts_of(partner):
    """People of the partner; those of an amendment are those of the pact that it amends."""
    contacts = contacts_composed().rows_of(partner.pact.people_pact_id, partner.organisation_id)
    territories_composed().give(contacts)
    return contacts


@cache
def contacts_composed():
    """The query of the people of an organisation in a pact."""
    return Composed(Contact.objects.filter(pact=AnyKey(0), organisation=AnyKey(1)))


@cache
def territories_composed():
    """The territories of contacts."""
    return ComposedParts(Contact, "territories", Territory.objects.all())
