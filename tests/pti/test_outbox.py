"""Mails that wait: queued once, claimed before they leave, never sent twice, even when the worker is killed."""

import datetime
import os
import re
import smtplib
import subprocess
import sys
import time

import pytest
from django.conf import settings as project
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from pti import jobs, outbox
from pti.models import DemoMail, OutgoingMail, RefusedAddress
from pti.models.outbox import INTERRUPTED_AFTER
from tests.at_once import on_a_file, there, together
from tests.factories.pti import PactFactory, UserFactory


def queued(key="essai", to="claire@exemple.test"):
    context = {"user": UserFactory.build(), "pact": None, "role": "partenaire", "by": None, "url": "/"}
    return outbox.queue(key=key, to=to, template="mail/invitation", **context)


def test_the_same_key_is_queued_once():
    assert queued() is not None
    assert queued() is None
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_many_are_queued_in_three_queries_each_key_once(count, django_assert_num_queries):
    queued(key="déjà")
    context = {"template": "mail/invitation", "user": UserFactory.build(), "pact": None, "role": "partenaire", "by": None}
    mails = [{"key": key, "to": "claire@exemple.test", "url": "/", **context} for key in ("déjà", *"abc"[:count])]
    with django_assert_num_queries(3):
        assert outbox.queue_many(mails) == count
    assert (outbox.queue_many(mails), OutgoingMail.objects.count()) == (0, count + 1)


def test_a_mail_leaves_once_and_stays_as_a_log():
    queued()
    assert (outbox.deliver(), outbox.deliver()) == (1, 0)
    row = OutgoingMail.objects.get()
    assert ([one.to for one in mail.outbox], row.state) == ([["claire@exemple.test"]], "Envoyé")


def test_nothing_leaves_to_an_address_that_was_refused_for_good():
    outbox.refuse_address("Claire@exemple.test", "Utilisateur inconnu")
    queued()
    assert (outbox.deliver(), mail.outbox) == (0, [])
    row = OutgoingMail.objects.get()
    assert (row.state, row.error) == ("Refusé", outbox.REFUSED_BEFORE)
    RefusedAddress.objects.all().delete()
    queued(key="après")
    assert outbox.deliver() == 1


class Killed(BaseException):
    """What kill -9 looks like from inside: nothing after it runs."""


class Dying(EmailBackend):
    def send_messages(self, messages):
        super().send_messages(messages)
        raise Killed


class Refusing(EmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({"claire@exemple.test": (550, b"inconnue")})


class Away(EmailBackend):
    def open(self):
        raise ConnectionRefusedError


def test_killed_in_the_middle_it_is_not_sent_twice(settings):
    queued("un")
    queued("deux")
    settings.EMAIL_BACKEND = f"{__name__}.Dying"
    with pytest.raises(Killed):
        outbox.deliver()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert outbox.deliver() == 1
    assert len(mail.outbox) == 2
    cut = OutgoingMail.objects.get(sent_at=None)
    assert cut.state == "En cours d’envoi"
    cut.claimed_at = timezone.now() - 2 * INTERRUPTED_AFTER
    assert cut.state.startswith("Interrompu")


def test_a_refused_address_is_written_down(settings):
    queued()
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    assert outbox.deliver() == 0
    row = OutgoingMail.objects.get()
    assert (row.state, "inconnue" in row.error, outbox.deliver()) == ("Refusé", True, 0)


def test_a_server_that_is_away_leaves_everything_waiting(settings):
    queued()
    settings.EMAIL_BACKEND = f"{__name__}.Away"
    with pytest.raises(ConnectionRefusedError):
        outbox.deliver()
    assert OutgoingMail.objects.get().state == "En attente d’envoi"


def test_in_the_demonstration_it_goes_to_the_demonstration_mailbox(settings):
    settings.EMAIL_BACKEND = "pti.mail.DemoMailboxBackend"
    queued()
    call_command("work", "--once")
    assert DemoMail.objects.get().to == "claire@exemple.test"


def test_the_worker_runs_each_job_then_sends(monkeypatch, capsys):
    monkeypatch.setattr(jobs, "_jobs", {"essai": queued})
    call_command("work", "--once")
    assert capsys.readouterr().out == "1\u00a0courriel envoyé.\n"


def test_a_name_is_no_markup_in_a_mail():
    context = {"user": UserFactory.build(first_name="<b>Anne</b>"), "pact": None, "role": "partenaire", "by": None, "url": "/"}
    row = outbox.queue(key="essai", to="claire@exemple.test", template="mail/invitation", **context)
    assert ("<b>Anne" in row.html, "&lt;b&gt;Anne" in row.html, "<b>Anne" in row.text) == (False, True, True)


def test_a_job_that_fails_holds_up_no_mail(monkeypatch, caplog):
    def broken():
        raise ValueError("relance impossible")

    monkeypatch.setattr(jobs, "_jobs", {"cassée": broken, "essai": queued})
    assert (jobs.run(), "cassée" in caplog.text) == (1, True)


@pytest.mark.parametrize(("hour", "count"), [(3, 0), (9, 1), (11, 1), (13, 0), (15, 1), (20, 0)])
def test_what_writes_to_people_runs_in_the_morning_or_after_lunch(monkeypatch, hour, count):
    monkeypatch.setattr(jobs, "_jobs", {})
    jobs.register("essai de créneau", queued, in_slot=True)
    assert jobs.run(datetime.datetime(2026, 11, 23, hour, tzinfo=datetime.UTC)) == count


@pytest.mark.parametrize("name", ["ouvertures de collecte", "relances de collecte", "relances de signature", "vues suivies"])
def test_mails_that_nobody_asked_for_leave_in_two_slots(name):
    assert name in jobs.registered()
    assert jobs.is_in_slot(name)


def test_a_mail_that_cannot_be_written_holds_up_no_other(settings):
    queued("un")
    queued("deux")
    OutgoingMail.objects.filter(key="un").update(to="claire@exemple.test\nBcc: tous@exemple.test")
    assert outbox.deliver() == 1
    assert OutgoingMail.objects.get(key="un").state == "Refusé"


def test_an_address_longer_than_the_column_is_queued_once():
    """An address has up to 254 letters; the key names it."""
    to = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.fr"
    assert queued(f"signature:1:2:{to}", to=to) is not None
    assert queued(f"signature:1:2:{to}", to=to) is None
    assert queued(f"signature:1:2:autre{to}", to=to) is not None
    assert len(OutgoingMail.objects.first().key) == 200


def test_the_worker_stops_with_the_program_beside_which_it_runs():
    server = subprocess.Popen(["true"])
    server.wait()
    queued()
    call_command("work", beside=server.pid)
    assert mail.outbox == []


def test_mails_of_a_pact_go_with_it():
    pact = PactFactory()
    OutgoingMail.objects.create(key="x", to="a@b.fr", subject="x", text="x", queued_on=timezone.localdate(), pact=pact)
    pact.delete()
    assert OutgoingMail.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_mail_once(tmp_path):
    for number in range(10):
        queued(str(number))
    with on_a_file(tmp_path):
        counts = together([outbox.deliver, outbox.deliver])
    assert (sum(counts), len(mail.outbox)) == (10, 10)


def addresses_in(mailbox):
    """To whom the mails of a mailbox of files were sent."""
    return [to for file in mailbox.iterdir() for to in re.findall(r"^To: (.+)$", file.read_text(), re.MULTILINE)]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a base in a file, that two processes open")
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_for_real_sends_each_mail_once(tmp_path, settings):
    """`manage.py work` is killed while it sends; the next one sends the rest, and the mail that was cut waits for a person."""
    count, mailbox = 100, tmp_path / "courriels"
    mailbox.mkdir()
    rows = [{"key": str(n), "to": f"p{n}@exemple.test", "subject": "x", "text": "x"} for n in range(count)]
    OutgoingMail.objects.bulk_create(OutgoingMail(queued_on=timezone.localdate(), **row) for row in rows)
    said = {"DATABASE_URL": f"sqlite:///{tmp_path}/base.sqlite3", "EMAIL_URL": f"filemail:///{mailbox}", "DEMO": "off"}
    said |= {"DJANGO_SETTINGS_MODULE": "pti.settings"}
    with on_a_file(tmp_path):
        command = [sys.executable, "manage.py", "work"]
        worker = subprocess.Popen(command, cwd=project.BASE_DIR, env=os.environ | said)
        limit = time.monotonic() + 30
        while worker.poll() is None and len(addresses_in(mailbox)) < 3 and time.monotonic() < limit:
            time.sleep(0.002)
        worker.kill()
        worker.wait()
        first = addresses_in(mailbox)
        settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", str(mailbox)
        later = there(outbox.deliver)
        cut = there(OutgoingMail.objects.exclude(claimed_at=None).filter(sent_at=None).count)
    everybody = addresses_in(mailbox)
    assert 0 < len(first) < count, "it was not killed in the middle"
    assert len(everybody) == len(set(everybody)) == len(first) + later
    assert (cut <= 1, len(everybody) + cut >= count) == (True, True)


def test_a_mail_is_dressed_as_it_leaves_and_the_base_keeps_it_bare(monkeypatch):
    monkeypatch.setattr(outbox, "_dressers", {"essai": lambda mail: (mail.text + "secret", mail.html)})
    queued()
    outbox.deliver()
    assert mail.outbox[0].body.endswith("secret")
    assert mail.outbox[0].extra_headers == {}
    assert "secret" not in OutgoingMail.objects.get().text
