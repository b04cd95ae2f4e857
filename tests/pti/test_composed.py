"""Queries composed once give what Django's own give, whatever the keys."""

import uuid
from contextlib import suppress

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.models import F
from django.db.models.functions import Upper
from django.test.utils import CaptureQueriesContext

from pti.composed import AnyKey, Composed, insert, known_values
from pti.enums import Role
from pti.models import Access, JournalLine, Pact, User
from pti.rows import Row
from tests.factories.pti import PactFactory, person
from tests.factories.whole import whole_pact


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


def test_values_that_the_base_knows_come_in_the_order_given(pacts, monkeypatch):
    monkeypatch.setattr(connection.features, "max_query_params", 2)
    uids = [str(pacts[2].uid), str(uuid.uuid4()), str(pacts[0].uid), str(pacts[1].uid)]
    assert known_values(Pact, "uid", uids) == [uids[0], uids[2], uids[3]]
    assert known_values(Pact, "uid", []) == []


def written(row):
    """What one save of `row` asks of the base, were it new or not; nothing is kept."""
    fields = [field for field in row._meta.concrete_fields if field is not row._meta.pk]
    values = [(field, None, getattr(row, field.attname)) for field in fields]
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        for write in (
            lambda: row._do_insert(type(row)._base_manager, "default", fields, row._meta.db_returning_fields, True),
            lambda: row._do_update(type(row)._base_manager.all(), "default", row.pk, values, None, False),
        ):
            with suppress(IntegrityError), transaction.atomic():
                write()
        transaction.set_rollback(True)
    return [one["sql"] for one in asked if one["sql"].startswith(("INSERT", "UPDATE"))]


def test_a_row_is_saved_by_the_statements_of_django(monkeypatch):
    whole_pact()
    rows = [model._base_manager.first() for model in apps.get_models() if issubclass(model, Row)]
    ours = [written(row) for row in rows if row]
    monkeypatch.setattr(Row, "_do_insert", models.Model._do_insert)
    monkeypatch.setattr(Row, "_do_update", models.Model._do_update)
    assert ours == [written(row) for row in rows if row]
    assert {len(one) for one in ours} == {2}


def test_a_row_that_is_not_there_is_not_updated(pacts):
    pacts[0].pk = 10**9
    with pytest.raises(DatabaseError, match="did not affect any rows"):
        pacts[0].save(update_fields=["title"])


def test_a_value_that_the_base_computes_is_left_to_django(pacts):
    title = (Pact._meta.get_field("title"), None, Upper(models.Value("abc")))
    assert pacts[0]._do_update(Pact._base_manager.all(), "default", pacts[0].pk, [title], None, False)
    assert Pact.objects.get(pk=pacts[0].pk).title == "ABC"
