"""Freezing a text and checking that it has not moved (docs/version.md)."""

import hashlib
import json
from functools import cache

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max

from pti import parts, sources
from pti.amending.history import amendments_in
from pti.composed import AnyKey, Composed
from pti.dates import today
from pti.dumping import Dumper, nfc
from pti.enums import VersionStage
from pti.models import Version, VersionDocument
from pti.printing import look_of_today, pdf_of

FORMAT = "pti-version/1"


def canonical(data):
    """Canonical form: UTF-8 text, NFC, sorted keys, no useless space; dates and decimals are already text."""
    return nfc(json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False))


def sha256_of(content):
    """SHA-256 of a canonical text, in hexadecimal."""
    return hashlib.sha256(content.encode("utf-8")).hexdigest()


def text_of(pact):
    """What `pact` says now: its CONTRACT parts and the shared rows that they point to, as plain data."""
    dumper = Dumper()
    said = {part.name: part.dump(pact, dumper) for part in parts.registered(parts.PartKind.CONTRACT)}
    text = {"pact": str(pact.uid), "parts": {name: data for name, data in said.items() if data}, "shared": dumper.shared()}
    if pact.is_amendment:
        text["amends"] = {"pact": str(pact.amends.uid), "number": pact.amendment_number}
    return text


def draft_of(pact, on=None, also=()):
    """What is printed of a pact that is being drafted: what it says now, under the look of today.

    With it, what its sections (and those of `also`) draw of what happens, as it stands on `on`, else on the reference day.
    """
    text = text_of(pact)
    placed = {row["source"] for groups in text["parts"].values() for row in groups.get("Section", ()) if row["source"]}
    placed |= set(also)
    followed = sources.followed_in(pact, placed, on or pact.reference_day)
    return {"look": look_of_today(), **text, **({"followed": followed} if followed else {})}


def late_row(pact, uid):
    """Plain data of a row that joined after the text (a late adhesion), which no version holds; None for any other."""
    for part in parts.registered(parts.PartKind.CONTRACT):
        for model in part.models:
            late = getattr(model, "life_rows", None)
            row = part.rows(model, pact).filter(late, uid=uid).first() if late is not None else None
            if row is not None:
                dumper = Dumper()
                said = {part.name: {model.__name__: [dumper.row(row, parts.plain_columns(model))]}}
                return {"parts": said, "shared": dumper.shared()}
    return None


@transaction.atomic
def freeze(*, pact, by, on=None, stage=VersionStage.ADOPTED, amendment=None):
    """Write down what `pact` says as its next version, on the day (`on`, else today).

    An adopted version is written when the pact enters adoption; a working one, when partners are consulted on it; a
    merged one, when an amendment (`amendment`) enters into force. The PDF of the last two is stored with them.
    """
    number = (pact.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    data = {"format": FORMAT, "number": number, **draft_of(pact, on)}
    if amendment is not None:
        data["amendments"] = amendments_in(pact, amendment, on or today())
    content = canonical(data)
    version = Version.objects.create(
        pact=pact,
        number=number,
        stage=stage,
        frozen_on=on or today(),
        content=content,
        sha256=sha256_of(content),
        frozen_by=by,
        amendment_number=amendment and amendment.amendment_number,
    )
    if not version.is_working:
        keep_pdf(version, by=by)
    return version


def keep_pdf(version, *, by):
    """Store the PDF of `version`, made from its content alone."""
    file = ContentFile(pdf_of(version), name=f"pacte-version-{version.number}.pdf")
    return VersionDocument.objects.create(version=version, file=file, added_by=by)


def pdf_of_version(version):
    """The PDF stored with `version`; one that was frozen before PDFs were kept is printed from its content."""
    kept = VersionDocument.objects.filter(version=version).first()
    if kept is None:
        return pdf_of(version)
    with kept.file.open("rb") as stored:
        return stored.read()


def is_intact(version):
    """False when the stored text no longer has the fingerprint taken at its adoption (« empreinte différente »)."""
    return sha256_of(version.content) == version.sha256


def versions_of(pact):
    """For a page: `versions` are those of the text, last first; `all_versions` has those of concertation too."""
    found = versions_composed().rows_of(pact.pk)
    for one in found:
        one.pact = pact
    return {"all_versions": found, "versions": [one for one in found if not one.is_working]}


@cache
def versions_composed():
    """The query of the versions of a pact, without their texts."""
    return Composed(Version.objects.filter(pact=AnyKey()).order_by("-number"))
