"""A pact in a file, whatever its shape: what the command and the page of import share."""

from django.db import transaction

from pti import exchange


@transaction.atomic
def import_file(content):
    """(pact, warnings) of the bytes of a file; refuses (ValidationError) with every error, and saves nothing."""
    return exchange.load(*exchange.read(content)), []
