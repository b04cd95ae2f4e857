"""Writes over several records of the partners floor."""

from django.core.exceptions import ValidationError
from django.db import transaction

from partners.models import Contact, Membership
from pti.accounts import invite
from pti.enums import Role
from pti.search import normalise


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
