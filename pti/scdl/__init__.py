"""Open data in the « socle commun des données locales » (SCDL): rows checked against a transcription of the schema.

The transcriptions are ours (*.json beside this file, in the shape of a Table Schema), made from the published
documentation: docs/open-data.md says so.
"""

import csv
import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.http import HttpResponse

from pti.exports import attachment, guarded

FOLDER = Path(__file__).parent
TYPES = {"string": str, "date": date, "integer": int, "number": Decimal, "boolean": bool}


class Schema:
    """One transcription: its columns in their order, and what each demands."""

    def __init__(self, name):
        self.fields = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["fields"]
        self.heads = [field["name"] for field in self.fields]

    def faults(self, row):
        """[(column, reason)] of what keeps `row` ({column: value}) out of the file."""
        found = []
        for field in self.fields:
            value, rules = row.get(field["name"]), field.get("constraints", {})
            if value in (None, ""):
                if rules.get("required"):
                    found.append((field["name"], "manque"))
            elif not isinstance(value, TYPES[field["type"]]):
                found.append((field["name"], "n’est pas du bon type"))
            elif "pattern" in rules and not re.fullmatch(rules["pattern"].strip("^$"), str(value)):
                found.append((field["name"], f"ne suit pas le modèle (exemple : {field['example']})"))
            elif "enum" in rules and value not in rules["enum"]:
                found.append((field["name"], "n’est pas une valeur prévue"))
            elif len(str(value)) > rules.get("maxLength", len(str(value))):
                found.append((field["name"], f"dépasse {rules['maxLength']} caractères"))
            elif not rules.get("minimum", value) <= value <= rules.get("maximum", value):
                found.append((field["name"], f"n’est pas entre {rules['minimum']} et {rules['maximum']}"))
        return found

    def response(self, rows, name):
        """The CSV of `rows`, in the order of the schema: UTF-8, commas, ISO dates, « oui » or « non »."""
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        writer = csv.writer(response)
        writer.writerow(self.heads)
        writer.writerows([written(row.get(head)) for head in self.heads] for row in rows)
        return attachment(response, name, "csv")


def written(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if isinstance(value, date) else guarded(value) if isinstance(value, str) else value
