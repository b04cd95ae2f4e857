"""Addresses that are found once."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse


def url_of(name, *args):
    """`reverse`, asked once of each address: a page draws some forty."""
    return kept_url(get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), name, *args)


@lru_cache(maxsize=8192)
def kept_url(urlconf, prefix, name, *args):
    return reverse(name, urlconf, args)
