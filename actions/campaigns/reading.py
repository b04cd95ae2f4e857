"""What the follow-up of a collection shows: how many have answered, body by body."""

from collections import Counter
from dataclasses import dataclass

from actions.enums import RequestState


@dataclass
class Rate:
    """Answers of one body, or of all."""

    name: object
    asked: int
    answered: int
    validated: int

    @property
    def share(self):
        """Percentage of answers, None without a question."""
        return round(100 * self.answered / self.asked) if self.asked else None


def rates_of(campaign):
    """(rate of the whole, [rate of each body]); one query."""
    counts, names = Counter(), {}
    for body, name, state in campaign.requests.values_list("organisation", "organisation__name", "state"):
        counts[body, state] += 1
        names[body] = name or "Sans pilote"
    rates = [rate(name, {state: counts[body, state] for state in RequestState}) for body, name in names.items()]
    rates.sort(key=lambda one: (one.share, -one.asked, one.name))
    everybody = Counter()
    for (_, state), count in counts.items():
        everybody[state] += count
    return rate("Ensemble", everybody), rates


def rate(name, by_state):
    validated = by_state[RequestState.VALIDATED]
    return Rate(name, sum(by_state.values()), by_state[RequestState.ANSWERED] + validated, validated)
