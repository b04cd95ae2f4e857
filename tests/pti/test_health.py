import pytest
from django.db import DatabaseError
from django.urls import reverse

from pti import health
from pti.health import missing_migrations


@pytest.fixture(autouse=True)
def _forget():
    missing_migrations.cache_clear()
    yield
    missing_migrations.cache_clear()


def test_health_of_a_sound_base(client, monkeypatch):
    monkeypatch.setattr(health, "missing_migrations", lambda: 0)

    response = client.get(reverse("health"))

    assert reverse("health") == "/sante/"
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "migrations": "ok"}


def test_health_asks_the_base_once(client, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(health, "missing_migrations", lambda: 0)

    with django_assert_num_queries(1):
        client.get(reverse("health"))


def test_health_tells_missing_migrations(client, monkeypatch):
    monkeypatch.setattr(health, "missing_migrations", lambda: 3)

    response = client.get(reverse("health"))

    assert response.status_code == 503
    assert response.json() == {"status": "error", "database": "ok", "migrations": "3 missing"}


def test_health_tells_a_base_that_does_not_answer(client, monkeypatch):
    class Silent:
        def cursor(self):
            raise DatabaseError("no answer")

    monkeypatch.setattr(health, "connection", Silent())

    response = client.get(reverse("health"))

    assert response.status_code == 503
    assert response.json() == {"status": "error", "database": "unreachable", "migrations": "unknown"}


def test_migrations_are_read_once(django_assert_num_queries):
    health.missing_migrations()

    with django_assert_num_queries(0):
        health.missing_migrations()


def test_migrations_that_the_base_lacks_are_counted(settings):
    settings.MIGRATION_MODULES = {}  # the tables of the tests are made from the models, without any migration
    assert missing_migrations() > 5
