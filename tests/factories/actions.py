"""Factories of the actions floor: minimal rows, traits named after states."""

import datetime

import factory
from factory.django import DjangoModelFactory

from actions.enums import ActionStatus, Confidence, FundingState, LeadRole
from actions.models import (
    Action,
    Axis,
    Campaign,
    CampaignRequest,
    Funding,
    Indicator,
    Lead,
    Measure,
    Milestone,
    Target,
    Theme,
    Update,
)
from partners.models import Membership, Organisation
from pti.dates import today
from tests.factories.pti import PactFactory


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisme {n}")


class ThemeFactory(DjangoModelFactory):
    class Meta:
        model = Theme

    name = factory.Sequence(lambda n: f"Thème {n}")


class AxisFactory(DjangoModelFactory):
    class Meta:
        model = Axis

    class Params:
        group = factory.Trait(is_group=True, number="")

    pact = factory.SubFactory(PactFactory)
    number = factory.Sequence(lambda n: str(n + 1))
    title = factory.Sequence(lambda n: f"Axe {n}")
    order = factory.Sequence(lambda n: n)


class ActionFactory(DjangoModelFactory):
    """An action under way; traits give another state or what a rule looks for."""

    class Meta:
        model = Action
        skip_postgeneration_save = True

    class Params:
        project = factory.Trait(status=ActionStatus.PROJECT)
        running = factory.Trait(status=ActionStatus.RUNNING)
        done = factory.Trait(status=ActionStatus.DONE, done_on=datetime.date(2026, 1, 15))
        paused = factory.Trait(status=ActionStatus.PAUSED)
        late = factory.Trait(
            milestone=factory.RelatedFactory("tests.factories.actions.MilestoneFactory", "action", planned_text="31/01/2020")
        )
        blocked = factory.Trait(
            blocking=factory.RelatedFactory("tests.factories.actions.UpdateFactory", "action", blocking_point="Un blocage")
        )
        to_support = factory.Trait(confidence=Confidence.SUPPORT, confidence_on=datetime.date(2026, 6, 12))

    pact = factory.SubFactory(PactFactory)
    number = factory.Sequence(lambda n: str(n + 1))
    title = factory.Sequence(lambda n: f"Action {n}")
    status = ActionStatus.ONGOING


class LeadFactory(DjangoModelFactory):
    class Meta:
        model = Lead

    class Params:
        co_pilot = factory.Trait(role=LeadRole.CO_PILOT)
        in_words = factory.Trait(organisation=None, text="membres du COPIL")

    action = factory.SubFactory(ActionFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = LeadRole.PILOT


class MilestoneFactory(DjangoModelFactory):
    """Its bounds are read from the text, as the form does."""

    class Meta:
        model = Milestone

    action = factory.SubFactory(ActionFactory)
    label = factory.Sequence(lambda n: f"Jalon {n}")
    planned_text = "31/12/2030"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        milestone = model_class(*args, **kwargs)
        milestone.read_planned_text()
        milestone.save()
        return milestone


class UpdateFactory(DjangoModelFactory):
    class Meta:
        model = Update

    action = factory.SubFactory(ActionFactory)
    on = datetime.date(2026, 6, 12)
    sentence = "Le guide est écrit."


class IndicatorFactory(DjangoModelFactory):
    class Meta:
        model = Indicator

    pact = factory.LazyAttribute(lambda row: row.action.pact if row.action else PactFactory())
    action = factory.SubFactory(ActionFactory)
    name = factory.Sequence(lambda n: f"Indicateur {n}")


class TargetFactory(DjangoModelFactory):
    class Meta:
        model = Target

    indicator = factory.SubFactory(IndicatorFactory)
    year = 2027
    value = 150
    raw_value = "150"


class MeasureFactory(DjangoModelFactory):
    class Meta:
        model = Measure

    indicator = factory.SubFactory(IndicatorFactory)
    year = 2026
    value = 91
    raw_value = "91"


class FundingFactory(DjangoModelFactory):
    class Meta:
        model = Funding

    class Params:
        planned = factory.Trait(state=FundingState.PLANNED)

    pact = factory.LazyAttribute(lambda row: row.action.pact if row.action else PactFactory())
    action = factory.SubFactory(ActionFactory)
    funder = factory.SubFactory(OrganisationFactory)
    year = 2026
    amount = 42000
    state = FundingState.ACQUIRED


class CampaignFactory(DjangoModelFactory):
    """A collection being prepared; `open` once its mails have left."""

    class Meta:
        model = Campaign

    class Params:
        open = factory.Trait(opened_on=factory.LazyFunction(today))

    pact = factory.SubFactory(PactFactory)
    name = factory.Sequence(lambda n: f"Collecte {n}")
    deadline = factory.LazyFunction(lambda: today() + datetime.timedelta(days=20))


class CampaignRequestFactory(DjangoModelFactory):
    class Meta:
        model = CampaignRequest

    campaign = factory.SubFactory(CampaignFactory, open=True)
    action = factory.LazyAttribute(lambda row: ActionFactory(pact=row.campaign.pact))
    organisation = factory.SubFactory(OrganisationFactory)
    person_name = "Claire Morvan"
    person_email = "claire.morvan@caf.example"


def led_by(user, action, role=LeadRole.PILOT):
    """`user` acts for an organisation that leads `action`; return the lead."""
    lead = LeadFactory(action=action, role=role)
    Membership.objects.create(user=user, organisation=lead.organisation)
    return lead
