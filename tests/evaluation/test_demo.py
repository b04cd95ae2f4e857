"""The demonstration: real pacts untouched, and a living copy that is late, silent and blocked just as told."""

import datetime
import json
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from jsonschema import Draft202012Validator

from actions.models import Action, Measure, SavedView, Theme, Update
from actions.themes import ensure_themes
from evaluation.demo import load
from governance.models import Meeting
from partners.models import Signature
from pti import exchange
from pti.amending.difference import changes_of
from pti.enums import PactState, Role
from pti.models import Access, Brand, Pact, Territory, User
from pti.versions import is_intact
from tests.emptied import empty_base
from tests.factories.pti import PactFactory

NEEDED = (load.MODEL_OF_THE_COPY, load.OTHER_PACT)


@pytest.mark.parametrize(("day", "files"), [("2026-11-21", load.FILES), ("2028-01-02", NEEDED)])
def test_the_demonstration_is_what_it_says(settings, monkeypatch, day, files):
    """On another day the two pacts that the living copy and the personas need are enough, and no file is asked of them."""
    settings.DEMO, settings.REFERENCE_DAY = True, day
    monkeypatch.setattr(load, "FILES", files)
    on = datetime.date.fromisoformat(day)
    call_command("load_demo", stdout=StringIO())
    living = Pact.objects.ordinary().get(title="PTI de démonstration")
    actions = Action.objects.filter(pact=living)
    assert (living.state, living.ends_on.year, living.previous.title[-9:]) == (PactState.IN_FORCE, on.year, "2015-2017")
    assert actions.late(on).count() == 3
    assert actions.silent(on, living.silence_months).count() == 2
    assert actions.blocked().count() == 2
    sources = {"partenaires", "engagements", "axes", "frise", "instances", "financements"}
    assert set(living.sections.exclude(source="").values_list("source", flat=True)) == sources
    check_signatories(living)
    check_meetings(living, on)
    check_concertation(living)
    check_amendment(living, on)
    check_collections(living, on)
    views = SavedView.objects.filter(pact=living, is_shared=True)
    assert (views.count(), views.filter(subscriptions__user=views.first().owner).count()) == (2, 1)
    assert Measure.objects.filter(indicator__pact=living).count() == 48
    first = Update.objects.filter(action__pact=living).order_by("on").first().on
    assert (on - first).days > 600
    check_real_pacts(living, on, len(files))
    check_personas(living)
    assert all(is_intact(version) for pact in Pact.objects.all() for version in pact.versions.all())
    assert Theme.objects.count() == 16
    assert Brand.current().name == "Indre-et-Loire"
    if day == "2026-11-21":
        check_export(living)


def check_signatories(living):
    """Nine: seven approved and signed, one conditional, one awaited."""
    signatories = living.partners.signatories()
    signed = Signature.objects.filter(partner__pact=living, version=living.versions.adopted().get()).values("partner")
    awaited = signatories.exclude(pk__in=signed)
    assert signatories.count() == 9
    assert signatories.filter(pk__in=signed, approvals__version=living.versions.adopted().get()).count() == 7
    assert list(awaited.values_list("is_conditional", flat=True).order_by("is_conditional")) == [False, True]


def check_export(living):
    """Its file gives the same bytes once imported into an empty base, and follows the schema, as those of the others do.

    The last check: it empties the base.
    """
    judge = Draft202012Validator(json.loads((settings.BASE_DIR / "docs" / "export.schema.json").read_text()))
    for pact in Pact.objects.all():
        judge.validate(exchange.dump(pact, with_people=True)[0])
    judge.validate(exchange.dump(living)[0])
    content = exchange.export_bytes(living, with_people=True)
    empty_base()
    ensure_themes(Theme)
    again = exchange.load(*exchange.read(content))
    assert exchange.export_bytes(again, with_people=True) == content


def check_concertation(living):
    """One reading, closed: three proposals examined, two opinions, one partner who never answered."""
    (row,) = living.consultations.all()
    assert (row.is_open, row.version.is_working, row.version.number) == (False, True, 1)
    assert list(row.proposals.values_list("state", flat=True)) == ["accepted", "amended", "refused"]
    assert row.opinions.count() == 2
    assert row.invited.without_answer().count() == 1


def check_amendment(living, on):
    """One amendment submitted to four partners: three points, a proposal in each state, one partner awaited."""
    (amendment,) = living.amendments.all()
    (row,) = amendment.consultations.all()
    assert (amendment.state, row.is_open, (row.deadline - on).days) == (PactState.CONSULTATION, True, 10)
    assert sorted(amendment.points.values_list("model", flat=True)) == ["Action", "Action", "Section"]
    assert not amendment.points.filter(reason="").exists()
    assert list(row.proposals.values_list("state", flat=True)) == ["accepted", "refused", "submitted"]
    assert row.opinions.count() == 2
    assert [str(one.partner) for one in row.invited.without_answer()] == ["Pôle emploi"]
    assert [change.is_empty for change in changes_of(amendment)] == [False, False, False]


def check_collections(living, on):
    """One closed, with its answers validated; one open from today, its mails in the outbox, two fiches without anybody.

    And the conférence des financeurs: each funder is asked its own column.
    """
    now, before, money = living.campaigns.all()
    assert (money.is_open, set(money.requests.values_list("question", flat=True))) == (True, {"funding"})
    assert living.roadmaps.get().year == on.year - 1
    assert (now.opened_on, now.is_open, before.is_open) == (on, True, False)
    assert set(before.requests.values_list("state", flat=True)) == {"to_do", "validated"}
    assert now.requests.filter(person_email="").count() == 2
    assert living.outgoing_mails.filter(about=str(now)).count() == 5


def check_meetings(living, on):
    """Six, one of them still to come; each has its agenda and its attendance, the past ones minutes and decisions."""
    meetings = Meeting.objects.of_pact(living)
    assert (meetings.count(), meetings.held().count(), meetings.coming(on).count()) == (6, 5, 1)
    assert not meetings.filter(items=None).exists()
    assert not meetings.filter(attendances=None).exists()
    assert not meetings.held().filter(decisions=None).exists()
    assert not meetings.held().filter(minutes="").exists()
    days = [one.held_on for one in meetings]
    assert [day for day in days if day.weekday() > 4 or (day.day, day.month) == (25, 12)] == []


def check_real_pacts(living, on, count):
    """The real pacts are closed, or in force by their dates, and nothing happens in them."""
    real = Pact.objects.ordinary().exclude(pk=living.pk)
    assert {pact.state for pact in real if pact.ends_on < on} == {PactState.CLOSED}
    assert real.filter(state=PactState.IN_FORCE).count() == sum(pact.ends_on >= on for pact in real)
    assert (real.count(), Territory.objects.departments().count()) == (count, count)
    assert not Update.objects.filter(action__pact__in=real).exists()
    assert not Signature.objects.filter(partner__pact__in=real).exists()


def check_personas(living):
    """A partner sees the living copy only; one belongs to another pact."""
    assert User.objects.count() == 7
    partners = User.objects.filter(accesses__role=Role.PARTNER).order_by("email")
    seen = [[pact.title for pact in Pact.objects.visible_to(user).ordinary()] for user in partners]
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
