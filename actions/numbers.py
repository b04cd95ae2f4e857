"""Numbers as people type them; the raw text is always kept beside."""

import re

from pti import facts

UNIT = re.compile(r"\s*(%|€|euros?|ETP)\s*$", re.I)


def read_number(text):
    """The number that `text` says (« 1 234,5 », « 61 % », « + 5 »), or None."""
    return facts.read_number(UNIT.sub("", text or "").strip())
