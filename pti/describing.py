"""docs/export.schema.json: what `export_pact` writes, key by key, as a JSON Schema made from the parts and their models.

It is the fourth reader of the parts, beside pti.dumping (which writes rows), pti.loading and pti.checking (which take them
back), and walks the columns as they do. An import never reads it: pti.checking says what is wrong, in French.

`manage.py export_schema` writes the file again; a test fails when it is not what this gives. Nothing here asks the base: the
same models give the same text on SQLite and on PostgreSQL.
"""

import json

from django.contrib.contenttypes.fields import GenericForeignKey
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from pti import versions
from pti.checking import RANGES, YEARS
from pti.contract import ContractModel
from pti.exchange import FORMAT
from pti.fields import ALLOWED_TAGS, DateTextField, RichTextField
from pti.parts import PartKind, contract_columns, has_others, is_people, life_columns, plain_columns, registered
from pti.shapes import DAY, HTML, INSTANT, SHA256, TEXT, UID, WHOLE, YES_NO, among, closed, kind, listing, or_null

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DAY_PATTERN = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
HOUR_PATTERN = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{6})?"
ABOUT = (
    "What manage.py export_pact writes. Made by manage.py export_schema, never by hand. A part or a model without rows is left "
    "out; a row has every key of its model, empty or not, but those that name a person, which are written with people alone. "
    "Descriptions are the words of the application; « → app.Model » is the uid of a row of that model. An import also takes a "
    "row that lacks a key whose value may be empty, and verifies more: links lead to rows of the file, fingerprints hold."
)
WIDTH = 128


# The document ----------------------------------------------------------------------------------------------------------


def schema():
    """The whole schema, as plain data."""
    text_and_life = [part for nature in (PartKind.CONTRACT, PartKind.LIFE) for part in registered(nature)]
    parts = {part.name: part_of(part) for part in text_and_life}
    shared = {part.name: part_of(part) for part in registered(PartKind.SHARED)}
    document = {
        "format": {"const": FORMAT},
        "pact": kind("uid", description="the pact that this file holds"),
        "with_people": {"type": "boolean", "description": "true when people were asked for"},
        "parts": closed(
            parts,
            optional=parts.keys() - {"frame"},
            description="what the pact says, then what happens; names ending in _life: what happened to rows of the text",
        ),
        "shared": closed(shared, optional=shared, description="what the rows point to, and other pacts may too"),
    }
    return {
        "$schema": DIALECT,
        "title": "A whole pact, as export_pact writes it and import_pact reads it",
        **closed(document, description=ABOUT),
        **people(text_and_life),
        "$defs": {**kinds(text_and_life), **rows()},
    }


def part_of(part):
    """The models of a part; in `shared`, the rows pointed to are there when their details are."""
    groups = {model.__name__: listing(shape_of(part, model), minItems=1) for model in part.models}
    if part.name == "frame":
        groups["Pact"]["maxItems"] = 1
    needed = {"Pact"} if part.name == "frame" else {part.models[0].__name__} if part.kind == PartKind.SHARED else set()
    words = f"{part.label} (with people alone)" if part.people else part.label
    return closed(groups, optional=groups.keys() - needed, description=words, minProperties=1)


def shape_of(part, model):
    """A row of `model` in `part`, as Part.dump writes it: of the text, moved since, or come later and whole."""
    text, life = kind(model._meta.label), kind(f"{model._meta.label}_life")
    if not issubclass(model, ContractModel):
        return text
    if part.kind == PartKind.CONTRACT:
        return only(text) if has_others(model) else text
    return {"anyOf": [only(life), only({"allOf": [text, life]})]} if has_others(model) else life


def only(shape):
    """`shape`, and no key of which it does not speak."""
    return {**shape, "unevaluatedProperties": False}


def people(parts):
    """What `with_people` changes: keys that name a person are there or not, and links to a contact are null or not."""
    there, absent = {}, {}
    for part in parts:
        if part.people:
            absent[part.name] = False
        for model in part.models:
            hidden = {column.name: {"type": "null"} for column in model._meta.fields if leads_to_people(column)}
            hidden |= dict.fromkeys(model.people_fields, False)
            if model.people_fields:
                there.setdefault(part.name, {})[model.__name__] = {"items": {"required": list(model.people_fields)}}
            if hidden and not part.people:
                absent.setdefault(part.name, {})[model.__name__] = {"items": {"properties": hidden}}
    return {
        "if": {"properties": {"with_people": {"const": True}}},
        "then": {"properties": {"parts": inside(there)}},
        "else": {"properties": {"parts": inside(absent)}},
    }


def leads_to_people(column):
    return column.is_relation and is_people(column.related_model)


def inside(groups):
    """What is said of the rows of some models of some parts."""
    return {"properties": {name: found and {"properties": found} for name, found in groups.items()}}


# Rows ------------------------------------------------------------------------------------------------------------------


def rows():
    """{model: its row}; of what the text says, what happened to it is apart, under a name ending in _life."""
    found = {}
    for part in registered():
        for model in part.models:
            label, words = model._meta.label, model._meta.verbose_name
            if not issubclass(model, ContractModel):
                found[label] = row_of(model, plain_columns(model), words)
            elif part.kind == PartKind.CONTRACT:
                found[label] = row_of(model, contract_columns(model), words)
            else:
                found[f"{label}_life"] = row_of(model, life_columns(model), f"{words} : ce qui s’est passé")
    return found


def row_of(model, columns, words):
    """A row that has `columns`, but those that name a person; open when another shape may be added to it (`only`)."""
    keys = {name: value_of(model, model._meta.get_field(name)) for name in columns}
    row = closed(keys, optional=model.people_fields, description=words)
    if issubclass(model, ContractModel) and has_others(model):
        del row["additionalProperties"]
    return row


# Values ----------------------------------------------------------------------------------------------------------------


def value_of(model, column):
    """What a key holds, and what it is called."""
    if isinstance(column, GenericForeignKey):
        return kind("subject")
    shape = plain_of(model, column)
    if column.null:
        shape = or_null(shape)
    return {**shape, "description": words_of(model, column)}


def words_of(model, column):
    """The French name of a column, and where it leads, or the words of its choices."""
    words = str(column.verbose_name)
    if column.is_relation:
        return f"{words} → {column.related_model._meta.label}"
    if column.flatchoices:
        return f"{words} : {', '.join(f'{value} = {label}' for value, label in column.flatchoices if value != '')}"
    return f"{words} : files/<SHA-256>" if column.name == "sha256" and hasattr(model, "file") else words


def plain_of(model, column):
    """The kind of a value that is not null."""
    if column.many_to_many:
        return kind("uids")
    if column.is_relation:
        return UID
    if column.name in model.json_shapes:
        return json_of(column, model.json_shapes[column.name])
    if column.flatchoices:
        empty = [""] if column.blank and isinstance(column, models.CharField) else []
        return among(dict.fromkeys([*empty, *(value for value, _ in column.flatchoices)]))
    return next(shape(column) if callable(shape) else shape for field, shape in KINDS if isinstance(column, field))


def json_of(column, shape):
    """A JSON value, or a text that is one."""
    if isinstance(column, models.JSONField):
        return shape
    return {**TEXT, "contentMediaType": "application/json", "contentSchema": shape}


def texts_of(column):
    """A JSON column that says nothing of its shape holds a list of texts."""
    if not isinstance(column.get_default(), list):
        raise TypeError(f"{column} : its model says nothing of its shape (json_shapes)")
    return listing(TEXT)


def decimal_of(column):
    """As text, in plain digits: « -12.5 »."""
    digits, places = column.max_digits - column.decimal_places, column.decimal_places
    return {**TEXT, "pattern": rf"^-?[0-9]{{1,{digits}}}(\.[0-9]{{1,{places}}})?$"}


def whole_of(column):
    """Between bounds that are those of both databases; each of them adds its own to the validators of a column."""
    low, high = RANGES[column.get_internal_type()]
    for one in column.validators:
        low = max(low, one.limit_value) if isinstance(one, MinValueValidator) else low
        high = min(high, one.limit_value) if isinstance(one, MaxValueValidator) else high
    return {**WHOLE, "minimum": low, "maximum": high}


def text_of(column):
    if column.name.endswith("sha256"):
        return SHA256
    return {**TEXT, "maxLength": column.max_length} if column.max_length else TEXT


KINDS = (
    (models.BooleanField, YES_NO),
    (models.JSONField, texts_of),
    (models.DecimalField, decimal_of),
    (models.DateTimeField, INSTANT),
    (models.DateField, DAY),
    (models.TimeField, kind("hour")),
    (models.IntegerField, whole_of),
    (models.UUIDField, UID),
    (RichTextField, HTML),
    (DateTextField, lambda column: kind("date_text", maxLength=column.max_length)),
    (models.Field, text_of),
)


def kinds(parts):
    """What is said once, under `$defs`."""
    labels = sorted({model._meta.label for part in parts for model in part.models})
    years = f"{YEARS[0]} to {YEARS[-1]}"
    found = {
        "uid": {"description": "a row, on whatever base", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
        "day": {"description": f"2017-02-28, from {years}", "pattern": f"^{DAY_PATTERN}$"},
        "hour": {"description": "09:30:00", "pattern": f"^{HOUR_PATTERN}$"},
        "instant": {
            "description": "2017-02-28T09:30:00+00:00, in UTC when the application writes it",
            "pattern": f"^{DAY_PATTERN}T{HOUR_PATTERN}[+-][0-9]{{2}}:[0-9]{{2}}$",
        },
        "date_text": {"description": "a date or a period as the pact writes it: 2015, 2014-S2, 31/02/2014, or nothing"},
        "html": {"description": f"a long text as clean HTML, or nothing; its tags: {', '.join(sorted(ALLOWED_TAGS))}"},
        "sha256": {"description": "a SHA-256", "pattern": "^[0-9a-f]{64}$"},
    }
    found = {name: {**TEXT, **said} for name, said in found.items()}
    empty = {f"{name}_or_null": or_null(found[name]) for name in ("uid", "day", "hour", "instant")}
    subject = closed({"model": among(labels), "uid": UID}, description="a row of the file, of any of these models, or null")
    return {
        **found,
        **empty,
        "uids": listing(UID, uniqueItems=True),
        "subject": or_null(subject),
        "frozen_text": frozen_text(),
    }


def frozen_text():
    """The canonical text of a version; its rows have the keys of the day on which it was frozen."""
    row = {"type": "object", "required": ["uid"], "properties": {"uid": UID}}
    groups = {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": listing(row, minItems=1)}}
    amendment = {
        "number": WHOLE, "in_force_on": TEXT, "purpose": HTML, "points": listing(TEXT), "signatories": listing(TEXT),
        "annex": TEXT,
    }  # fmt: skip
    look = {"name": TEXT, "brand": TEXT, "accent": TEXT, "logo": {**TEXT, "contentEncoding": "base64"}}
    keys = {
        "format": {"const": versions.FORMAT},
        "number": WHOLE,
        "pact": UID,
        "parts": groups,
        "shared": groups,
        "amends": closed({"pact": UID, "number": WHOLE}),
        "amendments": listing(closed(amendment)),
        "followed": {"type": "object", "additionalProperties": {"type": "object"}},
        "look": closed(look, optional=look),
    }
    optional = ("amends", "amendments", "followed", "look")
    return closed(keys, optional=optional, description="docs/version.md; its rows have the keys of the day of the freezing")


# The file --------------------------------------------------------------------------------------------------------------


def text():
    """The file: what fits on a line is on one."""
    return laid_out(schema()) + "\n"


def laid_out(value, indent=0, taken=0):
    """`value` as JSON, on one line when it holds there after `taken` characters."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or indent + taken + len(flat) < WIDTH:
        return flat
    names = [f"{json.dumps(key)}: " for key in value] if isinstance(value, dict) else [""] * len(value)
    values = list(value.values()) if isinstance(value, dict) else value
    pieces = [name + laid_out(one, indent + 2, len(name) + 1) for name, one in zip(names, values, strict=True)]
    lines = filled(pieces, [isinstance(one, dict) for one in values], WIDTH - indent - 3)
    space = "\n" + " " * indent
    inside = f",{space}  ".join(lines)
    return f"{{{space}  {inside}{space}}}" if isinstance(value, dict) else f"[{space}  {inside}{space}]"


def filled(pieces, objects, width):
    """The lines of `pieces`: as many as fit on each, but an object, and what takes several lines, have theirs."""
    lines, is_open = [], False
    for piece, is_object in zip(pieces, objects, strict=True):
        alone = is_object or "\n" in piece
        if is_open and not alone and len(lines[-1]) + len(piece) + 2 < width:
            lines[-1] += f", {piece}"
        else:
            lines.append(piece)
        is_open = not alone
    return lines
