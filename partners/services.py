"""Writes over several records of the partners floor."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from partners.enums import Standing, SuccessionKind
from partners.models import CommitmentUpdate, Contact, Membership, OrganisationName, Partner, Signatory, Signature, Succession
from pti.accounts import invite
from pti.dates import today
from pti.enums import Role
from pti.search import normalise
from pti.ticks import copy_uid

NAMES_LIMIT = 600


@transaction.atomic
def invite_contact(*, contact, by):
    """Open an account to a contact, as partner of her pact, for her organisation; the mail leaves with it."""
    if not contact.email:
        raise ValidationError({"email": "Ce contact n’a pas d’adresse électronique : saisissez-la d’abord."})
    return invite_to_organisation(
        email=contact.email,
        organisation=contact.organisation,
        pact=contact.pact,
        by=by,
        first_name=contact.first_name,
        last_name=contact.last_name,
        function=contact.function,
        phone=contact.phone,
    )


@transaction.atomic
def invite_to_organisation(*, email, organisation, pact, by=None, **person):
    """Invite somebody to act for `organisation` in `pact`.

    Contacts of this organisation that bear the same address, or the same name without an address, are attached to the
    account; when there is none, the contact is made.
    """
    user = invite(email=email, role=Role.PARTNER, pact=pact, by=by, **person)
    Membership.objects.get_or_create(user=user, organisation=organisation)
    contacts = [contact for contact in contacts_of(organisation, pact) if is_same_person(contact, user)]
    for contact in contacts:
        contact.user = user
        contact.email = contact.email or user.email
        contact.save()
    if not contacts and user.last_name:
        Contact.objects.get_or_create(
            pact=pact,
            organisation=organisation,
            user=user,
            defaults={"first_name": user.first_name, "last_name": user.last_name, "email": user.email},
        )
    return user


def contacts_of(organisation, pact):
    """Contacts without an account."""
    return Contact.objects.filter(organisation=organisation, pact=pact, user=None)


def is_same_person(contact, user):
    """The same address, or the same name when the contact has no address."""
    if contact.email:
        return contact.email.lower() == user.email
    return bool(user.last_name) and normalise(str(contact)) == normalise(f"{user.first_name} {user.last_name}")


@transaction.atomic
def tell_commitment(*, commitment, by, state, sentence="", organisation=None, on=None, on_behalf=False, channel=""):
    """Write down whether a commitment is kept: what happens, beside the text."""
    return CommitmentUpdate.objects.create(
        commitment=commitment, author=by, state=state, sentence=sentence, organisation=organisation, on=on or today(),
        on_behalf=on_behalf, channel=channel,
    )  # fmt: skip


@transaction.atomic
def rename_organisation(*, organisation, name, on, by, acronym=""):
    """Give `organisation` a new name from the day `on`; the former one ends the day before and stays as « ex- ».

    Dated names, today's name, « ex- » and the search text move together.
    """
    if name == organisation.name:
        raise ValidationError({"name": "C’est déjà son nom."})
    current = organisation.names.filter(is_alias=False, ends_on=None).first()
    if current is None:
        current = OrganisationName(organisation=organisation, name=organisation.name, acronym=organisation.acronym)
    if current.starts_on and current.starts_on >= on:
        raise ValidationError({"on": f"Le nom actuel date du {current.starts_on:%d/%m/%Y} : le nouveau vient après."})
    current.ends_on = on - datetime.timedelta(days=1)
    current.save()
    OrganisationName.objects.create(organisation=organisation, name=name, acronym=acronym, starts_on=on)
    organisation.name, organisation.acronym = name, acronym
    return write_names(organisation)


def write_names(organisation):
    """Write « ex- » and the other spellings of `organisation` from its names, and save it."""
    names = list(organisation.names.all())
    former = [one.name for one in reversed(names) if not one.is_alias and one.name != organisation.name]
    former += [row.predecessor.name for row in organisation.successions_before.select_related("predecessor")]
    organisation.former_names = ", ".join(f"ex-{name}" for name in dict.fromkeys(former))[:NAMES_LIMIT]
    spellings = [text for one in names for text in (one.name, one.acronym) if text]
    organisation.aliases_text = "\n".join(dict.fromkeys(spellings))
    organisation.revision += 1
    organisation.save()
    return organisation


@transaction.atomic
def succeed(*, predecessor, successor, kind, on, by):
    """Write that `successor` follows `predecessor` (merged or split); the successor bears its name as « ex- »."""
    if predecessor.pk == successor.pk:
        raise ValidationError({"successor": "Un organisme ne se succède pas à lui-même."})
    if Succession.objects.filter(predecessor=predecessor, successor=successor).exists():
        raise ValidationError({"successor": "Cette succession est déjà enregistrée."})
    row = Succession.objects.create(predecessor=predecessor, successor=successor, kind=SuccessionKind(kind), on=on)
    write_names(successor)
    return row


@transaction.atomic
def name_parties(*, amendment, concerned, by):
    """Say which signatories of the pact approve and sign `amendment`: one of them at least."""
    if not concerned:
        raise ValidationError("Un avenant concerne au moins un signataire.")
    kept = {partner.pk for partner in concerned}
    for partner in Partner.objects.filter(pact=amendment, standing=Standing.SIGNATORY).present():
        if partner.is_concerned != (partner.pk in kept):
            partner.is_concerned = partner.pk in kept
            partner.save(update_fields=["is_concerned"])


def take_over_signatories(*, base, amendment, by):
    """Expect in `amendment` those who sign for the partners of `base`: named now, or else who signed last.

    Neither their approvals nor their signatures: each of them signs the amendment itself, or somebody else then named.
    """
    signatures = Signature.objects.standing().filter(partner__pact=base).order_by("signed_on", "pk")
    signing = {one.partner_id: one for one in signatures}
    signing |= {one.partner_id: one for one in Signatory.objects.filter(partner__pact=base, ends_on=None)}
    partners = {partner.uid: partner for partner in Partner.objects.filter(pact=amendment).signatories()}
    for partner in Partner.objects.filter(pact=base, pk__in=signing):
        copy = partners.get(copy_uid(amendment.uid, partner.uid))
        if copy is not None:
            take_over(signing[partner.pk], copy, amendment.amendment.opened_on, by)


def take_over(one, partner, on, by):
    """`one`: who signs for the partner in the pact, or its signature there."""
    said = {"name": one.name, "email": one.email} if isinstance(one, Signatory) else {"name": one.signatory}
    if isinstance(one, Signatory):
        said |= {"delegated_by": one.delegated_by, "delegation_reference": one.delegation_reference}
    if said["name"]:
        Signatory.objects.create(
            partner=partner, capacity=one.capacity, starts_on=on, recorded_by=by, on_behalf=by is not None, **said
        )
