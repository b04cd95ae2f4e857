"""The production settings, a bench-only page and a count of queries added. Never used but by bench/pages."""

import os
from pathlib import Path

from pti.settings import *  # noqa: F403
from pti.settings import MIDDLEWARE

ROOT_URLCONF = "bench.urls"
MIDDLEWARE = ["bench.count.CountQueries", *MIDDLEWARE]
STATIC_ROOT = Path(os.environ["BENCH_STATIC"])
