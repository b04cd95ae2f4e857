"""The pact as a document to hand over: PDF, Word, ODT, from the same tree and the same frozen data.

pdf_of(version, paper="a4")             # or the data of pti.versions.text_of(pact): « projet »
pdf_of(version, only=("fiche", uid))    # one piece: fiche, axe, engagements
to_pdf(Document(title=…, on="2026-11-21", body=(heading("…"), paragraph("…"))))   # any other document in the same hand
"""

from pti.printing.assemble import document_of
from pti.printing.nodes import Document
from pti.printing.typst import to_pdf

__all__ = ["Document", "document_of", "pdf_of", "to_pdf"]


def pdf_of(version_or_dump, *, paper="a4", only=None, on=None):
    """PDF of a version or of a pact being drafted; `paper` is a4, a5 or booklet."""
    return to_pdf(document_of(version_or_dump, only=only, on=on), paper=paper)
