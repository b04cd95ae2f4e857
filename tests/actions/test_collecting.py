"""A collection that opens by itself, what it brings back to life, whose turn it is, who answers instead of whom."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import strip_tags

from actions.campaigns import deeds
from actions.campaigns.reading import territory_rates, waking_of
from actions.enums import AnswerKind, RequestState
from actions.models import Campaign
from actions.turns import campaign_turn
from partners.models import Contact
from pti.dates import today
from pti.enums import Role
from pti.models import OutgoingMail
from tests.factories.actions import CampaignFactory, CampaignRequestFactory, MilestoneFactory, UpdateFactory, led_by
from tests.factories.partners import CommitmentFactory, ContactFactory, PartnerFactory, member
from tests.factories.pti import TerritoryFactory, person

DAY = datetime.timedelta(days=1)


@pytest.fixture
def draft():
    campaign = CampaignFactory(opens_on=today())
    CampaignRequestFactory(campaign=campaign)
    return campaign


@pytest.fixture
def asked():
    return CampaignRequestFactory()


@pytest.fixture
def animator(client, asked):
    user = person(Role.ANIMATOR, asked.campaign.pact)
    client.force_login(user)
    return user


def at(name, *args):
    return reverse(f"actions:{name}", args=args)


def again(row):
    row.refresh_from_db()
    return row


@pytest.mark.parametrize(
    ("opens_on", "deadline", "opened"),
    [(today(), today() + DAY, True), (today() + DAY, today() + DAY, False), (today() - 2 * DAY, today() - DAY, False)],
)
def test_a_collection_opens_on_the_day_that_was_shown(draft, opens_on, deadline, opened):
    Campaign.objects.filter(pk=draft.pk).update(opens_on=opens_on, deadline=deadline)
    for _ in range(2):
        deeds.open_due()
    assert (again(draft).is_open, OutgoingMail.objects.count()) == (opened, int(opened))


def test_with_nobody_to_write_to_it_stays_a_draft_and_says_so(client, draft):
    draft.requests.all().delete()
    draft.opens_on = today() - DAY
    draft.save()
    assert deeds.open_due() == 0
    client.force_login(person(Role.ANIMATOR, draft.pact))
    assert "personne à qui écrire" in client.get(draft.get_absolute_url()).content.decode().replace("\u00a0", " ")


def test_the_opening_may_be_cancelled_and_the_draft_deleted(client, draft):
    client.force_login(person(Role.ANIMATOR, draft.pact))
    assert "partiront seuls" in client.get(draft.get_absolute_url()).content.decode()
    client.post(at("campaign_unplan", draft.pact_id, draft.pk))
    assert deeds.open_due() == 0
    client.post(at("campaign_delete", draft.pact_id, draft.pk))
    assert not Campaign.objects.exists()


def test_what_is_open_is_not_deleted(asked):
    with pytest.raises(ValidationError):
        deeds.delete_draft(campaign=asked.campaign, by=None)


@pytest.mark.parametrize("wrong", [{"opens_on": "01/01/2020"}, {"opens_on": "31/12/2999"}])
def test_the_day_of_opening_comes_before_the_deadline(client, draft, wrong):
    client.force_login(person(Role.ANIMATOR, draft.pact))
    data = {"name": "T3", "deadline": f"{draft.deadline:%d/%m/%Y}", "asks_updates": "on", **wrong}
    response = client.post(at("campaign_edit", draft.pact_id, draft.pk), data)
    assert list(response.context["form"].errors) == ["opens_on"]


def test_closing_validates_what_was_answered(asked):
    deeds.answer(request=asked, kind=AnswerKind.SAME)
    by = person(Role.ANIMATOR, asked.campaign.pact)
    deeds.close_campaign(campaign=asked.campaign, by=by)
    assert (again(asked).state, asked.validated_by, asked.validated_on) == (RequestState.VALIDATED, by, today())


# What it brings back to life.


@pytest.fixture
def late(draft):
    """A collection just opened: three fiches late, one of them told since, one told long before, one not late."""
    rows = [*draft.requests.all(), *CampaignRequestFactory.create_batch(3, campaign=draft)]
    for row in rows[:3]:
        MilestoneFactory(action=row.action, planned_text="2015")
    deeds.open_campaign(campaign=draft, by=None)
    UpdateFactory(action=rows[0].action, on=today())
    UpdateFactory(action=rows[1].action, on=today() - 30 * DAY)
    UpdateFactory(action=rows[3].action, on=today())
    return draft


def test_late_fiches_told_within_ten_days_are_counted_as_the_list_shows_them(client, late):
    found = waking_of([late])[late.pk]
    client.force_login(person(Role.ANIMATOR, late.pact))
    shown = [
        client.get(f"{late.get_absolute_url()}?retard={value}").context["page"].paginator.count
        for value in ("reveil", "silence")
    ]
    assert (found.late, found.woken, found.share, shown) == (3, 1, 33, [1, 2])


def test_an_update_after_ten_days_wakes_nothing(late):
    Campaign.objects.filter(pk=late.pk).update(opened_on=today() - 11 * DAY)
    assert waking_of([again(late)])[late.pk].woken == 0


def test_rates_by_territory_count_what_the_list_shows(client, animator, asked):
    place = TerritoryFactory(name="Blésois")
    asked.action.territories.add(place, TerritoryFactory(name="Loches"))
    deeds.answer(request=asked, kind=AnswerKind.SAME)
    CampaignRequestFactory(campaign=asked.campaign).action.territories.add(place)
    CampaignRequestFactory(campaign=asked.campaign)
    rates = territory_rates(asked.campaign)
    assert [(one.name, one.asked, one.share) for one in rates] == [
        ("Sans territoire", 1, 0),
        ("Blésois", 2, 50),
        ("Loches", 1, 100),
    ]
    for one in rates:
        page = client.get(f"{asked.campaign.get_absolute_url()}?territoire={one.key}").context["page"]
        assert page.paginator.count == one.asked


@pytest.mark.parametrize("odd", ["?organisme=mot", "?territoire=99999999999999999999", "?retard=x", "?etat=x", "?organisme=²"])
def test_an_odd_filter_shows_everything(client, animator, asked, odd):
    assert client.get(f"{asked.campaign.get_absolute_url()}{odd}").context["page"].paginator.count == 1


# Whose turn.


def test_the_animator_reads_how_many_answers_are_awaited(asked, django_assert_num_queries):
    CampaignRequestFactory(campaign=asked.campaign, organisation=asked.organisation)
    deeds.answer(request=CampaignRequestFactory(campaign=asked.campaign), kind=AnswerKind.HELP, said="Qui ?")
    user = person(Role.ANIMATOR, asked.campaign.pact)
    assert user.roles
    with django_assert_num_queries(1):
        turn = campaign_turn(user, asked.campaign.pact)
    said = strip_tags(turn.what).replace("\u00a0", " ")
    assert "2 réponses encore attendues, 1 demande vous attend." in said
    assert campaign_turn(person(Role.READER, asked.campaign.pact), asked.campaign.pact) is None


def test_a_partner_answers_inside_the_application(client, asked):
    pact = asked.campaign.pact
    partner = PartnerFactory(pact=pact, organisation=asked.organisation)
    user = member(partner)
    led_by(user, asked.action)
    client.force_login(user)
    assert "1 fiche à mettre à jour" in strip_tags(campaign_turn(user, pact).what).replace("\u00a0", " ")
    assert asked.campaign.name in client.get(at("my_actions", pact.pk)).content.decode()
    asked.action.leads.update(organisation=asked.organisation)
    client.post(at("update_add", pact.pk, asked.action_id), {"sentence": "Fait ici."})
    assert (again(asked).state, asked.given.sentence) == (RequestState.ANSWERED, "Fait ici.")
    user.__dict__.pop("_organisation_ids", None)
    assert campaign_turn(user, pact) is None


def test_each_collection_says_its_own_day(client, asked):
    pact, day = asked.campaign.pact, asked.campaign.deadline
    user = member(PartnerFactory(pact=pact, organisation=asked.organisation))
    later = CampaignRequestFactory(
        campaign__pact=pact, campaign__deadline=day + datetime.timedelta(days=9), organisation=asked.organisation
    )
    client.force_login(user)
    page = client.get(at("my_actions", pact.pk)).content.decode().replace("\u00a0", " ")
    heads = [page.index(f'id="t-collecte-{row.campaign_id}"') for row in (asked, later)]
    assert heads == sorted(heads)
    assert page.count("1 réponse attendue") == 2


def test_a_commitment_told_in_the_application_answers_the_collection(client, asked):
    pact, partner = asked.campaign.pact, PartnerFactory(pact=asked.campaign.pact)
    commitment = CommitmentFactory(pact=pact, partners=[partner])
    row = CampaignRequestFactory(
        campaign=asked.campaign, question="commitment", action=None, commitment=commitment, organisation=partner.organisation
    )
    pact.state = "in_force"
    pact.save()
    client.force_login(member(partner))
    client.post(reverse("partners:commitment_tell", args=[pact.pk, commitment.pk]), {"state": "kept"})
    assert (again(row).state, row.kept.state) == (RequestState.ANSWERED, "kept")


# Who answers instead of whom.


def test_the_animator_gives_the_requests_to_the_person_who_was_named(client, animator, asked):
    other = CampaignRequestFactory(campaign=asked.campaign, organisation=asked.organisation)
    ContactFactory(
        pact=asked.campaign.pact, organisation=asked.organisation, first_name="Paul", last_name="Exemple", email="p@caf.example"
    )
    deeds.not_me(request=asked, named="paul exemple", everything=True)
    url = at("request_detail", asked.campaign.pact_id, asked.pk)
    shown = client.get(url)
    assert shown.context["form"].initial == {"name": "Paul Exemple", "email": "p@caf.example"}
    assert "Lui confier les 2 demandes" in shown.content.decode()
    client.post(url, {"name": "Paul Exemple", "email": "p@caf.example", "everything": "on"})
    assert [again(row).person_email for row in (asked, other)] == ["p@caf.example"] * 2
    assert OutgoingMail.objects.get().text.count("C’est toujours vrai") == 2


def test_whom_the_animator_finds_may_stay_as_a_contact(client, animator, asked):
    url = at("request_detail", asked.campaign.pact_id, asked.pk)
    for _ in range(2):
        client.post(url, {"name": "Anne De La Tour", "email": "a@caf.example", "keep": "on"})
    contact = Contact.objects.get(organisation=asked.organisation)
    assert (contact.last_name, contact.email) == ("De La Tour", "a@caf.example")
