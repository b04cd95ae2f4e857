"""What part of the calendar is shown, in which columns, and where a day stands in it."""

import datetime
from dataclasses import dataclass

from pti import typography
from pti.dates import add_months

YEAR, QUARTER, MONTH = "annee", "trimestre", "mois"
ZOOMS = ((YEAR, "Année"), (QUARTER, "Trimestre"), (MONTH, "Mois"))
MONTHS_OF = {YEAR: 12, QUARTER: 3, MONTH: 1}
COLUMNS = {QUARTER: 8, MONTH: 12}
# By years the whole pact is shown, and what begins before it or ends after it, within reason.
MOST_YEARS, AROUND = 12, 2
SHORT_MONTHS = ("janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


def first_of(zoom, day):
    """First day of the year, quarter or month of `day`."""
    months = MONTHS_OF[zoom]
    return datetime.date(day.year, months * ((day.month - 1) // months) + 1, 1)


def read_month(text):
    """The first day of « 2026-04 », or None."""
    try:
        return datetime.date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


@dataclass(frozen=True)
class Column:
    """One year, quarter or month: where it begins (percentage), its two lines of heading."""

    at: str
    middle: str
    above: str
    label: str


class Scale:
    """From `first` (included) to `end` (not included), by years, quarters or months."""

    def __init__(self, zoom, first, columns):
        self.zoom, self.first, self.count = zoom, first, columns
        self.end = self.moved(columns)
        self.days = (self.end - self.first).days

    def moved(self, columns):
        """First day of the column that stands `columns` after the first one; the calendar has an end."""
        try:
            return add_months(self.first, MONTHS_OF[self.zoom] * columns)
        except ValueError:
            return datetime.date.max if columns > 0 else self.first

    @property
    def last(self):
        return self.end - datetime.timedelta(days=1)

    def at(self, day):
        """Where `day` begins, in hundredths of the width; beyond the edges it is not cut."""
        return 100 * (day - self.first).days / self.days

    def holds(self, day):
        return day is not None and self.first <= day < self.end

    def columns(self):
        year = None
        for index in range(self.count):
            day = self.moved(index)
            middle = (self.at(day) + self.at(self.moved(index + 1))) / 2
            above = "" if self.zoom == YEAR or day.year == year else str(day.year)
            label = {YEAR: str(day.year), QUARTER: f"T{typography.quarter_of(day)}", MONTH: SHORT_MONTHS[day.month - 1]}
            yield Column(f"{self.at(day):.3f}%", f"{middle:.3f}%", above, label[self.zoom])
            year = day.year

    @property
    def words(self):
        """« de janvier 2024 à décembre 2026 », or the years."""
        if self.zoom == YEAR:
            return f"{self.first.year} à {self.last.year}" if self.count > 1 else str(self.first.year)
        month = typography.MONTHS
        return f"{month[self.first.month - 1]} {self.first.year} à {month[self.last.month - 1]} {self.last.year}"

    def neighbour(self, way):
        """The month that begins the window half a screen before (-1) or after (1), as the address says it."""
        return f"{self.moved(way * self.count // 2):%Y-%m}"


def scale_for(zoom, asked, day, known_days):
    """The scale of `zoom` around `day`, from the month that was `asked` for; by years, all that `known_days` finds."""
    if zoom in COLUMNS:
        back = COLUMNS[zoom] // 2 - 1
        first = read_month(asked) or add_months(first_of(zoom, day), -back * MONTHS_OF[zoom])
        return Scale(zoom, first_of(zoom, first), COLUMNS[zoom])
    first, last = span_of_years(known_days(), day)
    return Scale(YEAR, datetime.date(first, 1, 1), last - first + 1)


def span_of_years(known_days, day):
    """(first, last) year of the pact, up to two years wider when something happens there.

    `known_days`: first and last day of the pact, then of everything that is dated; each may be missing.
    """
    begins, ends, earliest, latest = known_days
    first = (begins or earliest or day).year
    last = (ends or latest or begins or day).year
    first = max(first - AROUND, min(first, earliest.year)) if earliest else first
    last = min(last + AROUND, max(last, latest.year)) if latest else last
    return first, min(max(first, last), first + MOST_YEARS - 1)
