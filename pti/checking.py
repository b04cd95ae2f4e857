"""Every fault of an exported file, told with its JSON path before anything is written.

`Checker(data, files).errors` is empty when each value fits the field that it goes to, each uid is its own, and each link
leads to a row of the file of the right model. What only the base can refuse is told by pti.loading, with the same paths.
"""

import datetime
import json
import math
import re
import uuid
from decimal import Decimal

from django.contrib.contenttypes.fields import GenericForeignKey
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations

from pti import typography, versions
from pti.models import Pact, Version
from pti.parts import PartKind, contract_columns, life_columns, plain_columns, registered
from pti.version_page import Reader

# The widest of whole numbers, the same on both databases.
RANGES = BaseDatabaseOperations.integer_field_ranges
FORBIDDEN = re.compile("[\x00\ud800-\udfff]")
FORBIDDEN_WORDS = "ce texte contient un caractère interdit."
PLAIN_NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?")
DAY_WORDS = "une date comme 2017-02-28 est attendue."
# Further than this, no calendar: what people mean is a slip of the pen.
YEARS = range(1900, 2201)


def told(errors, limit=100):
    """The first `limit` errors, and how many are left."""
    left = len(errors) - limit
    return [*errors[:limit], f"… et {typography.plural(left, 'autre erreur', 'autres erreurs')}."] if left > 0 else errors


def kind_of(value):
    """What a JSON value is, in words."""
    words = {str: "un texte", bool: "un booléen", int: "un nombre", float: "un nombre", Decimal: "un nombre"}
    return words.get(type(value)) or {list: "une liste", dict: "un objet"}.get(type(value), "null")


def forbidden_inside(value):
    """True when a text anywhere in a JSON value cannot be stored."""
    if isinstance(value, str):
        return bool(FORBIDDEN.search(value))
    if isinstance(value, dict):
        return any(map(forbidden_inside, [*value, *value.values()]))
    return isinstance(value, list) and any(map(forbidden_inside, value))


class Checker:
    """Walks the file twice: what rows there are, then what each of them says."""

    def __init__(self, data, files):
        self.data, self.files = data, files
        self.errors = []
        self.found = {}  # uid: (model, path of its first row)
        self.rows = []  # (part, model, row, path)
        for where, kinds in (("shared", [PartKind.SHARED]), ("parts", [PartKind.CONTRACT, PartKind.LIFE])):
            self.walk(where, {part.name: part for kind in kinds for part in registered(kind)})
        if not self.errors:
            self.check_pact()
            for part, model, row, path in self.rows:
                self.check_row(part, model, row, path)
            self.check_files()

    def error(self, path, message):
        self.errors.append(f"{path} : {message}")

    def walk(self, where, known):
        """Note the rows of every part, and what is not a row."""
        for name, groups in self.data[where].items():
            path = f"{where}.{name}"
            if name not in known:
                self.error(path, "cette rubrique n’est pas connue.")
            elif not isinstance(groups, dict):
                self.error(path, f"un objet est attendu, pas {kind_of(groups)}.")
            else:
                by_name = {model.__name__: model for model in known[name].models}
                for model_name, rows in groups.items():
                    self.walk_rows(known[name], by_name.get(model_name), rows, f"{path}.{model_name}")

    def walk_rows(self, part, model, rows, path):
        if model is None:
            self.error(path, "cette rubrique n’est pas connue.")
        elif not isinstance(rows, list):
            self.error(path, f"une liste est attendue, pas {kind_of(rows)}.")
        else:
            seen = set()
            for index, row in enumerate(rows):
                self.walk_row(part, model, row, f"{path}[{index}]", seen)

    def walk_row(self, part, model, row, path, seen):
        """Note one row: its uid is its own, but what happened to a row of the text bears the uid of that row."""
        if not isinstance(row, dict):
            self.error(path, f"un objet est attendu, pas {kind_of(row)}.")
            return
        uid = row.get("uid")
        if wrong := wrong_uid(uid):
            self.error(f"{path}.uid", wrong)
            return
        other = self.found.get(uid)
        if uid in seen or (other and (other[0] is not model or part.kind != PartKind.LIFE)):
            self.error(f"{path}.uid", f"cet identifiant est déjà celui de {other[1]}.")
            return
        seen.add(uid)
        self.found.setdefault(uid, (model, path))
        self.rows.append((part, model, row, path))

    def check_pact(self):
        """One file, one pact, and no row of another."""
        if wrong := wrong_uid(self.data["pact"]):
            self.error("pact", wrong)
        pacts = [(row, path) for part, model, row, path in self.rows if model is Pact and part.kind == PartKind.CONTRACT]
        if [row["uid"] for row, _ in pacts] != [self.data["pact"]]:
            self.error("parts.frame.Pact", "ce fichier décrit un pacte et un seul, celui que nomme « pact ».")
        for part, model, row, path in self.rows:
            if model.pact_path == "pact" and row.get("pact") != self.data["pact"] and not self.happened(part, row, path):
                self.error(f"{path}.pact", "pact inconnu : une ligne n’appartient qu’au pacte de ce fichier.")

    def happened(self, part, row, path):
        """True for what happened to a row of the text: its uid and the fields that moved, no more."""
        return part.kind == PartKind.LIFE and self.found[row["uid"]][1] != path

    def check_row(self, part, model, row, path):
        allowed = plain_columns(model)
        if part.kind == PartKind.CONTRACT and hasattr(model, "life_fields"):
            allowed = contract_columns(model)
        happened = self.happened(part, row, path)
        allowed = life_columns(model) if happened else allowed
        for key in row:
            if key not in allowed:
                self.error(f"{path}.{key}" if key.isidentifier() else path, "cette clé n’est pas connue.")
            elif key != "uid" and (wrong := self.wrong(model, model._meta.get_field(key), row[key])):
                self.error(f"{path}.{key}", wrong)
        for key in [] if happened else allowed:
            if key not in row and is_needed(model, key):
                self.error(f"{path}.{key}", "cette clé manque.")
        if hasattr(model, "file") and isinstance(row.get("sha256"), str) and row["sha256"] not in self.files:
            self.error(f"{path}.sha256", f"le fichier « {row.get('name', '')} » manque dans l’archive.")
        if model is Version and not self.errors:
            self.check_version(row, path)

    def check_version(self, row, path):
        """A frozen text is read by many pages: it must be one, and of this pact."""
        try:
            data = read_json(row["content"])
            sound = (data["format"], data["number"], data["pact"]) == (versions.FORMAT, row["number"], self.data["pact"])
            Reader(data).document()
        except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError):
            sound = False
        if not sound or forbidden_inside(data):
            self.error(f"{path}.content", "ce n’est pas le texte d’une version de ce pacte.")
        elif versions.sha256_of(row["content"]) != row["sha256"]:
            self.error(f"{path}.sha256", f"la version {row['number']} n’a plus son empreinte.")

    def check_files(self):
        named = {str(row.get("sha256")) for _, model, row, _ in self.rows if hasattr(model, "file")}
        for sha256 in self.files:
            if sha256 not in named:
                self.error(f"files/{sha256}", "aucune ligne de pact.json ne parle de ce fichier.")

    def wrong(self, model, column, value):
        """What is wrong with the value of a field, or nothing."""
        if isinstance(column, GenericForeignKey):
            return self.wrong_generic(value)
        if column.many_to_many:
            if not isinstance(value, list):
                return f"une liste est attendue, pas {kind_of(value)}."
            return next(filter(None, (self.wrong_link(model, column, uid) for uid in value)), None)
        if value is None:
            return None if column.null else "une valeur est attendue, pas null."
        return self.wrong_link(model, column, value) if column.is_relation else wrong_value(column, value)

    def wrong_link(self, model, column, uid):
        """A link leads to a row of the file; to another pact too, where the model knows that it may be elsewhere."""
        if wrong := wrong_uid(uid):
            return wrong
        target = self.found.get(uid)
        if target is None:
            elsewhere = column.related_model is Pact and (hasattr(model, "outside") or column.null)
            return None if elsewhere else f"{column.name} inconnu : aucune ligne du fichier ne porte l’identifiant {uid}."
        if target[0] is not column.related_model:
            return f"cet identifiant est celui de {target[1]}, qui est d’une autre nature."
        return None

    def wrong_generic(self, value):
        if value is None:
            return None
        if not isinstance(value, dict) or set(value) != {"model", "uid"}:
            return "un objet { model, uid } est attendu."
        if wrong := wrong_uid(value["uid"]):
            return wrong
        target = self.found.get(value["uid"])
        if target is None or target[0]._meta.label != value["model"]:
            return "aucune ligne du fichier de cette nature ne porte cet identifiant."
        return None


def read_json(text):
    """What a JSON text says; ValueError for what JSON does not know (NaN), for a number without end, for too deep a nest."""
    try:
        return json.loads(text, parse_constant=refuse_constant, parse_float=finite)
    except RecursionError as error:
        raise ValueError("too deep") from error


def refuse_constant(name):
    raise ValueError(name)


def finite(text):
    number = float(text)
    if math.isinf(number):
        raise ValueError(text)
    return number


def wrong_uid(value):
    if not isinstance(value, str):
        return f"un identifiant (UUID) est attendu, pas {kind_of(value)}."
    try:
        sound = str(uuid.UUID(value)) == value
    except ValueError:
        sound = False
    return None if sound else "un identifiant (UUID) est attendu."


def is_needed(model, key):
    """True for a field that nothing can stand for; files of people leave theirs out."""
    column = model._meta.get_field(key)
    if column.many_to_many or isinstance(column, GenericForeignKey) or key in model.people_fields:
        return False
    return not (column.null or column.blank or column.has_default())


def wrong_value(column, value):
    """What is wrong with a plain value, whatever the database."""
    for kind, judge in JUDGES:
        if isinstance(column, kind):
            wrong = judge(column, value)
            break
    else:
        wrong = None if isinstance(value, str) else f"un texte est attendu, pas {kind_of(value)}."
    if wrong is None and value not in ("", None) and column.flatchoices and value not in dict(column.flatchoices):
        wrong = f"« {str(value)[:80]} » n’est pas une valeur connue."
    return wrong or wrong_by_validators(column, value)


def wrong_by_validators(column, value):
    if value in column.empty_values:
        return None
    try:
        column.run_validators(column.to_python(value))
    except ValidationError as error:
        return error.messages[0]
    return None


def wrong_text(column, value):
    if not isinstance(value, str):
        return f"un texte est attendu, pas {kind_of(value)}."
    if FORBIDDEN.search(value):
        return FORBIDDEN_WORDS
    if column.max_length and len(value) > column.max_length:
        return f"ce texte dépasse {column.max_length} caractères."
    return None


def wrong_flag(column, value):
    return None if isinstance(value, bool) else f"« true » ou « false » est attendu, pas {kind_of(value)}."


def wrong_whole(column, value):
    if isinstance(value, bool) or not isinstance(value, int):
        return f"un nombre entier est attendu, pas {kind_of(value)}."
    low, high = RANGES[column.get_internal_type()]
    return None if low <= value <= high else f"un nombre entre {low} et {high} est attendu."


def wrong_decimal(column, value):
    if not isinstance(value, str):
        return f"un nombre écrit entre guillemets est attendu, pas {kind_of(value)}."
    return None if PLAIN_NUMBER.fullmatch(value) else "un nombre comme « 12.5 » est attendu."


def read_by(parse, words):
    """A judge of dates and hours: text that `parse` reads and that is written the one way."""

    def judge(column, value):
        try:
            read = parse(value)
            sound = read.isoformat() == value and getattr(read, "year", YEARS[0]) in YEARS
        except (TypeError, ValueError):
            sound = False
        return None if sound else words

    return judge


def wrong_json(column, value):
    """The shape of its default, and nothing that cannot be stored."""
    wanted = type(column.get_default()) if column.has_default() else dict
    if not isinstance(value, wanted):
        return f"{kind_of(wanted())} est attendu{'e' if wanted is list else ''}, pas {kind_of(value)}."
    if wanted is list and not all(isinstance(one, str) for one in value):
        return "une liste de textes est attendue."
    return FORBIDDEN_WORDS if forbidden_inside(value) else None


JUDGES = (
    (models.BooleanField, wrong_flag),
    (models.JSONField, wrong_json),
    (models.DecimalField, wrong_decimal),
    (models.DateTimeField, read_by(datetime.datetime.fromisoformat, "un instant comme 2017-02-28T09:30:00+00:00 est attendu.")),
    (models.DateField, read_by(datetime.date.fromisoformat, DAY_WORDS)),
    (models.TimeField, read_by(datetime.time.fromisoformat, "une heure comme 09:30:00 est attendue.")),
    (models.IntegerField, wrong_whole),
    ((models.CharField, models.TextField), wrong_text),
)
