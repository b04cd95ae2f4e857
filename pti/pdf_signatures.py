"""Signatures inside a PDF (PAdES): check those of a file, seal one with the département's certificate.

pyhanko takes a second to import: only who checks or seals pays for it, hence the imports inside the functions.
"""

import datetime
import io
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pikepdf
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils import timezone

from pti.exports import NOT_XML
from pti.shapes import DAY, INSTANT, TEXT, YES_NO, among, closed, listing, or_null

BROKEN = "La signature électronique de ce fichier est rompue : il a été modifié depuis. Demandez le fichier d’origine."
UNSIGNED = (
    "Ce PDF ne porte aucune signature électronique. Si c’est une numérisation, choisissez l’autre moyen ; "
    "sinon, déposez le fichier tel que le parapheur le rend."
)
UNREADABLE = "Ce PDF ne se lit pas : déposez le fichier tel que le parapheur le rend."
NOT_FOUND = "Ce contenu n’est pas celui de la vérification d’un PDF."
# A PDF is anybody's bytes: whatever pyhanko stumbles on is not a file that it can vouch for.
STUMBLES = (
    ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, RecursionError, NotImplementedError,
    OverflowError,
)  # fmt: skip
# Bytes of one table of objects, once unpacked: some 150 000 objects, four times those of a very long pact.
LARGEST_TABLE = 1024 * 1024
LONGEST_NAME = 200
# Seconds that reading a file may take.
LONGEST = 10
# How a signed file stands to the version it should bear on.
SAME, CHANGED, OTHER = "same", "changed", "other"
# What `Signer` and `Check` are once kept.
SIGNER = {
    "name": TEXT, "issuer": TEXT, "signed_at": or_null(INSTANT), "starts_on": DAY, "ends_on": DAY, "valid_then": YES_NO,
    "trusted": YES_NO,
}  # fmt: skip
SHAPE = closed({"covers": among([SAME, CHANGED, OTHER]), "checked_at": INSTANT, "signers": listing(closed(SIGNER))})


@dataclass
class Signer:
    """One signature of a PDF: who, whose certificate, when, and what may be relied on."""

    name: str
    issuer: str
    signed_at: str | None
    starts_on: str
    ends_on: str
    valid_then: bool
    trusted: bool


@dataclass
class Check:
    """What a signed PDF says: its signatures, and whether it extends the file that was given to be signed."""

    covers: str
    checked_at: str
    signers: list = field(default_factory=list)

    def as_data(self):
        return asdict(self)


def check_found(value):
    """Refuse, as the check of a PDF, what an import brings and no page could tell."""
    try:
        found = Check(**value)
        signers = [Signer(**one) for one in found.signers]
        for moment in (found.checked_at, *(one.signed_at for one in signers if one.signed_at is not None)):
            timezone.localtime(datetime.datetime.fromisoformat(moment))
        for day in (day for one in signers for day in (one.starts_on, one.ends_on)):
            datetime.date.fromisoformat(day)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValidationError(NOT_FOUND) from error
    names = [name for one in signers for name in (one.name, one.issuer)]
    flags = [flag for one in signers for flag in (one.valid_then, one.trusted)]
    fine = all(isinstance(name, str) for name in names) and all(isinstance(flag, bool) for flag in flags)
    if not fine or found.covers not in (SAME, CHANGED, OTHER):
        raise ValidationError(NOT_FOUND)


class Timed(io.BytesIO):
    """The bytes of a PDF, that stop being given after a while: a small file may hold tables of millions of objects."""

    def __init__(self, content):
        super().__init__(content)
        self.until = time.monotonic() + LONGEST

    def read(self, *size):
        if time.monotonic() > self.until:
            raise ValueError("too long to read")
        return super().read(*size)


def check_pdf(content, *, original):
    """Check the signatures of the PDF `content`, and whether it is `original` plus signatures.

    Refuses (ValidationError) what cannot be read, bears no signature, or was altered after one. An unknown authority, an
    expired certificate or another document are told, not refused. Neither revocation nor a time-stamp is checked: the server
    asks nothing of the outside (docs/signature.md, said on screen too).
    """
    from pyhanko.pdf_utils.decode_limits import DEFAULT_PURPOSE_LIMITS, DecodeLimits, DecodePurpose, StreamDecodeLimits
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.general import SigningError

    tables = {DecodePurpose.XREF_STREAM: StreamDecodeLimits(max_ratio=None, max_output_size=LARGEST_TABLE)}
    limits = DecodeLimits(per_purpose={**DEFAULT_PURPOSE_LIMITS, **tables})
    try:
        reader = PdfFileReader(Timed(content), strict=False, decode_limits=limits)
        embedded = list(reader.embedded_regular_signatures)
        if not embedded:
            raise ValidationError(UNSIGNED, code="unsigned")
        signers = [signer_of(one) for one in embedded]
        covers = cover_of(content, original)
    except (PdfError, SigningError, pikepdf.PdfError, *STUMBLES) as error:
        raise ValidationError(UNREADABLE, code="unreadable") from error
    return Check(covers, timezone.now().isoformat(timespec="seconds"), signers)


def signer_of(embedded):
    """What one signature says; refused when the bytes that it covers have moved, or what follows it changes the text."""
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    certificate = embedded.signer_cert
    at = embedded.self_reported_timestamp
    moment = at or timezone.now()
    context = ValidationContext(trust_roots=anchors(), moment=moment, allow_fetching=False, revocation_mode="soft-fail")
    try:
        status = validate_pdf_signature(embedded, signer_validation_context=context)
    except SignatureValidationError as error:
        raise ValidationError(BROKEN, code="broken") from error
    if not (status.intact and status.valid and status.docmdp_ok) or status.coverage == SignatureCoverageLevel.UNCLEAR:
        raise ValidationError(BROKEN, code="broken")
    starts, ends = certificate.not_valid_before, certificate.not_valid_after
    return Signer(
        name=name_in(certificate.subject),
        issuer=name_in(certificate.issuer),
        signed_at=at.astimezone(datetime.UTC).isoformat(timespec="seconds") if at else None,
        starts_on=starts.date().isoformat(),
        ends_on=ends.date().isoformat(),
        valid_then=starts <= moment <= ends,
        trusted=bool(status.trusted),
    )


def name_in(subject):
    """The name that a certificate bears, without what neither PostgreSQL nor an office file has a place for."""
    names = subject.native
    name = str(names.get("common_name") or names.get("organization_name") or subject.human_friendly)
    return NOT_XML.sub("", name)[:LONGEST_NAME]


def cover_of(content, original):
    """Whether the signed file is `original` with nothing but signatures added."""
    if not content.startswith(original):
        return OTHER
    with pikepdf.open(io.BytesIO(original)) as before, pikepdf.open(io.BytesIO(content)) as after:
        if after.is_encrypted or not differs_by(before.Root, after.Root, CATALOG_MAY):
            return CHANGED
        moved = [key for key in written_anew(before, after) if said(before.get_object(key)) != said(after.get_object(key))]
        free = {after.Root.objgen: CATALOG_MAY, **{page.objgen: {"/Annots"} for page in after.pages}}
        moved = [key for key in moved if key not in descriptions(before) | descriptions(after)]
        kept = all(differs_by(before.get_object(key), after.get_object(key), free.get(key, set())) for key in moved)
        return SAME if kept and only_fields_added(before, after) else CHANGED


def written_anew(before, after):
    """Objects of `before` that `after`, whose bytes begin with the same, reads elsewhere: any other is the same bytes.

    A stream that holds objects is one of them: when it moves, it is told even if those it holds keep their rank.
    """
    new = places_in(after)
    return [key for key, place in places_in(before).items() if new.get(key) != place]


def places_in(pdf):
    """{object: where its bytes are: place in the file, or stream of objects and rank in it}."""
    table = pdf.get_xref_table()
    return {key: (one.offset, one.obj_stream_number, one.obj_stream_index) for key, one in table.items()}


# What adding a signature may touch in the catalogue of a PDF; of a page, only its list of annotations. The description of
# the file (Info, XMP) shows nothing on its pages: parapheurs date it.
CATALOG_MAY = {"/Metadata", "/AcroForm", "/DSS", "/Extensions", "/Perms", "/Version"}


def said(one):
    """An object of a PDF as bytes: its dictionary or value, and the raw bytes of a stream; what it points to, by number."""
    if isinstance(one, pikepdf.Stream):
        return one.stream_dict.unparse(resolved=True), one.read_raw_bytes()
    return one.unparse(resolved=True) if isinstance(one, pikepdf.Object) else repr(one)


def value(holder, key):
    """What a dictionary holds under `key`: a number of object, or the bytes of a value written in place."""
    found = holder.get(key)
    return found.unparse() if isinstance(found, pikepdf.Object) else repr(found)


def descriptions(pdf):
    """Objects that describe the file."""
    found = [pdf.Root.get("/Metadata"), pdf.trailer.get("/Info")]
    return {one.objgen for one in found if one is not None and one.is_indirect}


def differs_by(old, new, allowed):
    """True when two dictionaries differ by the keys of `allowed` alone."""
    if not (isinstance(old, pikepdf.Dictionary) and isinstance(new, pikepdf.Dictionary)):
        return False
    keys = (set(old.keys()) | set(new.keys())) - allowed
    return all(key in old and key in new and value(old, key) == value(new, key) for key in keys)


def only_fields_added(before, after):
    """True when every annotation that the pages gained is the place of a signature."""
    for old, new in zip(before.pages, after.pages, strict=True):
        known = {said(one) for one in old.get("/Annots", [])}
        for one in new.get("/Annots", []):
            is_signature = one.get("/Subtype") == "/Widget" and one.get("/FT") == "/Sig"
            if said(one) not in known and not is_signature:
                return False
    return True


def anchors():
    """Certificates of the authorities that the département trusts (SIGNATURE_ANCHORS: PEM or DER files)."""
    from pyhanko.keys import load_certs_from_pemder

    return list(load_certs_from_pemder(settings.SIGNATURE_ANCHORS))


# --- The seal of the département -----------------------------------------------------------------------------------


def can_seal():
    """True when a certificate is configured."""
    return bool(settings.SEAL_CERTIFICATE)


def load_signer():
    """The département's key and certificate; a wrong path or password stops with a clear word."""
    from pyhanko.sign.signers import SimpleSigner

    path = Path(settings.SEAL_CERTIFICATE)
    password = settings.SEAL_PASSWORD.encode() or None
    try:
        return SimpleSigner.load_pkcs12_data(path.read_bytes(), other_certs=[], passphrase=password)
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured("SEAL_CERTIFICATE ne s’ouvre pas : vérifiez le fichier et SEAL_PASSWORD.") from error


def seal_pdf(content, *, reason):
    """`content` with the département's seal, added after its bytes: (sealed bytes, name in the certificate).

    The field is invisible: a stamp would break the archive and accessibility profiles of the PDF.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, sign_pdf

    signer = load_signer()
    refuse_expired(signer.signing_cert)
    metadata = PdfSignatureMetadata(field_name="Cachet", reason=reason, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    sealed = sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content)), metadata, signer=signer)
    return sealed.getvalue(), name_in(signer.signing_cert.subject)


def refuse_expired(certificate):
    """No seal with a certificate that is not valid today."""
    if not certificate.not_valid_before <= timezone.now() <= certificate.not_valid_after:
        end = f"{certificate.not_valid_after:%d/%m/%Y}"
        raise ValidationError(
            f"Le certificat du Département n’est pas valable aujourd’hui (il va jusqu’au {end}).", code="expired"
        )
