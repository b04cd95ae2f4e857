"""Closing the signature: the signatures are counted under the pact's lock, written down, and the PDF is sealed."""

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from partners.models import Approval, Closing, ClosingDocument, Signature
from partners.models.partners import SIGNING_STATES
from partners.signing.board import board_of
from partners.signing.deeds import hold
from partners.signing.paper import signature_file
from pti import pdf_signatures
from pti.dates import today
from pti.printing import to_pdf
from pti.versions import pdf_of_version


@transaction.atomic
def close_signature(*, pact, by):
    """Close the signature of the last version: who had signed at this moment, their file, the sealed PDF.

    Signatures and closing hold the same lock: each signature is in the file, or comes after it and says so.
    """
    pact = hold(pact.pk)
    version = pact.versions.adopted().order_by("-number").first()
    if pact.state not in SIGNING_STATES or version is None:
        raise ValidationError("Il n’y a pas de texte arrêté à la signature.")
    signatures = standing(version)
    if not signatures:
        raise ValidationError("Personne n’a encore signé cette version : il n’y a rien à clore.")
    last = version.closings.order_by("-closed_on", "-pk").first()
    if last is not None and {one.pk for one in last.signatures.all()} == {one.pk for one in signatures}:
        raise ValidationError("Rien n’a été signé ni retiré depuis la dernière clôture.")
    acts = list(Approval.objects.filter(pact=pact, version=version).select_related("partner__organisation", "proof"))
    paper = signature_file(pact=pact, version=version, board=board_of(pact), signatures=signatures, acts=acts)
    kept = keep(pact, to_pdf(paper), f"signatures-version-{version.number}.pdf", by)
    closing = Closing(pact=pact, version=version, closed_on=today(), file=kept, closed_by=by)
    if pdf_signatures.can_seal():
        reason = f"Pacte signé, version {version.number}"
        content, closing.seal_name = pdf_signatures.seal_pdf(pdf_of_version(version), reason=reason)
        closing.sealed = keep(pact, content, f"pacte-version-{version.number}-scelle.pdf", by)
    closing.save()
    closing.signatures.set(signatures)
    return closing


def standing(version):
    """Signatures of `version` that nobody took back, first given first."""
    rows = Signature.objects.standing().filter(version=version)
    return list(rows.select_related("partner__organisation", "proof", "agreement").order_by("signed_on", "pk"))


def keep(pact, content, name, by):
    return ClosingDocument.objects.create(pact=pact, file=ContentFile(content, name=name), added_by=by)
