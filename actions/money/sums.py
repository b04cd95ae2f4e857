"""A sum of fundings that says what it does not know: undisclosed is not zero, and nothing said is not zero either."""

from dataclasses import dataclass
from decimal import Decimal

from actions.enums import FundingUnit
from pti import typography


def in_unit(amount, unit):
    """« 12 500 € », « 1,5 ETP », « 3 apports »."""
    if unit == FundingUnit.EUROS:
        return typography.euros(amount)
    return f"{typography.number(amount)}{typography.NBSP}ETP"


@dataclass(frozen=True)
class Total:
    """What some rows come to, in one unit."""

    unit: str = FundingUnit.EUROS
    rows: int = 0
    told: int = 0
    undisclosed: int = 0
    amount: Decimal = Decimal(0)
    conditional: Decimal = Decimal(0)
    conditional_rows: int = 0

    @classmethod
    def of(cls, row, unit):
        """From a line of `FundingQuerySet.totals`."""
        numbers = {key: row[key] for key in ("rows", "told", "undisclosed", "conditional_rows")}
        return cls(unit, amount=row["sum"] or Decimal(0), conditional=row["conditional"] or Decimal(0), **numbers)

    def __add__(self, other):
        names = ("rows", "told", "undisclosed", "amount", "conditional", "conditional_rows")
        return Total(self.unit, **{name: getattr(self, name) + getattr(other, name) for name in names})

    @property
    def unsaid(self):
        """Rows that give no amount, and do not say that it is undisclosed."""
        return self.rows - self.told - self.undisclosed

    @property
    def is_in_kind(self):
        return self.unit == FundingUnit.IN_KIND

    @property
    def is_whole(self):
        """True when no amount is missing: what is given in kind has none to miss."""
        return self.is_in_kind or self.told == self.rows

    @property
    def text(self):
        """The figure; what is known only in part says so."""
        if self.is_in_kind:
            return typography.plural(self.rows, "apport")
        if not self.told:
            return "Non communiqué" if self.undisclosed else "Non renseigné"
        known = in_unit(self.amount, self.unit)
        return known if self.is_whole else f"{known} connus"

    @property
    def remarks(self):
        """What goes with the figure: the part that is not sure, the amounts that are missing."""
        lines = []
        if self.is_in_kind:
            if self.conditional_rows:
                lines.append(f"dont {typography.number(self.conditional_rows)} sous réserve")
            return lines
        if self.conditional:
            sure = self.conditional == self.amount
            lines.append("sous réserve" if sure else f"dont {in_unit(self.conditional, self.unit)} sous réserve")
        elif self.conditional_rows and not self.told:
            lines.append("sous réserve")
        if self.told and self.undisclosed:
            lines.append(f"et {typography.plural(self.undisclosed, 'non communiqué', 'non communiqués')}")
        if self.unsaid and (self.told or self.undisclosed):
            lines.append(f"et {typography.plural(self.unsaid, 'non renseigné', 'non renseignés')}")
        return lines

    def share_of(self, whole):
        """This part of `whole`, in percent; None when an amount is missing on either side."""
        if self.is_in_kind or not (self.is_whole and whole.is_whole) or whole.amount <= 0 or not self.rows:
            return None
        return 100 * self.amount / whole.amount


def percent(share):
    """« 38 % »; « moins de 1 % » rather than a zero that says nothing."""
    if share is None:
        return ""
    if 0 < share < 1:
        return f"moins de{typography.NBSP}1{typography.NBSP}%"
    return f"{typography.number(share, 0)}{typography.NBSP}%"
