"""« Que financez-vous ? »: a funder fills its own column from its mail."""

import pytest
from django.urls import reverse

from actions.campaigns import mails
from actions.campaigns.preparing import prepare
from actions.enums import LeadRole, RequestState
from actions.models import Funding
from actions.money.grid import DETAILED
from pti.enums import PactState, Role
from tests.asking import ask
from tests.factories.actions import ActionFactory, CampaignFactory, CampaignRequestFactory, FundingFactory, LeadFactory
from tests.factories.partners import ContactFactory, MembershipFactory, PartnerFactory
from tests.factories.pti import PactFactory, freeze, person
from tests.world import log_in


@pytest.fixture
def pact(settings):
    settings.REFERENCE_DAY = "2026-10-06"
    return PactFactory(start_text="2025", end_text="2027")


@pytest.fixture
def partner(pact):
    return PartnerFactory(pact=pact, is_funder=True)


@pytest.fixture
def row(pact, partner):
    """What the funder already says."""
    return FundingFactory(
        action=ActionFactory(pact=pact, number="9", title="Mobilité"), funder=partner.organisation, amount=1000
    )


@pytest.fixture
def asked(pact, partner, row):
    campaign = CampaignFactory(pact=pact, open=True, asks_fundings=True)
    return CampaignRequestFactory(campaign=campaign, question="funding", action=None, organisation=partner.organisation)


@pytest.fixture
def url(asked):
    return reverse("answers:answer", args=[mails.make_link(asked, asked.person_email)])


def name_of(fiche, funder, state, year=2026):
    return f"c_{fiche.pk if fiche else 0}-0-{funder.pk}_{year}_{state}"


def typed(cells):
    """{name: (what it showed, what is typed)} as the page sends it."""
    return {name: text for name, (_, text) in cells.items()} | {f"w{name}": was for name, (was, _) in cells.items()}


def test_each_funder_is_asked_once_and_the_others_are_not(pact, partner, row):
    named = PartnerFactory(pact=pact)
    LeadFactory(action=row.action, role=LeadRole.FUNDER, organisation=named.organisation)
    PartnerFactory(pact=pact)
    PartnerFactory(pact=pact, is_funder=True, left_on="2026-01-01")
    FundingFactory(action=row.action)
    ContactFactory(pact=pact, organisation=partner.organisation, email="r@caf.example", is_referent=True)
    draft = CampaignFactory(pact=pact, asks_updates=False, asks_fundings=True)
    for _ in range(2):
        prepare(campaign=draft)
    told = {(one.organisation, one.question, one.person_email) for one in draft.requests.all()}
    assert told == {(partner.organisation, "funding", "r@caf.example"), (named.organisation, "funding", "")}


def test_the_mail_and_the_page_say_the_years_and_write_nothing(client, asked, url):
    mails.remind_now(asked.campaign)
    assert "Financements 2026" in asked.campaign.pact.outgoing_mails.get().text
    response, written = ask(client, url)
    html = response.content.decode()
    assert (response.status_code, written) == (200, [])
    assert "9 Mobilité" in html
    assert 'value="1 000"' in html
    assert "Sans fiche en particulier" in html


def test_a_funder_says_its_column_and_puts_it_right(client, pact, row, asked, url):
    freeze(pact, PactState.IN_FORCE)
    paid, acquired = (name_of(row.action, row.funder, state) for state in ("paid", "acquired"))
    loose = name_of(None, row.funder, "asked")
    cells = {acquired: ("1 000", "1 200 SR"), paid: ("", "NC"), loose: ("", "nature : un local")}
    assert client.post(url, typed(cells)).status_code == 302
    told = Funding.objects.values_list("action", "funder", "state", "unit", "amount", "is_undisclosed", "is_conditional")
    assert set(told) == {
        (row.action_id, row.funder_id, "acquired", "euros", 1200, False, True),
        (row.action_id, row.funder_id, "paid", "euros", None, True, False),
        (None, row.funder_id, "asked", "in_kind", None, False, False),
    }
    asked.refresh_from_db()
    assert (asked.state, len(asked.values)) == (RequestState.ANSWERED, 3)
    client.post(url, typed({acquired: ("1 200 SR", "1 300")}))
    assert Funding.objects.filter(amount=1300).count() == 1


def test_the_fiches_that_it_leads_are_proposed_too(client, pact, partner, asked, url):
    led = ActionFactory(pact=pact, title="Santé")
    LeadFactory(action=led, organisation=partner.organisation)
    client.post(url, typed({name_of(led, partner.organisation, "asked"): ("", "10")}))
    assert Funding.objects.get(action=led).amount == 10


def test_a_wrong_cell_is_said_beside_it_and_kept(client, row, asked, url):
    html = client.post(url, typed({name_of(row.action, row.funder, "acquired"): ("1 000", "mille")})).content.decode()
    assert "« mille » ne se lit pas" in html.replace("\xa0", " ")
    assert 'value="mille"' in html
    assert Funding.objects.get().amount == 1000


def test_a_cell_that_says_more_than_an_amount_is_not_emptied_in_silence(client, row, asked, url):
    Funding.objects.filter(pk=row.pk).update(note="Convention du 3 mars")
    response = client.post(url, typed({name_of(row.action, row.funder, "acquired"): ("1 000", "")}))
    assert response.context["form"].errors == {name_of(row.action, row.funder, "acquired"): [DETAILED]}
    assert Funding.objects.get().amount == 1000


def test_a_refusal_of_the_base_is_told_and_keeps_what_was_typed(client, row, asked, url, monkeypatch):
    """The form passed; what is read under the lock refuses."""
    monkeypatch.setattr("actions.forms.own_fundings.refuse_loss", lambda rows, said: None)
    Funding.objects.filter(pk=row.pk).update(note="Convention du 3 mars")
    paid = name_of(row.action, row.funder, "paid")
    cells = {name_of(row.action, row.funder, "acquired"): ("1 000", ""), paid: ("", "50")}
    response = client.post(url, typed(cells))
    form = response.context["form"]
    assert (form.non_field_errors(), form[paid].value()) == ([DETAILED], "50")
    asked.refresh_from_db()
    assert (asked.state, Funding.objects.count()) == (RequestState.TO_DO, 1)


def test_what_somebody_wrote_meanwhile_is_not_overwritten(client, row, asked, url):
    Funding.objects.filter(pk=row.pk).update(amount=5000)
    cells = {name_of(row.action, row.funder, "acquired"): ("1 000", "2 000")}
    html = client.post(url, typed(cells)).content.decode()
    assert "quelqu’un a écrit" in html
    assert Funding.objects.get().amount == 5000
    client.post(url, typed({name_of(row.action, row.funder, "acquired"): ("5 000", "2 000")}))
    assert Funding.objects.get().amount == 2000


def test_a_funder_writes_its_own_cells_only(client, pact, row, asked, url):
    other = FundingFactory(action=row.action, amount=77, funder__name="Région")
    planned = FundingFactory(action=row.action, funder=row.funder, planned=True)
    cells = {
        name_of(row.action, other.funder, "acquired"): ("77", "0"),
        name_of(row.action, row.funder, "planned"): ("42 000", "0"),
        name_of(row.action, row.funder, "acquired", 2031): ("", "9"),
    }
    html = client.get(url).content.decode()
    assert other.funder.name not in html
    client.post(url, typed(cells))
    assert set(Funding.objects.values_list("pk", "amount")) == {(row.pk, 1000), (other.pk, 77), (planned.pk, 42000)}


def test_nothing_new_is_one_tap_once_something_is_known(client, row, asked, url):
    assert client.post(url, {"inchange": "1"}).status_code == 302
    asked.refresh_from_db()
    assert (asked.kind, asked.values) == ("same", [])


def test_an_empty_page_says_nothing_when_nothing_is_known(client, partner, row, asked, url):
    cell = name_of(None, row.funder, "acquired")
    row.delete()
    assert "Écrivez au moins un montant" in client.post(url, typed({cell: ("", "")})).content.decode()
    asked.refresh_from_db()
    assert asked.state == RequestState.TO_DO
    client.post(url, typed({cell: ("", "0")}))
    asked.refresh_from_db()
    assert asked.state == RequestState.ANSWERED


def test_staff_records_it_in_the_name_of_the_funder(client, pact, row, asked):
    client.force_login(person(Role.ANIMATOR, pact))
    address = reverse("actions:request_answer", args=[pact.pk, asked.pk])
    assert client.get(address).status_code == 200
    client.post(address, typed({name_of(row.action, row.funder, "paid"): ("", "50")}) | {"channel": "Téléphone"})
    asked.refresh_from_db()
    assert (asked.on_behalf, Funding.objects.get(state="paid").amount) == (True, 50)
    assert "versé 2026" in client.get(reverse("actions:request_detail", args=[pact.pk, asked.pk])).content.decode()


@pytest.mark.parametrize(
    ("first", "last", "years"), [(None, None, [2026]), (2026, 2027, [2026, 2027]), (2025, 2030, [2025, 2026, 2027])]
)
def test_a_collection_asks_three_years_at_most(pact, first, last, years):
    assert CampaignFactory(pact=pact, funding_from=first, funding_to=last).funding_years == years


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_funder_query_count(client, pact, row, asked, url, count, django_assert_num_queries):
    for fiche in ActionFactory.create_batch(count - 1, pact=pact):
        FundingFactory(action=fiche, funder=row.funder)
    with django_assert_num_queries(16):
        client.get(url)


def test_whoever_is_logged_in_answers_without_the_mail(client, pact, asked, row):
    """Every question that « Mes actions » shows leads somewhere."""
    user = person(Role.PARTNER, pact)
    MembershipFactory(user=user, organisation=asked.organisation)
    log_in(client, user)
    page = client.get(reverse("actions:my_actions", args=[pact.pk])).content.decode()
    address = reverse("actions:request_reply", args=[pact.pk, asked.pk])
    assert f'action="{address}"' in page
    opened = client.post(address)
    assert asked.links.get().sent_to == user.email
    assert client.get(opened.url).status_code == 200
    stranger = CampaignRequestFactory(campaign=asked.campaign, question="funding", action=None)
    assert client.post(reverse("actions:request_reply", args=[pact.pk, stranger.pk])).status_code == 404
