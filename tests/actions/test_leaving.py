"""Who no longer speaks in a pact, or is asked no more: what waits does not leave, what left opens nothing."""

import datetime

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from actions.campaigns import deeds, mails, preparing
from actions.enums import AnswerKind, RequestState
from actions.models import AnswerLink, CampaignPlan, Update
from actions.services import succeed_lead
from pti import outbox
from pti.dates import today
from pti.enums import Role
from pti.models import OutgoingMail
from tests.at_once import on_a_file, there, together
from tests.factories.actions import ActionFactory, CampaignRequestFactory, LeadFactory, OrganisationFactory
from tests.factories.partners import ContactFactory
from tests.factories.pti import AccessFactory, PactFactory, UserFactory, person


@pytest.fixture
def asked():
    return CampaignRequestFactory()


def loses_access(row):
    person(Role.PARTNER, row.campaign.pact, email=row.person_email).accesses.get().delete()


def only_reads(row):
    access = person(Role.PARTNER, row.campaign.pact, email=row.person_email).accesses.get()
    access.role = Role.READER
    access.save()


def goes_elsewhere(row):
    access = person(Role.PARTNER, row.campaign.pact, email=row.person_email).accesses.get()
    access.pact = PactFactory()
    access.save()


def closes(row):
    UserFactory(email=row.person_email, is_active=False)


def stays(row):
    person(Role.PARTNER, row.campaign.pact, email=row.person_email)


def is_known_elsewhere_alone(row):
    person(Role.PARTNER, PactFactory(), email=row.person_email)


def is_a_contact(row):
    loses_access(row)
    ContactFactory(pact=row.campaign.pact, organisation=row.organisation, email=row.person_email.title())


def speaks_in_all(row):
    loses_access(row)
    AccessFactory(user=UserFactory._meta.model.objects.get(email=row.person_email), pact=None, role=Role.OFFICER)


@pytest.mark.parametrize(
    ("happens", "left"),
    [
        (loses_access, True), (only_reads, True), (goes_elsewhere, True), (closes, True),
        (stays, False), (is_known_elsewhere_alone, False), (is_a_contact, False), (speaks_in_all, False),
    ],
)  # fmt: skip
def test_who_has_left_is_written_to_no_more(asked, happens, left):
    happens(asked)
    assert preparing.who_left(asked.campaign.pact, [asked.person_email]) == ({asked.person_email} if left else set())
    assert mails.remind_now(asked.campaign) == (0 if left else 1)


def is_handed_over(row):
    deeds.hand_over(request=row, name="Paul Petit", email="paul@caf.example", by=UserFactory())
    OutgoingMail.objects.filter(to="paul@caf.example").delete()


def is_closed(row):
    deeds.close_campaign(campaign=row.campaign, by=None)


@pytest.mark.parametrize("happens", [loses_access, is_handed_over, is_closed])
def test_a_mail_that_waited_does_not_leave_to_who_is_asked_no_more(asked, happens):
    mails.remind_now(asked.campaign)
    happens(asked)
    outbox.deliver()
    assert (mail.outbox, AnswerLink.objects.count(), OutgoingMail.objects.get().state) == ([], 0, "Refusé")


def test_a_title_that_names_another_question_gives_no_link_to_it(asked):
    other = CampaignRequestFactory(person_email="paul@caf.example")
    asked.action.title = f"Fiche [lien-{other.uid}]"
    asked.action.save()
    mails.remind_now(asked.campaign)
    outbox.deliver()
    assert list(AnswerLink.objects.values_list("request", "sent_to")) == [(asked.pk, asked.person_email)]


@pytest.mark.parametrize("following", [True, False])
def test_a_body_that_no_longer_leads_the_fiche_says_nothing_of_it(client, asked, following):
    """Neither by the link of the mail nor from « Vos actions »; whoever leads it now is asked, once somebody is found."""
    lead = LeadFactory(action=asked.action, organisation=asked.organisation)
    url = reverse("answers:answer", args=[mails.make_link(asked, asked.person_email)])
    body = OrganisationFactory() if following else None
    succeed_lead(lead=lead, on=today(), by=None, organisation=body)
    assert client.post(url, {"inchange": "1"}).status_code == 410
    assert not Update.objects.filter(action=asked.action).exists()
    asked.refresh_from_db()
    assert (asked.organisation, asked.person_email) == (body, "")
    assert list(asked.campaign.requests.calling()) == [asked]


def test_a_body_that_still_leads_the_fiche_goes_on_answering(client, asked):
    leads = [LeadFactory(action=asked.action, organisation=asked.organisation, role=role) for role in ("pilot", "co_pilot")]
    url = reverse("answers:answer", args=[mails.make_link(asked, asked.person_email)])
    succeed_lead(lead=leads[0], on=today(), by=None)
    assert client.post(url, {"inchange": "1"}).status_code == 302
    assert Update.objects.get(action=asked.action).organisation == asked.organisation


def test_no_new_link_for_who_has_left(client, asked):
    token = mails.make_link(asked, asked.person_email, expires=today() - datetime.timedelta(days=1))
    asked.campaign.deadline = today() - datetime.timedelta(days=1)
    asked.campaign.save()
    loses_access(asked)
    response = client.post(reverse("answers:answer_deed", args=[token, "lien"]))
    assert (response.status_code, OutgoingMail.objects.count()) == (410, 0)


def test_a_link_asked_again_and_again_fills_no_mailbox(client, asked):
    url = reverse("answers:answer_deed", args=[mails.make_link(asked, asked.person_email), "lien"])
    for _ in range(deeds.MOST_NEW_LINKS + 2):
        client.post(url)
        outbox.deliver()
    assert len(mail.outbox) == deeds.MOST_NEW_LINKS


@pytest.mark.parametrize(("house", "may"), [("caf.example", True), ("orange.fr", False)])
def test_the_house_of_a_provider_is_nobodys(asked, house, may):
    asked.person_email = f"claire@{house}"
    assert deeds.is_colleague(asked, f"paul@{house}") == may


def test_an_answer_is_said_by_whoever_has_the_link(client, asked):
    stays(asked)
    referent = person(Role.PARTNER, asked.campaign.pact, email="referente@caf.example")
    ContactFactory(pact=asked.campaign.pact, organisation=asked.organisation, email=referent.email, is_referent=True)
    client.post(reverse("answers:answer", args=[mails.make_link(asked, referent.email)]), {"inchange": "1"})
    assert Update.objects.get().author == referent


def test_who_opened_the_page_before_somebody_else_answered_does_not_write_over_it(asked):
    first, second = (
        AnswerLink.objects.get(token_hash=AnswerLink.hash_of(mails.make_link(asked, to)))
        for to in (asked.person_email, "referente@caf.example")
    )
    deeds.answer(request=asked, kind=AnswerKind.SAME, link=first)
    with pytest.raises(ValidationError, match="déjà enregistrée"):
        deeds.answer(request=asked, kind=AnswerKind.NEWS, link=second, status="done", sentence="Fini.")
    assert [(one.status, one.sentence) for one in Update.objects.all()] == [("ongoing", "")]
    mails.make_link(asked, asked.person_email)
    again = AnswerLink.objects.latest("pk")
    deeds.answer(request=asked, kind=AnswerKind.NEWS, link=again, status="ongoing", sentence="Presque.")
    assert Update.objects.get().sentence == "Presque."


def test_a_wrong_address_that_is_put_right_loses_its_links(client, asked):
    url = reverse("answers:answer", args=[mails.make_link(asked, asked.person_email)])
    mails.correct_address(asked.campaign.pact, asked.person_email, "claire.morvan@caf.fr")
    assert (client.get(url).status_code, client.post(url, {"inchange": "1"}).status_code) == (410, 410)


def test_nobody_is_reminded_after_the_deadline(asked):
    start = today() - datetime.timedelta(days=30)
    asked.campaign.opened_on, asked.campaign.deadline = start, today() - datetime.timedelta(days=1)
    asked.campaign.save()
    CampaignPlan.objects.create(campaign=asked.campaign, is_active=True, first_after=5, started_on=start)
    assert mails.queue_due() == 0
    asked.campaign.deadline = today()
    asked.campaign.save()
    assert mails.queue_due() == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_comes_as_the_collection_closes_is_validated_or_refused(tmp_path):
    rows = [CampaignRequestFactory()]
    rows += [CampaignRequestFactory(campaign=rows[0].campaign, action=ActionFactory(pact=rows[0].campaign.pact)) for _ in "abc"]
    answers = [lambda row=row: deeds.answer(request=row, kind=AnswerKind.SAME).pk for row in rows]

    def close():
        return deeds.close_campaign(campaign=rows[0].campaign, by=None)

    with on_a_file(tmp_path):
        together([*answers[:2], close, *answers[2:]])
        assert there(lambda: rows[0].campaign.requests.filter(state=RequestState.ANSWERED).count()) == 0
