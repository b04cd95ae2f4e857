"""Queries composed once give what Django's own give, whatever the keys."""

import datetime

import pytest
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Window
from django.db.models.expressions import RawSQL

from pti.composed import AnyKey, AnyKeys, AnyValue, Composed, ComposedParts, insert
from pti.enums import Role
from pti.models import Access, JournalLine, Pact, Section, Territory, User
from tests.factories.pti import PactFactory, SectionFactory, TerritoryFactory, person


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


def test_a_value_is_written_as_its_column_writes_it(pacts):
    """SQLite writes a uid and a day as texts, PostgreSQL as they are."""
    uid, start = Pact._meta.get_field("uid"), Pact._meta.get_field("starts_on")
    composed = Composed(Pact.objects.filter(uid=AnyValue(uid), starts_on__lte=AnyValue(start, 1)))
    for pact in pacts:
        day = pact.starts_on
        assert composed.rows_of(pact.uid, day) == composed.rows_of(str(pact.uid), day) == [pact]
        assert composed.rows_of(pact.uid, day - datetime.timedelta(days=1)) == []


def test_what_the_query_annotates_is_set_on_each_row(pacts):
    user = person(Role.OFFICER, pacts[0])
    Access.objects.create(user=user, pact=pacts[1], role=Role.READER)
    rows = Composed(User.objects.filter(pk=AnyKey()).annotate(held=F("accesses__role"))).rows_of(user.pk)
    assert {row.held for row in rows} == {Role.OFFICER, Role.READER}
    assert {row.email for row in rows} == {user.email}


def sections(pact):
    """What the pages ask, all at once: joins, annotations, a subquery twice, a window, columns left out."""
    of_it = Access.objects.filter(pact=pact)
    rows = Section.objects.filter(Q(pact=pact) | Q(pact__parent=pact)).annotate(
        is_read=Exists(of_it.filter(pact=OuterRef("pact"))), total=Window(Count("pk", filter=Q(Exists(of_it))))
    )
    return rows.select_related("pact__territory").only("title", "pact__title", "pact__starts_on", "pact__territory__name")


def told(row):
    return row.title, row.pact.starts_on, row.pact.territory, row.is_read, row.total


def test_rows_are_those_that_django_gives(pacts, django_assert_num_queries):
    """With what is joined, annotated, counted; dates are dates on both bases; nothing more is asked."""
    pacts.append(PactFactory(parent=pacts[0], territory=TerritoryFactory()))
    for pact in pacts:
        SectionFactory(pact=pact)
    person(Role.READER, pacts[0])
    composed = Composed(sections(AnyKey()).order_by("pk"))
    for pact in pacts:
        with django_assert_num_queries(1):
            found = [told(row) for row in composed.rows_of(pact.pk)]
        assert found == [told(row) for row in sections(pact).order_by("pk")]
    assert [row.get_deferred_fields() for row in composed.rows_of(pacts[0].pk)] == [
        row.get_deferred_fields() for row in sections(pacts[0]).order_by("pk")
    ]


def test_values_come_in_the_shape_asked_for(pacts):
    rows = Pact.objects.filter(pk=AnyKey()).order_by()
    (pact, *_) = pacts
    assert Composed(rows.values_list("pk", "starts_on")).rows_of(pact.pk) == [(pact.pk, pact.starts_on)]
    assert Composed(rows.values_list("starts_on", flat=True)).rows_of(pact.pk) == [pact.starts_on]
    assert Composed(rows.values("starts_on")).rows_of(pact.pk) == [{"starts_on": pact.starts_on}]
    (named,) = Composed(rows.values_list("pk", "starts_on", named=True)).rows_of(pact.pk)
    assert (named.pk, named.starts_on) == (pact.pk, pact.starts_on)


def test_what_is_prefetched_is_that_of_the_rows(pacts):
    for pact in pacts:
        pact.departments.add(TerritoryFactory())
    asked = Prefetch("departments", Territory.objects.only("name").order_by("name"), "named")
    composed = Composed(Pact.objects.filter(pk__in=AnyKeys()).order_by("pk").prefetch_related(asked, "sections"))
    for some in (pacts[:2], pacts[2:]):
        rows = composed.rows_of([pact.pk for pact in some])
        assert [row.named for row in rows] == [list(pact.departments.all()) for pact in some]
        assert [list(row.sections.all()) for row in rows] == [[] for _ in some]
    assert asked.queryset._hints == {}


def test_parts_are_those_that_django_prefetches(pacts, django_assert_num_queries):
    """By a key, and by a table of links; each knows its owner, and an owner without any has none."""
    shared = TerritoryFactory()
    for pact in pacts[:2]:
        SectionFactory.create_batch(2, pact=pact)
        pact.departments.add(shared, TerritoryFactory())
    sections = ComposedParts(Pact, "sections", Section.objects.order_by("-title"))
    departments = ComposedParts(Pact, "departments", Territory.objects.only("name").order_by("name"))
    asked = (
        Prefetch("sections", Section.objects.order_by("-title")),
        Prefetch("departments", Territory.objects.order_by("name")),
    )
    for some in (pacts, pacts[1:], []):
        keys = [pact.pk for pact in some]
        expected, given = Pact.objects.filter(pk__in=keys).prefetch_related(*asked), list(Pact.objects.filter(pk__in=keys))
        with django_assert_num_queries(2 if some else 0):
            assert sections.give(given) == [part for pact in given for part in pact.sections.all()]
            departments.give(given)
            found = [(list(pact.sections.all()), list(pact.departments.all()), pact.sections.count()) for pact in given]
            assert all(section.pact is pact for pact in given for section in pact.sections.all())
        assert found == [(list(pact.sections.all()), list(pact.departments.all()), pact.sections.count()) for pact in expected]
        assert [pact.sections.filter(title="").count() for pact in given] == [0 for _ in given]


def test_as_many_keys_as_there_are(pacts):
    keys = sorted(pact.pk for pact in pacts)
    among = Composed(Pact.objects.filter(pk__in=AnyKeys()).order_by("pk").values_list("pk", flat=True))
    for some in (keys, keys[:1], [], keys[1:]):
        assert among.rows_of(some) == some
        assert among.tuples_of(some) == [(key,) for key in some]
    rows = Pact.objects.filter(pk__gte=AnyKey(0)).order_by("pk").values_list("pk", flat=True)
    either = Composed(rows.filter(Q(pk__in=AnyKeys(1)) | Q(pk__in=AnyKeys(2))).exclude(title=RawSQL("'%%s'", [])))
    assert either.rows_of(keys[1], keys[:2], keys[2:]) == keys[1:]
    assert either.rows_of(keys[0], [], keys[:1]) == keys[:1]
    assert Composed(rows.exclude(pk__in=AnyKeys(1))).rows_of(keys[0], []) == keys


def test_what_can_have_no_row_is_not_asked(django_assert_num_queries):
    composed = Composed(Pact.objects.filter(pk=AnyKey(), title__in=[]).select_related("parent"))
    with django_assert_num_queries(0):
        assert (composed.rows_of(1), composed.tuples_of(1)) == ([], [])


def test_a_run_changes_nothing_of_what_is_kept(pacts):
    """Threads run the same statement at the same moment, each on its own connection."""
    composed = Composed(Pact.objects.filter(pk__in=AnyKeys()).select_related("parent").prefetch_related("departments"))

    def kept():
        return [dict(vars(one)) for one in (composed, composed.queryset, composed.query, composed.compiler)]

    before = kept()
    assert len(composed.rows_of([pact.pk for pact in pacts])) == 3
    assert kept() == before
    assert composed.compiler.connection is connection  # no thread's own


def test_inserted_lines_have_their_keys(pacts):
    at = pacts[0].history.first().history_date
    keys = insert(JournalLine, ("kind", "line", "at", "before"), [("essai", number, at, None) for number in range(1, 4)])
    assert list(JournalLine.objects.filter(kind="essai").order_by("pk").values_list("pk", "line", "at", "before")) == [
        (key, number, at, None) for number, key in enumerate(keys, 1)
    ]
