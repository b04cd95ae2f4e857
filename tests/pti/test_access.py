"""What is asked of one pact and what is asked of the base agree."""

import pytest
from django.contrib.auth.models import AnonymousUser

from pti.access import can_open
from pti.enums import PactState, Role
from pti.models import Pact
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
