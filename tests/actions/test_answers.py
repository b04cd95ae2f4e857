"""The link of a mail → what it opens, one by one; nothing is written by reading it."""

import datetime
import re

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone

from actions.campaigns import deeds, mails
from actions.campaigns.questions.updates import preset
from actions.enums import ActionStatus, AnswerKind, Confidence, RequestState
from actions.models import AnswerLink, CampaignPlan, Update
from pti import mail_choices, outbox
from pti.accounts import forget_contact
from pti.dates import today
from pti.enums import Role
from pti.models import MailRefusal, OutgoingMail
from tests.asking import ask
from tests.factories.actions import ActionFactory, CampaignRequestFactory, UpdateFactory
from tests.factories.partners import ContactFactory
from tests.factories.pti import UserFactory, person
from tests.filling import FormReader

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def asked():
    row = CampaignRequestFactory()
    row.action.confidence = Confidence.SUPPORT
    row.action.save()
    return row


@pytest.fixture
def token(asked):
    return mails.make_link(asked, asked.person_email)


@pytest.fixture
def url(token):
    return reverse("answers:answer", args=[token])


def deed(token, name):
    return reverse("answers:answer_deed", args=[token, name])


def again(row):
    row.refresh_from_db()
    return row


def test_the_base_keeps_no_token(token):
    link = AnswerLink.objects.get()
    assert token not in str(vars(link))
    assert link.token_hash == AnswerLink.hash_of(token)


def test_reading_writes_nothing_and_tells_nobody(client, asked, url):
    other = ActionFactory(pact=asked.campaign.pact, title="Une autre fiche")
    for query in ("", "?choix=mieux", "?choix=realisee"):
        response, written = ask(client, url + query)
        assert (response.status_code, written) == (200, [])
    assert (response["Referrer-Policy"], response["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
    assert "no-store" in response["Cache-Control"]
    assert other.title not in response.content.decode()
    assert "Claire Morvan" in response.content.decode()


@pytest.mark.parametrize(
    ("known", "choice", "ticked"),
    [
        ("support", "mieux", {"confidence": "reachable"}),
        ("secured", "mieux", {"confidence": "secured"}),
        ("unknown", "mieux", {"confidence": "reachable"}),
        ("support", "moins-bien", {"confidence": "compromised"}),
        ("compromised", "moins-bien", {"confidence": "compromised"}),
        ("unknown", "moins-bien", {"confidence": "support"}),
        ("support", "realisee", {"status": "done"}),
        ("support", "", {}),
        ("support", "autre", {}),
    ],
)
def test_each_choice_of_the_mail_ticks_what_it_says(known, choice, ticked):
    assert preset(ActionFactory.build(pact=None, confidence=known), choice) == ticked


@pytest.mark.parametrize(
    ("choice", "words", "status", "confidence"),
    [
        ("mieux", "Cela avance mieux", "ongoing", "reachable"),
        ("moins-bien", "Cela se complique", "ongoing", "compromised"),
        ("realisee", "C’est réalisé", "done", "support"),
    ],
)
def test_a_choice_of_the_mail_is_confirmed_by_one_tap(client, asked, url, choice, words, status, confidence):
    reader = FormReader()
    page = client.get(f"{url}?choix={choice}").content.decode()
    reader.feed(page)
    client.post(url, dict(next(fields for _, action, fields in reader.forms if action == url)))
    asked.action.refresh_from_db()
    assert (words in page, asked.action.status, asked.action.confidence) == (True, status, confidence)


def test_one_tap_says_that_nothing_is_new(client, asked, url):
    client.post(url, {"inchange": "1"})
    update, row = Update.objects.get(), again(asked)
    assert (update.status, update.confidence, update.organisation) == ("ongoing", "support", asked.organisation)
    assert (row.state, row.kind, row.given) == (RequestState.ANSWERED, AnswerKind.SAME, update)
    assert AnswerLink.objects.get().spent_at is not None


def test_who_answered_then_says_that_it_is_somebody_else_keeps_her_answer(client, asked, token, url):
    client.post(url, {"inchange": "1"})
    client.post(deed(token, "pas-moi"), {"pas-moi-named": "Paul Petit"})
    row = again(asked)
    assert (row.kind, row.state, row.named, row.person_email) == (AnswerKind.SAME, RequestState.ANSWERED, "Paul Petit", "")
    assert client.get(url).status_code == 410


def test_one_answer_serves_every_collection_that_asks_the_same(client, asked, url):
    pact = asked.campaign.pact
    same = CampaignRequestFactory(campaign__pact=pact, action=asked.action, organisation=asked.organisation)
    elsewhere = CampaignRequestFactory(campaign__pact=pact, action=asked.action)
    client.post(url, {"inchange": "1"})
    assert (again(same).given, again(elsewhere).state) == (again(asked).given, RequestState.TO_DO)


def test_news_move_the_action(client, asked, url):
    client.post(url, {"status": "done", "confidence": "secured", "sentence": "Le guide est écrit."})
    asked.action.refresh_from_db()
    assert (asked.action.status, asked.action.confidence) == (ActionStatus.DONE, Confidence.SECURED)
    assert again(asked).kind == AnswerKind.NEWS


def test_for_a_day_an_answer_is_put_right_and_stays_one(client, asked, url):
    client.post(url, {"status": "done", "sentence": "Fini."})
    client.post(url, {"status": "running", "sentence": "Presque."})
    update = Update.objects.get()
    asked.action.refresh_from_db()
    assert (update.sentence, asked.action.status) == ("Presque.", ActionStatus.RUNNING)


def test_a_form_that_says_nothing_says_so(client, url):
    response = client.post(url, {"status": "ongoing", "confidence": "support"})
    assert "une phrase suffit" in response.content.decode()
    assert not Update.objects.exists()


def ages(row, link):
    row.state, row.answered_at = RequestState.ANSWERED, timezone.now() - 25 * HOUR
    row.save()
    link.spent_at = row.answered_at
    link.save()


def is_answered_by_another(row, link):
    deeds.answer(request=row, kind=AnswerKind.HELP, said="Oui")


def is_done_elsewhere(row, link):
    row.action.set_status(ActionStatus.DONE)
    row.action.save()


def is_closed(row, link):
    row.campaign.closed_on = today()
    row.campaign.save()


def is_revoked(row, link):
    row.revoke_links()


def expires(row, link):
    link.expires_on = row.campaign.deadline = today() - datetime.timedelta(days=1)
    link.save()
    row.campaign.save()


def is_withdrawn(row, link):
    row.action.withdrawn_on = today()
    row.action.save()


def leaves(row, link):
    UserFactory(email=link.sent_to, is_active=False)


def loses_access(row, link):
    person(Role.PARTNER, row.campaign.pact, email=link.sent_to).accesses.get().delete()


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (ages, "Vous avez déjà répondu"),
        (is_answered_by_another, "Une réponse est déjà enregistrée"),
        (is_done_elsewhere, "Cette action est terminée"),
        (is_withdrawn, "Cette action est terminée"),
        (leaves, "Votre accès est fermé"),
        (loses_access, "Votre accès est fermé"),
        (is_closed, "La collecte est close"),
        (is_revoked, "Ce lien a été fermé"),
        (expires, "Ce lien a expiré"),
    ],
)
def test_a_link_that_no_longer_serves_says_why(client, asked, url, happens, words):
    happens(asked, AnswerLink.objects.get())
    for method in ("get", "post"):
        response, written = ask(client, url, method, {"inchange": "1"})
        assert (response.status_code, written, words in response.content.decode()) == (410, [], True)


def test_a_deadline_that_is_put_off_carries_its_links_along(client, asked, url):
    expires(asked, AnswerLink.objects.get())
    asked.campaign.deadline = today() + datetime.timedelta(days=9)
    asked.campaign.save()
    assert client.get(url).status_code == 200


def test_a_link_that_nobody_has_is_not_found(client):
    response = client.get(reverse("answers:answer", args=["rien"]))
    assert (response.status_code, "Ce lien n’existe pas" in response.content.decode()) == (404, True)


def test_a_link_that_is_posted_again_and_again_waits(client, url, monkeypatch):
    monkeypatch.setattr(deeds, "MOST_A_MINUTE", 1)
    response, written = ask(client, url, "post", {"inchange": "1"})
    assert (response.status_code, written, response["Referrer-Policy"]) == (429, [], "no-referrer")


def test_an_expired_link_gives_another_by_mail_once(client, asked, token):
    expires(asked, AnswerLink.objects.get())
    for _ in range(2):
        client.post(deed(token, "lien"))
    assert [one.to for one in OutgoingMail.objects.all()] == [asked.person_email]


def test_it_is_not_me_any_more(client, asked, token, url):
    client.post(deed(token, "pas-moi"), {"pas-moi-named": "Paul Exemple"})
    row = again(asked)
    assert (row.state, row.kind, row.named, row.person_email) == ("to_do", "not_me", "Paul Exemple", "")
    assert client.get(url).status_code == 410


def test_help_is_asked(client, asked, token):
    client.post(deed(token, "aide"), {"aide-said": "Qui paie le guide ?"})
    assert (again(asked).kind, asked.said, Update.objects.count()) == ("help", "Qui paie le guide ?", 0)


def test_it_is_handed_over_inside_the_same_house_alone(client, asked, token, url):
    refused = client.post(deed(token, "transmettre"), {"transmettre-name": "X", "transmettre-email": "x@ailleurs.example"})
    assert "n’est pas de votre organisme" in refused.content.decode()
    client.post(deed(token, "transmettre"), {"transmettre-name": "Paul", "transmettre-email": "paul@caf.example"})
    assert (again(asked).person_email, OutgoingMail.objects.get().to) == ("paul@caf.example", "paul@caf.example")
    assert client.get(url).status_code == 410


def test_what_is_handed_over_leads_to_the_next_of_her_actions(client, asked, token):
    other = CampaignRequestFactory(campaign=asked.campaign)
    page = client.post(deed(token, "transmettre"), {"transmettre-name": "Paul", "transmettre-email": "paul@caf.example"})
    following = re.search(r'href="/repondre/([^/]+)/"', page.content.decode()).group(1)
    assert deeds.find_link(following).request == other


def test_a_refused_call_for_help_takes_the_focus(client, token):
    page = client.post(deed(token, "aide"), {"aide-said": ""}).content.decode()
    assert re.search(r"<title>\s*Erreur\s: Faire le point", page)
    assert "data-pti-errors" in page


def test_a_deed_that_a_phone_reads_again_is_its_question(client, asked, token, url):
    response, written = ask(client, deed(token, "transmettre"))
    assert (response.status_code, response["Location"], written) == (302, url, [])


def test_the_next_of_her_actions_has_a_link_of_its_own(client, asked, token, url):
    other = CampaignRequestFactory(campaign=asked.campaign)
    client.post(url, {"inchange": "1"})
    assert f"Passer à la fiche {other.action.number}" in client.get(url).content.decode()
    response = client.post(deed(token, "suite"))
    assert deeds.find_link(response.url.strip("/").split("/")[-1]).request == other


def test_it_is_not_me_for_anything(client, asked, token):
    other = CampaignRequestFactory(campaign=asked.campaign, organisation=asked.organisation)
    elsewhere = CampaignRequestFactory(campaign=asked.campaign, organisation=asked.organisation, person_email="b@b.example")
    client.post(deed(token, "pas-moi"), {"pas-moi-named": "Paul", "pas-moi-everything": "on"})
    assert [again(row).kind for row in (asked, other, elsewhere)] == ["not_me", "not_me", ""]


# Mails.


@pytest.fixture
def draft(asked):
    asked.campaign.opened_on = None
    asked.campaign.save()
    CampaignRequestFactory(campaign=asked.campaign)
    return asked.campaign


def test_one_mail_a_person_whose_links_open(client, draft):
    assert deeds.open_campaign(campaign=draft, by=None) == 1
    assert "[lien-" in OutgoingMail.objects.get().text
    assert outbox.deliver() == 1
    message = mail.outbox[0]
    tokens = [
        line.split("/repondre/")[1].strip("/") for line in message.body.split() if line.endswith("/") and "repondre" in line
    ]
    assert [client.get(reverse("answers:answer", args=[one])).status_code for one in tokens] == [200, 200]
    assert OutgoingMail.objects.get().text.count(tokens[0]) == 0
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    choices = message.extra_headers["List-Unsubscribe"].strip("<>").partition("/courriels/")[2]
    client.post(f"/courriels/{choices}", {"List-Unsubscribe": "One-Click"})
    assert mail_choices.refused_by("claire.morvan@caf.example") == {"campaign_opening", "campaign_reminder"}


def days(count):
    return datetime.timedelta(days=count)


def test_reminders_leave_on_the_days_that_are_shown_and_once(asked):
    plan = CampaignPlan.objects.create(campaign=asked.campaign, is_active=True, first_after=5, every=7, started_on=today())
    shown = mails.days_shown(asked.campaign, plan)
    for count in range(21):
        mails.queue_due(on=today() + days(count))
        mails.queue_due(on=today() + days(count))
    assert shown == [today() + days(count) for count in (5, 12, 19)]
    assert sorted(OutgoingMail.objects.values_list("queued_on", flat=True)) == shown


def test_a_deadline_of_another_century_shows_the_first_days(asked):
    asked.campaign.deadline = datetime.date(9999, 12, 31)
    plan = CampaignPlan.objects.create(campaign=asked.campaign, is_active=True, first_after=5, every=7, started_on=today())
    assert mails.days_shown(asked.campaign, plan)[:2] == [today() + days(5), today() + days(12)]
    assert len(mails.days_shown(asked.campaign, plan)) == mails.MOST_DAYS


def test_who_has_answered_or_asked_for_peace_is_not_reminded(client, asked):
    mail_choices.choose(email=asked.person_email, refused=["campaign_reminder"])
    other = CampaignRequestFactory(campaign=asked.campaign, person_email="b@b.example")
    deeds.answer(request=other, kind=AnswerKind.HELP, said="Oui")
    assert mails.remind_now(asked.campaign) == 0
    client.force_login(person(Role.OFFICER, asked.campaign.pact))
    html = client.get(asked.campaign.get_absolute_url()).content.decode()
    assert html.count("Refuse les relances") == 1


def test_by_hand_nobody_is_written_to_twice_in_a_day(asked):
    assert (mails.remind_now(asked.campaign), mails.remind_now(asked.campaign)) == (1, 0)


def test_a_returned_answer_is_told_and_given_again(client, asked, token, url):
    UpdateFactory(action=asked.action)
    client.post(url, {"inchange": "1"})
    deeds.give_back(request=asked, reason="Depuis quand ?", by=None)
    assert "Depuis quand ?" in OutgoingMail.objects.get().text
    assert "Depuis quand" in client.get(url).content.decode()
    client.post(url, {"status": "paused", "sentence": "Depuis mai."})
    assert (again(asked).state, Update.objects.count()) == (RequestState.ANSWERED, 3)


def test_a_person_who_asks_to_be_forgotten_is_nowhere(asked, token):
    contact = ContactFactory(pact=asked.campaign.pact, organisation=asked.organisation, email=asked.person_email)
    mail_choices.choose(email=asked.person_email, refused=["campaign_opening"])
    mails.remind_now(asked.campaign)
    forget_contact(contact)
    assert (again(asked).person_name, asked.person_email) == ("", "")
    assert not asked.history.exclude(person_email="").exists()
    assert not any(model.objects.exists() for model in (AnswerLink, MailRefusal, OutgoingMail))


class Killed(BaseException):
    """What kill -9 looks like from inside."""


class Dying(EmailBackend):
    def send_messages(self, messages):
        super().send_messages(messages)
        raise Killed


def test_killed_while_a_collection_leaves_nobody_is_written_to_twice(client, draft, settings):
    for name in ("b", "c"):
        CampaignRequestFactory(campaign=draft, person_email=f"{name}@b.example")
    deeds.open_campaign(campaign=draft, by=None)
    settings.EMAIL_BACKEND = f"{__name__}.Dying"
    with pytest.raises(Killed):
        outbox.deliver()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert (outbox.deliver(), outbox.deliver()) == (2, 0)
    assert sorted(one.to[0] for one in mail.outbox) == ["b@b.example", "c@b.example", "claire.morvan@caf.example"]
    links = re.findall(r"/repondre/[^/\s]+/", "".join(one.body for one in mail.outbox))
    assert {client.get(one).status_code for one in links} == {200}
