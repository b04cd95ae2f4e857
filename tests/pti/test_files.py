import io
import zipfile

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from pti import files

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40)
EXE = b"MZ\x90\x00\x03" + bytes(400)
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def archive(**parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name, text in parts.items():
            made.writestr(name.replace("__", "/"), text)
    return content.getvalue()


DOCX = archive(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})
XLSX = archive(**{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>"})
ODT = archive(**{"mimetype": files.ODT, "content.xml": "<office/>"})
ODS = archive(**{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<office/>"})
MACRO = archive(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>", "word/vbaProject.bin": "x"})


class OneFile(forms.Form):
    file = files.UploadField()


@pytest.mark.parametrize(
    ("name", "content", "mime"),
    [
        ("acte.pdf", PDF, "application/pdf"),
        ("plan.png", PNG, "image/png"),
        ("photo.jpeg", JPEG, "image/jpeg"),
        ("fiche.docx", DOCX, files.DOCX),
        ("suivi.xlsx", XLSX, files.XLSX),
        ("note.odt", ODT, files.ODT),
    ],
)
def test_upload_is_recognised_by_its_content(name, content, mime):
    assert files.check_upload(SimpleUploadedFile(name, content)) == mime


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("facture.pdf", EXE),
        ("page.pdf", HTML),
        ("image.png", SVG),
        ("dessin.svg", SVG),
        ("tableau.ods", ODS),
        ("macro.docx", MACRO),
        ("archive.docx", archive(**{"a.txt": "a"})),
        ("tronque.docx", DOCX[:60]),
        ("texte.pdf", b"bonjour"),
    ],
    ids=["exe", "html", "svg-named-png", "svg", "ods", "macro", "zip", "truncated", "text"],
)
def test_upload_of_another_type_is_refused(name, content):
    form = OneFile(files={"file": SimpleUploadedFile(name, content, content_type="application/pdf")})

    assert form.errors == {"file": [files.NOT_ACCEPTED]}


def test_upload_over_the_limit_is_refused(settings):
    file = SimpleUploadedFile("gros.pdf", PDF + bytes(settings.MAX_UPLOAD_BYTES))

    with pytest.raises(ValidationError, match="dépasse 20"):
        files.check_upload(file)


def test_upload_at_the_limit_is_accepted(settings):
    file = SimpleUploadedFile("juste.pdf", PDF + bytes(settings.MAX_UPLOAD_BYTES - len(PDF)))

    assert files.check_upload(file) == "application/pdf"


def test_empty_upload_is_refused():
    form = OneFile(files={"file": SimpleUploadedFile("vide.pdf", b"")})

    assert form.errors == {"file": ["Ce fichier est vide."]}


def test_missing_upload_is_refused():
    assert OneFile(files={}).errors == {"file": ["Choisissez un fichier."]}
