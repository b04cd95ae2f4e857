"""The agreement given on line (« accord enregistré ») by the named signatory: read, a code by mail, a sealed proof.

A simple electronic signature in the sense of règlement (UE) 910/2014: the screen, the proof and the paper say no more.
The code follows the rules of the login code: same shape, same length of life, three tries, once.
"""

import datetime
import json
import secrets

from allauth.account.adapter import get_adapter
from allauth.core.internal.cryptokit import normalize_user_code
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from partners.enums import SignatureMethod
from partners.models import AgreementCode, AgreementProof, Signature
from partners.models.partners import SIGNING_STATES
from partners.signing.deeds import current_signatory, hold
from pti.dates import add_months, today
from pti.mail import send_mail
from pti.versions import canonical, sha256_of

FORMAT = "pti-accord/1"
NATURE = (
    "Accord enregistré : signature électronique simple au sens du règlement (UE) n° 910/2014 (eIDAS), ni avancée ni qualifiée."
)
READ = "J’ai lu cette version du pacte."
GIVEN = "Je donne mon accord à cette version, au nom de mon organisme."
# What pages and documents tell of a proof.
TOLD = ("nature", "means", "version", "version_sha256", "delegated_by", "delegation_reference")
LEFT_OUT = "Sa preuve, qui nomme une personne, n’était pas dans le fichier importé : elle reste là où l’accord a été donné."
REPLACED = "Une autre personne vient d’être désignée pour signer : rien n’est enregistré."
EXPIRED = "Ce code n’est plus valable : demandez-en un nouveau."
WRONG = "Ce code n’est pas le bon. Recopiez celui du dernier courriel reçu."


def imprint_of(code):
    return salted_hmac("partners.agreement", normalize_user_code(code), algorithm="sha256").hexdigest()


def masked(email):
    """« c•••@caf.fr »: enough to recognise one's own mailbox."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}•••@{domain}"


@transaction.atomic
def send_code(*, user, partner, version):
    """Send a one-time code to the signatory's mailbox; the codes sent before serve no more."""
    AgreementCode.objects.filter(user=user, partner=partner).delete()
    code = get_adapter().generate_login_code()
    AgreementCode.objects.create(user=user, partner=partner, version=version, imprint=imprint_of(code), sent_at=timezone.now())
    context = {"code": code, "partner": partner, "pact": partner.pact, "version": version}
    transaction.on_commit(lambda: send_mail("mail/agreement_code", user.email, **context))


def live_code(user, partner):
    """The code that may still be typed, or None."""
    return AgreementCode.objects.alive().filter(user=user, partner=partner).last()


def check_code(*, user, partner, typed):
    """The code that `typed` is; a ValidationError otherwise. The try counts even when two arrive at once."""
    code = live_code(user, partner)
    if code is None or not AgreementCode.objects.filter(pk=code.pk).count_try():
        raise ValidationError(EXPIRED, code="expired")
    if not secrets.compare_digest(code.imprint, imprint_of(typed)):
        raise ValidationError(WRONG if live_code(user, partner) else EXPIRED, code="wrong")
    return code


@transaction.atomic
def agree(*, code, signatory, by, address):
    """Record the agreement that `code` confirms, and seal its proof. All or nothing, and once.

    `signatory` is the person who was asked: whoever was named since has neither read nor typed anything.
    """
    partner, version = code.partner, code.version
    pact = hold(partner.pact_id)
    if current_signatory(partner) != signatory:
        raise ValidationError(REPLACED)
    last = pact.versions.adopted().order_by("-number").first()
    if pact.state not in SIGNING_STATES or last != version:
        raise ValidationError("Le texte a changé d’état depuis votre lecture : ouvrez de nouveau le dossier.")
    if partner.refusals.filter(version=version, lifted_on=None).exists():
        raise ValidationError("Un refus est enregistré pour cette version : il se lève d’abord.")
    if partner.signatures.standing().filter(version=version).exists():
        raise ValidationError("Ce partenaire a déjà signé cette version.")
    if not AgreementCode.objects.filter(pk=code.pk).spend():
        raise ValidationError(EXPIRED)
    signature = Signature.objects.create(
        partner=partner, version=version, signatory=signatory.name, capacity=signatory.capacity, signed_on=today(),
        method=SignatureMethod.ONLINE, recorded_by=by,
    )  # fmt: skip
    return seal(signature=signature, signatory=signatory, email=by.email, address=address)


def seal(*, signature, signatory, email, address, at=None):
    """Write the proof of `signature` once and for all: canonical text, SHA-256, and the network address beside it."""
    at = at or timezone.now()
    content = canonical(
        {
            "format": FORMAT,
            "nature": NATURE,
            "pact": str(signature.partner.pact.uid),
            "pact_title": signature.partner.pact.title,
            "version": signature.version.number,
            "version_sha256": signature.version.sha256,
            "partner": str(signature.partner.uid),
            "partner_name": str(signature.partner),
            "signatory": signature.signatory,
            "capacity": signature.capacity,
            "delegated_by": signatory.delegated_by,
            "delegation_reference": signatory.delegation_reference,
            "said": [READ, GIVEN],
            "means": f"Code à usage unique envoyé à {masked(email)}, tapé par la personne connectée à son compte.",
            "given_at": at.astimezone(datetime.UTC).isoformat(timespec="seconds"),
        }
    )
    return AgreementProof.objects.create(
        signature=signature, given_at=at, content=content, sha256=sha256_of(content), network_address=address
    )


def is_intact(proof):
    """False when the proof no longer has the fingerprint taken when the agreement was given."""
    return sha256_of(proof.content) == proof.sha256


def said_by(proof):
    """What a proof says, as texts; empty ones when it does not: an import brings whatever a file holds."""
    try:
        said = json.loads(proof.content)
    except (ValueError, RecursionError):
        said = None
    said = said if isinstance(said, dict) else {}
    return {key: str(said[key]) if isinstance(said.get(key), str | int) else "" for key in TOLD}


def erase_addresses(on=None):
    """Erase the network addresses kept for longer than the setting says. Returns how many."""
    limit = add_months(on or today(), -12 * settings.NETWORK_ADDRESS_YEARS)
    return AgreementProof.objects.filter(given_at__date__lt=limit).erase_addresses()
