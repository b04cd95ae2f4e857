"""Several collections write to one person in the same round: one mail, each fiche once, and still never twice."""

import datetime
import re
import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse

from actions.campaigns import deeds, mails
from actions.enums import AnswerKind, RequestState
from actions.models import AnswerLink, CampaignPlan
from pti import outbox
from pti.dates import today
from pti.models import OutgoingMail
from tests.factories.actions import ActionFactory, CampaignFactory, CampaignRequestFactory, UpdateFactory

DAY = datetime.timedelta(days=1)


@pytest.fixture
def asked():
    """What a first collection asks."""
    return CampaignRequestFactory(campaign__name="Point d’automne", campaign__deadline=today() + 20 * DAY)


@pytest.fixture
def again(asked):
    """The same fiche, asked by a second collection of the same pact, which ends before and asks about another fiche too."""
    campaign = CampaignFactory(open=True, pact=asked.campaign.pact, name="Avant le comité", deadline=today() + 10 * DAY)
    row = CampaignRequestFactory(campaign=campaign, action=asked.action, organisation=asked.organisation)
    CampaignRequestFactory(campaign=campaign, action=ActionFactory(pact=campaign.pact), organisation=asked.organisation)
    return row


def remind(*rows):
    return sum(mails.remind_now(row.campaign) for row in rows)


def links_in(message):
    """Addresses of the answer pages, each once."""
    return set(re.findall(r"/repondre/[^/\s]+/", message.body))


def state_of(row):
    row.refresh_from_db()
    return row.state


def test_two_collections_make_one_mail_with_each_fiche_once(client, asked, again):
    own = CampaignRequestFactory(campaign=asked.campaign, organisation=asked.organisation)
    assert (remind(asked, again), outbox.deliver(), outbox.deliver()) == (2, 1, 0)
    (message,) = mail.outbox
    assert (message.to, message.body.count(asked.action.label)) == ([asked.person_email], 1)
    log = [(row.state, row.about) for row in OutgoingMail.objects.order_by("pk")]
    assert log == [("Envoyé", f"{row.campaign.name} ({outbox.TOGETHER})") for row in (asked, again)]
    assert re.match(r"Rappel : 3\spoints .* \(2\scollectes\)$", message.subject)
    assert own.action.label in message.body
    assert "Où en êtes-vous\u00a0?" in message.alternatives[0][0]
    assert [client.get(link).status_code for link in links_in(message)] == [200] * 3
    assert AnswerLink.objects.count() == 3
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_an_opening_and_a_reminder_of_the_same_round_are_one_mail(asked, again):
    again.campaign.opened_on = None
    again.campaign.save()
    deeds.open_campaign(campaign=again.campaign, by=None)
    CampaignPlan.objects.create(campaign=asked.campaign, is_active=True, first_after=1, started_on=today() - DAY)
    asked.campaign.opened_on = today() - DAY
    asked.campaign.save()
    assert (mails.queue_due(), outbox.deliver()) == (1, 1)
    assert "Rappel" not in mail.outbox[0].subject
    assert "Prochain rappel" in mail.outbox[0].body


def test_collections_of_two_pacts_are_told_apart(asked):
    elsewhere = CampaignRequestFactory(campaign__name="Point du local")
    assert (remind(asked, elsewhere), outbox.deliver()) == (2, 1)
    for text in (asked.campaign.name, str(asked.campaign.pact), str(elsewhere.campaign.pact), elsewhere.action.label):
        assert text in mail.outbox[0].body
    assert set(OutgoingMail.objects.values_list("pact", flat=True)) == {asked.campaign.pact_id, elsewhere.campaign.pact_id}


def test_an_answer_to_the_one_answers_the_other(asked, again):
    UpdateFactory(action=asked.action)
    deeds.answer(request=again, kind=AnswerKind.SAME)
    assert (state_of(asked), state_of(again)) == (RequestState.ANSWERED, RequestState.ANSWERED)
    assert asked.given_id == again.given_id is not None
    assert remind(asked) == 0


def test_an_answer_without_values_leaves_the_collection_that_asks_for_them(asked, again):
    again.campaign.asks_values = False
    again.campaign.save()
    UpdateFactory(action=asked.action)
    remind(asked, again)
    outbox.deliver()
    assert {link.request_id for link in AnswerLink.objects.filter(request__action=asked.action)} == {asked.pk}
    deeds.answer(request=again, kind=AnswerKind.SAME)
    assert state_of(asked) == RequestState.TO_DO


def test_the_page_goes_on_to_what_the_other_collection_of_the_mail_asks(client, asked, again):
    token = mails.make_link(asked, asked.person_email)
    for left in (2, 1, 0):
        link = AnswerLink.objects.latest("pk")
        deeds.answer(request=link.request, link=link, kind=AnswerKind.HELP, said="Aidez-moi")
        told = client.get(reverse("answers:answer", args=[token])).content.decode()
        assert (f"Il vous en reste {left}." in told, "Vous pouvez fermer cette page" in told) == (left > 0, left == 0)
        token = client.post(reverse("answers:answer_deed", args=[token, "suite"])).url.split("/")[-2]


def test_a_call_for_help_answers_the_one_that_it_was_said_to(asked, again):
    deeds.answer(request=again, kind=AnswerKind.HELP, said="Aidez-moi")
    assert state_of(asked) == RequestState.TO_DO


def test_what_follows_a_gesture_leaves_by_itself(asked, again):
    remind(again)
    mails.write_again(asked, what="lien")
    assert outbox.deliver() == 2


class Killed(BaseException):
    """What kill -9 looks like from inside."""


class Dying(EmailBackend):
    def send_messages(self, messages):
        super().send_messages(messages)
        raise Killed


class Later(EmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({"claire.morvan@caf.example": (450, b"plus tard")})


def test_killed_as_it_leaves_none_of_the_two_leaves_again(asked, again, settings):
    other = CampaignRequestFactory(campaign=again.campaign, person_email="b@b.example")
    remind(asked, again)
    settings.EMAIL_BACKEND = f"{__name__}.Dying"
    with pytest.raises(Killed):
        outbox.deliver()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert (outbox.deliver(), outbox.deliver(), remind(asked, again)) == (1, 0, 0)
    assert sorted(one.to[0] for one in mail.outbox) == sorted([other.person_email, asked.person_email])


def test_put_off_by_the_server_they_leave_together_later(asked, again, settings):
    remind(asked, again)
    settings.EMAIL_BACKEND = f"{__name__}.Later"
    assert outbox.deliver() == 0
    assert [row.attempts for row in OutgoingMail.objects.all()] == [1, 1]
    OutgoingMail.objects.update(not_before=None)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert (outbox.deliver(), len(mail.outbox)) == (1, 1)


def test_each_collection_shows_to_whom_it_wrote(client, asked, again):
    remind(asked, again)
    outbox.deliver()
    assert [mails.last_days(row.campaign) for row in (asked, again)] == [{asked.person_email: today()}] * 2
    assert reverse("mail_choices", args=["x"]).removesuffix("x/") in mail.outbox[0].body
