"""The journal: who, when, what, field by field. Written by simple-history, read here, never altered (pti/rows.py).

with journal.written_by(user): …               # a job that does what `user` asked
journal.allow_restore(Section, Statement)      # in AppConfig.ready(): past states of these may be put back
{% load journal %}{% journal_of action %}      # the folded journal of one row
"""

from contextlib import contextmanager
from types import SimpleNamespace

from simple_history.models import HistoricalRecords

from pti.journal import index, links
from pti.journal.restore import allow_restore


def connect():
    """Called once, when the applications are ready."""
    links.connect()
    index.connect()


@contextmanager
def written_by(user):
    """Outside any request, lines of the journal name `user`."""
    before = getattr(HistoricalRecords.context, "request", None)
    HistoricalRecords.context.request = SimpleNamespace(user=user)
    try:
        yield
    finally:
        HistoricalRecords.context.request = before


__all__ = ["allow_restore", "connect", "written_by"]
