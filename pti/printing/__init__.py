"""The pact as a document to hand over: PDF, Word, ODT, from the same tree and the same frozen data.

pdf_of(version, paper="a4")             # or the data of pti.versions.text_of(pact): « projet »
pdf_of(version, only=("fiche", uid))    # one piece: fiche, axe, engagements
to_pdf(Document(title=…, on="2026-11-21", body=(heading("…"), paragraph("…"))))   # any other document in the same hand
"""

from pti.printing.assemble import document_of
from pti.printing.docx import to_docx
from pti.printing.look import look_of_today
from pti.printing.nodes import Document
from pti.printing.odt import to_odt
from pti.printing.typst import to_pdf

__all__ = [
    "Document", "document_of", "docx_of", "look_of_today", "odt_of", "pdf_of", "to_docx", "to_odt", "to_pdf",
]  # fmt: skip


def pdf_of(version_or_dump, *, paper="a4", only=None, on=None):
    """PDF of a version or of a pact being drafted; `paper` is a4, a5 or booklet."""
    return to_pdf(document_of(version_or_dump, only=only, on=on), paper=paper)


def docx_of(version_or_dump, *, only=None, on=None):
    """The same as a Word file, for a secretariat to go on with."""
    return to_docx(document_of(version_or_dump, only=only, on=on))


def odt_of(version_or_dump, *, only=None, on=None):
    """The same as an OpenDocument file."""
    return to_odt(document_of(version_or_dump, only=only, on=on))
