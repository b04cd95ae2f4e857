"""A frozen version: one printable page made of its stored text alone, and that text itself."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from pti.models import Version
from pti.version_page import read
from pti.versions import is_intact
from pti.views import pact_or_404


def version_or_404(request, pact_pk, number):
    pact = pact_or_404(request.user, pact_pk)
    return pact, get_object_or_404(Version.objects.with_text().filter(pact=pact), number=number)


# Rows of a chapter on one page: the pacts that we know hold on one, and are printed from it.
ROWS_OF_A_CHAPTER = 100


def paged(chapters, asked):
    """The chapters of a version, the long ones page by page; « entier » asks for all of it."""
    if "entier" in asked:
        return [(label, anchor, nodes, None) for label, anchor, nodes in chapters]
    pages = (
        (label, anchor, Paginator(nodes, ROWS_OF_A_CHAPTER).get_page(asked.get(anchor))) for label, anchor, nodes in chapters
    )
    return [(label, anchor, page.object_list, page) for label, anchor, page in pages]


def version_detail(request, pact_pk, number):
    """Exactly this version: nothing here is read from the living rows but whether it is replaced, or about to be."""
    pact, version = version_or_404(request, pact_pk, number)
    document = read(version.content)
    chapters = paged(document.chapters, request.GET)
    context = {
        "pact": pact,
        "version": version,
        "document": document,
        "chapters": chapters,
        "is_part": any(page and page.has_other_pages() for *_, page in chapters),
        "intact": is_intact(version),
        "replaced": not version.is_working and pact.versions.of_the_text().filter(number__gt=version.number).exists(),
        "reopened": not version.is_working and not pact.is_frozen,
    }
    return render(request, "pti/version_detail.html", context)


def version_text(request, pact_pk, number):
    """The canonical form, byte for byte: what the fingerprint is taken of."""
    _, version = version_or_404(request, pact_pk, number)
    response = HttpResponse(version.content.encode("utf-8"), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="version-{version.number}-{version.sha256[:12]}.json"'
    return response
