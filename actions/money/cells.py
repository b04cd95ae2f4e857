"""What is typed in a cell of the grid: « 12 500,50 », « 0,5 ETP », « nature : un local », « NC », « 8 000 SR ».

Several units in one cell have « ; » between them.
An empty cell says nothing: it is not zero. « NC » is an amount that its funder does not disclose, « ? » one that is awaited.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError

from actions.enums import FundingUnit
from actions.numbers import read_number
from pti import typography
from pti.exports import FORMULA
from pti.facts import FORBIDDEN
from pti.search import normalise

SURE = re.compile(r"\s*[,(]?\s*\b(?:SR|s/r|sous r[ée]serve)\b\s*\)?\s*$", re.I)
FTE = re.compile(r"^\s*ETP\b[\s:]*|\s*\bETP\s*$", re.I)
EUROS = re.compile(r"\s*(?:€|euros?|EUR)\s*$", re.I)
KIND = re.compile(r"^\s*(?:en )?nature\b\s*:?\s*", re.I)
UNDISCLOSED = {"nc", "n.c.", "n.c", "non communique", "non communiquee"}
AWAITED = "?"
# What a row keeps of an amount as it was written.
LONGEST = 200
# « 12.500 » is twelve thousand and a half thousand to some, twelve and a half to others.
AMBIGUOUS = re.compile(r"^\d{1,3}(?:[.]\d{3})+$|^\d{1,3}(?:,\d{3}){2,}$|^\d{1,3},\d{3}\.\d+$")
TWO_WAYS = "« {} » se lit de deux façons : une espace pour les milliers, une virgule pour les centimes."
NEGATIVE = "Un montant n’est pas négatif."
UNREADABLE = "« {} » ne se lit pas : écrivez un montant (12 500,50), « 0,5 ETP », « nature : … », « NC », ou laissez vide."


@dataclass(frozen=True)
class Said:
    """One funding as a cell says it."""

    unit: str
    amount: Decimal | None = None
    raw: str = ""
    is_undisclosed: bool = False
    is_conditional: bool = False
    in_kind: str = ""

    def fields(self):
        """What it writes in a row."""
        return {
            "unit": self.unit,
            "unit_text": "",
            "amount": self.amount,
            "raw_amount": self.raw,
            "is_undisclosed": self.is_undisclosed,
            "is_conditional": self.is_conditional,
            "in_kind": self.in_kind,
        }


def read_cell(text):
    """[Said] of a cell, one for each unit at most; a ValidationError in French says what is wrong."""
    if FORBIDDEN.search(text):
        raise ValidationError("Cette case contient un caractère qui ne s’enregistre pas : retapez-la.")
    said = []
    for part in parts_of(text):
        one = read_part(part)
        if any(other.unit == one.unit for other in said):
            raise ValidationError("Une case dit une somme par unité : additionnez, ou ajoutez une ligne depuis la liste.")
        said.append(one)
    return said


def parts_of(text):
    """What « ; » separates; what is given in kind takes the rest of the cell."""
    parts = []
    rest = " ".join(text.split())
    while rest:
        if KIND.match(rest):
            return [*parts, rest]
        part, _, rest = rest.partition(";")
        parts += [part.strip()] if part.strip() else []
        rest = rest.strip()
    return parts


def read_part(part):
    sure = SURE.search(part)
    text = SURE.sub("", part).strip() if sure else part
    if KIND.match(text):
        given = KIND.sub("", text)[:300]
        if given.startswith(FORMULA):
            raise ValidationError("Ce qui est apporté en nature ne commence pas par un signe de formule (= + - @).")
        return Said(FundingUnit.IN_KIND, is_conditional=bool(sure), in_kind=given)
    unit = FundingUnit.FTE if FTE.search(text) else FundingUnit.EUROS
    words = FTE.sub("", text).strip() if unit == FundingUnit.FTE else EUROS.sub("", text).strip()
    if normalise(words) in UNDISCLOSED:
        return Said(unit, is_undisclosed=True, is_conditional=bool(sure))
    if words == AWAITED:
        return Said(unit, is_conditional=bool(sure))
    return Said(unit, read_amount(words), words, is_conditional=bool(sure))


def read_amount(words):
    if AMBIGUOUS.match(words):
        raise ValidationError(TWO_WAYS.format(words))
    amount = read_number(words) if len(words) <= LONGEST else None
    if amount is None:
        raise ValidationError(UNREADABLE.format(words[:40]))
    if amount < 0:
        raise ValidationError(NEGATIVE)
    if -amount.as_tuple().exponent > 2:
        raise ValidationError("Deux chiffres après la virgule, pas plus.")
    return amount


def write_cell(rows):
    """What a cell shows of its rows, such that `read_cell` reads it back."""
    return " ; ".join(filter(None, (write_part(row) for row in sorted(rows, key=rank))))


def rank(row):
    """In kind comes last, since it takes the rest of the cell."""
    return (counted_in(row) == FundingUnit.IN_KIND, row.unit, row.order, row.pk)


def counted_in(row):
    """The unit that a row counts in: same rule as FundingQuerySet.in_unit."""
    given = bool(row.in_kind) and row.amount is None and not row.is_undisclosed
    return FundingUnit.IN_KIND if given else row.unit


def write_part(row):
    if counted_in(row) == FundingUnit.IN_KIND:
        text = f"nature : {row.in_kind or row.raw_amount}".strip(" :")
    else:
        if row.is_undisclosed:
            text = "NC"
        elif row.amount is None:
            text = row.raw_amount or AWAITED
        else:
            text = plain(row.amount)
        text += " ETP" if row.unit == FundingUnit.FTE and "ETP" not in text.upper() else ""
    return f"{text} SR" if row.is_conditional else text


def plain(amount):
    """« 12 500,50 » with plain spaces, as a spreadsheet takes it back."""
    return typography.number(amount).replace(typography.NNBSP, " ")
