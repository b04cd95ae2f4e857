"""The demonstration: real pacts untouched, and a living copy that is late, silent and blocked just as told."""

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from actions.models import Action, Measure, Theme, Update
from governance.models import Meeting
from partners.models import Signature
from pti.enums import PactState, Role
from pti.models import Access, Pact, User
from pti.versions import is_intact
from tests.factories.pti import PactFactory


@pytest.mark.parametrize("day", ["2026-11-21", "2028-01-02"])
def test_the_demonstration_is_what_it_says(settings, day):
    settings.DEMO, settings.REFERENCE_DAY = True, day
    on = datetime.date.fromisoformat(day)
    call_command("load_demo", stdout=StringIO())
    living = Pact.objects.get(title="PTI de démonstration")
    actions = Action.objects.filter(pact=living)
    assert (living.state, living.ends_on.year, living.previous.title[-9:]) == (PactState.IN_FORCE, on.year, "2015-2017")
    assert actions.late(on).count() == 3
    assert actions.silent(on, living.silence_months).count() == 2
    assert actions.blocked().count() == 2
    sources = {"partenaires", "engagements", "axes", "instances", "financements"}
    assert set(living.sections.exclude(source="").values_list("source", flat=True)) == sources
    check_signatories(living)
    check_meetings(living, on)
    check_concertation(living)
    assert Measure.objects.filter(indicator__pact=living).count() == 48
    first = Update.objects.filter(action__pact=living).order_by("on").first().on
    assert (on - first).days > 600
    check_real_pacts(living, on)
    check_personas(living)
    assert all(is_intact(version) for pact in Pact.objects.all() for version in pact.versions.all())
    assert Theme.objects.count() == 16


def check_signatories(living):
    """Nine: seven approved and signed, one conditional, one awaited."""
    signatories = living.partners.signatories()
    signed = Signature.objects.filter(partner__pact=living, version=living.versions.adopted().get()).values("partner")
    awaited = signatories.exclude(pk__in=signed)
    assert signatories.count() == 9
    assert signatories.filter(pk__in=signed, approvals__version=living.versions.adopted().get()).count() == 7
    assert list(awaited.values_list("is_conditional", flat=True).order_by("is_conditional")) == [False, True]


def check_concertation(living):
    """One reading, closed: three proposals examined, two opinions, one partner who never answered."""
    (row,) = living.consultations.all()
    assert (row.is_open, row.version.is_working, row.version.number) == (False, True, 1)
    assert list(row.proposals.values_list("state", flat=True)) == ["accepted", "amended", "refused"]
    assert row.opinions.count() == 2
    assert row.invited.without_answer().count() == 1


def check_meetings(living, on):
    """Six, one of them still to come; each has its agenda and its attendance, the past ones minutes and decisions."""
    meetings = Meeting.objects.of_pact(living)
    assert (meetings.count(), meetings.held().count(), meetings.coming(on).count()) == (6, 5, 1)
    assert not meetings.filter(items=None).exists()
    assert not meetings.filter(attendances=None).exists()
    assert not meetings.held().filter(decisions=None).exists()
    assert not meetings.held().filter(minutes="").exists()


def check_real_pacts(living, on):
    """The four pacts are closed, or in force by their dates, and nothing happens in them."""
    real = Pact.objects.exclude(pk=living.pk)
    assert {pact.state for pact in real if pact.ends_on < on} == {PactState.CLOSED}
    assert real.filter(state=PactState.IN_FORCE).count() == sum(pact.ends_on >= on for pact in real)
    assert real.count() == 4
    assert not Update.objects.filter(action__pact__in=real).exists()
    assert not Signature.objects.filter(partner__pact__in=real).exists()


def check_personas(living):
    """A partner sees the living copy only; one belongs to another pact."""
    assert User.objects.count() == 7
    partners = User.objects.filter(accesses__role=Role.PARTNER).order_by("email")
    seen = [[pact.title for pact in Pact.objects.visible_to(user)] for user in partners]
    assert sorted(seen) == [[living.title]] * 3 + [["Pacte territorial pour l’insertion 2022-2025"]]
    assert Access.objects.get(role=Role.ANIMATOR).pact is None


def test_the_demonstration_is_refused_in_a_base_that_is_not_empty(settings):
    settings.DEMO = True
    PactFactory()
    with pytest.raises(CommandError, match="base vide"):
        call_command("load_demo")
    assert Pact.objects.count() == 1


def test_the_demonstration_is_refused_out_of_demonstration_mode(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="mode démonstration"):
        call_command("load_demo")
    assert not Pact.objects.exists()
