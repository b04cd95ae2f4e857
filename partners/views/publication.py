"""The public page of a signed pact, and the deeds of the animator who puts it on line."""

from pathlib import PurePath

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from partners.access import can_publish
from partners.models import Publication
from partners.publishing import NO_TEXT, NOT_YET, PUBLISHABLE, publish, publishable_version, signatures_of, withdraw
from pti.access import require
from pti.version_page import read
from pti.versions import pdf_of_version
from pti.views import pact_or_404

# What a public page says of the text: no committee (its people), no context that is not read alone.
PUBLIC_PARTS = ("partie-frame", "partie-sections", "partie-axes")


def publication_or_404(uid):
    rows = Publication.objects.online().select_related("pact", "version__pdf")
    return get_object_or_404(rows, uid=uid)


@login_not_required
@require_safe
def public_pact(request, uid):
    """What anybody reads: the text, who signed it, the PDF and its fingerprint."""
    publication = publication_or_404(uid)
    document = read(publication.version.content)
    context = {
        "publication": publication,
        "version": publication.version,
        "document": document,
        "chapters": [chapter for chapter in document.chapters if chapter[1] in PUBLIC_PARTS],
        "signatures": signatures_of(publication),
        "pdf": publication.version.pdf,
    }
    return render(request, "partners/public_pact.html", context)


@login_not_required
@require_safe
def public_pact_pdf(request, uid):
    """The PDF of the version on line, byte for byte."""
    version = publication_or_404(uid).version
    response = HttpResponse(pdf_of_version(version), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, PurePath(version.pdf.download_name).name)
    return response


@require_http_methods(["GET", "POST"])
def publication_edit(request, pact_pk):
    """Put the page on line, bring it up to date, take it down."""
    pact = pact_or_404(request.user, pact_pk)
    require(can_publish(request.user, pact))
    publication = Publication.objects.filter(pact=pact).select_related("version").defer("version__content").first()
    if request.method == "POST":
        return change(request, pact, publication)
    version = publishable_version(pact)
    context = {
        "pact": pact,
        "publication": publication,
        "address": publication and request.build_absolute_uri(publication.get_absolute_url()),
        "version": version,
        "is_late": bool(publication and publication.is_online and version != publication.version),
        "obstacle": NOT_YET if pact.state not in PUBLISHABLE else NO_TEXT if version is None else "",
    }
    return render(request, "partners/publication.html", context)


def change(request, pact, publication):
    try:
        if "retirer" in request.POST and publication:
            withdraw(publication=publication, by=request.user)
            messages.success(request, "La page publique est retirée : son adresse ne répond plus.")
        else:
            publish(pact=pact, by=request.user)
            messages.success(request, "La page publique est en ligne.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("partners:publication_edit", pact.pk)
