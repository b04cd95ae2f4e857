"""A dump reads the rows of one pact and of no other, in as many queries whatever their number."""

import pytest

from pti import exchange
from pti.contract import ContractModel
from pti.parts import Among, PartKind, others_q, registered
from tests.factories.actions import ActionFactory, LeadFactory, ThemeFactory
from tests.factories.partners import CommitmentFactory, PartnerFactory
from tests.factories.pti import PactFactory

READ = [(part, model) for part in registered() if part.kind != PartKind.SHARED for model in part.models]


def test_a_query_composed_once_reads_the_rows_of_each_pact(base_and_amendment):
    for pact in base_and_amendment:
        for part, model in READ:
            rows = part.rows(model, pact).order_by("uid")
            wanted = {Among.ALL: rows}
            if issubclass(model, ContractModel):
                wanted |= {Among.TEXT: rows.of_the_text(), Among.OTHERS: rows.filter(others_q(model))}
            assert {among: part.read(model, pact, "uid", among) for among in wanted} == {
                among: list(some) for among, some in wanted.items()
            }


@pytest.mark.parametrize("count", [1, 3])
def test_dump_query_count(count, django_assert_num_queries):
    pact = PactFactory()
    for _ in range(count):
        CommitmentFactory(pact=pact, partners=PartnerFactory.create_batch(2, pact=pact))
        action = ActionFactory(pact=pact)
        action.themes.set(ThemeFactory.create_batch(2))
        LeadFactory(action=action)
    with django_assert_num_queries(84):
        said, _ = exchange.dump(pact)
    assert [len(row["themes"]) for row in said["parts"]["actions"]["Action"]] == [2] * count
    assert [len(row["partners"]) for row in said["parts"]["commitments"]["Commitment"]] == [2] * count
