"""Mails that wait: queued once, claimed before they leave, never sent twice, even when the worker is killed."""

import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.utils import timezone

from pti import jobs, outbox
from pti.models import DemoMail, OutgoingMail
from pti.models.outbox import INTERRUPTED_AFTER
from tests.at_once import on_a_file, together
from tests.factories.pti import PactFactory, UserFactory


def queued(key="essai", to="claire@exemple.test"):
    context = {"user": UserFactory.build(), "pact": None, "role": "partenaire", "by": None, "url": "/"}
    return outbox.queue(key=key, to=to, template="mail/invitation", **context)


def test_the_same_key_is_queued_once():
    assert queued() is not None
    assert queued() is None
    assert OutgoingMail.objects.count() == 1


def test_a_mail_leaves_once_and_stays_as_a_log():
    queued()
    assert (outbox.deliver(), outbox.deliver()) == (1, 0)
    row = OutgoingMail.objects.get()
    assert ([one.to for one in mail.outbox], row.state) == ([["claire@exemple.test"]], "Envoyé")


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
    assert capsys.readouterr().out == "1 courriel(s) envoyé(s).\n"


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
