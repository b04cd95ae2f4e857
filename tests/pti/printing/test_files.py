"""What the library does not refuse in a PDF, and the structure of the Word and ODT files."""

import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree

from pti.printing import Document, docx_of, odt_of, pdf_of, to_docx, to_odt, to_pdf
from pti.printing.nodes import Cell, Facts, Figure, List, Table, heading, paragraph, table
from pti.printing.rich import nodes_of
from tests.factories.whole import whole_pact
from tests.pdf import fonts_of, tags_of, words_of

SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
STRANGE = "Ł ş Ω ж ₂ ≥ → ☎ ﬁ 🙂 漢 \u202f\u0007\u200b ـ e\u0301 \ud800"
# A rich text with everything that the editor keeps.
RICH = (
    "<h4>Titre</h4><p>Un <strong>mot</strong>, <em>un</em> <a href='https://exemple.fr'>lien</a><br>suite</p>"
    "<h5>Sous-titre</h5><ol start='3'><li><p>Trois</p><ul><li>dedans</li></ul></li></ol>"
    "<table><tr><td colspan='2'>Large</td></tr><tr><td rowspan='2'>Haut</td><td>a</td></tr><tr><td>b</td></tr>"
    "<tr><td>seul</td></tr></table>"
)


def document(*body):
    return Document(title="Essai", on="2026-11-21", body=(heading("Un"), *body))


@pytest.fixture
def version(db):
    return whole_pact().versions.get()


def test_every_table_of_the_pdf_has_headers_that_name_columns(version):
    tags = tags_of(pdf_of(version))
    tables = [tag for tag, _, _ in tags if tag == "Table"]
    assert len(tables) > 3
    assert [parent for tag, parent, _ in tags if tag == "THead"] == tables
    assert {tag for tag, parent, _ in tags if parent == "THead"} == {"TR"}
    assert "TH" in {tag for tag, _, _ in tags}


def test_every_font_of_the_pdf_is_embedded(version):
    fonts = fonts_of(pdf_of(version))
    assert fonts
    assert all(embedded for _, embedded in fonts)
    assert all(name.split("+")[-1].startswith(("SourceS", "DejaVuSans")) for name, _ in fonts)


def test_figures_of_the_pdf_say_what_they_show():
    tags = tags_of(to_pdf(document(Figure(SQUARE, "Un carré noir", "Le carré"))))
    assert [alt for tag, _, alt in tags if tag == "Figure"] == ["Un carré noir"]


def test_figures_of_an_odt_have_both_their_sizes():
    content = zipfile.ZipFile(io.BytesIO(to_odt(document(Figure(SQUARE, "Un carré noir"))))).read("content.xml").decode()
    assert 'svg:height="165.0mm" svg:width="165mm"' in content
    assert "<svg:title>Un carré noir</svg:title>" in content


def test_character_that_no_font_draws_is_replaced_visibly():
    words = words_of(to_pdf(document(paragraph(STRANGE))))
    assert [one in words for one in ("□", "≥", "ﬁ", "🙂")] == [True, True, True, False]


@pytest.mark.parametrize("write", [to_pdf, to_docx, to_odt])
def test_strange_texts_never_stop_a_writer(write):
    body = (
        heading(STRANGE, 4),
        *nodes_of(RICH),
        Facts((("Nom", ()), ("Liste", (List(((paragraph("a"),),)),)))),
        table((STRANGE, ""), [("", STRANGE)], caption=STRANGE),
        Table(((Cell(()),),), ()),
        *nodes_of("<table></table><ul></ul><p></p>"),
    )
    assert write(document(*body)) == write(document(*body))


def test_word_file_has_real_styles_headers_that_repeat_and_its_language(version):
    made = docx.Document(io.BytesIO(docx_of(version)))
    styles = [one.style.name for one in made.paragraphs]
    assert "Heading 1" in styles
    assert "Heading 2" in styles
    assert "Caption" in styles
    assert all(one.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for one in made.tables)
    lang = made.styles.element.find(".//" + qn("w:lang"))
    assert lang.get(qn("w:val")) == "fr-FR"
    assert (round(made.sections[0].page_width.mm), round(made.sections[0].page_height.mm)) == (210, 297)
    assert 'TOC \\o "1-2"' in "".join(one.text or "" for one in made.element.iter(qn("w:instrText")))


def test_odt_has_headings_headers_that_repeat_and_its_language(version):
    archive = zipfile.ZipFile(io.BytesIO(odt_of(version)))
    assert archive.namelist()[0] == "mimetype"
    assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
    content, styles = (etree.fromstring(archive.read(name)) for name in ("content.xml", "styles.xml"))
    names = content.nsmap
    levels = content.xpath("//text:h/@text:outline-level", namespaces=names)
    tables = content.xpath("//table:table", namespaces=names)
    assert {"1", "2"} <= set(levels)
    assert tables
    assert all(one.find("table:table-header-rows", names) is not None for one in tables)
    assert set(styles.xpath("//@fo:language", namespaces=names)) == {"fr"}
    assert content.xpath("//text:table-of-content", namespaces=names)


@pytest.mark.parametrize("write", [docx_of, odt_of, lambda version: pdf_of(version, paper="booklet")])
def test_same_version_gives_the_same_bytes(version, write):
    assert write(version) == write(version)


def test_text_of_the_editor_keeps_its_structure():
    kinds = [type(node).__name__ for node in nodes_of(RICH)]
    assert kinds == ["Heading", "Paragraph", "Heading", "List", "Table"]
    made = nodes_of(RICH)[-1]
    assert [[one.columns for one in row] for row in made.head + made.body] == [[2], [1, 1], [1], [1, 1]]


def test_a_width_without_end_does_not_break_the_print():
    (table,) = nodes_of(f'<table><tbody><tr><td colspan="{"9" * 5000}" rowspan="0">a</td></tr></tbody></table>')
    assert [(cell.columns, cell.rows) for row in (*table.head, *table.body) for cell in row] == [(1, 1)]
