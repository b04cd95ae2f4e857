"""Addresses of the rows of a pact, for pages that name hundreds of them."""

from django.urls import reverse


def row_address(name, pact_pk):
    """A function that gives the address of a row by its key: the page `name` of the pact is looked up once."""
    before, _, after = reverse(name, args=[pact_pk, 0]).rpartition("0")
    return lambda pk: f"{before}{pk}{after}"
