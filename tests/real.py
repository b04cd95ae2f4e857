"""The four real pacts (evaluation/demo/*.json), each read once by a process."""

from functools import cache, partial

from evaluation.demo.load import FILES, FOLDER
from pti.facts import load_json
from pti.pact_facts import import_facts
from tests.replay import Kept

REAL = FILES


@cache
def facts(name):
    """What the file says; not to be changed."""
    return load_json((FOLDER / f"{name}.json").read_text("utf-8"))


@cache
def _read(name):
    return Kept(partial(import_facts, facts(name)))


def real_pact(name):
    """The pact that the import makes of the file, in élaboration, in a base that holds no other."""
    return _read(name).replay()[0]
