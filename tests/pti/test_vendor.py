"""Vendored files are those of the manifest; pages keep to one sprite."""

import hashlib
import re
from pathlib import Path

from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"


def test_vendored_files_match_their_checksums():
    folder = STATIC / "vendor"
    lines = [line.split() for line in (folder / "MANIFEST.txt").read_text().splitlines()]
    listed = {name.removeprefix("./"): digest for digest, name in lines}
    found = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "MANIFEST.txt"
    }
    assert found == listed


def test_every_icon_of_the_templates_is_in_the_sprite():
    known = set(re.findall(r'symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    used = set()
    for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html"):
        used |= set(re.findall(r'{% (?:icon|state|tag) "([^"]+)"', path.read_text()))
    assert used - known == set()


def test_fonts_of_the_printed_document_match_their_checksums():
    folder = Path(settings.BASE_DIR) / "pti/printing/fonts"
    lines = [line.split() for line in (folder / "MANIFEST.txt").read_text().splitlines()]
    listed = {name: digest for digest, name in lines}
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.suffix in {".ttf", ".txt"} and path.name != "MANIFEST.txt"
    }
    assert found == listed
