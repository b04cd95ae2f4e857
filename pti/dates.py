"""Dates as real pacts write them: reduced precision, half-years, quarters, intervals, and impossible ones.

The raw text is always kept; what can be read from it is a pair (first possible day, last possible day).
"""

import calendar
import datetime
import re

from django.conf import settings
from django.utils import timezone

SPACES = re.compile(r"\s+")


def today():
    """Reference day of computed rules: today, unless a bench or a test fixes it (REFERENCE_DAY)."""
    if settings.REFERENCE_DAY:
        return datetime.date.fromisoformat(settings.REFERENCE_DAY)
    return timezone.localdate()


def add_months(day, months):
    """`day` moved by whole months, kept inside the month (31 January + 1 → 28 or 29 February)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_years(day, years):
    return add_months(day, 12 * years)


def month_bounds(year, first, last):
    """First day of month `first` and last day of month `last` of `year`."""
    return datetime.date(year, first, 1), datetime.date(year, last, calendar.monthrange(year, last)[1])


def _year(match):
    return month_bounds(int(match[1]), 1, 12)


def _half(match):
    half = int(match[2])
    return month_bounds(int(match[1]), 6 * half - 5, 6 * half)


def _quarter(match):
    quarter = int(match[2])
    return month_bounds(int(match[1]), 3 * quarter - 2, 3 * quarter)


def _month(match):
    return month_bounds(int(match[1]), int(match[2]), int(match[2]))


def _iso_day(match):
    day = datetime.date(int(match[1]), int(match[2]), int(match[3]))
    return day, day


def _french_day(match):
    year = int(match[3])
    day = datetime.date(year + 2000 if year < 100 else year, int(match[2]), int(match[1]))
    return day, day


def _french_month(match):
    return month_bounds(int(match[2]), int(match[1]), int(match[1]))


PATTERNS = (
    (r"(\d{4})", _year),
    (r"(\d{4})-?S([12])", _half),
    (r"S([12])[ /-]?(\d{4})", lambda m: month_bounds(int(m[2]), 6 * int(m[1]) - 5, 6 * int(m[1]))),
    (r"(\d{4})-?T([1-4])", _quarter),
    (r"T([1-4])[ /-]?(\d{4})", lambda m: month_bounds(int(m[2]), 3 * int(m[1]) - 2, 3 * int(m[1]))),
    (r"(\d{4})-(\d{2})", _month),
    (r"(\d{4})-(\d{2})-(\d{2})", _iso_day),
    (r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})", _french_day),
    (r"(\d{2})(\d{2})(\d{4})", _french_day),
    (r"(\d{1,2})/(\d{4})", _french_month),
)


def parse_period(text):
    """(first, last) possible days of a date written with reduced precision, or None when it cannot be read.

    Reads « 2015 », « 2014-03 », « 2014-03-31 », « 31/03/2014 », « 2014-S2 », « 2021-T2 », « 2012/2014 », « 2015-2017 ».
    """
    text = SPACES.sub(" ", (text or "").strip())
    interval = re.fullmatch(r"(\d{4}) ?[/–-] ?(\d{4})", text)
    if interval:
        first, last = _year(interval), month_bounds(int(interval[2]), 1, 12)
        return (first[0], last[1]) if first[0] <= last[1] else None
    for pattern, read in PATTERNS:
        match = re.fullmatch(pattern, text)
        if match:
            try:
                return read(match)
            except ValueError:
                return None
    return None


def first_day(text):
    """First possible day of `text`, or None."""
    period = parse_period(text)
    return period and period[0]


def last_day(text):
    """Last possible day of `text`, or None: « 2015-S2 » → 31 December 2015."""
    period = parse_period(text)
    return period and period[1]
