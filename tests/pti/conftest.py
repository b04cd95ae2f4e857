"""A pact in force and its amendment, built once by a process (tests/replay.py)."""

import pytest

from tests.pti.amending import amended, pact_in_force


@pytest.fixture(scope="session")
def in_force_rows(keep):
    return keep(pact_in_force)


@pytest.fixture(scope="session")
def amended_rows(keep, in_force_rows):
    def pact_and_amendment():
        base = in_force_rows.replay()
        return base, amended(base)

    return keep(pact_and_amendment)


@pytest.fixture
def base_and_amendment(amended_rows, db):
    return amended_rows.replay()


@pytest.fixture
def base(request, in_force_rows, db):
    """A pact in force that has a row of every model; the one that `amendment` amends, where a test asks for both."""
    if "amendment" in request.fixturenames:
        return request.getfixturevalue("base_and_amendment")[0]
    return in_force_rows.replay()


@pytest.fixture
def amendment(base_and_amendment):
    return base_and_amendment[1]
