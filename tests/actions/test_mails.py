"""Mails that are refused, put off, or come back: who is told, and how an address is put right."""

import smtplib

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone

from actions.addresses import settled_by
from actions.campaigns import deeds, mails
from actions.models import CampaignPlan
from pti import outbox
from pti.dates import today
from pti.enums import Role
from pti.models import OutgoingMail, RefusedAddress
from pti.models.outbox import LATER
from tests.factories.actions import CampaignRequestFactory
from tests.factories.partners import ContactFactory
from tests.factories.pti import AccessFactory, PactFactory, person


class Answering(EmailBackend):
    """A server that says `error`."""

    error: Exception

    def send_messages(self, messages):
        raise self.error


def recipients(code):
    return smtplib.SMTPRecipientsRefused({"claire.morvan@caf.example": (code, b"non")})


@pytest.fixture
def asked():
    return CampaignRequestFactory()


@pytest.fixture
def animator(client, asked):
    user = person(Role.ANIMATOR, asked.campaign.pact)
    client.force_login(user)
    return user


@pytest.fixture
def mail(asked):
    mails.remind_now(asked.campaign)
    return OutgoingMail.objects.get()


def deliver(settings, monkeypatch, error):
    settings.EMAIL_BACKEND = f"{__name__}.Answering"
    monkeypatch.setattr(Answering, "error", error, raising=False)
    outbox.deliver()


def at(name, *args):
    return reverse(f"actions:{name}", args=args)


@pytest.mark.parametrize(
    ("error", "state", "refused"),
    [
        (recipients(550), "Refusé", 1),
        (recipients(450), "Remis à plus tard par le serveur", 0),
        (smtplib.SMTPDataError(554, b"spam"), "Refusé", 0),
        (smtplib.SMTPDataError(451, b"plus tard"), "Remis à plus tard par le serveur", 0),
        (ValueError("en-tête"), "Refusé", 0),
    ],
)
def test_what_the_server_says_is_heard(mail, settings, monkeypatch, error, state, refused):
    deliver(settings, monkeypatch, error)
    mail.refresh_from_db()
    assert (mail.state, RefusedAddress.objects.count()) == (state, refused)


def test_a_server_that_always_says_later_is_given_up(mail, settings, monkeypatch):
    for _ in LATER:
        OutgoingMail.objects.update(not_before=timezone.now())
        deliver(settings, monkeypatch, recipients(450))
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("Refusé", len(LATER) - 1)


def test_before_the_time_that_the_server_asked_nothing_is_tried(mail, settings, monkeypatch):
    deliver(settings, monkeypatch, recipients(450))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert outbox.deliver() == 0
    OutgoingMail.objects.update(not_before=timezone.now())
    assert outbox.deliver() == 1


def test_nothing_more_is_sent_to_a_refused_address(client, animator, asked):
    RefusedAddress.objects.create(email=asked.person_email, refused_on=today())
    CampaignPlan.objects.create(campaign=asked.campaign, is_active=True)
    assert mails.remind_now(asked.campaign) == 0
    page = client.get(asked.campaign.get_absolute_url()).content.decode()
    assert "1 adresse refusée" in page.replace("\u00a0", " ")


def test_an_address_is_put_right_and_what_is_awaited_leaves_again(client, animator, asked, mail):
    contact = ContactFactory(pact=asked.campaign.pact, organisation=asked.organisation, email=asked.person_email)
    refused = RefusedAddress.objects.create(email=asked.person_email, refused_on=today())
    url = at("address_correct", asked.campaign.pact_id, refused.pk)
    client.post(url, {"email": "Claire.Morvan@caf.fr"})
    for row in (contact, asked):
        row.refresh_from_db()
    assert (contact.email, asked.person_email) == ("claire.morvan@caf.fr",) * 2
    assert not RefusedAddress.objects.exists()
    assert OutgoingMail.objects.get(to="claire.morvan@caf.fr").state == "En attente d’envoi"


@pytest.mark.parametrize(("data", "count"), [({}, 0), ({"for_good": "on"}, 1)])
def test_a_mail_that_came_back_is_written_down_by_hand(client, animator, asked, mail, data, count):
    url = at("mail_bounced", asked.campaign.pact_id, mail.pk)
    assert client.get(url).status_code == 404
    outbox.deliver()
    assert client.post(url, {"reason": "Utilisateur inconnu", **data}).status_code == 302
    mail.refresh_from_db()
    assert (mail.state, RefusedAddress.objects.count()) == ("Revenu", count)
    page = client.get(at("mail_log", asked.campaign.pact_id), {"etat": "retours"}).content.decode()
    assert "Utilisateur inconnu" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_log_asks_as_many_queries_for_one_mail_as_for_three(client, animator, asked, count, django_assert_num_queries):
    for number in range(count):
        row = CampaignRequestFactory(campaign=asked.campaign, person_email=f"{number}@caf.example")
        deeds.write_again(row, what="lien")
    with django_assert_num_queries(7):
        response = client.get(at("mail_log", asked.campaign.pact_id))
    assert response.context["page"].paginator.count == count


@pytest.mark.parametrize(("role", "elsewhere", "may"), [
    (Role.OFFICER, "contact", False), (Role.OFFICER, "request", False), (Role.OFFICER, "account", False),
    (Role.OFFICER, "", True), (Role.ANIMATOR, "contact", True),
])  # fmt: skip
def test_an_officer_of_one_pact_does_not_silence_who_works_in_another(client, asked, mail, role, elsewhere, may):
    client.force_login(person(role, asked.campaign.pact))
    if elsewhere == "contact":
        ContactFactory(email=asked.person_email.title())
    elif elsewhere == "request":
        CampaignRequestFactory(person_email=asked.person_email)
    elif elsewhere == "account":
        person(Role.PARTNER, PactFactory(), email=asked.person_email)
    outbox.deliver()
    client.post(at("mail_bounced", asked.campaign.pact_id, mail.pk), {"reason": "Inconnue", "for_good": "on"})
    mail.refresh_from_db()
    assert (mail.state, RefusedAddress.objects.count()) == ("Revenu", int(may))
    refused, _ = RefusedAddress.objects.get_or_create(email=asked.person_email, defaults={"refused_on": today()})
    url = at("address_correct", asked.campaign.pact_id, refused.pk)
    assert (url in client.get(at("mail_log", asked.campaign.pact_id)).content.decode()) == may
    assert client.post(url, {"email": asked.person_email}).status_code == (302 if may else 403)
    assert RefusedAddress.objects.exists() == (not may)


def test_staff_of_both_pacts_may_block_an_address(client, asked, mail):
    contact = ContactFactory(email=asked.person_email)
    user = person(Role.OFFICER, asked.campaign.pact)
    AccessFactory(user=user, pact=contact.pact, officer=True)
    assert settled_by(user, asked.campaign.pact, [asked.person_email]) == {asked.person_email}
