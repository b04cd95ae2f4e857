"""The production settings, a bench-only page and a count of queries added. Never used but by bench/pages."""

import os
from pathlib import Path

from pti.settings import *  # noqa: F403
from pti.settings import MIDDLEWARE

ROOT_URLCONF = "bench.urls"
MIDDLEWARE = ["bench.count.CountQueries", *MIDDLEWARE]
STATIC_ROOT = Path(os.environ["BENCH_STATIC"])


class NoMigrations:
    """Tables are made from the models, in seconds: the bench fills an empty base and throws it away."""

    def __contains__(self, app):
        return True

    def __getitem__(self, app):
        return None


MIGRATION_MODULES = NoMigrations()
