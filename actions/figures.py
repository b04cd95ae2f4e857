"""Figures of a fiche, ready to draw: indicators by year, fundings by funder and year. Unknown stays unknown."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from actions.enums import FundingState, FundingUnit
from pti import typography

YEARS_SHOWN = 6
UNCALCULABLE = "Non calculable"


def shown_value(row, unit=""):
    """What was written, else the number; the unit when it is short (%, €)."""
    text = row.raw_value or ("" if row.value is None else typography.number(row.value))
    high = getattr(row, "value_high", None)
    if not row.raw_value and high is not None:
        text = f"{text} à {typography.number(high)}"
    if unit in ("%", "€") and text and text[-1].isdigit():
        text = f"{text}{typography.NBSP}{unit}"
    return text


@dataclass
class Cell:
    """What was observed in a year, and what was aimed at."""

    year: int
    value: str = ""
    target: str = ""
    is_due: bool = False
    amount: Decimal | None = None
    aim: Decimal | None = None


@dataclass
class IndicatorRow:
    """One series of an indicator."""

    indicator: object
    series: str
    cells: list
    # Targets that a year alone does not tell: no year, a precise date, a note.
    told_targets: list
    percent: Decimal | None = None
    word: str = UNCALCULABLE

    @property
    def bar(self):
        """Length of the bar, 0 to 100."""
        return f"{min(max(self.percent, 0), 100):.1f}" if self.percent is not None else ""


def advancement(indicator, measure, target):
    """(percent, words) of the way from the baseline to the target; « Non calculable » when a part is missing."""
    if measure is None or target is None:
        return None, UNCALCULABLE
    if measure.value is None or target.value is None:
        same = measure.raw_value and measure.raw_value.casefold() == target.raw_value.casefold()
        return None, "Tenu" if same else UNCALCULABLE
    base = indicator.baseline if indicator.baseline is not None else Decimal(0)
    if target.value == base:
        return None, "Tenu" if measure.value == target.value else UNCALCULABLE
    percent = (measure.value - base) / (target.value - base) * 100
    return percent, f"{typography.number(percent.quantize(Decimal(1)))}{typography.NBSP}%"


def aimed_value(target, unit):
    """« au moins 20 % »."""
    return " ".join(filter(None, (target.qualifier, shown_value(target, unit))))


def is_whole(measure):
    """Neither a part of the territory nor a part of the public."""
    return not measure.breakdown and measure.territory_id is None


def indicator_years(indicators):
    """The years that have a value or a target, the last ones when there are many."""
    years = {row.year for one in indicators for row in [*one.measures.all(), *one.targets.all()] if row.year}
    return sorted(years)[-YEARS_SHOWN:]


def indicator_rows(indicators, years, on):
    """Every series of every indicator; `targets` and `measures` must be prefetched."""
    rows = []
    for indicator in indicators:
        measures = [one for one in indicator.measures.all() if is_whole(one)]
        targets = {one.year: one for one in indicator.targets.all() if one.year}
        told = [one for one in indicator.targets.all() if not one.year or one.note or len(one.date_text) > 4]
        undated = [one for one in told if not one.year]
        for series in sorted({one.series for one in measures}) or [""]:
            own = {one.year: one for one in measures if one.series == series}
            cells = [
                Cell(
                    year,
                    shown_value(own[year], indicator.unit) if year in own else "",
                    aimed_value(targets[year], indicator.unit) if year in targets else "",
                    is_due=year <= on.year,
                    amount=own[year].value if year in own else None,
                    aim=targets[year].value if year in targets else None,
                )
                for year in years
            ]
            last_measure = own[max(own)] if own else None
            last_target = targets[max(targets)] if targets else (undated[-1] if undated else None)
            percent, word = advancement(indicator, last_measure, last_target)
            rows.append(IndicatorRow(indicator, series, cells, told, percent, word))
    return rows


@dataclass
class Bar:
    """One year of a series, drawn as a bar; the target is a tick. The figures are written beside."""

    cell: Cell
    width: str
    tick: str


def indicator_chart(row):
    """Bars of a series, when its values are numbers and none is negative; else nothing to draw."""
    numbers = {cell.year: cell.amount for cell in row.cells if cell.amount is not None}
    aims = {cell.year: cell.aim for cell in row.cells if cell.aim is not None}
    top = max([*numbers.values(), *aims.values()], default=0)
    if not numbers or top <= 0 or min([*numbers.values(), *aims.values()]) < 0:
        return row, []
    return row, [Bar(cell, scaled(numbers.get(cell.year), top), scaled(aims.get(cell.year), top)) for cell in row.cells]


def scaled(value, top):
    return "" if value is None else f"{100 * value / top:.1f}"


@dataclass
class Money:
    """One funding in a cell: the sum or what stands for it, and its state."""

    text: str
    state: str
    funding: object


@dataclass
class FundingTable:
    """Funders × years, and the totals of each state in euros."""

    years: list
    rows: list
    totals: list
    # [(state, how the euros of that state part between funders)], « Non calculable » when an amount is missing.
    shares: list

    @property
    def heads(self):
        return [head(year) for year in self.years]


def money(funding):
    """The sum as it is known: never zero for what is not told."""
    if funding.is_undisclosed:
        text = "Non communiqué"
    elif funding.unit == FundingUnit.IN_KIND or (funding.in_kind and funding.amount is None):
        text = funding.in_kind or funding.raw_amount or "En nature"
    elif funding.amount is None:
        text = funding.raw_amount or "Non renseigné"
    elif funding.unit == FundingUnit.FTE:
        text = f"{typography.number(funding.amount)}{typography.NBSP}ETP"
    else:
        text = typography.euros(funding.amount)
    state = funding.get_state_display() + (", sous réserve" if funding.is_conditional else "")
    return Money(text, state, funding)


def funder_name(funding):
    return funding.funder.short_name if funding.funder_id else funding.funder_text or "Financeur non précisé"


def total_words(fundings):
    """Sum in euros, « Non calculable » when a part is missing, nothing when nothing is in euros."""
    amounts = [one.amount for one in fundings if one.unit == FundingUnit.EUROS]
    if not amounts:
        return ""
    return UNCALCULABLE if None in amounts else typography.euros(sum(amounts))


def funding_table(fundings):
    """Fundings as a table; `funder` must be fetched."""
    fundings = list(fundings)
    dated = sorted({one.year for one in fundings if one.year})
    years = [*dated, *([None] if any(one.year is None for one in fundings) else [])]
    cells = defaultdict(lambda: defaultdict(list))
    for one in fundings:
        cells[funder_name(one)][one.year].append(money(one))
    lines = [(name, [(head(year), own[year]) for year in years]) for name, own in cells.items()]
    totals = []
    for state, word in FundingState.choices:
        own = [one for one in fundings if one.state == state]
        if any(one.unit == FundingUnit.EUROS for one in own):
            sums = [(head(year), total_words([one for one in own if one.year == year])) for year in years]
            totals.append((f"Total {word}, en euros", sums))
    return FundingTable(years, lines, totals, shares_of(fundings))


def shares_of(fundings):
    """[(state, « CAF 60 %, Région 40 % »)] where several pay: the rates of co-financing."""
    shares = []
    for state, word in FundingState.choices:
        own = [one for one in fundings if one.state == state and one.unit == FundingUnit.EUROS]
        by_funder = defaultdict(list)
        for one in own:
            by_funder[funder_name(one)].append(one.amount)
        if len(by_funder) < 2:
            continue
        whole = None if any(one.amount is None for one in own) else sum(one.amount for one in own)
        if not whole or whole < 0:
            shares.append((word, UNCALCULABLE))
            continue
        parts = sorted(((sum(amounts), name) for name, amounts in by_funder.items()), reverse=True)
        rates = [f"{name} {typography.number(100 * amount / whole, 0)}{typography.NBSP}%" for amount, name in parts]
        shares.append((word, ", ".join(rates)))
    return shares


def head(year):
    return str(year) if year else "Sans année"
