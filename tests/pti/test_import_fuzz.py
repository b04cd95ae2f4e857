"""Crafted files: an exported pact whose every value is changed once, and archives that are not what they say.

Either the file is refused in French with the path of what is wrong, and nothing is saved; or it is imported, and what it
exports is imported and exported again the same.

Each odd value is tried at a few places, the same at each run. `FUZZ=50 pytest tests/pti/test_import_fuzz.py` tries each of
them at fifty, and sends fifty files to the base.
"""

import copy
import io
import json
import os
import random
import zipfile
from contextlib import contextmanager
from functools import cache

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction

from pti import exchange
from pti.checking import Checker
from pti.importing import import_file
from pti.models import Pact, Territory
from tests.emptied import empty_base
from tests.factories.whole import whole_pact

ODD = [
    None, True, 0, -1, 2**31, 2**70, 1.5, "", "x", "²", "9999-12-31", "31/02/2014", "NaN", "1e999", "a" * 70_000, "a\x00b",
    "\ud800", "<script>alert(1)</script>", "javascript:alert(1)", "é" * 50, [], ["x"], [None], {}, {"uid": "x"}, [[[[]]]],
    "00000000-0000-4000-8000-000000000000",
]  # fmt: skip

PLACES = int(os.environ.get("FUZZ", 4))


@cache
def whole_export():
    """The file of a whole pact."""
    content = exchange.export_bytes(whole_pact(), with_people=True)
    empty_base()
    return content


@pytest.fixture
def exported():
    """(plain data, files) of a whole pact, on an empty base."""
    return exchange.read(whole_export())


def leaves(value, path=()):
    """Path of every value of a file that holds no other."""
    if isinstance(value, dict | list) and value:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path


@contextmanager
def changed(plain, path, value):
    """The file with another value at `path`, for a while."""
    *above, last = path
    place = plain
    for key in above:
        place = place[key]
    kept, place[last] = place[last], value
    try:
        yield plain
    finally:
        place[last] = kept


def written(path):
    """The path as errors write it."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).removeprefix(".")


def try_out(data, files):
    """What a file gives: the sentences that refuse it, or [] when it comes in and goes out the same; the base stays empty."""
    try:
        with transaction.atomic():
            again, more = exchange.read(exchange.export_bytes(exchange.load(data, files), with_people=True))
            empty_base()
            assert exchange.dump(exchange.load(again, more), with_people=True)[0] == again
            transaction.set_rollback(True)
    except ValidationError as refused:
        assert (Pact.objects.count(), Territory.objects.count()) == (0, 0)
        return refused.messages
    return []


def is_above(error, path):
    """True when the error stands at `path` or at what holds it."""
    return f"{written(path)}.".startswith((f"{error.partition(' : ')[0]}.", f"{error.partition(' : ')[0]}["))


def test_every_value_changed_once_is_refused_at_its_path_or_goes_out_the_same(exported):
    """Each odd value at a sample of the places; the base itself, a sample of what the check lets through."""
    plain, files = exported
    chance, let_through = random.Random(1), []
    places = [("parts", *path) for path in leaves(plain["parts"])]
    for value, path in zip(ODD * PLACES, chance.sample(places * PLACES, len(ODD) * PLACES), strict=True):
        with changed(plain, path, value):
            errors = Checker(plain, files).errors
        if not errors:
            let_through.append((path, value))
        elif path[-1] not in {"uid", "number"}:  # links to the row, and the text of a version, say it instead
            assert any(is_above(error, path) for error in errors), (path, value, errors)
    for path, value in chance.sample(let_through, PLACES):
        with changed(plain, path, value):
            refused = try_out(copy.deepcopy(plain), files)
        assert all(" : " in sentence for sentence in refused), (path, value, refused)


ROW = ("parts", "glossary", "GlossaryTerm", 0)


@pytest.mark.parametrize(
    ("path", "value", "refused"),
    [
        (("parts",), [], "parts : un objet est attendu, pas une liste."),
        (("parts", "glossary"), [], "parts.glossary : un objet est attendu, pas une liste."),
        (("parts", "glossary", "GlossaryTerm"), {}, "parts.glossary.GlossaryTerm : une liste est attendue, pas un objet."),
        (("parts", "glossary", "Axis"), [], "parts.glossary.Axis : cette rubrique n’est pas connue."),
        (("parts", "cuisine"), {}, "parts.cuisine : cette rubrique n’est pas connue."),
        (ROW, "PTI", "parts.glossary.GlossaryTerm[0] : un objet est attendu, pas un texte."),
        ((*ROW, "uid"), None, "parts.glossary.GlossaryTerm[0].uid : un identifiant (UUID) est attendu, pas null."),
        ((*ROW, "term"), 3, "parts.glossary.GlossaryTerm[0].term : un texte est attendu, pas un nombre."),
        ((*ROW, "term"), None, "parts.glossary.GlossaryTerm[0].term : une valeur est attendue, pas null."),
        ((*ROW, "term"), "a" * 201, "parts.glossary.GlossaryTerm[0].term : ce texte dépasse 200 caractères."),
        ((*ROW, "term"), "a\x00", "parts.glossary.GlossaryTerm[0].term : ce texte contient un caractère interdit."),
        ((*ROW, "colour"), "bleu", "parts.glossary.GlossaryTerm[0].colour : cette clé n’est pas connue."),
        (("with_people",), 3, "with_people : « true » ou « false » est attendu."),
    ],
)
def test_a_malformed_row_is_told_with_its_path(exported, path, value, refused):
    plain, files = exported
    *above, last = path
    place = plain
    for key in above:
        place = place[key]
    place[last] = value
    assert try_out(plain, files) == [refused]


FOUND = ("covers", "checked_at", "signers")
SIGNATURE_FOUND = ("name", "issuer", "signed_at", "starts_on", "valid_then")


@pytest.mark.parametrize("value", [7, "x", ["x"], "9999-12-31T23:59:00+00:00", "2016-10-06T09:30:00"])
@pytest.mark.parametrize("path", [*((key,) for key in FOUND), *(("signers", 0, key) for key in SIGNATURE_FOUND)], ids=str)
def test_the_check_of_a_signed_pdf_is_one_that_pages_tell(exported, path, value):
    """The partner's page told what the file of another base had found, and failed on what it did not know."""
    plain, files = exported
    rows = plain["parts"]["signatures"]["Signature"]
    rank = next(rank for rank, row in enumerate(rows) if row.get("pdf_check"))
    whole = ("parts", "signatures", "Signature", rank, "pdf_check", *path)
    with changed(plain, whole, value):
        errors = Checker(plain, files).errors
    if path[-1] in ("name", "issuer") and isinstance(value, str):
        assert errors == []
    else:
        at = f"parts.signatures.Signature[{rank}].pdf_check"
        assert errors == [f"{at} : Ce contenu n’est pas celui de la vérification d’un PDF."]


def test_a_missing_key_and_a_row_written_twice_are_told(exported):
    plain, files = exported
    terms = plain["parts"]["glossary"]["GlossaryTerm"]
    terms.append({**terms[0]})
    del plain["parts"]["partners"]["Partner"][0]["organisation"]
    assert sorted(try_out(plain, files)) == [
        "parts.glossary.GlossaryTerm[1].uid : cet identifiant est déjà celui de parts.glossary.GlossaryTerm[0].",
    ]
    terms.pop()
    assert try_out(plain, files) == ["parts.partners.Partner[0].organisation : cette clé manque."]


def test_what_only_the_base_refuses_is_told_with_its_path(exported):
    plain, files = exported
    plain["parts"]["measures"]["Measure"][0]["year"] = 2016
    standing = next(row for row in plain["parts"]["signatures"]["Signature"] if not row.get("withdrawn_on"))
    twice = {**standing, "uid": "00000000-0000-4000-8000-000000000000"}
    plain["parts"]["signatures"]["Signature"].append(twice)
    (refused,) = try_out(plain, files)
    assert refused.startswith("parts.signatures.Signature[")


def test_a_row_of_the_base_is_not_written_again():
    """The same pact under another uid, its rows as they are."""
    pact = whole_pact()
    plain, files = exchange.read(exchange.export_bytes(pact))
    other = "11111111-1111-4111-8111-111111111111"
    del plain["parts"]["versions"], plain["parts"]["signatures"], plain["parts"]["consultations"]
    data = json.loads(json.dumps(plain).replace(str(pact.uid), other))
    with pytest.raises(ValidationError, match=r"parts\.frame\.PactTerritory\[0\]\.uid : cette ligne est déjà dans la base"):
        exchange.load(data, {name: file for name, file in files.items() if name in json.dumps(data)})
    assert list(Pact.objects.all()) == [pact]


# Archives.


def archive(entries, *, text=True, **options):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            made.writestr(name, content)
        if text:
            made.writestr("pact.json", "{}")
    return packed.getvalue()


SHA = "0" * 64


@pytest.mark.parametrize(
    ("packed", "refused"),
    [
        (lambda: archive([("../../etc/passwd", "x")]), "« ../../etc/passwd » n’a pas sa place"),
        (lambda: archive([("files/../pact.json", "x")]), "n’a pas sa place"),
        (lambda: archive([("files/photo.png", "x")]), "n’a pas sa place"),
        (lambda: archive([("PACT.JSON", "{}")], text=False), "n’a pas sa place"),
        (lambda: archive([(f"files/{SHA}", "x")], text=False), "ne contient pas de pacte"),
        (lambda: archive([])[:40], "ne contient pas de pacte"),
        (lambda: archive([(f"files/{SHA}", "x")]), f"files/{SHA} : ce fichier de l’archive a été altéré."),
        (
            lambda: archive([(f"files/{SHA}", bytes(21 * 1024 * 1024))]),
            f"files/{SHA} : ce fichier est trop grand une fois déplié.",
        ),
        (lambda: archive([("pact.json", bytes(51 << 20))], text=False), "pact.json : ce fichier est trop grand"),
        (lambda: archive([("pact.json", '{"a": NaN}')], text=False), "pact.json : ce n’est pas du JSON lisible"),
        (lambda: archive([("pact.json", '{"a": 1e999}')], text=False), "pact.json : ce n’est pas du JSON lisible"),
        (lambda: archive([("pact.json", "[" * 100_000)], text=False), "pact.json : ce n’est pas du JSON lisible"),
        (lambda: archive([("pact.json", '{"a": ' + "9" * 5000 + "}")], text=False), "pact.json : ce n’est pas du JSON lisible"),
        (lambda: archive([("pact.json", b'{"a": "\xff"}')], text=False), "pact.json : ce n’est pas du JSON lisible"),
    ],
    ids=range(14),
)
def test_an_archive_that_is_not_an_export_is_refused(tmp_path, packed, refused):
    content = packed()
    with pytest.raises(ValidationError) as told:
        import_file(content)
    assert refused in told.value.messages[0]
    path = tmp_path / "pacte.zip"
    path.write_bytes(content)
    with pytest.raises(CommandError, match="Rien n’est enregistré"):
        call_command("import_pact", path)


def test_a_file_that_is_missing_or_that_nothing_names_is_told(exported):
    plain, files = exported
    names = ("délibération.pdf", "fiche.pdf", "compte rendu.pdf", "signatures.pdf", "pacte-version-1.pdf")
    told = {line.partition(" : ")[2] for line in try_out(plain, {})}
    assert told == {f"le fichier « {name} » manque dans l’archive." for name in names}
    assert try_out(plain, {**files, SHA: b"x"}) == [f"files/{SHA} : aucune ligne de pact.json ne parle de ce fichier."]
