"""Reading a pact from a file of facts (docs/import.md).

Each application registers readers, ground floor first; each reader says which top-level keys it takes. A reader walks
`Node`s, which check types and remember what was read: every error is reported with its JSON path, and what nobody read
is kept as text and warned about.
"""

import json
import re
from decimal import Decimal, InvalidOperation

from django.db import models
from django.utils.html import format_html, format_html_join

from pti import typography
from pti.dates import first_day, last_day
from pti.numbers import read_whole
from pti.rows import save_together
from pti.search import normalise

MISSING = object()
FORBIDDEN = re.compile("[\x00\ud800-\udfff]")
_readers = []


def register(read, *keys):
    """`read(facts, root, pact)` takes the top-level `keys` of a file of facts."""
    _readers.append((read, frozenset(keys)))


def readers():
    """The readers, ground floor first."""
    return [read for read, _ in _readers]


def known_keys():
    return frozenset().union(*(keys for _, keys in _readers))


class FactsError(Exception):
    """A file of facts that cannot be imported; `errors` says why, one line each."""

    def __init__(self, errors):
        super().__init__("\n".join(errors))
        self.errors = errors


class Facts:
    """What an import found wrong or strange, what it keeps aside, and what readers tell the next floors (`refs`)."""

    def __init__(self):
        self.errors, self.warnings, self.kept, self.refs = [], [], [], {}
        self.waiting = {}  # {model: rows to be saved together}

    def error(self, path, message):
        _add_once(self.errors, f"{path or 'fichier'} : {message}")

    def warn(self, path, message):
        _add_once(self.warnings, f"{path} : {message}")

    def keep(self, path, value, why):
        """Keep a value that fits nowhere: it goes to the sources of the pact, with a warning."""
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        self.kept.append(f"{path} : {text}")
        self.warn(path, f"{why} « {text[:80]} » est conservé dans les sources du pacte.")

    def choice(self, node, key, words, default):
        """(value of the closed list, raw text) of an open word: an unknown one is `default`, kept raw, and warned about."""
        raw = node.text(key)
        known = words.get(normalise(raw))
        if known is not None or not raw:
            return known or default, raw
        self.warn(node.at(key), f"« {raw} » est inconnu : conservé tel qu’écrit, sous « autre ».")
        return default, raw

    def save(self, row, node):
        """Save `row` at once, or report what does not fit at the path of `node`."""
        self.fit(row, node)
        row.save()
        return row

    def add(self, row, node):
        """Like `save`, but with the other rows of its kind when the reader is done: until then it has no key."""
        self.waiting.setdefault(type(row), []).append(self.fit(row, node))
        return row

    def write_waiting(self):
        """Save what waits, each kind after those that the readers met before it."""
        for rows in self.waiting.values():
            save_together(rows)
        self.waiting = {}

    def fit(self, row, node):
        """Cut what is too long, and report it at the path of `node`."""
        wrong = list(_too_long(row))
        for field, limit in wrong:
            self.error(node.path, f"« {field.verbose_name} » dépasse {limit} caractères.")
            setattr(row, field.attname, getattr(row, field.attname)[:limit])
        row._change_reason = "Import"
        return row


def _add_once(lines, line):
    if line not in lines:
        lines.append(line)


def _too_long(row):
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(field, models.CharField) and isinstance(value, str) and len(value) > (field.max_length or len(value)):
            yield field, field.max_length


class Node:
    """One object of the file, at a JSON path."""

    def __init__(self, facts, data, path):
        self.facts, self.path, self.read = facts, path, set()
        self.data = data if isinstance(data, dict) else {}
        self.children = {}
        if not isinstance(data, dict):
            facts.error(path, f"un objet est attendu, pas {_kind(data)}.")

    def at(self, key):
        return f"{self.path}.{key}" if self.path else key

    def __contains__(self, key):
        return key in self.data

    def _take(self, key, *types):
        """The value of `key`, MISSING when it is absent, null or of another type (an error)."""
        self.read.add(key)
        value = self.data.get(key, MISSING)
        if value is MISSING or value is None:
            return MISSING
        if isinstance(value, bool) is not (bool in types) or not isinstance(value, types):
            self.facts.error(self.at(key), f"{TYPE_WORDS[types[0]]} est attendu, pas {_kind(value)}.")
            return MISSING
        return value

    def text(self, key, *, required=False):
        value = self._take(key, str)
        value = "" if value is MISSING else self._clean(self.at(key), value)
        if required and not value and isinstance(self.data.get(key, ""), str | None):
            self.facts.error(self.at(key), "ce texte est obligatoire.")
        return value

    def _clean(self, path, value):
        if FORBIDDEN.search(value):
            self.facts.error(path, "ce texte contient un caractère interdit.")
            return ""
        return value.strip()

    def label(self, key):
        """A number or a text, as text (« 1 », « 1.1 », « T »)."""
        value = self._take(key, str, int)
        return "" if value is MISSING else str(value).strip()

    def count(self, key, limit=32767):
        """A whole number that counts something, or None."""
        value = self._take(key, int)
        if value is MISSING:
            return None
        if not 0 <= value <= limit:
            self.facts.error(self.at(key), f"un nombre entre 0 et {limit} est attendu.")
            return None
        return value

    def flag(self, key):
        value = self._take(key, bool)
        return value is not MISSING and value

    def texts(self, key):
        """A list of texts."""
        values = self._take(key, list)
        read = []
        for index, value in enumerate([] if values is MISSING else values):
            path = f"{self.at(key)}[{index}]"
            if isinstance(value, str):
                read.append(self._clean(path, value))
            else:
                self.facts.error(path, f"un texte est attendu, pas {_kind(value)}.")
        return read

    def labels(self, key):
        """A list of numbers or texts, as texts."""
        values = self._take(key, list)
        read = []
        for index, value in enumerate([] if values is MISSING else values):
            if isinstance(value, str | int) and not isinstance(value, bool):
                read.append(str(value))
            else:
                self.facts.error(f"{self.at(key)}[{index}]", f"un numéro est attendu, pas {_kind(value)}.")
        return read

    def node(self, key):
        """The object at `key`, or None."""
        if key not in self.children:
            value = self._take(key, dict)
            self.children[key] = [] if value is MISSING else [Node(self.facts, value, self.at(key))]
        return next(iter(self.children[key]), None)

    def items(self, key):
        """The objects of the list at `key`."""
        if key not in self.children:
            values = self._take(key, list)
            values = [] if values is MISSING else values
            self.children[key] = [Node(self.facts, value, f"{self.at(key)}[{i}]") for i, value in enumerate(values)]
        return self.children[key]

    def figure(self, key):
        """(text, value, high value) of a number, of a range `[min, max]` or of a text that may be no number at all."""
        value = self._take(key, int, Decimal, list, str)
        if value is MISSING:
            return "", None, None
        if isinstance(value, list):
            return self._range(key, value)
        if isinstance(value, str):
            raw = self._clean(self.at(key), value)
            number = read_number(raw)
            if number is None and raw:
                self.facts.warn(self.at(key), f"« {raw} » n’est pas un nombre : conservé tel qu’écrit.")
            return raw, number, None
        return typography.number(value), self._fit(key, Decimal(value)), None

    def _range(self, key, value):
        numbers = [v for v in value if isinstance(v, int | Decimal) and not isinstance(v, bool)]
        if len(numbers) != 2 or len(value) != 2:
            self.facts.error(self.at(key), "un intervalle porte deux nombres : [min, max].")
            return "", None, None
        low, high = (Decimal(number) for number in numbers)
        return f"{typography.number(low)} à {typography.number(high)}", self._fit(key, low), self._fit(key, high)

    def _fit(self, key, number):
        if abs(number) < 10**12 and number.is_finite():
            return number
        self.facts.warn(self.at(key), "ce nombre est trop grand : seul son texte est conservé.")
        return None

    def mark_read(self, *keys):
        self.read.update(keys)

    def keep_unread(self):
        """Keep what no reader took, here and below."""
        for key in self.data:
            if key not in self.read:
                self.facts.keep(self.at(key), self.data[key], "clé inconnue :")
        for nodes in self.children.values():
            for node in nodes:
                node.keep_unread()


TYPE_WORDS = {
    str: "un texte", int: "un nombre", bool: "« true » ou « false »", list: "une liste", dict: "un objet",
}  # fmt: skip


def _kind(value):
    names = {str: "un texte", bool: "un booléen", int: "un nombre", Decimal: "un nombre", list: "une liste", dict: "un objet"}
    return names.get(type(value), "null")


def read_number(text):
    """The Decimal written in `text` the French way, or None."""
    plain = text.replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", ".").replace("\u2212", "-")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**12 else None


def bounds(start, end):
    """First possible day of `start`, last possible day of `end`."""
    return first_day(start), last_day(end)


def paragraph(text):
    """`text` as clean HTML."""
    return format_html("<p>{}</p>", text) if text else ""


def bullets(texts):
    """A list as clean HTML."""
    texts = [text for text in texts if text]
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((text,) for text in texts))) if texts else ""


def numbered(pairs):
    """(number, text) lines: an ordered list when the numbers follow each other, else bullets that say their number."""
    pairs = [(number, text) for number, text in pairs if text]
    first = read_whole(pairs[0][0]) if pairs else None
    if first is not None and [number for number, _ in pairs] == [str(first + i) for i in range(len(pairs))]:
        lines = format_html_join("", "<li>{}</li>", ((text,) for _, text in pairs))
        return format_html('<ol start="{}">{}</ol>', first, lines)
    return bullets([f"{number}. {text}" if number else text for number, text in pairs])


def heading(text):
    return format_html("<h4>{}</h4>", text) if text else ""


def plain_lines(texts):
    return "\n".join(text for text in texts if text)


def html(*pieces):
    """Join pieces of clean HTML; plain strings are escaped, once."""
    return format_html_join("", "{}", ((piece,) for piece in pieces if piece))


def _refuse_constant(name):
    raise ValueError(name)


def load_json(text):
    """The object written in `text`, numbers exact; FactsError when it cannot be read."""
    try:
        data = json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise FactsError([f"ligne {error.lineno}, colonne {error.colno} : le fichier n’est pas du JSON lisible."]) from error
    except (RecursionError, ValueError) as error:
        raise FactsError(["fichier : le JSON est trop imbriqué, ou porte un nombre qui ne se lit pas."]) from error
    if not isinstance(data, dict):
        raise FactsError([f"fichier : un objet est attendu, pas {_kind(data)}."])
    return data
