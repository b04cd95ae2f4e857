"""What is asked of one pact and what is asked of the base agree; the person of a request comes with her roles."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import models

from pti.access import can_open
from pti.enums import PactState, Role
from pti.login import Backend
from pti.models import Pact, User
from pti.navigation import Navigation
from tests.factories.pti import PactFactory, UserFactory, person


@pytest.mark.parametrize("state", [PactState.SCOPING, PactState.DRAFTING])
def test_a_pact_opens_to_whom_the_lists_show_it(state):
    pact = PactFactory(state=state)
    local = PactFactory(parent=pact, local=True, state=state)
    amendment = PactFactory(amends=pact, amendment_number=1, state=state)
    elsewhere = PactFactory(state=state)
    pacts = [pact, local, amendment, elsewhere]
    people = [person(role, on) for role in Role for on in (None, *pacts)]
    both = person(Role.READER, None)
    both.accesses.create(pact=elsewhere, role=Role.OFFICER)

    for user in [AnonymousUser(), UserFactory(), both, *people]:
        shown = set(Pact.objects.visible_to(user))
        assert {one for one in pacts if can_open(user, one)} == shown
        assert set(Navigation(SimpleNamespace(user=user)).pacts) == shown


def test_the_person_of_a_request_comes_with_the_roles_that_she_has(django_assert_num_queries):
    pact, nobody, closed = PactFactory(), UserFactory(), UserFactory(is_active=False)
    user = person(Role.READER, None)
    user.accesses.create(pact=pact, role=Role.OFFICER)
    person(Role.ANIMATOR, pact)

    with django_assert_num_queries(1):
        read = Backend().get_user(user.pk)
        assert (read, read.roles) == (user, {None: Role.READER, pact.pk: Role.OFFICER})
    assert read.roles == User.objects.get(pk=user.pk).roles
    assert Backend().get_user(nobody.pk).roles == {}
    assert Backend().get_user(closed.pk) is None
    assert Backend().get_user(closed.pk + 100) is None


def test_the_pact_of_an_address_is_one_row_or_nothing(django_assert_num_queries):
    pact, other = PactFactory(title="Pacte à 100 %"), PactFactory()
    names = [field.attname for field in Pact._meta.concrete_fields]
    asked = Pact.objects.get(pk=pact.pk)
    with django_assert_num_queries(1):
        read = Pact.of_key(pact.pk)
        assert {name: getattr(read, name) for name in names} == {name: getattr(asked, name) for name in names}
    assert Pact.of_key(other.pk + 100) is None
    assert Pact.of_key(models.BigIntegerField.MAX_BIGINT + 1) is None
