"""How far a long piece of work has come, told by the one who does it and read by the page that waits.

A small file, and not a row: the work is one transaction, of which nobody else sees anything before its end. Its date is the
sign of life of the work. Where the page and the worker share no folder, the page only knows that the work has begun.
"""

import datetime
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.utils import timezone

# Told more often than this, a step is not written again.
STEP = datetime.timedelta(seconds=0.5)


class Progress:
    """`key` names the work. `tell` may be called at each row."""

    def __init__(self, key):
        self.path = Path(settings.FILES_ROOT) / "en-cours" / key
        self.told_at = None

    def tell(self, done, total, what):
        now = timezone.now()
        if self.told_at and now - self.told_at < STEP:
            return
        self.told_at = now
        with suppress(OSError):  # a full disk stops no work
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh = self.path.with_suffix(".tmp")
            fresh.write_text(f"{done} {total} {what}")
            fresh.replace(self.path)

    def read(self):
        """(done, total, what), or None when nothing is told."""
        try:
            done, total, what = self.path.read_text().split(" ", 2)
        except OSError:
            return None
        return int(done), int(total), what

    def seen_at(self):
        """The last sign of life, or None."""
        try:
            return datetime.datetime.fromtimestamp(self.path.stat().st_mtime, datetime.UTC)
        except OSError:
            return None

    def forget(self):
        self.path.unlink(missing_ok=True)
