"""Kept rows are the same in every process, and stand beside whatever else a test makes."""

from pti.models import Pact
from tests.factories.pti import PactFactory
from tests.replay import Kept


def two_pacts():
    return [pact.title for pact in PactFactory.create_batch(2)]


def test_kept_rows_bear_the_same_names_whatever_was_made_before():
    PactFactory.create_batch(3)
    assert Kept(two_pacts).replay() == ["Pacte 0", "Pacte 1"]


def test_what_is_made_after_a_replay_bears_other_names():
    kept = Kept(two_pacts)
    PactFactory.reset_sequence(0)
    titles = kept.replay()
    assert PactFactory().title not in titles
    assert Pact.objects.count() == 3
