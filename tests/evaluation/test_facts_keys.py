"""Every key path of the four files is in the table of docs/import.md, and its values are read back where it says."""

import re
from datetime import date, time
from decimal import Decimal

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.utils.html import strip_tags

from pti import typography
from pti.enums import Role
from pti.search import normalise
from tests.factories.pti import person
from tests.reading import pages_of
from tests.real import REAL, facts, real_pact
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


def holders(value, above=frozenset()):
    """The names of what holds each leaf, in the order of `walk`."""
    if isinstance(value, dict):
        names = {plain(value[key]) for key in ("name", "title", "label") if isinstance(value.get(key), str)}
        for inner in value.values():
            yield from holders(inner, above | names)
    elif isinstance(value, list):
        for inner in value:
            yield from holders(inner, above)
    else:
        yield above


def row_of(path, rows):
    """The row of the table for `path`; « * » stands for one name."""
    return rows.get(path) or rows.get(f"{path.rpartition('.')[0]}.*")


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


def column_texts(rows, field):
    """Everything that a column of these rows holds, normalised."""
    texts = []
    for row in rows:
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
    paths = {path for name in REAL for path, _ in walk(facts(name))}
    assert sorted(path for path in paths if not row_of(path, rows)) == []


def test_the_table_names_no_key_that_no_file_has():
    paths = {path for name in REAL for path, _ in walk(facts(name))}
    parents = {f"{path.rpartition('.')[0]}.*" for path in paths}
    assert sorted(set(table()) - paths - parents) == []


@pytest.mark.parametrize("name", REAL)
def test_every_value_is_read_back_from_its_column(name):
    data, rows, stored, held = facts(name), table(), {}, {}
    real_pact(name)
    lost = []
    for path, value in walk(data):
        columns = row_of(path, rows)
        for column in columns:
            if column not in held:
                model, field = column
                stored.setdefault(model, model._base_manager.all())  # read once, at its first column
                held[column] = column_texts(stored[model], field)
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


@pytest.mark.parametrize("name", REAL)
def test_every_value_is_read_back_on_a_page(client, name):
    data, pact = facts(name), real_pact(name)
    log_in(client, person(Role.ANIMATOR))
    awaited = [
        (path, value, readings(path, value), names) for (path, value), names in zip(walk(data), holders(data), strict=True)
    ]
    # Other names of organisations are on their own pages.
    inside = rf"/(pactes/{pact.pk}|organismes/\d+)/" if "action_roles" in data else f"/pactes/{pact.pk}/"

    def holds_awaited(label):
        """True when a link names what holds a value that no page has said yet."""
        return any(name in label for _, _, _, names in awaited for name in names)

    for text in pages_of(client, pact.get_absolute_url(), inside, holds_awaited):
        said = spaceless(text)
        awaited = [one for one in awaited if not any(form in said for form in one[2])]
        if not awaited:
            break
    assert [one[:2] for one in awaited] == []
