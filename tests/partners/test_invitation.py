import io

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command

from partners.models import Contact, Membership, Organisation
from partners.services import invite_contact, invite_to_organisation
from pti.enums import Role
from tests.factories.pti import PactFactory, person


@pytest.fixture
def pact():
    return PactFactory()


@pytest.fixture
def animator(pact):
    return person(Role.ANIMATOR, pact)


@pytest.fixture
def caf():
    return Organisation.objects.create(name="CAF Touraine")


def contact(pact, caf, **fields):
    return Contact.objects.create(pact=pact, organisation=caf, **{"first_name": "Claire", "last_name": "Morvan", **fields})


def test_invited_contact_has_an_account_for_her_organisation(pact, animator, caf):
    claire = contact(pact, caf, email="claire.morvan@caf.example")

    user = invite_contact(contact=claire, by=animator)

    claire.refresh_from_db()
    assert claire.user == user
    assert (user.first_name, user.last_name) == ("Claire", "Morvan")
    assert list(Membership.objects.values_list("user", "organisation")) == [(user.pk, caf.pk)]
    assert user.accesses.get().role == Role.PARTNER


def test_invitation_attaches_what_already_bears_the_name(pact, animator, caf):
    nameless = contact(pact, caf)
    elsewhere = contact(PactFactory(), caf)
    other = contact(pact, caf, first_name="Paul", last_name="Morvan")

    user = invite_to_organisation(
        email="claire.morvan@caf.example", organisation=caf, pact=pact, by=animator, first_name="CLAIRE", last_name="Morvan"
    )

    assert list(user.contacts.all()) == [nameless]
    nameless.refresh_from_db()
    assert nameless.email == "claire.morvan@caf.example"
    assert [Contact.objects.get(pk=row.pk).user for row in (elsewhere, other)] == [None, None]


def test_invitation_does_not_take_the_contact_of_a_namesake(pact, animator, caf):
    namesake = contact(pact, caf, email="autre.claire@caf.example")

    invite_to_organisation(
        email="claire.morvan@caf.example", organisation=caf, pact=pact, by=animator, first_name="Claire", last_name="Morvan"
    )

    namesake.refresh_from_db()
    assert namesake.user is None
    assert Contact.objects.filter(user__email="claire.morvan@caf.example").count() == 1


def test_contact_without_an_address_is_not_invited(pact, animator, caf):
    with pytest.raises(ValidationError, match="pas d’adresse"):
        invite_contact(contact=contact(pact, caf), by=animator)


def test_second_invitation_changes_nothing(pact, animator, caf):
    claire = contact(pact, caf, email="claire.morvan@caf.example")
    for _ in range(2):
        invite_contact(contact=claire, by=animator)

    assert (Contact.objects.count(), Membership.objects.count()) == (1, 1)


def stored_texts():
    rows = (row for model in apps.get_models(include_auto_created=True) for row in model._base_manager.values_list())
    return " ".join(str(value) for row in rows for value in row)


@pytest.mark.parametrize("way", ["contact", "user"])
def test_forgotten_contact_leaves_no_trace_of_her_name(pact, animator, caf, way):
    claire = contact(pact, caf, first_name="Clairette", last_name="Morvandelle", email="cm@caf.example", phone="0247000001")
    if way == "user":
        invite_contact(contact=claire, by=animator)
        call_command("forget_person", user="cm@caf.example", stdout=io.StringIO())
    else:
        call_command("forget_person", contact=str(claire.uid), stdout=io.StringIO())

    stored = stored_texts()
    claire.refresh_from_db()
    for word in ("Clairette", "Morvandelle", "cm@caf.example", "0247000001", "clairette", "morvandelle"):
        assert word not in stored
    assert str(claire) == "Personne oubliée"
    assert claire.history.first().history_change_reason == "personne oubliée à sa demande"
