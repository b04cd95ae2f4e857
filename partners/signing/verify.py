"""The public check of a document: which signed pact has this fingerprint. Nothing that is not public is told."""

from dataclasses import dataclass

from django.db.models import Count, Q

from partners.models import ClosingDocument, Signature
from pti.enums import PactState
from pti.models import Version, VersionDocument

# A pact is public once it is in force, or once the animator has closed its signature.
IN_FORCE = (PactState.IN_FORCE, PactState.CLOSED)


@dataclass(frozen=True)
class Found:
    """What a fingerprint is: « version » (text or PDF), « sealed », « file », « copy » (a copy that one partner signed)."""

    kind: str
    version: Version
    signed: int
    closed_on: object
    replaced_by: Version | None = None


def find(sha256):
    """What the application knows of this fingerprint, or None."""
    for kind, version in candidates(sha256):
        found = told(kind, version)
        if found is not None:
            return found
    return None


def candidates(sha256):
    """(kind, version) of whatever bears this fingerprint."""
    for document in ClosingDocument.objects.filter(sha256=sha256).select_related("closing", "closing_sealed"):
        sealed = getattr(document, "closing_sealed", None)
        closing = sealed or getattr(document, "closing", None)
        if closing is not None:
            yield ("sealed" if sealed else "file"), closing.version
    versions = Version.objects.adopted().select_related("pact")
    own = VersionDocument.objects.filter(sha256=sha256).values("version")
    for version in versions.filter(Q(sha256=sha256) | Q(pk__in=own)):
        yield "version", version
    for signature in (
        Signature.objects.standing().filter(proof__sha256=sha256).select_related("version").defer("version__content")
    ):
        yield "copy", signature.version


def told(kind, version):
    """What may be said of `version` in public: None unless it, or a later one of its pact, is signed."""
    counts = (
        Version.objects.adopted()
        .filter(pact=version.pact_id, number__gte=version.number)
        .annotate(
            signed=Count("signatures", filter=Q(signatures__withdrawn_on=None), distinct=True),
            closed=Count("closings", distinct=True),
        )
        .select_related("pact")
        .order_by("number")
    )
    rows = list(counts)
    public = [one for one in rows if one.signed and (one.closed or one.pact.state in IN_FORCE)]
    if not public:
        return None
    here, last = rows[0], public[-1]
    closing = here.closings.order_by("-closed_on", "-pk").first()
    replaced = last if last.number != here.number else None
    return Found(kind, here, here.signed, closing.closed_on if closing else None, replaced)
