"""French typography: no-break spaces, curly apostrophes, dates, hours, numbers."""

import datetime
import re
from decimal import Decimal

from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from pti.dates import parse_period

NBSP, NNBSP = "\u00a0", "\u202f"
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
MARKUP = re.compile(r"(<[^>]*>)")
# What some rule looks for: most texts have none of it, and are looked at once instead of seven times.
MARKS = re.compile(r"['«»;:!?%€\d]")
RULES = (
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
    (re.compile(r"(?<=\w)&#x27;(?=\w)"), "’"),
    (re.compile(r" (?=[;:!?%€»])"), NBSP),
    (re.compile(rf"«[ {NBSP}{NNBSP}]?"), "«" + NBSP),
    (re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), NNBSP),
    (re.compile(rf"(?<=\d) (?=(?:{'|'.join(MONTHS)}|ans?|mois|jours?|heures?|minutes?|h|km|euros?)\b)"), NBSP),
    (re.compile(r"(?<=\bn°) (?=\d)"), NBSP),
)


def typeset(text):
    """`text` with French no-break spaces and apostrophes; the tags of a safe text are left alone."""
    safe = isinstance(text, SafeString)
    pieces = MARKUP.split(str(text)) if safe else [str(text)]
    pieces = [piece if safe and piece.startswith("<") else _typeset(piece) for piece in pieces]
    return mark_safe("".join(pieces)) if safe else "".join(pieces)


def _typeset(text):
    if not MARKS.search(text):
        return text
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return text


def shorten(text, length):
    """`text`, or as many of its whole words as fit in `length`, then « … »."""
    text = str(text)
    if len(text) <= length:
        return text
    return text[:length].rpartition(" ")[0].rstrip(" ,;:–(") + "…"


def ordinal(number, feminine=False):
    """1 → 1er (1re), 3 → 3e, with `<sup>`."""
    suffix = ("re" if feminine else "er") if number == 1 else "e"
    return mark_safe(f"{int(number)}<sup>{suffix}</sup>")


def plain(words):
    """Words without the `<sup>` that a day or an ordinal may carry, for what shows no markup."""
    return str(words).replace("<sup>", "").replace("</sup>", "")


def day(value):
    """« 12 mars 2027 », « 1er mars 2027 »."""
    if not value:
        return ""
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    # Numbers and names of months: nothing to escape, and a page may say hundreds of days.
    number = ordinal(1) if value.day == 1 else value.day
    return mark_safe(f"{number}{NBSP}{MONTHS[value.month - 1]} {value.year}")


def hour(value):
    """« 14 h 30 », « 14 h »."""
    if not value:
        return ""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.hour}{NBSP}h{NBSP}{value.minute:02}" if value.minute else f"{value.hour}{NBSP}h"


def instant(value):
    """« 12 mars 2027 à 14 h 30 »."""
    return format_html("{} à {}", day(value), hour(value)) if value else ""


def span(first, last):
    """« du 3 au 12 mars 2027 », « du 1er mars au 3 avril 2027 », « depuis le… », « jusqu’au… »."""
    if not first or not last:
        return format_html("depuis le {}", day(first)) if first else format_html("jusqu’au {}", day(last)) if last else ""
    if first == last:
        return format_html("le {}", day(first))
    start = day(first)
    if first.year == last.year:
        start = mark_safe(start.rsplit(" ", 1)[0])
        if first.month == last.month:
            start = mark_safe(start.rsplit(NBSP, 1)[0])
    return format_html("du {} au {}", start, day(last))


def quarter_of(value):
    return (value.month + 2) // 3


def quarter(value):
    """« 3e trimestre 2016 »."""
    return format_html("{} trimestre {}", ordinal(quarter_of(value)), value.year) if value else ""


def quarter_short(value):
    """« T3 16 », for the heads of tables."""
    return f"T{quarter_of(value)}{NBSP}{value.year % 100:02}" if value else ""


def date_text(raw):
    """A date as the pact writes it, made readable when it can be: « 2014-S2 » → « 2e semestre 2014 »; else as it is."""
    raw = (raw or "").strip()
    period = parse_period(raw)
    if not period:
        return conditional_escape(raw)
    first, last = period
    if first == last:
        return day(first)
    if first.year != last.year:
        return f"{first.year}-{last.year}"
    months = (first.month, last.month)
    if first.month == last.month:
        return f"{MONTHS[first.month - 1]} {first.year}"
    if months in ((1, 6), (7, 12)):
        return format_html("{} semestre {}", ordinal(1 if first.month == 1 else 2), first.year)
    return str(first.year) if months == (1, 12) else quarter(first)


def number(value, digits=None):
    """« 1 234,5 »: thousands by a narrow no-break space, a comma, no useless zero."""
    if value is None or value == "":
        return ""
    if type(value) is int and digits is None:
        return f"{value:,}".replace(",", NNBSP).replace("-", "\u2212", 1)
    value = Decimal(str(value))
    if digits is not None:
        value = round(value, int(digits))
    text = f"{value:,f}".replace(",", NNBSP).replace(".", ",")
    if digits is None and "," in text:
        text = text.rstrip("0").rstrip(",")
    return text.replace("-", "\u2212", 1)


def euros(value):
    """« 12 500 € », « 12,50 € »."""
    if value is None or value == "":
        return ""
    value = Decimal(str(value))
    return f"{number(value, 0 if value == value.to_integral_value() else 2)}{NBSP}€"


def plural(count, singular, several=None):
    """« 1 fiche », « 3 fiches », « aucune fiche » is left to the caller."""
    return f"{number(count)}{NBSP}{singular if abs(count) < 2 else several or singular + 's'}"


def elapsed(days):
    """« 98 jours », « 22 mois », « plus de 3 ans »: the larger the unit, the longer it lasted."""
    if days < 100:
        return plural(days, "jour")
    months = int(days / 30.44)
    return plural(months, "mois", "mois") if months < 24 else f"plus de {plural(months // 12, 'an')}"
