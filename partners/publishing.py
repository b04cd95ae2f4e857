"""Putting a signed pact on line, and taking its page down."""

from django.core.exceptions import ValidationError
from django.db import transaction

from partners.models import Publication, Signature
from pti.dates import today
from pti.enums import PactState
from pti.models import VersionDocument
from pti.versions import keep_pdf

PUBLISHABLE = (PactState.IN_FORCE, PactState.CLOSED)
NOT_YET = "Un pacte se publie une fois en vigueur."
NO_TEXT = "Ce pacte n’a pas de version arrêtée : il n’y a rien à publier."


def publishable_version(pact):
    """The text of `pact` as it stands: its last adopted or consolidated version, or None."""
    return pact.versions.of_the_text().order_by("-number").first()


@transaction.atomic
def publish(*, pact, by):
    """Put the last version of `pact` on line, at the address it already had if any; its PDF is kept with it."""
    if pact.state not in PUBLISHABLE:
        raise ValidationError(NOT_YET)
    version = publishable_version(pact)
    if version is None:
        raise ValidationError(NO_TEXT)
    if not VersionDocument.objects.filter(version=version).exists():
        keep_pdf(version, by=by)
    row = Publication.objects.filter(pact=pact).first() or Publication(pact=pact)
    row.version, row.posted_on, row.withdrawn_on, row.posted_by = version, today(), None, by
    row.save()
    return row


@transaction.atomic
def withdraw(*, publication, by):
    """Take the page down; its address is kept for the day when it comes back."""
    if not publication.is_online:
        raise ValidationError("Cette page est déjà retirée.")
    publication.withdrawn_on = today()
    publication.save()
    return publication


def signatures_of(publication):
    """Who signed what is on line: the signatures of the pact, then those of its amendments, up to this version."""
    rows = Signature.objects.standing().filter(version__number__lte=publication.version.number, partner__pact=publication.pact)
    later = Signature.objects.standing().filter(partner__pact__amends=publication.pact, partner__pact__state__in=PUBLISHABLE)
    last = publication.pact.versions.adopted().filter(number__lte=publication.version.number).order_by("-number").first()
    chosen = rows.filter(version=last) | later
    return chosen.select_related("partner__organisation", "partner__pact").order_by(
        "partner__pact__amendment_number", "partner__order", "signed_on", "id"
    )
