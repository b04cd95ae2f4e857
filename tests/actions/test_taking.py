"""A large workbook is taken in by the worker: once, in whole or not at all; its page says how far it is and how it ended."""

import datetime
import os

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.enums import WorkbookState
from actions.models import Action, Workbook
from actions.sheets import taking
from actions.sheets.book import write
from pti import jobs
from pti.enums import PactState, Role
from tests.actions.test_sheets import changed, send
from tests.factories.actions import ActionFactory
from tests.factories.pti import PactFactory, person
from tests.world import log_in


@pytest.fixture(scope="session")
def asked_rows(keep):
    return keep(ask)


def ask():
    """A workbook that renames a fiche, asked for, too large to be written while the person waits; and who asks."""
    pact, client = PactFactory(), Client()
    officer = person(Role.OFFICER, pact)
    log_in(client, officer)
    ActionFactory(pact=pact, number="1", title="Garage")
    page = send(client, pact, changed(write(pact), ("Fiches", 2, "Titre", "Garage solidaire")))
    data = {"enregistrer": "1", "lu": page.context["plan"].fingerprint}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(taking, "AT_ONCE", 0)
        for _ in range(2):  # a double click asks once
            answer = client.post(page.request["PATH_INFO"], data)
    workbook = Workbook.objects.get()
    assert answer.url == reverse("actions:workbook_progress", args=[pact.pk, workbook.pk])
    assert workbook.state == WorkbookState.WAITING
    return workbook, officer


@pytest.fixture
def asked(client, asked_rows, db):
    """The workbook, asked for just now; `client` is the officer who asks."""
    workbook, officer = asked_rows.replay()
    Workbook.objects.filter(pk=workbook.pk).update(asked_at=timezone.now())
    log_in(client, officer)
    return Workbook.objects.get(pk=workbook.pk)


def titles():
    return list(Action.objects.values_list("title", flat=True))


def words(client, workbook):
    return client.get(workbook.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_the_worker_takes_it_in_once(client, asked):
    assert titles() == ["Garage"]
    assert "Votre classeur attend son tour" in words(client, asked)
    jobs.run_at_once()
    jobs.run_at_once()
    asked.refresh_from_db()
    assert titles() == ["Garage solidaire"]
    assert (asked.state, asked.said, bytes(asked.content)) == (WorkbookState.DONE, "1\u00a0fiche modifiée", b"")
    line = Action.objects.get().history.first()
    assert (line.history_user, line.history_change_reason) == (asked.sent_by, "import du classeur fiches.xlsx")
    assert Action.objects.get().history.count() == 2
    assert "Classeur enregistré" in words(client, asked)
    assert "1\u00a0fiche modifiée" in client.get(reverse("actions:workbook_import", args=[asked.pact_id])).content.decode()


@pytest.mark.django_db
def test_it_is_part_of_the_round_of_the_worker(asked):
    call_command("work", "--once")
    assert titles() == ["Garage solidaire"]


@pytest.mark.django_db
def test_what_moved_since_is_not_written(client, asked):
    ActionFactory(pact=asked.pact, number="2", title="Autre")
    Action.objects.get(number="1").delete()
    jobs.run_at_once()
    asked.refresh_from_db()
    assert (asked.state, titles()) == (WorkbookState.REFUSED, ["Autre"])
    assert "Rien n’a été enregistré.</strong> Le pacte a changé depuis la vérification" in words(client, asked)
    client.post(asked.get_absolute_url())
    asked.refresh_from_db()
    assert asked.get_absolute_url() == reverse("actions:workbook_check", args=[asked.pact_id, asked.pk])


@pytest.mark.django_db
def test_a_pact_adopted_meanwhile_refuses_it(client, asked):
    asked.pact.state = PactState.ADOPTION
    asked.pact.save()
    jobs.run_at_once()
    assert titles() == ["Garage"]
    assert taking.NO_LONGER in words(client, asked)


@pytest.mark.django_db
def test_a_fall_in_the_middle_writes_nothing_and_is_said(client, asked, monkeypatch, caplog):
    written = taking.apply

    def falls(plan, **options):
        written(plan, **options)
        raise RuntimeError("disque plein")

    monkeypatch.setattr(taking, "apply", falls)
    jobs.run_at_once()
    assert titles() == ["Garage"]
    assert taking.UNFORESEEN in words(client, asked)
    assert "disque plein" in caplog.text


@pytest.mark.django_db
def test_a_worker_killed_in_the_middle_is_noticed(client, asked, monkeypatch):
    def killed(plan, *, reason, tell):
        raise KeyboardInterrupt

    monkeypatch.setattr(taking, "apply", killed)
    with pytest.raises(KeyboardInterrupt):
        jobs.run_at_once()
    asked.refresh_from_db()
    assert (asked.state, titles()) == (WorkbookState.ONGOING, ["Garage"])
    assert "Enregistrement en cours" in words(client, asked)
    client.post(asked.get_absolute_url())  # nobody takes it back from a worker that lives
    asked.refresh_from_db()
    assert asked.state == WorkbookState.ONGOING
    long_ago = timezone.now().timestamp() - 600
    os.utime(asked.progress.path, (long_ago, long_ago))
    assert "interrompu" in words(client, asked)
    client.post(asked.get_absolute_url())
    asked.refresh_from_db()
    assert asked.state == WorkbookState.UNDECIDED


@pytest.mark.django_db
def test_a_slow_worker_whose_workbook_was_taken_back_writes_nothing(asked, monkeypatch):
    verified = taking.verify

    def slow(*args, **options):
        Workbook.objects.filter(pk=asked.pk).update(asked_at=None, claimed_at=None)
        return verified(*args, **options)

    monkeypatch.setattr(taking, "verify", slow)
    jobs.run_at_once()
    asked.refresh_from_db()
    assert (asked.state, titles()) == (WorkbookState.UNDECIDED, ["Garage"])


@pytest.mark.django_db
def test_a_page_says_how_far_it_has_come(client, asked):
    Workbook.objects.filter(pk=asked.pk).claim()
    asked.refresh_from_db()
    asked.progress.tell(120, 200, "fiches écrites")
    assert "Fiches écrites\u00a0: 120 sur 200" in words(client, asked)


@pytest.mark.django_db
def test_without_a_worker_the_page_says_so_after_a_while(client, asked):
    asked.asked_at = timezone.now() - datetime.timedelta(minutes=7)
    asked.save(update_fields=["asked_at"])
    assert "manage.py work" in words(client, asked)
    client.post(asked.get_absolute_url())
    asked.refresh_from_db()
    assert asked.state == WorkbookState.UNDECIDED


@pytest.mark.django_db
def test_two_workers_take_it_in_once(asked):
    assert Workbook.objects.filter(pk=asked.pk).claim()
    jobs.run_at_once()
    assert titles() == ["Garage"]


@pytest.mark.django_db
def test_a_workbook_asked_for_is_not_given_up(client, asked):
    client.post(reverse("actions:workbook_check", args=[asked.pact_id, asked.pk]), {"abandonner": "1"})
    assert Workbook.objects.filter(pk=asked.pk).exists()
