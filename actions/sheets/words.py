"""What a cell says, as the form of the fiche expects it; words that name nothing are refused with what to write."""

from django.core.exceptions import ValidationError

from actions.enums import IndicatorKind, LeadRole
from actions.sheets.cells import CUT, NO, YES
from actions.sheets.vocabulary import AS_TEXT, SEPARATOR
from pti.search import normalise

CHOICES = {
    "role": {normalise(label): value for value, label in LeadRole.choices} | {"": LeadRole.PILOT},
    "kind": {normalise(label): value for value, label in IndicatorKind.choices} | {"": IndicatorKind.OTHER},
}


class Unmatched(ValidationError):
    """The name of an organisation that a person has to match."""


def value_of(column, words, vocabulary, matches):
    """The value that `words` give to the field of `column`; a ValidationError says what to write instead."""
    return READERS[column.reader](column, words, vocabulary, matches)


def as_it_is(column, words, vocabulary, matches):
    return words


def rich(column, words, vocabulary, matches):
    if words.endswith(CUT):
        raise ValidationError("Ce texte est trop long pour une cellule : modifiez-le sur la page de la fiche.")
    return words


def axis(column, words, vocabulary, matches):
    return str(one_of(words, vocabulary.paths, "Aucun axe ne s’appelle ainsi.")) if words else ""


def several(column, words, vocabulary, matches):
    names = [name.strip() for name in words.split(SEPARATOR) if name.strip()]
    return [
        str(one_of(name, vocabulary.turned_many[column.field], f"« {name} » n’est pas connu de ce pacte.")) for name in names
    ]


def one_of(words, found, unknown):
    """The one row that bears this name."""
    rows = found.get(normalise(words), ())
    if len(rows) > 1:
        raise ValidationError("Plusieurs portent ce nom : écrivez le chemin complet, comme dans le classeur exporté.")
    if not rows:
        raise ValidationError(unknown)
    return next(iter(rows))


def yes_no(column, words, vocabulary, matches):
    known = {YES: "true", NO: "false", "": "unknown" if column.reader == "unsure" else "false"}
    if normalise(words) not in known:
        raise ValidationError("Écrivez oui ou non.")
    return known[normalise(words)]


def choice(column, words, vocabulary, matches):
    known = CHOICES[column.field]
    if normalise(words) not in known:
        raise ValidationError(f"Écrivez l’un de ces mots : {', '.join(name for name in known if name)}.")
    return known[normalise(words)]


def who(column, words, vocabulary, matches):
    """The organisation or plan that bears this name; several, or none, and a person chooses."""
    if not words:
        return ""
    found = vocabulary.who(words)
    if len(found) == 1:
        return found[0]
    chosen = matches.get(normalise(words))
    if chosen == AS_TEXT:
        return ""
    if chosen not in vocabulary.keys:
        raise Unmatched("Plusieurs organismes portent ce nom." if found else "Aucun organisme ne porte ce nom.")
    return chosen


READERS = {
    "text": as_it_is,
    "lines": as_it_is,
    "stars": as_it_is,
    "rich": rich,
    "axis": axis,
    "axes": several,
    "names": several,
    "unsure": yes_no,
    "yes_no": yes_no,
    "choice": choice,
    "who": who,
}
