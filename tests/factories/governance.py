"""Factories of the governance floor: minimal rows, traits named after states."""

import datetime

import factory
from factory.django import DjangoModelFactory

from governance.enums import CommitteeKind, DecisionState, MeetingStatus, Presence
from governance.models import (
    AgendaItem,
    Attendance,
    Chair,
    Committee,
    CommitteeService,
    Decision,
    Formation,
    Meeting,
    MeetingDocument,
    Referral,
    Seat,
)
from tests.factories.actions import OrganisationFactory, UpdateFactory
from tests.factories.partners import PDF
from tests.factories.pti import PactFactory


class CommitteeFactory(DjangoModelFactory):
    class Meta:
        model = Committee
        skip_postgeneration_save = True

    class Params:
        steering = factory.Trait(kind=CommitteeKind.STEERING, name="Comité de pilotage")
        yearly = factory.Trait(meetings_due=1, meetings_due_per="year")

    pact = factory.SubFactory(PactFactory)
    name = factory.Sequence(lambda n: f"Instance {n}")
    kind = CommitteeKind.TECHNICAL
    order = factory.Sequence(lambda n: n)

    @factory.post_generation
    def territories(self, create, extracted, **kwargs):
        if create and extracted:
            self.territories.set(extracted)

    @factory.post_generation
    def serves(self, create, extracted, **kwargs):
        """Other pacts that it serves too."""
        for pact in extracted or []:
            CommitteeService.objects.create(committee=self, pact=pact)


class FormationFactory(DjangoModelFactory):
    class Meta:
        model = Formation

    committee = factory.SubFactory(CommitteeFactory)
    name = "Formation technique"


class ChairFactory(DjangoModelFactory):
    class Meta:
        model = Chair

    committee = factory.SubFactory(CommitteeFactory)
    text = "le président du Conseil départemental"


class SeatFactory(DjangoModelFactory):
    class Meta:
        model = Seat

    committee = factory.SubFactory(CommitteeFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class MeetingFactory(DjangoModelFactory):
    """A meeting to come; a trait makes it held, with its minutes sent or in draft."""

    class Meta:
        model = Meeting

    class Params:
        held = factory.Trait(status=MeetingStatus.HELD, date_text="12/03/2026")
        draft = factory.Trait(minutes="<p>Brouillon secret</p>")
        sent = factory.Trait(minutes="<p>Compte rendu lu</p>", minutes_sent_on=datetime.date(2026, 3, 20))
        closed = factory.Trait(closed_on=datetime.date(2026, 3, 21))

    committee = factory.SubFactory(CommitteeFactory)
    date_text = "14/12/2035"


class AgendaItemFactory(DjangoModelFactory):
    class Meta:
        model = AgendaItem

    meeting = factory.SubFactory(MeetingFactory)
    title = factory.Sequence(lambda n: f"Point {n}")
    order = factory.Sequence(lambda n: n + 1)


class AttendanceFactory(DjangoModelFactory):
    class Meta:
        model = Attendance

    class Params:
        present = factory.Trait(presence=Presence.PRESENT)
        absent = factory.Trait(presence=Presence.ABSENT)

    meeting = factory.SubFactory(MeetingFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class DecisionFactory(DjangoModelFactory):
    class Meta:
        model = Decision

    class Params:
        done = factory.Trait(state=DecisionState.DONE, done_on=datetime.date(2026, 4, 1))
        overdue = factory.Trait(due_text="01/04/2026")

    meeting = factory.SubFactory(MeetingFactory, held=True, sent=True)
    text = factory.Sequence(lambda n: f"Décision {n}")


class ReferralFactory(DjangoModelFactory):
    class Meta:
        model = Referral

    update = factory.SubFactory(UpdateFactory, blocking_point="Un blocage")
    committee = factory.SubFactory(CommitteeFactory)
    raised_on = datetime.date(2026, 5, 4)


class MeetingDocumentFactory(DjangoModelFactory):
    class Meta:
        model = MeetingDocument

    meeting = factory.SubFactory(MeetingFactory)
    file = factory.django.FileField(filename="diaporama.pdf", data=PDF)
