"""Fixtures that every test may use."""

import pytest


@pytest.fixture(autouse=True)
def _database(db):
    """Every test may use the base."""
