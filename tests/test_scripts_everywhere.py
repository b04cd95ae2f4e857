"""A script, an attribute that breaks out, a formula: written in every text of the base, they come out as text on every page."""

import csv
import io
import json
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import models, transaction
from django.db.utils import IntegrityError

from pti.fields import DateTextField
from pti.models import Version
from tests.emptied import FLOORS
from tests.factories.whole import whole_pact
from tests.pages import pages
from tests.world import log_in

BREAKS_OUT = "\"'><img src=x onerror=alert(7)><script>alert(7)</script>{{ 7|add:7 }}</textarea>\u2028"
FORMULA = '=HYPERLINK("http://x.example")<script>alert(7)</script>'
LINK = "javascript:alert(7)"
# What code writes and reads again: fingerprints, addresses, types, colours.
NOT_TYPED = {"sha256", "mime", "file", "email", "password", "brand", "accent", "logo", "imprint", "content", "siren", "siret"}


def text_columns(model):
    """Fields of a model in which people write freely."""
    for column in model._meta.concrete_fields:
        free = isinstance(column, models.CharField | models.TextField) and not isinstance(column, DateTextField)
        if free and not column.choices and not column.unique and column.name not in NOT_TYPED:
            yield column


def write_everywhere(text):
    """Write `text` in every free column, below the guards of the models."""
    for floor in FLOORS:
        for model in apps.get_app_config(floor).get_models():
            if model is Version or model.__name__.startswith("Historical"):
                continue
            values = {
                one.name: LINK if isinstance(one, models.URLField) else text[: one.max_length] for one in text_columns(model)
            }
            if values and not taken(model, values):
                for name, value in values.items():
                    if not taken(model, {name: value}):  # a name that must be unique: one row bears it
                        first = models.QuerySet(model).order_by("pk").values_list("pk", flat=True)[:1]
                        models.QuerySet(model).filter(pk__in=list(first)).update(**{name: value})


def taken(model, values):
    """True when every row of `model` may bear `values`."""
    try:
        with transaction.atomic():
            models.QuerySet(model).update(**values)
    except IntegrityError:
        return False
    return True


class Danger(HTMLParser):
    """What a browser would run."""

    def __init__(self):
        super().__init__()
        self.found, self.in_script = [], False

    def handle_starttag(self, tag, attrs):
        self.in_script = tag == "script"
        for name, value in attrs:
            if name.startswith("on") or (name in {"href", "src", "action", "formaction", "xlink:href"} and runs(value)):
                self.found.append((tag, name, value))

    def handle_endtag(self, tag):
        self.in_script = False

    def handle_data(self, data):
        if (self.in_script and "alert(7)" in data and "<" in data) or (self.in_script and data.strip().startswith("alert(7)")):
            self.found.append(("script", "", data[:80]))


def runs(address):
    return (address or "").strip().lower().startswith(("javascript:", "data:text"))


@pytest.mark.parametrize("role", ["animator", "partner"])
def test_what_people_type_comes_out_as_text(client, world, role):
    whole_pact()
    write_everywhere(BREAKS_OUT)
    log_in(client, world.users[role])
    dangers = []
    for page in pages(world, [role]):
        response = client.get(page.path)
        kind = response.get("Content-Type", "")
        if response.status_code != 200 or response.streaming:
            continue
        text = response.content.decode(errors="replace")
        if kind.startswith(("text/html", "image/svg")):
            reader = Danger()
            reader.feed(text)
            dangers += [(page.name, found) for found in reader.found]
            if "14</textarea>" in text:
                dangers.append((page.name, "a template ran"))
        elif kind.startswith("application/json"):
            json.loads(text)
    assert dangers == []


LISTS = [
    "partners:partner_list",
    "actions:action_list",
    "actions:indicator_list",
    "actions:funding_list",
    "governance:decision_list",
]


def test_no_cell_of_a_table_is_a_formula(client, world):
    write_everywhere(FORMULA)
    log_in(client, world.users["officer"])
    for page in pages(world, ["officer"]):
        if page.name not in LISTS:
            continue
        lines = client.get(page.path, {"format": "csv"}).content.decode()
        cells = [cell for line in csv.reader(io.StringIO(lines), delimiter=";") for cell in line]
        assert [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))] == [], page.name
        assert any("HYPERLINK" in cell for cell in cells), page.name


def test_a_workbook_takes_any_character(client, world):
    write_everywhere("a\x08b\x1b\ufffe")
    log_in(client, world.users["officer"])
    for page in pages(world, ["officer"]):
        if page.name in {"actions:action_list", "actions:indicator_list"}:
            assert client.get(page.path, {"format": "xlsx"}).status_code == 200, page.name
