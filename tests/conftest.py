"""Fixtures that every test may use."""

import pytest

from tests.world import make_world


@pytest.fixture(autouse=True)
def _database(db):
    """Every test may use the base."""


@pytest.fixture
def world(db):
    """Two pacts, one person for each role, and the rows that each application adds (tests/world.py)."""
    return make_world()
