"""The fiches and what follows them."""

import datetime

from actions.enums import ActionStatus, Confidence, IndicatorKind
from actions.models import Action, Axis, Funding, Indicator, Lead, Measure, Milestone, Target, Theme, Update
from actions.models.fiches import number_key
from bench.base.texts import ACTIONS, BORN, END, INDICATORS, TODAY, YEARS, paragraphs, some


class Plan:
    """Fiches, leads, milestones, updates, indicators, fundings."""

    def actions(self):

        top = self.put(Axis, [Axis(pact=self.pact, number=str(i + 1), title=some(9, i), order=i) for i in range(5)])
        nodes = self.put(
            Axis,
            [
                Axis(pact=self.pact, parent=axis, number=f"{axis.number}.{i + 1}", title=some(11, i), order=i)
                for axis in top
                for i in range(3)
            ],
        )
        themes = list(Theme.objects.all()) or self.put(Theme, [Theme(name=f"Thème {some(2, 3 * i)} {i}") for i in range(12)])
        statuses = [*ActionStatus.values[:3], ActionStatus.ONGOING, ActionStatus.ONGOING, ActionStatus.DONE]
        made = []
        for i in range(ACTIONS * self.scale):
            status = statuses[i % 6]
            made.append(
                Action(
                    pact=self.pact,
                    axis=nodes[i % 15],
                    order=i,
                    number=str(i + 1),
                    number_key=number_key(str(i + 1)),
                    title=some(12, i).capitalize(),
                    diagnosis=paragraphs(3, i),
                    objectives=paragraphs(2, i + 3),
                    audience=paragraphs(1, i),
                    content=paragraphs(5, i),
                    means=paragraphs(1, i),
                    assets=paragraphs(1, i),
                    constraints=paragraphs(1, i),
                    evaluation_method=paragraphs(1, i),
                    starts_text="2022",
                    starts_on=BORN,
                    ends_text="2027",
                    ends_on=END,
                    status=status,
                    impact=i % 3 + 1,
                    complexity=i % 4 or None,
                    priority=i % 2 + 2,
                    financial_incidence=i % 5 % 3 + 1,
                    done_on=TODAY if status == ActionStatus.DONE else None,
                    confidence=Confidence.values[i % 5],
                    confidence_on=TODAY,
                )
            )
        self.fiches = self.put(Action, made)
        self.link(Action.themes, [(row, theme) for row in self.fiches for theme in self.pick(themes, 2)])
        self.link(Action.territories, [(row, place) for row in self.fiches for place in self.pick(self.places, 2)])
        self.link(Action.schemes, [(row, scheme) for row in self.fiches[::10] for scheme in self.pick(self.schemes)])

    def follow(self):

        leads = []
        for row in self.fiches:
            roles = ["pilot", "co_pilot", "associated", "associated", "funder"]
            bodies = self.pick(self.bodies, len(roles))
            leads += [
                Lead(action=row, organisation=one, role=role, order=i)
                for i, (one, role) in enumerate(zip(bodies, roles, strict=True))
            ]
        self.put(Lead, leads)
        milestones = []
        for row in self.fiches:
            for i in range(3):
                day = self.day(last=datetime.date(2027, 12, 1))
                done = self.day() if day < TODAY and self.random.random() < 0.8 else None
                text = f"{day:%d/%m/%Y}"
                milestones.append(
                    Milestone(
                        action=row,
                        label=some(9, i + row.order),
                        planned_text=text,
                        planned_first=day,
                        planned_last=day,
                        order=i,
                        done_on=done,
                    )
                )
        self.put(Milestone, milestones)
        quarters = [datetime.date(year, month, 20) for year in (2024, 2025, 2026) for month in (2, 5, 8, 11)][:10]
        self.updates = self.put(
            Update,
            [
                Update(
                    action=row,
                    on=day,
                    author=self.user,
                    sentence=some(12, i),
                    done=paragraphs(1, i),
                    confidence=Confidence.values[(row.order + i) % 5],
                    blocking_point=some(8, i) if i == 9 and row.order % 12 == 0 else "",
                )
                for row in self.fiches
                for i, day in enumerate(quarters)
                if row.order % 10 or i < 4
            ],
        )
        indicators = self.put(
            Indicator,
            [
                Indicator(
                    pact=self.pact,
                    action=self.fiches[i % len(self.fiches)],
                    name=some(10, i).capitalize(),
                    order=i,
                    kind=IndicatorKind.values[i % 7],
                    unit="personnes",
                    definition=some(25, i),
                    source="CAF",
                    threshold_low=40 if i % 5 == 0 else None,
                )
                for i in range(INDICATORS * self.scale)
            ],
        )
        pairs = [(one, year) for one in indicators for year in YEARS]
        self.put(
            Target,
            [Target(indicator=one, year=year, raw_value=str(year - 1900), value=year - 1900) for one, year in pairs],
        )
        measures = []
        for one, year in pairs:
            value = self.random.randrange(20, 160)
            measures.append(Measure(indicator=one, year=year, raw_value=str(value), value=value, recorded_by=self.user))
        self.put(Measure, measures)
        self.put(
            Funding,
            [
                Funding(
                    pact=self.pact,
                    action=row,
                    funder=self.pick(self.bodies)[0],
                    year=year,
                    amount=1000 * (i + 1),
                    raw_amount=str(1000 * (i + 1)),
                    state=("planned", "acquired", "paid")[i],
                    order=i,
                )
                for row in self.fiches
                for i, year in enumerate((2024, 2025, 2026))
            ],
        )
