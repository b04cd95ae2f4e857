"""The PDF of a pact: whole, tagged, the same bytes for the same data."""

import datetime
import hashlib
import io
import json
import os
import subprocess
import sys

import pikepdf
import pytest
from django.conf import settings

from pti.printing import Document, docx_of, odt_of, pdf_of, to_pdf, typst
from pti.printing.nodes import heading, paragraph, table
from pti.printing.typst import booklet_order
from pti.versions import text_of
from tests.factories.whole import whole_pact

DAY = datetime.date(2026, 11, 21)
APART = """
import datetime, hashlib, json, sys
import django
django.setup()
from pti.printing import docx_of, odt_of, pdf_of
data = json.load(sys.stdin)
for made in (pdf_of, docx_of, odt_of):
    print(hashlib.sha256(made(data, on=datetime.date(2026, 11, 21))).hexdigest())
"""


def digest(content):
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def version(db):
    return whole_pact().versions.get()


def test_version_printed_twice_gives_the_same_bytes(version):
    assert pdf_of(version) == pdf_of(version)


def test_a_large_document_composed_apart_is_the_same(monkeypatch):
    document = Document(
        title="Pacte", on="2026-11-21", body=(heading("Titre"), paragraph("Un texte."), table(["Nom"], [["CAF"]]))
    )
    here = to_pdf(document)
    monkeypatch.setattr(typst, "LARGE", 0)
    assert digest(to_pdf(document)) == digest(here)


def test_another_process_gives_the_same_bytes(version):
    """A server started anew walks its sets in another order: the files are the same."""
    data = json.loads(version.content)
    here = [digest(made(data, on=DAY)) for made in (pdf_of, docx_of, odt_of)]
    env = os.environ | {"PYTHONHASHSEED": "1", "DJANGO_SETTINGS_MODULE": "pti.settings_test"}
    apart = subprocess.run(
        [sys.executable, "-c", APART],
        input=version.content,
        env=env,
        cwd=settings.BASE_DIR,
        check=True,
        capture_output=True,
        text=True,
    )
    assert apart.stdout.split() == here


def test_version_printed_after_the_pact_moved_gives_the_same_bytes(version):
    before = pdf_of(version)
    version.pact.sections.create(title="Une section de plus")
    assert pdf_of(version) == before


def test_pdf_says_both_profiles_and_its_language(version):
    with pikepdf.open(io.BytesIO(pdf_of(version))) as pdf:
        meta = pdf.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"]) == ("2", "A", "1")
        assert str(pdf.Root.Lang) == "fr-FR"
        assert bool(pdf.Root.MarkInfo.Marked)


def test_draft_is_printed_by_the_same_path(version):
    with pikepdf.open(io.BytesIO(pdf_of(text_of(version.pact)))) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Pacte « été »".replace("« ", "«\u00a0").replace(" »", "\u00a0»")


@pytest.mark.parametrize(("total", "faces"), [(4, [(4, 1), (2, 3)]), (8, [(8, 1), (2, 7), (6, 3), (4, 5)])])
def test_booklet_order(total, faces):
    assert booklet_order(total) == faces


def test_booklet_has_two_pages_a_face(version):
    with pikepdf.open(io.BytesIO(pdf_of(version, paper="a5"))) as pages:
        count = len(pages.pages)
    with pikepdf.open(io.BytesIO(pdf_of(version, paper="booklet"))) as sheets:
        assert len(sheets.pages) == -(-count // 4) * 2
