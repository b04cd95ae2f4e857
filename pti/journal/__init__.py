"""The journal: who, when, what, field by field. Written by simple-history, read here, never altered (pti/rows.py).

journal.allow_restore(Section, Statement)      # in AppConfig.ready(): past states of these may be put back
{% load journal %}{% journal_of action %}      # the folded journal of one row
"""

from pti.journal import index, links
from pti.journal.restore import allow_restore


def connect():
    """Called once, when the applications are ready."""
    links.connect()
    index.connect()


__all__ = ["allow_restore", "connect"]
