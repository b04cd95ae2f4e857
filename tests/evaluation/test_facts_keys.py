"""Every key path of the four files is in the table of docs/import.md, and its values are read back where it says."""

import re
from datetime import date, time
from decimal import Decimal

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.utils.html import strip_tags

from evaluation.demo.load import FILES, FOLDER
from pti import typography
from pti.enums import Role
from pti.facts import load_json
from pti.pact_facts import import_facts
from pti.search import normalise
from tests.factories.pti import person
from tests.reading import pages_of
from tests.world import log_in

DOC = settings.BASE_DIR / "docs" / "import.md"
ROW = re.compile(r"^\| `([^`]+)` \| (.+) \|$", re.M)
COLUMN = re.compile(r"\b([A-Z]\w+)\.(\w+)")
FLOORS = ["pti", "partners", "actions", "governance", "evaluation"]


def table():
    """{key path: [(model, field)]} of the documentation."""
    models = {model.__name__: model for floor in FLOORS for model in apps.get_app_config(floor).get_models()}
    return {key: [(models[m], f) for m, f in COLUMN.findall(where)] for key, where in ROW.findall(DOC.read_text("utf-8"))}


def walk(value, path=""):
    """(key path, value) of every leaf."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner, f"{path}[]")
    else:
        yield path, value


def row_of(path, rows):
    """The row of the table for `path`; « * » stands for one name."""
    return rows.get(path) or rows.get(f"{path.rpartition('.')[0]}.*")


def facts(name):
    return load_json((FOLDER / f"{name}.json").read_text("utf-8"))


def shown(value):
    """The ways in which a value of a file may be written, normalised."""
    if isinstance(value, bool):
        return {"true"}
    if isinstance(value, int | Decimal):
        return {normalise(typography.number(value)), str(value)}
    return {plain(value)}


def plain(text):
    return normalise(strip_tags(str(text).replace("&nbsp;", " ").replace("</li>", "</li> ").replace("</p>", "</p> ")))


def unescaped(text):
    for code, char in (("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")):
        text = text.replace(code, char)
    return text


def column_texts(model, field):
    """Everything that a column holds, normalised."""
    texts = []
    for row in model._base_manager.all():
        value = getattr(row, field)
        display = getattr(row, f"get_{field}_display", None)
        if isinstance(value, bool):
            texts.append("true" if value else "false")
        elif isinstance(value, date | time):
            texts.append(value.isoformat())
        elif isinstance(value, Model):
            texts.append(plain(value))
        elif value is not None:
            texts.append(unescaped(plain(display() if display else value)))
            texts.append(normalise(str(value)))
    return "\n".join(texts)


def test_every_key_of_the_four_files_is_in_the_table():
    rows = table()
    paths = {path for name in FILES for path, _ in walk(facts(name))}
    assert sorted(path for path in paths if not row_of(path, rows)) == []


def test_the_table_names_no_key_that_no_file_has():
    paths = {path for name in FILES for path, _ in walk(facts(name))}
    parents = {f"{path.rpartition('.')[0]}.*" for path in paths}
    assert sorted(set(table()) - paths - parents) == []


@pytest.mark.parametrize("name", FILES)
def test_every_value_is_read_back_from_its_column(name):
    data, rows, held = facts(name), table(), {}
    import_facts(data)
    lost = []
    for path, value in walk(data):
        columns = row_of(path, rows)
        for column in columns:
            if column not in held:
                held[column] = column_texts(*column)
        if path.endswith(".generic") or "(rank of the list)" in DOC_LINES[path if path in rows else ""]:
            continue
        if not any(form in held[column] for column in columns for form in shown(value)):
            lost.append((path, value))
    assert lost == []


DOC_LINES = {"": "", **dict(ROW.findall(DOC.read_text("utf-8")))}


# What is written on a page instead of « true », or of a word of the files.
WORDS = {
    "partners[].funder": "financeur",
    "partners[].steering_committee": "comite de pilotage",
    "partners[].category_guess": "deduite",
}


def readings(path, value):
    """The ways in which a page may write a value of a file, normalised."""
    if isinstance(value, bool):
        return {spaceless(WORDS.get(path, ""))}
    forms = shown(value)
    if isinstance(value, str):
        forms.add(plain(typography.date_text(value)))
        forms.add(
            normalise(str(typography.hour(time.fromisoformat(value)))) if re.fullmatch(r"\d\d:\d\d", value) else plain(value)
        )
    return {spaceless(form) for form in forms}


def spaceless(text):
    """Without spaces: tags inside a line and no-break spaces do not count."""
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("name", FILES)
def test_every_value_is_read_back_on_a_page(client, name):
    data = facts(name)
    pact, _ = import_facts(data)
    log_in(client, person(Role.ANIMATOR))
    # Other names of organisations are on their own pages.
    inside = rf"/(pactes/{pact.pk}|organismes/\d+)/" if "action_roles" in data else f"/pactes/{pact.pk}/"
    pages = pages_of(client, pact.get_absolute_url(), inside)
    text = spaceless(" ".join(pages.values()))
    lost = {}
    for path, value in walk(data):
        if not any(form in text for form in readings(path, value)):
            lost.setdefault(path, []).append(value)
    assert lost == {}
