"""Attach a document and take it off: the same two gestures on a fiche, a meeting, a partner.

The view finds the row, asks `access.py`, and hands over a new `Attachment` (or the one to remove) and where to go back.
"""

from django.contrib import messages
from django.db.models import ProtectedError
from django.shortcuts import redirect, render

from pti.files import UploadField
from pti.forms import PtiForm

IS_PROOF = "Ce document est la preuve d’un acte ou d’une signature : il se garde avec elle."


class DocumentForm(PtiForm):
    """A file to attach."""

    file = UploadField(label="Fichier")


def attach(request, document, *, pact, owner, back, crumbs):
    """Ask for the file of `document`, then keep it; `crumbs` is (label, address) of the list where `owner` stands."""
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        document.file, document.added_by = form.cleaned_data["file"], request.user
        document.save()
        messages.success(request, "Document joint.")
        return redirect(back)
    context = {"pact": pact, "owner": owner, "form": form, "back": back, "crumbs": crumbs}
    return render(request, "pti/document_form.html", context)


def detach(request, document, *, back):
    """Remove `document`, unless an act or a signature rests on it."""
    try:
        document.delete()
    except ProtectedError:
        messages.error(request, IS_PROOF)
    else:
        messages.success(request, "Document retiré.")
    return redirect(back)
