"""The pact to hand over: PDF, booklet, Word, ODT, of the text in force or being drafted, of a version, of one piece."""

from functools import cache

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from pti import sources
from pti.composed import AnyKey, Composed
from pti.files import DOCX, ODT
from pti.models import Version
from pti.printing import document_of, to_docx, to_odt, to_pdf
from pti.printing.assemble import section_document
from pti.search import normalise
from pti.versions import draft_of, is_intact, late_row, pdf_of_version
from pti.views import pact_or_404

PDF = "application/pdf"


def booklet(document):
    return to_pdf(document, paper="booklet")


# Word of the address: (writer, type, ending of the file).
FORMS = {
    "pdf": (to_pdf, PDF, ".pdf"),
    "livret": (booklet, PDF, "-livret.pdf"),
    "docx": (to_docx, DOCX, ".docx"),
    "odt": (to_odt, ODT, ".odt"),
}


def said_now(pact):
    """What the document of `pact` is made of: its last version once the text is frozen, else what it says today."""
    version = last_composed().row_of(pact.pk) if pact.is_frozen else None
    if version is None:
        return draft_of(pact)
    version.pact = pact
    return version


@cache
def last_composed():
    """The query of the last version of the text of a pact, with its text."""
    return Composed(Version.objects.of_the_text().filter(pact=AnyKey()).with_text().order_by("-number")[:1])


@require_safe
def pact_print(request, pact_pk, form):
    """The whole pact."""
    pact = pact_or_404(request.user, pact_pk)
    return printed(pact, said_now(pact), form)


@require_safe
def version_print(request, pact_pk, number, form):
    """One version, from its stored text alone."""
    pact = pact_or_404(request.user, pact_pk)
    return printed(pact, get_object_or_404(Version.objects.filter(pact=pact), number=number), form)


@require_safe
def extract_print(request, pact_pk, name, uid, form):
    """One piece of the pact: a fiche, an axis, the commitments of a partner."""
    pact = pact_or_404(request.user, pact_pk)
    if sources.extract_named(name) is None:
        raise Http404
    return printed(pact, said_now(pact), form, only=(name, uid), late=late_row(pact, uid))


@require_safe
def section_print(request, pact_pk, name, form):
    """One generated section alone, as things stand today whatever text is frozen: a picture of the fiches to hand over."""
    pact, source = pact_or_404(request.user, pact_pk), sources.named(name)
    if source is None or form not in FORMS or form == "livret":
        raise Http404
    day = pact.reference_day
    document = section_document(draft_of(pact, also=[name]), source, day)
    return given(FORMS[form], FORMS[form][0](document), f"{slugify(normalise(document.title))}-{day:%Y-%m-%d}")


def printed(pact, said, form, only=None, late=None):
    """The file to download; a text whose fingerprint has changed is not printed."""
    if form not in FORMS or (isinstance(said, Version) and not is_intact(said)):
        raise Http404
    write = FORMS[form][0]
    try:
        document = document_of(said, only=only, late=late)
    except LookupError:
        raise Http404
    stored = isinstance(said, Version) and only is None and form == "pdf"
    content = pdf_of_version(said) if stored else write(document)
    words = f"version {said.number}" if isinstance(said, Version) else "projet"
    return given(FORMS[form], content, f"{slugify(normalise(document.title))[:80].strip('-')}-{slugify(words)}")


def given(form, content, name):
    """The answer that holds a file."""
    _, mime, ending = form
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = f'attachment; filename="{name}{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
