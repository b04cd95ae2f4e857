"""Queries composed once give what Django's own give, whatever the keys."""

import pytest
from django.db.models import F

from pti.composed import AnyKey, Composed, insert
from pti.enums import Role
from pti.models import Access, JournalLine, Pact, User
from tests.factories.pti import PactFactory, person


@pytest.fixture
def pacts():
    return PactFactory.create_batch(3)


def test_rows_are_those_of_the_key(pacts):
    composed = Composed(Pact.objects.filter(pk=AnyKey()))
    for pact in pacts:
        row = composed.row_of(pact.pk)
        assert {field.name: getattr(row, field.attname) for field in Pact._meta.concrete_fields} == {
            field.name: getattr(Pact.objects.get(pk=pact.pk), field.attname) for field in Pact._meta.concrete_fields
        }
        assert not row._state.adding
    assert (composed.rows_of(0), composed.row_of(0)) == ([], None)


def test_each_key_goes_to_its_place(pacts):
    """Whatever the order in which the conditions are written."""
    first, second, third = sorted(pact.pk for pact in pacts)
    between = Composed(Pact.objects.filter(pk__lt=AnyKey(1), pk__gt=AnyKey(0)).order_by().values_list("pk"))
    assert between.tuples_of(first, third) == [(second,)]
    assert between.tuples_of(third, first) == []


def test_what_the_query_annotates_is_set_on_each_row(pacts):
    user = person(Role.OFFICER, pacts[0])
    Access.objects.create(user=user, pact=pacts[1], role=Role.READER)
    rows = Composed(User.objects.filter(pk=AnyKey()).annotate(held=F("accesses__role"))).rows_of(user.pk)
    assert {row.held for row in rows} == {Role.OFFICER, Role.READER}
    assert {row.email for row in rows} == {user.email}


def test_inserted_rows_have_their_keys(pacts):
    lines = [JournalLine(kind="essai", line=number, at=pacts[0].history.first().history_date) for number in range(1, 4)]
    insert(lines)
    assert dict(JournalLine.objects.filter(kind="essai").values_list("pk", "line")) == {one.pk: one.line for one in lines}
