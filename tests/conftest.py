"""Fixtures that every test may use."""

import gc

import pytest
from django.test import TransactionTestCase

from tests.emptied import empty_what_was_written
from tests.hostile import make_hostile_world
from tests.replay import Kept
from tests.secrets import make_secret_world
from tests.world import make_world

# Files whose tests take seconds each, and those that start from the real pacts: one process reads these, and keeps them, as
# it keeps the pages of the first for the odd forms.
LONG = {
    "test_access_table.py", "test_demo.py", "test_odd_forms.py", "test_sweep.py", "test_facts_keys.py", "test_sheets.py",
    "test_whole.py", "test_import_pact.py",
}  # fmt: skip


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The longest first: at the end of a run no process waits for another."""
    items.sort(key=lambda item: item.path.name not in LONG)


def pytest_collection_finish():
    """What Django has loaded by now stays until the end: the collector need not look at it again, and at the rest seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(autouse=True, scope="session")
def _cheap_flush():
    """A test without a transaction ends by emptying the tables that it wrote, not by emptying and filling them all."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(TransactionTestCase, "_fixture_teardown", lambda case: empty_what_was_written())
        yield


@pytest.fixture(autouse=True)
def _database(db):
    """Every test may use the base."""


@pytest.fixture
def stored_sessions(settings):
    """Sessions in their table, as people's are: for what reads or closes them."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"


@pytest.fixture(scope="session")
def keep(django_db_setup, django_db_blocker):
    """keep(build): what `build()` gives and writes, to be replayed by the tests (tests/replay.py)."""

    def keep(build):
        with django_db_blocker.unblock():
            return Kept(build)

    return keep


@pytest.fixture(scope="session")
def world_rows(keep):
    return keep(make_world)


@pytest.fixture
def world(world_rows, db):
    """Two pacts, one person for each role, and the rows that each application adds (tests/world.py)."""
    return world_rows.replay()


@pytest.fixture(scope="session")
def secret_rows(keep):
    return keep(make_secret_world)


@pytest.fixture
def secrets(secret_rows, db):
    """The same world, with what partners and readers never read (tests/secrets.py)."""
    return secret_rows.replay()


@pytest.fixture(scope="session")
def hostile_rows(keep):
    return keep(make_hostile_world)


@pytest.fixture
def hostile(hostile_rows, db):
    """The same world with secrets, and with scripts in each text (tests/hostile.py)."""
    return hostile_rows.replay()


@pytest.fixture
def read(hostile_rows, hostile):
    """{page: its HTML} of what this process has read of `hostile` already: the same rows are drawn once."""
    return hostile_rows.pages
