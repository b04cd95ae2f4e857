"""Reminders to those awaited: on the days that the page shows, to the right people, never twice, until they are stopped."""

import datetime
import re

import pytest
from django.urls import reverse

from partners import consulting_reminders
from partners.models import ConsultationPlan, ReminderPlan
from partners.signing import reminders
from partners.signing.board import board_of
from pti import mail_choices, outbox
from pti.dates import today
from pti.enums import PactState, Role
from pti.models import OutgoingMail
from tests.factories.partners import (
    ApprovalFactory,
    ConsultationFactory,
    ContactFactory,
    OpinionFactory,
    PartnerFactory,
    SignatoryFactory,
    SignatureFactory,
    VersionFactory,
    member,
)
from tests.factories.pti import freeze, person


def days(count):
    return datetime.timedelta(days=count)


NOW = today()


@pytest.fixture
def partner():
    partner = PartnerFactory(signatory=True)
    ContactFactory(pact=partner.pact, organisation=partner.organisation, is_referent=True, email="Referente@exemple.test")
    freeze(partner.pact, PactState.SIGNATURE)
    return partner


@pytest.fixture
def version(partner):
    return VersionFactory(pact=partner.pact, number=1, frozen_on=NOW - days(40))


@pytest.fixture
def plan(partner, version):
    return ReminderPlan.objects.create(pact=partner.pact, is_active=True, first_after=10, every=20, started_on=NOW)


@pytest.fixture
def officer(client, partner, version):
    user = person(Role.OFFICER, partner.pact)
    client.force_login(user)
    return user


def sent_on():
    return list(OutgoingMail.objects.order_by("queued_on").values_list("queued_on", flat=True))


def test_they_leave_on_the_days_that_are_shown(partner, plan):
    shown = reminders.schedule(partner.pact, plan, board_of(partner.pact))[0].next_on
    assert shown == NOW + days(10)
    for day in range(60):
        reminders.queue_due(on=NOW + days(day))
        reminders.queue_due(on=NOW + days(day))
    assert sent_on() == [NOW + days(count) for count in (10, 30, 50)]
    later = reminders.schedule(partner.pact, plan, board_of(partner.pact), NOW + days(59))[0]
    assert (later.last_on, later.next_on) == (NOW + days(50), NOW + days(70))


def test_a_worker_that_was_away_sends_one_reminder_not_three(plan):
    reminders.queue_due(on=NOW + days(55))
    assert sent_on() == [NOW + days(55)]


def test_who_has_signed_is_left_in_peace(partner, version, plan):
    SignatureFactory(partner=partner, version=version)
    assert reminders.queue_due(on=NOW + days(30)) == 0


def test_stopped_nothing_leaves(client, partner, plan, officer):
    client.post(reverse("partners:reminder_list", args=[partner.pact_id]), {"first_after": "10", "every": "20"})
    assert reminders.queue_due(on=NOW + days(30)) == 0
    html = client.get(reverse("partners:reminder_list", args=[partner.pact_id])).content.decode()
    assert "Aucune n’est prévue" in html


@pytest.mark.parametrize("name", ["first_after", "every"])
def test_a_rhythm_longer_than_a_year_is_refused(client, partner, plan, officer, name):
    data = {"is_active": "on", "first_after": "10", "every": "20", name: "99999999999"}
    client.post(reverse("partners:reminder_list", args=[partner.pact_id]), data)
    plan.refresh_from_db()
    assert (plan.first_after, plan.every) == (10, 20)


def test_a_reminder_by_hand_leaves_once_a_day_and_puts_the_next_off(client, partner, plan, officer):
    remind = reverse("partners:remind", args=[partner.pact_id])
    for _ in range(2):
        client.post(remind)
    assert sent_on() == [NOW]
    ReminderPlan.objects.filter(pk=plan.pk).update(first_after=1)
    for day in (1, 2, 3, 4):
        reminders.queue_due(on=NOW + days(day))
    assert sent_on() == [NOW, NOW + days(3)]


def test_the_signatory_is_written_to_once_it_is_her_turn(partner, version):
    SignatoryFactory(partner=partner, email="anne@exemple.test")

    def addresses():
        return reminders.schedule(partner.pact, None, board_of(partner.pact))[0].addresses

    assert addresses() == ["referente@exemple.test"]
    ApprovalFactory(partner=partner, version=version)
    assert addresses() == ["anne@exemple.test", "referente@exemple.test"]


def test_failing_a_referent_the_accounts_of_the_organisation(version):
    other = PartnerFactory(pact=version.pact, signatory=True, joined_on=NOW)
    user = member(other)
    rows = {row.line.partner: row.addresses for row in reminders.schedule(version.pact, None, board_of(version.pact))}
    assert rows[other] == [user.email]


def test_the_mail_says_what_is_awaited_and_leads_to_the_file(partner, version, mailoutbox):
    reminders.remind_now(partner.pact)
    outbox.deliver()
    (message,) = mailoutbox
    assert "Votre délibération sur le pacte est attendue" in message.subject
    assert partner.signing_file_url() in message.body
    assert "depuis 40 jours" in message.body


def test_whoever_refuses_reminders_is_shown_and_not_written_to(client, partner, plan, officer):
    ContactFactory(pact=partner.pact, organisation=partner.organisation, is_referent=True, email="paul@exemple.test")
    mail_choices.choose(email="Referente@exemple.test", refused=[reminders.KIND])
    (row,) = reminders.schedule(partner.pact, plan, board_of(partner.pact))
    assert (row.addresses, row.refusing, row.next_on) == (["paul@exemple.test"], ["referente@exemple.test"], NOW + days(10))
    mail_choices.choose(email="paul@exemple.test", refused=[reminders.KIND])
    (row,) = client.get(reverse("partners:reminder_list", args=[partner.pact_id])).context["awaited"]
    assert (row.addresses, row.next_on, reminders.queue_due(on=NOW + days(10))) == ([], None, 0)


def test_one_click_refuses_these_reminders_and_nothing_else(client, partner, version, mailoutbox):
    reminders.remind_now(partner.pact)
    outbox.deliver()
    url = mailoutbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    # The same page, signed once for the head of the mail and once for its text: not always within the same second.
    said = [mail_choices.email_of(re.search(r"/courriels/([^/\s]+)/", text)[1]) for text in (mailoutbox[0].body, url)]
    assert said == ["referente@exemple.test"] * 2
    client.post(url, {"List-Unsubscribe": "One-Click"})
    assert mail_choices.refused_by("referente@exemple.test") == {reminders.KIND}
    assert reminders.remind_now(partner.pact, on=NOW + days(1)) == 0


def test_the_board_shows_the_next_reminder_to_staff_alone(client, partner, plan, officer):
    board = reverse("partners:signature_board", args=[partner.pact_id])
    assert "Prochaine relance" in client.get(board).content.decode()
    client.force_login(member(partner))
    assert "Prochaine relance" not in client.get(board).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_reminder_list_query_count(client, partner, plan, officer, count, django_assert_num_queries):
    PartnerFactory.create_batch(count - 1, pact=partner.pact, signatory=True, joined_on=NOW)
    reminders.remind_now(partner.pact)
    with django_assert_num_queries(18):
        response = client.get(reverse("partners:reminder_list", args=[partner.pact_id]))
    assert len(response.context["awaited"]) == count


# To those who have not answered a consultation --------------------------------------------------------------------------


@pytest.fixture
def consultation():
    """Two partners asked; one has answered."""
    silent, quick = PartnerFactory(), PartnerFactory()
    quick.pact, _ = silent.pact, quick.save()
    row = ConsultationFactory(pact=silent.pact, title="Première lecture", partners=[silent, quick])
    OpinionFactory(consultation=row, partner=quick)
    for one in (silent, quick):
        ContactFactory(pact=one.pact, organisation=one.organisation, is_referent=True, email=f"ref{one.pk}@exemple.test")
    return row


def at(name, consultation):
    return reverse(f"partners:{name}", args=[consultation.pact_id, consultation.pk])


def test_who_has_not_answered_is_reminded_once_by_hand(client, consultation, mailoutbox):
    client.force_login(person(Role.OFFICER, consultation.pact))
    page = client.get(at("consultation_reminders", consultation))
    (awaited,) = page.context["awaited"]
    assert (len(awaited.addresses), awaited.next_on) == (1, None)
    assert "Première lecture" in page.context["mail"][1]
    for _ in range(2):
        client.post(at("consultation_remind", consultation))
    assert list(OutgoingMail.objects.values_list("to", flat=True)) == awaited.addresses
    outbox.deliver()
    assert at("consultation_detail", consultation) in mailoutbox[0].body
    assert client.get(at("consultation_reminders", consultation)).context["awaited"][0].last_on == NOW


def test_whoever_refuses_reminders_of_consultations_is_shown_and_not_written_to(client, consultation):
    client.force_login(person(Role.OFFICER, consultation.pact))
    (row,) = client.get(at("consultation_reminders", consultation)).context["awaited"]
    mail_choices.choose(email=row.addresses[0], refused=[consulting_reminders.KIND])
    page = client.get(at("consultation_reminders", consultation))
    assert (page.context["awaited"][0].addresses, page.context["awaited"][0].refusing) == ([], row.addresses)
    assert "à suivre par téléphone" in page.content.decode()
    assert consulting_reminders.remind_now(consultation) == 0


def test_the_reminders_of_a_consultation_leave_on_the_days_shown_until_it_is_closed(client, consultation):
    client.force_login(person(Role.ANIMATOR, consultation.pact))
    wanted = {"is_active": "on", "first_after": 10, "every": 20}
    refused = client.post(at("consultation_reminders", consultation), wanted | {"every": 1})
    assert "every" in refused.context["form"].errors
    client.post(at("consultation_reminders", consultation), wanted)
    assert client.get(at("consultation_reminders", consultation)).context["awaited"][0].next_on == NOW + days(10)
    for day in range(0, 45, 5):
        consulting_reminders.queue_due(on=NOW + days(day))
    assert sent_on() == [NOW + days(10), NOW + days(30)]
    freeze(consultation.pact, PactState.ADOPTION)
    assert consulting_reminders.queue_due(on=NOW + days(60)) == 0
    freeze(consultation.pact, PactState.CONSULTATION)
    consultation.closed_on = NOW
    consultation.save()
    assert consulting_reminders.queue_due(on=NOW + days(60)) == 0
    assert client.get(at("consultation_reminders", consultation)).status_code == 403


def test_stopped_no_reminder_of_a_consultation_leaves(consultation):
    ConsultationPlan.objects.create(consultation=consultation, first_after=1, started_on=NOW)
    assert consulting_reminders.queue_due(on=NOW + days(30)) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_consultation_reminders_query_count(client, count, django_assert_max_num_queries):
    partners = [PartnerFactory() for _ in range(count)]
    consultation = ConsultationFactory(pact=partners[0].pact, partners=partners)
    client.force_login(person(Role.OFFICER, consultation.pact))
    client.get(at("consultation_reminders", consultation))
    with django_assert_max_num_queries(18):
        page = client.get(at("consultation_reminders", consultation))
    assert len(page.context["awaited"]) == count
