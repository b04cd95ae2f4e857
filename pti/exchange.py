"""The application's own file of a whole pact (docs/export.schema.json): export and import are exact inverses.

A pact without attached files is one JSON text; with files, a .zip of `pact.json` and `files/<SHA-256>`.
"""

import hashlib
import io
import json
import zipfile
import zlib

from django.core.exceptions import ValidationError
from django.db import transaction

from pti import parts
from pti.dumping import Dumper
from pti.loading import Loader
from pti.models import Pact
from pti.versions import canonical, is_intact

FORMAT = "pti-pact/1"
PACT_JSON = "pact.json"
# An archive declares what it unpacks to, and zipfile reads no more than that.
UNPACKED_LIMIT = 500 * 1024 * 1024
KEYS = {"format", "pact", "with_people", "shared", "parts"}
# A fixed date for the entries of the archive: the same pact gives the same bytes.
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def dump(pact, *, with_people=False):
    """(plain data of the whole pact, {SHA-256: stored file})."""
    dumper = Dumper(with_people=with_people)
    data = {}
    for kind in (parts.PartKind.CONTRACT, parts.PartKind.LIFE):
        for part in parts.registered(kind):
            if part.people and not with_people:
                continue
            found = part.dump(pact, dumper)
            if found:
                data[part.name] = found
    plain = {"format": FORMAT, "pact": str(pact.uid), "with_people": with_people, "parts": data, "shared": dumper.shared()}
    return plain, dumper.files


def export_bytes(pact, *, with_people=False):
    """The file of `pact`: JSON, or a zip when documents are attached. Same pact, same bytes."""
    plain, files = dump(pact, with_people=with_people)
    text = (canonical(plain) + "\n").encode("utf-8")
    if not files:
        return text
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        write_entry(archive, PACT_JSON, text)
        for sha256 in sorted(files):
            with files[sha256].open("rb") as stored:
                write_entry(archive, f"files/{sha256}", stored.read())
    return buffer.getvalue()


def write_entry(archive, name, content):
    entry = zipfile.ZipInfo(name, ZIP_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)


def read(content):
    """(plain data, {SHA-256: content}) of an exported file; refuses (ValidationError) what is not one."""
    files = {}
    if content[:4] == b"PK\x03\x04":
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                if sum(entry.file_size for entry in archive.infolist()) > UNPACKED_LIMIT:
                    raise ValidationError("Cette archive est trop grande une fois dépliée.")
                text = archive.read(PACT_JSON)
                for name in archive.namelist():
                    if name.startswith("files/"):
                        files[name.removeprefix("files/")] = archive.read(name)
        except (zipfile.BadZipFile, zlib.error, KeyError, RuntimeError):
            raise ValidationError("Cette archive ne contient pas de pacte (pact.json).")
    else:
        text = content
    for sha256, file in files.items():
        if hashlib.sha256(file).hexdigest() != sha256:
            raise ValidationError(f"Le fichier {sha256} de l’archive a été altéré.")
    try:
        data = json.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValidationError(f"Ce fichier n’est pas du JSON lisible : {error}.")
    return data, files


@transaction.atomic
def load(data, files=None):
    """Write a whole exported pact into the base and return it; all or nothing, every refusal in French."""
    check_shape(data)
    if Pact.objects.filter(uid=data["pact"]).exists():
        raise ValidationError("Ce pacte est déjà dans la base.")
    loader = Loader(files=files)
    loader.shared(data["shared"])
    pact = None
    for part in in_loading_order():
        part.load(pact, data["parts"].get(part.name, {}), loader)
        pact = loader.refs.get(data["pact"])
    if pact is None:
        raise ValidationError("Ce fichier ne décrit pas de pacte.")
    for version in pact.versions.all():
        if not is_intact(version):
            raise ValidationError(f"La version {version.number} n’a plus son empreinte.")
    pact.refresh_from_db()
    return pact


def in_loading_order():
    """The text, then what happened; the state of the pact, and what it amends, come last: they close the text."""
    found = parts.registered(parts.PartKind.CONTRACT) + parts.registered(parts.PartKind.LIFE)
    return sorted(found, key=lambda part: part.name == "frame_life")


def check_shape(data):
    """Refuse what is not an exported pact of this format, before anything is written."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValidationError("Ce fichier n’est pas un pacte exporté par cette application.")
    if KEYS - set(data) or not all(isinstance(data[name], dict) for name in ("parts", "shared")):
        raise ValidationError("Ce fichier est abîmé : il n’a pas les rubriques d’un pacte exporté.")
    unknown = set(data) - KEYS | set(data["parts"]) - {part.name for part in parts.registered()}
    if unknown:
        raise ValidationError(f"Rubriques inconnues : {', '.join(sorted(unknown))}.")
