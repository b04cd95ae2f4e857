"""Data to PDF, by Typst; also a program of its own (data on its input, PDF on its output).

What Typst keeps in memory while it composes two hundred pages goes with the process, and not to the server's.
"""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import typst

HERE = Path(__file__).resolve().parent
FONTS = HERE / "fonts"
TEMPLATE = HERE / "document.typ"
STANDARDS = ["a-2a", "ua-1"]
# Typst works in several threads: one pool of memory for all of them holds a sixth less than one for each.
ONE_POOL = {"MALLOC_ARENA_MAX": "1"}


@cache
def fonts():
    """The fonts, read once: reading them takes two thirds of the time of a short document."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])


def compose(data):
    """The PDF of `data`, a JSON text that the template reads."""
    return typst.compile(
        str(TEMPLATE),
        root=str(HERE),
        font_paths=fonts(),
        sys_inputs={"data": data},
        pdf_standards=STANDARDS,
    )


def compose_apart(data):
    """The same, in another process."""
    program = [sys.executable, "-I", __file__]
    done = subprocess.run(program, input=data.encode(), capture_output=True, check=False, env=os.environ | ONE_POOL)
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return done.stdout


if __name__ == "__main__":
    sys.stdout.buffer.write(compose(sys.stdin.buffer.read().decode()))
