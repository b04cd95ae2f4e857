"""Difference of two texts, word by word, readable without colour."""

import difflib
import re

from django.utils.html import format_html, format_html_join

PIECES = re.compile(r"\s+|[^\s]+")
SPOKEN = '<{0}><span class="visually-hidden">{1} </span>{2}</{0}>'


def compare(old, new):
    """`new` with what was added in <ins> and what left in <del>, each said in a hidden word."""
    a, b = PIECES.findall(old), PIECES.findall(new)
    parts = []
    for deed, i1, i2, j1, j2 in difflib.SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes():
        if deed == "equal":
            parts.append(format_html("{}", "".join(a[i1:i2])))
        if deed in ("delete", "replace"):
            parts.append(format_html(SPOKEN, "del", "supprimé :", "".join(a[i1:i2])))
        if deed in ("insert", "replace"):
            parts.append(format_html(SPOKEN, "ins", "ajouté :", "".join(b[j1:j2])))
    return format_html_join("", "{}", ((part,) for part in parts))
