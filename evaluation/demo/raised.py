"""The blocking points of the living copy: one went up two levels and came down, one goes up, one was kept and waits."""

import datetime

from actions.models import Update
from evaluation.demo.sittings import COPIL, FUNDERS, LOCAL
from governance.blocking import who_answers
from governance.enums import ReferralOutcome
from governance.models import Referral

TECHNICAL = "Comité technique d’animation (CTA)"
WORKING_GROUP = "Groupes de travail territoriaux"
KEPT = (
    "Le comité technique ne dispose d’aucun crédit pour ce poste. Il demande à la conférence des financeurs de dire avant la"
    " fin du mois qui peut le prendre en charge."
)
UP, LIFTED, STAYS = ReferralOutcome.UP, ReferralOutcome.LIFTED, ReferralOutcome.KEPT


class Raised:
    """Three roads: the committees asked, the days after the point was raised, what came of each."""

    def __init__(self, living):
        self.on, self.by, self.committees, self.coming = living.on, living.by, living.committees, living.meetings[-1]
        rows = Update.objects.filter(action__pact=living.pact).exclude(blocking_point="").select_related("action")
        self.points = {update.action.number: update for update in rows}

    def write(self):
        came_down = self.points["8"]
        self.send(came_down, WORKING_GROUP, 6, outcome=UP)
        answered = {"answer": came_down.unblocking, "answered_on": came_down.unblocked_on}
        self.send(came_down, LOCAL, 20, outcome=LIFTED, **answered)
        came_down.unblocking = f"{LOCAL} : {came_down.unblocking}"
        came_down.save()
        goes_up = self.points["9"]
        self.send(goes_up, TECHNICAL, 3, outcome=UP)
        self.send(goes_up, COPIL, 9, meeting=self.coming, due_on=self.coming.held_on)
        kept = self.points["10"]
        self.send(kept, TECHNICAL, 2, outcome=STAYS, answer=KEPT, answered_on=kept.on + datetime.timedelta(days=8))
        self.send(kept, FUNDERS, 9, due_on=self.on - datetime.timedelta(days=2))

    def send(self, update, name, days, **said):
        raised = update.on + datetime.timedelta(days=days)
        said = {"due_on": raised + datetime.timedelta(days=30), **said}
        committee = self.committees[name]
        Referral.objects.create(
            update=update, committee=committee, raised_on=raised, raised_by=self.by, owner_text=who_answers(committee), **said
        )
