"""Reminders to those awaited: on the days that the page shows, to the right people, never twice, until they are stopped."""

import datetime

import pytest
from django.urls import reverse

from partners.models import ReminderPlan
from partners.signing import reminders
from partners.signing.board import board_of
from pti import outbox
from pti.dates import today
from pti.enums import PactState, Role
from pti.models import OutgoingMail
from tests.factories.partners import (
    ApprovalFactory,
    ContactFactory,
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


def test_the_board_shows_the_next_reminder_to_staff_alone(client, partner, plan, officer):
    board = reverse("partners:signature_board", args=[partner.pact_id])
    assert "Prochaine relance" in client.get(board).content.decode()
    client.force_login(member(partner))
    assert "Prochaine relance" not in client.get(board).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_reminder_list_query_count(client, partner, plan, officer, count, django_assert_num_queries):
    PartnerFactory.create_batch(count - 1, pact=partner.pact, signatory=True, joined_on=NOW)
    reminders.remind_now(partner.pact)
    with django_assert_num_queries(19):
        response = client.get(reverse("partners:reminder_list", args=[partner.pact_id]))
    assert len(response.context["awaited"]) == count
