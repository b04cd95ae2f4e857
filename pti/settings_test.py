"""The settings of the tests: the real ones, minus what makes them slow."""

import atexit
import os
import shutil
import tempfile

# Nothing of this machine's own settings: neither its .env nor what ./run made of its base.
os.environ |= {"ENV_FILE": os.devnull, "SECRET_KEY": "tests-only", "HTTPS": "off", "DEMO": "off"}

from pti.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
FILES_ROOT = tempfile.mkdtemp(prefix="pti-tests-")
atexit.register(shutil.rmtree, FILES_ROOT, ignore_errors=True)
# Static files come from the finders: nothing is collected, but the folder must be there.
STATIC_ROOT = tempfile.mkdtemp(prefix="pti-tests-static-")
atexit.register(shutil.rmtree, STATIC_ROOT, ignore_errors=True)
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    # One connection asks everything: SQLite need not plan again what it would have put away (128 statements without a word).
    DATABASES["default"]["OPTIONS"]["cached_statements"] = 1000  # noqa: F405
ALLOWED_HOSTS = ["*"]
# Sessions stay in memory (tests/sessions.py); the tests of what closes them read the table (`stored_sessions`).
SESSION_ENGINE = "tests.sessions"
# Tests log people in directly; those of the second factor (tests/pti/test_login.py) turn it on again.
STAFF_SECOND_FACTOR = False
# Pages refused on purpose are not failures: their tracebacks cost more than the pages.
LOGGING["loggers"]["django.request"] = {"level": "ERROR"}  # noqa: F405
