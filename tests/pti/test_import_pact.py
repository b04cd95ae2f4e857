"""`import_pact`: the four real pacts, and every way a file can be wrong."""

import datetime
import json
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from actions.models import Action
from evaluation.models import Review
from pti.enums import PactState
from pti.models import Pact, Section, Territory
from tests.emptied import empty_base
from tests.real import real_pact

DEMO = settings.BASE_DIR / "evaluation" / "demo"
FILES = {
    "deux-sevres-2022-2027": 0,
    "herault-2022-2025": 0,
    "indre-et-loire-2015-2017": 16,
    "meuse-2017-2021": 0,
}
MINIMAL = {"title": "Pacte", "department": {"name": "Creuse", "insee_code": "23"}}


def run(path, **options):
    """(pact named by the last word, what was written to stderr)."""
    out, err = StringIO(), StringIO()
    call_command("import_pact", str(path), stdout=out, stderr=err, **options)
    return Pact.objects.get(pk=int(out.getvalue().split()[-1])), err.getvalue()


@pytest.fixture
def write(tmp_path):
    """Write a file of facts; what is not a text is dumped."""

    def write(data):
        path = tmp_path / "pacte.json"
        path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
        return path

    return write


def errors_of(path):
    """Lines of error of a refused file; nothing is saved."""
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("import_pact", str(path), stdout=StringIO(), stderr=err)
    assert not Pact.objects.exists()
    assert not Territory.objects.exists()
    return err.getvalue().splitlines()


@pytest.mark.parametrize(("name", "actions"), FILES.items())
def test_a_file_is_one_pact_with_one_action_per_entry(name, actions):
    pact = real_pact(name)
    assert list(Pact.objects.all()) == [pact]
    assert Action.objects.filter(pact=pact).count() == actions
    assert Review.objects.filter(pact=pact, kind="previous").count() == 1
    assert pact.state == PactState.DRAFTING


def test_the_state_is_what_was_asked():
    pact, _ = run(DEMO / "meuse-2017-2021.json", state="closed")
    assert (pact.state, Pact.objects.count()) == (PactState.CLOSED, 1)


def test_a_frozen_state_comes_with_a_version(write):
    pact, _ = run(write({**MINIMAL, "period": {"start": "2015", "end": "2017"}}), state="closed")
    assert list(pact.versions.values_list("number", flat=True)) == [1]
    assert (pact.closed_on, pact.reference_day) == (datetime.date(2017, 12, 31), datetime.date(2017, 12, 31))


def test_an_own_export_is_read_too(write, tmp_path):
    pact, _ = run(write(MINIMAL))
    path = tmp_path / "export.json"
    call_command("export_pact", pact.pk, output=path, stdout=StringIO())
    empty_base()
    again, _ = run(path)
    assert again.title == "Pacte"
    copy = tmp_path / "encore.json"
    call_command("export_pact", again.pk, output=copy, stdout=StringIO())
    assert copy.read_bytes() == path.read_bytes()


def test_a_minimal_file(write):
    pact, warnings = run(write(MINIMAL))
    assert (pact.title, [d.code for d in pact.departments.all()], warnings) == ("Pacte", ["23"], "")


def test_every_error_is_reported_with_its_path(write):
    lines = errors_of(
        write({
            "title": 12,
            "department": {"insee_code": "23"},
            "secret": 1,
            "audiences": ["RSA", 3],
            "axes": [{"title": "Un", "actions": [{"number": True, "title": ""}]}, "axe"],
            "partners": [{"category": "État", "funder": "oui"}],
            "deliberations": [{"body": "Conseil", "quorum": "25"}],
        })
    )  # fmt: skip
    assert {line.split(" : ")[0] for line in lines} == {
        "title", "department.name", "secret", "audiences[1]", "axes[0].actions[0].number", "axes[0].actions[0].title",
        "axes[1]", "axes[1].title", "partners[0].name", "partners[0].funder", "deliberations[0].quorum",
    }  # fmt: skip


@pytest.mark.parametrize("content", ["", "{", "[]", '"texte"', '{"title": NaN}', "[" * 5000, '{"title": 1e99999999}'])
def test_an_unreadable_file_is_refused(write, content):
    assert len(errors_of(write(content))) >= 1


def test_a_file_that_is_not_utf8_or_not_there_is_refused(tmp_path):
    path = tmp_path / "latin.json"
    path.write_bytes('{"title": "Département"}'.encode("latin-1"))
    assert "UTF-8" in errors_of(path)[0]
    assert errors_of(tmp_path / "absent.json")[0].startswith("fichier : ")


def test_unknown_values_are_kept_and_warned_about(write):
    pact, warnings = run(
        write({
            **MINIMAL,
            "partners": [{"name": "Cirque", "category": "spectacle", "role": "spectateur", "couleur": "rouge"}],
            "committees": [{"name": "Cercle", "level": "cantonal", "kind": "amical"}],
        })
    )  # fmt: skip
    partner, committee = pact.partners.get(), pact.committees.get()
    assert (partner.organisation.kind, partner.organisation.kind_text) == ("other", "spectacle")
    assert partner.role_text == "spectateur"
    assert (committee.level, committee.level_text, committee.kind_text) == ("other", "cantonal", "amical")
    assert "partners[0].couleur : rouge" in pact.source_note
    for path in (
        "partners[0].category",
        "partners[0].role",
        "partners[0].couleur",
        "committees[0].level",
        "committees[0].kind",
    ):
        assert f"{path} : " in warnings


def test_a_section_does_not_bear_the_number_of_its_rank_twice(write):
    orientations = [{"number": 1, "title": "Accompagner"}, {"number": "4", "title": "Évaluer"}]
    pact, _ = run(write({**MINIMAL, "strategic_orientations": orientations}))
    titles = Section.objects.filter(pact=pact).exclude(parent=None).values_list("title", flat=True)
    assert list(titles) == ["Accompagner", "4. Évaluer"]
