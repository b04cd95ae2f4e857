"""The closing of the signature, by the animator."""

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.shortcuts import redirect, render

from partners import access
from partners.forms import SignedTextForm
from partners.models import ClosingDocument
from partners.signing.board import board_of
from partners.signing.closing import close_signature
from pti.access import require
from pti.pdf_signatures import can_seal
from pti.views import pact_or_404


def signature_close(request, pact_pk):
    """Say what closing does, then do it."""
    pact = pact_or_404(request.user, pact_pk)
    require(access.can_close_signature(request.user, pact))
    if request.method == "POST":
        try:
            closing = close_signature(pact=pact, by=request.user)
        except (ValidationError, ImproperlyConfigured) as error:
            messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
        else:
            sealed = " et le PDF scellé" if closing.sealed else ""
            messages.success(request, f"Signature close : le dossier de signature{sealed} sont gardés." if sealed else CLOSED)
            return redirect("partners:signature_board", pact.pk)
    return render(request, "partners/signature_close.html", {"pact": pact, "board": board_of(pact), "can_seal": can_seal()})


CLOSED = "Signature close : le dossier de signature est gardé."


def signed_text_add(request, pact_pk):
    """Keep the signed PDF of a pact that was signed before the application was installed."""
    pact = pact_or_404(request.user, pact_pk)
    require(access.can_deposit_text(request.user, pact))
    form = SignedTextForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        ClosingDocument.objects.create(pact=pact, file=form.cleaned_data["file"], added_by=request.user)
        messages.success(request, "Texte signé déposé.")
        return redirect("partners:signature_board", pact.pk)
    return render(request, "partners/signed_text_form.html", {"pact": pact, "form": form})
