"""Sessions of the tests: those of the base without the base, where reading one costs as much as a whole menu.

What is asked and taken back (tests/asking.py) leaves them as it found them.
"""

from contextlib import contextmanager

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError

KEPT = {}


class SessionStore(SessionBase):
    """A session whose data, encoded as in the base, is kept by this process."""

    def load(self):
        if self.session_key in KEPT:
            return self.decode(KEPT[self.session_key])
        self._session_key = None
        return {}

    def exists(self, session_key):
        return session_key in KEPT

    def create(self):
        self._session_key = self._get_new_session_key()
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create=False):
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)
        if must_create and self.session_key in KEPT:
            raise CreateError
        if not must_create and self.session_key not in KEPT:
            raise UpdateError
        KEPT[self.session_key] = self.encode(data)

    def delete(self, session_key=None):
        KEPT.pop(session_key or self.session_key, None)

    @classmethod
    def clear_expired(cls):
        """None outlives its test."""


@contextmanager
def sessions_taken_back():
    """What is written in the sessions meanwhile is forgotten."""
    before = KEPT.copy()
    try:
        yield
    finally:
        KEPT.clear()
        KEPT.update(before)
