"""The PDF of a pact: whole, tagged, the same bytes for the same data."""

import io

import pikepdf
import pytest

from pti.printing import pdf_of
from pti.printing.typst import booklet_order
from pti.versions import text_of
from tests.factories.whole import whole_pact


@pytest.fixture
def version(db):
    return whole_pact().versions.get()


def test_version_printed_twice_gives_the_same_bytes(version):
    assert pdf_of(version) == pdf_of(version)


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
