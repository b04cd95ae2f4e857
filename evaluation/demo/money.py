"""What is not plain euros in the living copy, its conférence des financeurs, the roadmap of last year. Invented."""

import datetime
from decimal import Decimal

from actions import roadmaps
from actions.campaigns.deeds import open_campaign
from actions.campaigns.preparing import prepare
from actions.enums import FundingState, FundingUnit
from actions.models import Campaign, Funding

INVENTED = "Suivi inventé."
WHY = "Avant la conférence des financeurs : ce que vous demandez, ce qui est acquis, ce qui est versé, fiche par fiche."


class Purse:
    """What is given otherwise than in euros, what is not sure and what is not told."""

    def __init__(self, living):
        self.living, self.pact, self.on, self.by = living, living.pact, living.on, living.by

    def plan(self):
        """Settle the roadmap of last year, as the text alone said it."""
        year = self.on.year - 1
        roadmap = roadmaps.settle(pact=self.pact, year=year, territory=None, by=self.by)
        roadmap.settled_on = datetime.date(year, 1, 20)
        roadmap.save()

    def receive(self):
        given = (
            ("8", 0, FundingState.ACQUIRED, {"unit": FundingUnit.FTE, "amount": Decimal("0.5")}),
            ("9", 1, FundingState.ACQUIRED, {"unit": FundingUnit.IN_KIND, "in_kind": "Un local deux jours par semaine"}),
            ("3", 2, FundingState.ASKED, {"amount": Decimal(30000), "is_conditional": True}),
            ("8", 1, FundingState.PAID, {"is_undisclosed": True}),
        )
        funders = self.living.funders()
        for order, (number, rank, state, fields) in enumerate(given):
            Funding.objects.create(
                pact=self.pact, action=self.living.actions[number], funder=funders[rank % len(funders)], year=self.on.year,
                state=state, note=INVENTED, order=200 + order, **fields,
            )  # fmt: skip

    def ask(self):
        """Each funder is asked its own column; the mails wait for the worker."""
        campaign = Campaign.objects.create(
            pact=self.pact,
            name="Conférence des financeurs",
            period=f"{self.on.year}",
            deadline=self.on + datetime.timedelta(days=30),
            message=WHY,
            asks_updates=False,
            asks_values=False,
            asks_fundings=True,
            funding_from=self.on.year,
        )
        prepare(campaign=campaign)
        if campaign.requests.exclude(person_email="").exists():
            open_campaign(campaign=campaign, by=self.by)
