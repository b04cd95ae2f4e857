"""What a process composes once serves everybody: it holds nothing of anybody, and each sees her own."""

import gc

from django.urls import reverse

from partners.models import Partner
from pti.composed import AnyKey, Composed
from pti.enums import PactState, Role
from tests.factories.actions import (
    ActionFactory,
    AxisFactory,
    IndicatorFactory,
    LeadFactory,
    MeasureFactory,
    OrganisationFactory,
    UpdateFactory,
)
from tests.factories.governance import CommitteeFactory, DecisionFactory, MeetingFactory
from tests.factories.pti import PactFactory, freeze, person
from tests.world import log_in

# The least key of these rows: no number that a statement may hold is as high.
HIGH = 40_000_000
NAMES = ("Le pacte", "Organisme", "Axe", "Fiche", "Blocage", "Indicateur", "Instance")


def fill(letter, role, first):
    """(pact, its fiche, who reads it): every name ends with the letter, every key is high."""
    keys = iter(range(first, first + 100))
    pact = PactFactory(pk=next(keys), title=f"Le pacte {letter}")
    body = OrganisationFactory(pk=next(keys), name=f"Organisme {letter}")
    axis = AxisFactory(pk=next(keys), pact=pact, title=f"Axe {letter}")
    action = ActionFactory(pk=next(keys), pact=pact, axis=axis, title=f"Fiche {letter}", late=True)
    LeadFactory(pk=next(keys), action=action, organisation=body)
    UpdateFactory(pk=next(keys), action=action, organisation=body, blocking_point=f"Blocage {letter}")
    indicator = IndicatorFactory(pk=next(keys), pact=pact, action=action, name=f"Indicateur {letter}", threshold_high=50)
    MeasureFactory(pk=next(keys), indicator=indicator, value=91)
    committee = CommitteeFactory(pk=next(keys), pact=pact, name=f"Instance {letter}")
    MeetingFactory(pk=next(keys), committee=committee)
    DecisionFactory(
        pk=next(keys), meeting=MeetingFactory(pk=next(keys), committee=committee, held=True), overdue=True, owner=body
    )
    Partner.objects.create(pk=next(keys), pact=pact, organisation=body, standing="signatory")
    freeze(pact, PactState.IN_FORCE)
    return pact, action, person(role, pact, pk=next(keys), email=f"{letter}@exemple.test")


def read(client, user, pact, action):
    """What the person is answered on the dashboard, the list and the fiche."""
    log_in(client, user)
    pages = [reverse(name, args=[pact.pk]) for name in ("evaluation:dashboard", "actions:action_list")]
    return [client.get(page) for page in (*pages, action.get_absolute_url())]


def test_each_sees_her_own_and_nothing_of_anybody_is_kept(client, db):
    """Two people, two roles, two pacts in turn in one process."""
    of_each = {"A": fill("A", Role.OFFICER, HIGH), "B": fill("B", Role.READER, 2 * HIGH)}
    for mine, theirs in ("AB", "BA"):
        pact, action, user = of_each[mine]
        dashboard, *others = (page.content.decode() for page in read(client, user, pact, action))
        assert [name for name in NAMES if f"{name} {mine}" not in dashboard] == []
        assert [name for name in NAMES for page in others if f"{name} {mine}" not in page and name in ("Fiche", "Axe")] == []
        assert [name for name in NAMES for page in (dashboard, *others) if f"{name} {theirs}" in page] == []
    assert len(statements_kept()) > 15
    assert kept_of_somebody() == []


def statements_kept():
    return [one for one in gc.get_referrers(Composed) if type(one) is Composed]


def kept_of_somebody():
    """[(statement, value)] of the keys and of the addresses that this process keeps."""
    return [(one.sql, value) for one in statements_kept() for value in one.values if is_of_somebody(value)]


def is_of_somebody(value):
    return not isinstance(value, AnyKey) and ("@" in str(value) or (isinstance(value, int) and value >= HIGH))


def test_who_may_not_read_reads_nothing(client, db):
    """Although the very statements of the page have just run for somebody else."""
    pact, action, user = fill("A", Role.OFFICER, HIGH)
    stranger = person(Role.OFFICER, PactFactory())
    assert [page.status_code for one in (user, stranger, user) for page in read(client, one, pact, action)] == [
        *[200] * 3, *[404] * 3, *[200] * 3,
    ]  # fmt: skip
