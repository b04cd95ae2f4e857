"""docs/export.schema.json is what the code gives; what is exported follows it, and what is no export does not."""

import json
from functools import cache
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from jsonschema import Draft202012Validator

from actions.models import Milestone, Roadmap
from actions.roadmaps import settle
from pti import describing, exchange
from pti.models import Territory, Version
from tests.factories.pti import TerritoryFactory
from tests.factories.whole import whole_pact
from tests.pti.amending import enter_into_force, the_copy, tick

PATH = settings.BASE_DIR / "docs" / "export.schema.json"


@cache
def described():
    return Draft202012Validator(json.loads(PATH.read_text()))


def faults(data, schema=None):
    """[path : what is wrong] of a file."""
    judge = described().evolve(schema=schema) if schema else described()
    return [f"{error.json_path} : {error.message}" for error in judge.iter_errors(data)]


def exported(pact, *, with_people=True):
    return exchange.dump(pact, with_people=with_people)[0]


def test_the_file_is_what_the_code_gives():
    """On both databases. When it fails: `manage.py export_schema`, and read what changed."""
    assert PATH.read_text() == describing.text()


def test_one_command_writes_the_file_again(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    call_command("export_schema", stdout=StringIO())
    assert (tmp_path / "docs" / "export.schema.json").read_text() == PATH.read_text()


def references(value):
    """Every `$ref` of the schema."""
    if isinstance(value, dict):
        yield from [value["$ref"]] if "$ref" in value else []
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from references(inner)


def test_it_is_a_schema_whose_references_lead_somewhere():
    schema = json.loads(PATH.read_text())
    Draft202012Validator.check_schema(schema)
    assert set(references(schema)) <= {f"#/$defs/{name}" for name in schema["$defs"]}


@pytest.mark.parametrize("with_people", [True, False])
def test_the_export_of_a_whole_pact_follows_it(with_people):
    assert faults(exported(whole_pact(), with_people=with_people)) == []


@pytest.mark.parametrize("with_people", [True, False])
def test_a_pact_and_its_amendment_follow_it_before_and_after_the_merging(base, amendment, with_people):
    """An amendment in force leaves rows that it withdrew, whole, beside what happened to the others."""
    assert [faults(exported(one, with_people=with_people)) for one in (base, amendment)] == [[], []]
    tick(amendment, base.actions.get())
    the_copy(amendment, base.actions.get()).delete()
    enter_into_force(amendment)
    after = [exported(one, with_people=with_people) for one in (base, amendment)]
    assert [row["withdrawn_by"] for row in after[0]["parts"]["actions_life"]["Action"]] == [1]
    assert [faults(one) for one in after] == [[], []]


def test_what_json_columns_hold_follows_it():
    """A roadmap as it is settled, outlines of one place and of several."""
    pact = whole_pact()
    ring = [[0.5, 47], [1, 47], [1, 47.5], [0.5, 47]]
    for kind, coordinates in (("Polygon", [ring]), ("MultiPolygon", [[ring], [ring]])):
        pact.departments.add(TerritoryFactory(outline={"type": kind, "coordinates": coordinates}))
    Milestone.objects.filter(action__pact=pact).update(done_on=None)
    settle(pact=pact, year=2016, territory=None, by=None)
    assert Roadmap.objects.get(pact=pact, territory=None).content["lines"][0]["steps"] != []
    assert Territory.objects.exclude(outline=None).count() == 2
    assert faults(exported(pact)) == []


def test_the_text_of_versions_follows_it(base, amendment):
    enter_into_force(amendment)
    schema = {"$ref": "#/$defs/frozen_text", "$defs": described().schema["$defs"]}
    texts = [json.loads(version.content) for version in Version.objects.with_text()]
    assert any("amendments" in text for text in texts)
    assert any("amends" in text for text in texts)
    assert [faults(text, schema) for text in texts] == [[]] * len(texts)


WRONG = "00000000-0000-4000-8000-00000000000"
TERM = ("parts", "glossary", "GlossaryTerm", 0)
FICHE = ("parts", "actions", "Action", 0)
HAPPENED = ("parts", "actions_life", "Milestone", 0)
JOINED = ("parts", "partners_life", "Partner", 0)
SHARED = ("shared", "organisations", "Organisation", 0)
REMOVED = object()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        # A key that is not known.
        (("cuisine",), {}),
        (("parts", "cuisine"), {"GlossaryTerm": []}),
        (("parts", "glossary", "Axis"), []),
        (("shared", "Organisation"), []),
        ((*TERM, "colour"), "bleu"),
        ((*FICHE, "colour"), "bleu"),
        ((*FICHE, "done_on"), None),
        ((*HAPPENED, "colour"), "bleu"),
        ((*SHARED, "search"), "caf"),
        (("parts", "versions", "Version", 0, "frozen_by"), None),
        # A key that is missing.
        (("pact",), REMOVED),
        (("with_people",), REMOVED),
        (("parts", "frame"), REMOVED),
        ((*TERM, "uid"), REMOVED),
        ((*TERM, "definition"), REMOVED),
        ((*FICHE, "title"), REMOVED),
        ((*FICHE, "themes"), REMOVED),
        ((*HAPPENED, "done_on"), REMOVED),
        ((*SHARED, "siren"), REMOVED),
        (("shared", "organisations", "Organisation"), REMOVED),
        # A value of another kind.
        (("format",), "pti-pact/2"),
        (("with_people",), "yes"),
        (("parts", "glossary"), {}),
        (("parts", "glossary", "GlossaryTerm"), []),
        ((*TERM, "uid"), "x"),
        ((*TERM, "uid"), WRONG),
        ((*TERM, "term"), None),
        ((*TERM, "term"), "a" * 201),
        ((*TERM, "definition"), 3),
        ((*FICHE, "axis"), "1"),
        ((*FICHE, "themes"), "Mobilité"),
        ((*FICHE, "themes"), [None]),
        ((*FICHE, "is_experiment"), "oui"),
        ((*FICHE, "impact"), 4),
        ((*FICHE, "order"), -1),
        ((*FICHE, "order"), 1.5),
        ((*FICHE, "order"), 2**31),
        ((*HAPPENED, "done_on"), "31/02/2014"),
        ((*JOINED, "left_on"), 2016),
        (("parts", "context_figures", "ContextFigure", 0, "value"), 12.5),
        (("parts", "context_figures", "ContextFigure", 0, "value"), "1e3"),
        (("parts", "fundings", "Funding", 0, "amount"), "1.005"),
        (("parts", "fundings", "Funding", 0, "unit"), "francs"),
        (("parts", "fundings", "Funding", 0, "unit"), None),
        (("parts", "campaigns", "Campaign", 0, "funding_from"), 40_000),
        (("parts", "campaigns", "CampaignPlan", 0, "every"), 2),
        (("parts", "campaigns", "CampaignRequest", 0, "values"), {"a": 1}),
        (("parts", "campaigns", "CampaignRequest", 0, "answered_at"), "2016-10-06"),
        (("parts", "meetings", "AgendaItem", 0, "subject"), WRONG + "0"),
        (("parts", "meetings", "AgendaItem", 0, "subject", "model"), "partners.Organisation"),
        (("parts", "meetings", "Meeting", 0, "starts_at"), "9 h"),
        (("parts", "meetings", "MeetingDocument", 0, "sha256"), "44"),
        (("parts", "roadmaps", "Roadmap", 0, "content"), {"lines": []}),
        (("parts", "frame", "Pact", 0, "level_words"), "axe"),
        (("shared", "territories", "Territory", 0, "outline"), {"type": "Point", "coordinates": [0, 0]}),
        # Names of people, in a file that says it has none.
        (("with_people",), False),
    ],
)
def test_what_is_no_export_does_not_follow_it(path, value):
    data = exported(whole_pact())
    *above, last = path
    place = data
    for key in above:
        place = place[key]
    if value is REMOVED:
        del place[last]
    else:
        place[last] = value
    assert faults(data) != []


@pytest.mark.parametrize(
    ("part", "model", "key", "value"),
    [
        ("signatures", "Signatory", "name", "Anne Exemple"),
        ("signatures", "Signature", "pdf_check", None),
        ("campaigns", "CampaignRequest", "person_email", ""),
        ("seats", "Seat", "holder", WRONG + "0"),
    ],
)
def test_without_people_a_key_that_names_one_does_not_follow_it(part, model, key, value):
    data = exported(whole_pact(), with_people=False)
    data["parts"][part][model][0][key] = value
    assert faults(data) != []


def test_with_people_a_key_that_names_one_is_there():
    data = exported(whole_pact())
    del data["parts"]["contacts"]["Contact"][0]["last_name"]
    assert faults(data) == ["$.parts.contacts.Contact[0] : 'last_name' is a required property"]
