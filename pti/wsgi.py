"""WSGI entry point, served by gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pti.settings")

application = get_wsgi_application()

from pti.health import read_migrations_at_start  # noqa: E402 (needs the applications to be ready)

read_migrations_at_start()
