"""The collections of the living copy: one that is closed, one that opens on the day of loading."""

import datetime

from django.utils import timezone
from django.utils.html import strip_tags

from actions.campaigns.deeds import open_campaign
from actions.campaigns.preparing import prepare
from actions.enums import AnswerKind, RequestState
from actions.models import Campaign, CampaignPlan
from pti import typography
from pti.dates import add_months

WHY = "Le comité de pilotage se réunit bientôt : dites-lui en une minute où en sont vos fiches."


class Collections:
    """The quarter before, answered by those who have spoken since; this one, whose mails wait for the worker."""

    def __init__(self, living):
        self.pact, self.on, self.by = living.pact, living.on, living.by

    def write(self):
        self.close(self.prepare(add_months(self.on, -3), self.on - datetime.timedelta(days=60)))
        campaign = self.prepare(self.on, self.on + datetime.timedelta(days=20), asks_commitments=True)
        CampaignPlan.objects.create(campaign=campaign, is_active=True, first_after=7, every=7, started_on=self.on)
        open_campaign(campaign=campaign, by=self.by)

    def prepare(self, quarter, deadline, **asks):
        period = strip_tags(typography.quarter(quarter))
        campaign = Campaign.objects.create(
            pact=self.pact, name=f"Point du {period}", period=period, deadline=deadline, message=WHY, **asks
        )
        prepare(campaign=campaign)
        return campaign

    def close(self, campaign):
        """Each fiche that has spoken before the deadline is validated; the others never answered."""
        for row in campaign.requests.select_related("action"):
            row.given = row.action.updates.filter(on__lte=campaign.deadline).first()
            if row.given and row.person_email:
                noon = datetime.datetime.combine(row.given.on, datetime.time(12), tzinfo=datetime.UTC)
                row.kind, row.answered_at = AnswerKind.NEWS, timezone.localtime(noon)
                row.state, row.validated_on, row.validated_by = RequestState.VALIDATED, campaign.deadline, self.by
                row.save()
        campaign.opened_on = campaign.deadline - datetime.timedelta(days=20)
        campaign.closed_on, campaign.closed_by = campaign.deadline + datetime.timedelta(days=3), self.by
        campaign.save()
