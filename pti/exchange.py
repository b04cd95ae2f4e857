"""The application's own file of a whole pact (docs/export.schema.json): export and import are exact inverses.

A pact without attached files is one JSON text; with files, a .zip of `pact.json` and `files/<SHA-256>`.
"""

import hashlib
import io
import json
import lzma
import re
import struct
import zipfile
import zlib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from pti import parts
from pti.checking import Checker, kind_of, read_json, told
from pti.dumping import Dumper
from pti.loading import Loader
from pti.models import Pact
from pti.versions import canonical

FORMAT = "pti-pact/1"
PACT_JSON = "pact.json"
# An archive declares what it unpacks to, and zipfile reads no more than that.
UNPACKED_LIMIT = 500 * 1024 * 1024
TEXT_LIMIT = 50 * 1024 * 1024
FILE_NAME = re.compile(r"files/[0-9a-f]{64}")
NOT_A_PACT = "Cette archive ne contient pas de pacte (pact.json)."
# All that zipfile says of an archive that is cut, scrambled, encrypted or of an unknown kind.
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, RuntimeError, EOFError, OSError, ValueError)
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
    drop_strays(data)
    plain = {"format": FORMAT, "pact": str(pact.uid), "with_people": with_people, "parts": data, "shared": dumper.shared()}
    return plain, dumper.files


def drop_strays(data):
    """A subject that this file does not carry (a fiche of another pact that the committee serves) is not named in it."""
    rows = [row for groups in data.values() for rows in groups.values() for row in rows]
    carried = {row["uid"] for row in rows}
    for row in rows:
        for key, value in row.items():
            if isinstance(value, dict) and set(value) == {"model", "uid"} and value["uid"] not in carried:
                row[key] = None


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
    text, files = unpacked(content) if content[:4] == b"PK\x03\x04" else (content, {})
    for sha256, file in files.items():
        if hashlib.sha256(file).hexdigest() != sha256:
            raise ValidationError(f"files/{sha256} : ce fichier de l’archive a été altéré.")
    try:
        return read_json(text), files
    except json.JSONDecodeError as error:
        place = f"ligne {error.lineno}, colonne {error.colno}"
        raise ValidationError(f"{PACT_JSON} : {place} : ce n’est pas du JSON lisible.")
    except ValueError:
        raise ValidationError(f"{PACT_JSON} : ce n’est pas du JSON lisible : mal codé, trop imbriqué, ou un nombre sans fin.")


def unpacked(content):
    """(pact.json, {SHA-256: content}) of an archive; nothing is written on the disk, whatever its names say."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            check_entries(entries)
            files = {one.filename.removeprefix("files/"): archive.read(one) for one in entries if one.filename != PACT_JSON}
            return archive.read(PACT_JSON), files
    except KeyError:
        raise ValidationError(NOT_A_PACT)
    except BROKEN as error:
        raise ValidationError(NOT_A_PACT) from error


def check_entries(entries):
    """Names that an export writes, each once, of a size that it may have."""
    names = [one.filename for one in entries]
    for one in entries:
        if one.filename != PACT_JSON and not FILE_NAME.fullmatch(one.filename):
            raise ValidationError(f"« {one.filename[:80]} » n’a pas sa place dans l’archive d’un pacte.")
        if one.file_size > (TEXT_LIMIT if one.filename == PACT_JSON else settings.MAX_UPLOAD_BYTES):
            raise ValidationError(f"{one.filename} : ce fichier est trop grand une fois déplié.")
    if len(set(names)) != len(names):
        raise ValidationError("Un même nom revient deux fois dans l’archive.")
    if sum(one.file_size for one in entries) > UNPACKED_LIMIT:
        raise ValidationError("Cette archive est trop grande une fois dépliée.")


@transaction.atomic
def load(data, files=None, *, pacts=None, bases=None):
    """Write a whole exported pact into the base and return it; all or nothing, every refusal in French with its JSON path.

    `pacts` are the pacts of the base that it may point to, `bases` those that it may amend (all when None); a link to
    another is kept as that of a pact which is elsewhere, but an amendment is refused.
    """
    check_shape(data)
    checker = Checker(data, files or {})
    if checker.errors:
        raise ValidationError(told(checker.errors))
    if Pact.objects.filter(uid=data["pact"]).exists():
        raise ValidationError("Ce pacte est déjà dans la base.")
    paths = {uid: path for uid, (_, path) in checker.found.items()}
    frame = next(iter(data["parts"].get("frame", {}).get("Pact", [])), {})
    loader = Loader(files=files, pacts=pacts, bases=bases, paths=paths, departments=frame.get("departments", ()))
    loader.refuse_known(checker.rows)
    loader.shared(data["shared"])
    pact = None
    for part in in_loading_order():
        part.load(pact, data["parts"].get(part.name, {}), loader)
        pact = loader.refs.get(data["pact"])
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
    errors = [f"{name} : cette rubrique manque." for name in sorted(KEYS - set(data))]
    errors += [f"{str(name)[:80]} : cette rubrique n’est pas connue." for name in sorted(set(data) - KEYS)]
    errors += [
        f"{name} : un objet est attendu, pas {kind_of(data[name])}."
        for name in ("parts", "shared")
        if name in data and not isinstance(data[name], dict)
    ]
    if not isinstance(data.get("with_people", False), bool):
        errors.append("with_people : « true » ou « false » est attendu.")
    if errors:
        raise ValidationError(errors)
