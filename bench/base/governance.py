"""Committees, meetings, reviews."""

import datetime

from bench.base.texts import COMMITTEES, MEETINGS, TODAY, paragraphs, some
from evaluation.models import EvaluationLevel, PlannedReview, Review, ReviewItem
from governance.enums import CommitteeKind, CommitteeLevel
from governance.models import (
    AgendaItem,
    Attendance,
    Chair,
    Committee,
    Decision,
    Formation,
    Meeting,
    Referral,
    Seat,
)


class Governance:
    """Committees, what they decide, and the reviews."""

    def governance(self):

        kinds, levels = CommitteeKind.values, CommitteeLevel.values
        committees = self.put(
            Committee,
            [
                Committee(
                    pact=self.pact,
                    name=f"Instance {some(4, i)}",
                    kind=kinds[i % len(kinds)],
                    level=levels[i % 3],
                    order=i,
                    role=paragraphs(1, i),
                    pilot=self.bodies[i],
                    meetings_due=2,
                    meetings_due_per="year",
                )
                for i in range(COMMITTEES)
            ],
        )
        self.link(Committee.territories, [(one, place) for one in committees[1::3] for place in self.pick(self.places)])
        self.put(Formation, [Formation(committee=committees[0], name=name) for name in ("Exécutive", "Technique")])
        self.put(Chair, [Chair(committee=one, organisation=self.bodies[0]) for one in committees])
        self.put(
            Seat,
            [
                Seat(committee=one, organisation=self.bodies[i], holder=self.people[i], order=i)
                for one in committees
                for i in range(10)
            ],
        )
        meetings = []
        for i in range(MEETINGS * self.scale):
            day = TODAY + datetime.timedelta(days=20 + i) if i % 20 == 0 else self.day()
            held = day < TODAY
            meetings.append(
                Meeting(
                    committee=committees[i % COMMITTEES],
                    date_text=f"{day:%d/%m/%Y}",
                    held_on=day,
                    last_on=day,
                    object=some(6, i),
                    place="Tours",
                    status="held" if held else "planned",
                    minutes=paragraphs(3, i) if held else "",
                    minutes_sent_on=day + datetime.timedelta(days=10) if held else None,
                )
            )
        meetings = self.put(Meeting, meetings)
        self.put(
            AgendaItem,
            [AgendaItem(meeting=one, title=some(7, i), order=i, notes=paragraphs(1, i)) for one in meetings for i in range(4)],
        )
        self.put(
            Attendance,
            [
                Attendance(meeting=one, organisation=body, presence=self.random.choice(["present", "excused", "absent"]))
                for one in meetings
                for body in self.bodies[:12]
            ],
        )
        decisions = []
        for one in meetings:
            for i in range(3 if one.status == "held" else 0):
                due = self.day(last=datetime.date(2027, 6, 1))
                done = i == 0
                decisions.append(
                    Decision(
                        meeting=one,
                        action=self.pick(self.fiches)[0],
                        text=some(14, i),
                        owner=self.pick(self.bodies)[0],
                        order=i,
                        due_text=f"{due:%d/%m/%Y}",
                        due_on=due,
                        state="done" if done else "open",
                        done_on=due if done else None,
                    )
                )
        self.put(Decision, decisions)
        blocking = [update for update in self.updates if update.blocking_point][: 3 * self.scale]
        self.put(Referral, [Referral(update=one, committee=committees[0], raised_on=one.on) for one in blocking])

    def evaluation(self):

        self.put(EvaluationLevel, [EvaluationLevel(pact=self.pact, name=some(4, i), order=i) for i in range(3)])
        self.put(PlannedReview, [PlannedReview(pact=self.pact, label=some(4, i), frequency="chaque année") for i in range(3)])
        reviews = self.put(Review, [Review(pact=self.pact, kind="previous", title=some(6, i)) for i in range(2)])
        self.put(
            ReviewItem,
            [
                ReviewItem(review=one, kind="axis", title=some(6, i), summary=paragraphs(1, i))
                for one in reviews
                for i in range(8)
            ],
        )
