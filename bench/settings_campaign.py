"""The settings of bench/campaign: those of production, on any base, without the page and the count of bench/pages."""

from bench.settings import *  # noqa: F403
from pti.settings import MIDDLEWARE, ROOT_URLCONF  # noqa: F401
