"""The shape of a question."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Asked:
    """One thing to ask of one body; `subject` holds the fields of CampaignRequest that name it."""

    subject: dict
    organisation: object
    places: set = field(default_factory=set)
    last_author: str | None = None


def never(row):
    return False


@dataclass(frozen=True)
class Question:
    """One question that a collection may ask: a value of RequestQuestion, the boolean of Campaign that asks it, its deeds."""

    value: str
    asks: str
    # (campaign, wanted organisations or nothing) -> [Asked]
    asked: Callable
    # (row, data=None, choice="", given=None) -> form; `given` is what was answered, to be put right
    form: Callable
    # (valid form) -> what `take_in` writes
    told: Callable
    # (row) -> the same, for « rien de nouveau »; None when nothing is known yet
    same: Callable
    # (row, told, first=, by=, on_behalf=, channel=): write the answer down and name it on the row, without saving the row
    take_in: Callable
    # (row, choice) -> what its templates say: what is known, what one choice of the mail would confirm
    context: Callable
    # (row) -> what was answered, for `form`
    given: Callable

    def template(self, name):
        return f"actions/questions/{self.value}/{name}.html"

    @property
    def head_template(self):
        """What is asked."""
        return self.template("head")

    @property
    def now_template(self):
        """What is known, and one tap to say that it is still true, or what the mail offered."""
        return self.template("now")

    @property
    def fields_template(self):
        """The fields of its form."""
        return self.template("fields")

    @property
    def given_template(self):
        """What was answered."""
        return self.template("given")
