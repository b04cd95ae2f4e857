"""Roadmaps: what a year plans, what it became, its files; the subsidies as open data."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from docx import Document as Docx

from actions import roadmaps
from actions.models import Milestone, Roadmap
from actions.models.roadmaps import check_content
from actions.money.opendata import subsidies_of
from partners.enums import OrganisationKind
from pti.enums import PactState, Role
from tests.factories.actions import (
    ActionFactory,
    FundingFactory,
    LeadFactory,
    MilestoneFactory,
    OrganisationFactory,
)
from tests.factories.pti import PactFactory, TerritoryFactory, freeze, person
from tests.pdf import words_of


@pytest.fixture
def pact(settings):
    settings.REFERENCE_DAY = "2026-10-06"
    return PactFactory(start_text="2025", end_text="2027")


@pytest.fixture
def animator(client, pact):
    user = person(Role.ANIMATOR, pact)
    client.force_login(user)
    return user


def due(action, day, **fields):
    return MilestoneFactory(action=action, planned_text=day, **fields)


def url(name, pact, *args):
    return reverse(f"actions:{name}", args=[pact.pk, *args])


def test_a_roadmap_says_who_when_and_how_much_and_carries_over(pact):
    fiche = ActionFactory(pact=pact, number="7")
    lead = LeadFactory(action=fiche)
    late, now, done = (
        due(fiche, "2025-06-30"),
        due(fiche, "2026-12-31"),
        due(fiche, "2025-03-01", done_on=datetime.date(2025, 3, 1)),
    )
    due(fiche, "2027-01-01")
    FundingFactory(action=fiche, amount=300, is_conditional=True)
    FundingFactory(action=fiche, amount=None, is_undisclosed=True, state="paid")
    FundingFactory(action=fiche, amount=None, unit="in_kind", in_kind="Un local")
    FundingFactory(pact=pact, action=None, amount=50)
    quiet, over = ActionFactory(pact=pact), ActionFactory(pact=pact, status="dropped")
    content = roadmaps.draft(pact, 2026)
    (line,) = content["lines"]
    assert (line["number"], line["leads"]) == ("7", [lead.organisation.short_name])
    assert [(step["uid"], step["carried"]) for step in line["steps"]] == [(str(late.uid), True), (str(now.uid), False)]
    assert [one["text"] for one in line["money"]] == ["300\xa0€, sous réserve", "Non communiqué", "Un local"]
    assert [one["uid"] for one in content["going_on"]] == [str(quiet.uid)]
    assert str(over.uid) not in str(content)
    assert str(done.uid) not in str(content)
    assert roadmaps.totals_of(content) == [("acquis", "euros", 350, 0), ("versé", "euros", 0, 1)]


def test_a_territory_has_its_fiches_and_those_of_the_whole_pact(pact):
    here, there = TerritoryFactory.create_batch(2)
    fiches = ActionFactory.create_batch(4, pact=pact)
    for fiche in fiches:
        due(fiche, "2026-12-31")
    fiches[0].territories.add(here)
    fiches[1].territories.add(here, there)
    fiches[2].territories.add(there)
    told = {line["uid"] for line in roadmaps.draft(pact, 2026, here)["lines"]}
    assert told == {str(fiches[index].uid) for index in (0, 1, 3)}


def test_the_next_year_says_what_changed(pact):
    fiches = ActionFactory.create_batch(3, pact=pact)
    kept, moved, undone = due(fiches[0], "2025-05-01"), due(fiches[0], "2025-06-01"), due(fiches[1], "2025-07-01")
    FundingFactory(action=fiches[0], year=2025, amount=100)
    before = roadmaps.settle(pact=pact, year=2025, territory=None, by=None)
    Milestone.objects.filter(pk=kept.pk).update(done_on=datetime.date(2025, 5, 1))
    Milestone.objects.filter(pk=moved.pk).update(forecast_on=datetime.date(2026, 2, 1), forecast_reason="Recrutement")
    due(fiches[2], "2026-04-01")
    FundingFactory(action=fiches[0], year=2026, amount=150)
    changes = roadmaps.changes(before.content, roadmaps.draft(pact, 2026), pact)
    assert (changes.kept, changes.promised) == (1, 3)
    assert [(one["step"]["uid"], one["to"], one["why"]) for one in changes.moved] == [
        (str(moved.uid), datetime.date(2026, 2, 1), "Recrutement")
    ]
    assert [one["step"]["uid"] for one in changes.undone] == [str(undone.uid)]
    assert [one["uid"] for one in changes.new] == []  # it was going on already, without anything planned
    assert [(one["from"], one["to"]) for one in changes.amounts] == [(Decimal(100), Decimal(150))]


def test_a_settled_roadmap_stays_as_it_was_and_is_reopened_before_the_next(client, pact, animator):
    fiche = ActionFactory(pact=pact, title="Mobilité")
    step = due(fiche, "2026-12-31")
    freeze(pact, PactState.IN_FORCE)
    client.post(url("roadmap_settle", pact, 2026))
    assert Roadmap.objects.get().settled_by == animator
    Milestone.objects.filter(pk=step.pk).update(forecast_on=datetime.date(2027, 3, 1))
    html = client.get(url("roadmap_detail", pact, 2026)).content.decode()
    assert "elle ne bouge plus" in html
    assert "Depuis qu’elle est arrêtée" in html
    with pytest.raises(ValidationError):
        roadmaps.settle(pact=pact, year=2026, territory=None, by=None)
    roadmaps.settle(pact=pact, year=2027, territory=None, by=None)
    client.post(url("roadmap_reopen", pact, 2026))
    assert Roadmap.objects.count() == 2
    client.post(url("roadmap_reopen", pact, 2027))
    client.post(url("roadmap_reopen", pact, 2026))
    assert (Roadmap.objects.count(), Roadmap.history.filter(history_type="-").count()) == (0, 2)


def test_nothing_planned_is_not_settled(client, pact, animator):
    client.post(url("roadmap_settle", pact, 2026))
    assert not Roadmap.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_roadmap_query_count(client, pact, animator, count, django_assert_num_queries):
    for fiche in ActionFactory.create_batch(count, pact=pact):
        LeadFactory(action=fiche)
        due(fiche, "2026-12-31")
        FundingFactory(action=fiche)
        fiche.territories.add(TerritoryFactory())
    with django_assert_num_queries(13):
        client.get(url("roadmap_detail", pact, 2026))
    with django_assert_num_queries(7):
        client.get(url("roadmap_list", pact))
    with django_assert_num_queries(5):
        client.get(url("subsidy_list", pact))


@pytest.mark.parametrize("form", ["pdf", "docx", "odt"])
def test_the_file_says_the_same_and_is_the_same_twice(client, pact, animator, form):
    fiche = ActionFactory(pact=pact, title="Mobilité", number="7")
    due(fiche, "2025-05-01", label="Ouvrir le guichet")
    roadmaps.settle(pact=pact, year=2025, territory=None, by=None)
    FundingFactory(action=fiche, amount=1234)
    one, two = (client.get(url("roadmap_print", pact, 2026, form)).content for _ in range(2))
    assert one == two
    if form == "pdf":
        words = words_of(one)
    elif form == "docx":
        book = Docx(io.BytesIO(one))
        cells = [cell.text for table in book.tables for row in table.rows for cell in row.cells]
        words = "\n".join([*(line.text for line in book.paragraphs), *cells])
    else:
        return
    plain = " ".join(words.split()).replace("\u202f", " ").replace("\xa0", " ")
    for said in (
        "Feuille de route 2026",
        "7 Mobilité",
        "Ouvrir le guichet",
        "1 234 €",
        "Prévu et pas fait",
        "rien n’était dit → 1 234 €",
    ):
        assert said in plain


def test_a_roadmap_from_a_file_is_of_the_shape_that_pages_show(pact):
    fiche = ActionFactory(pact=pact)
    LeadFactory(action=fiche)
    due(fiche, "2026-12-31")
    FundingFactory(action=fiche)
    good = roadmaps.draft(pact, 2026)
    check_content(good)
    (line,) = good["lines"]
    for wrong in (
        None,
        {"lines": []},
        good | {"lines": [1]},
        good | {"lines": [line | {"status": "x"}]},
        good | {"lines": [line | {"steps": [line["steps"][0] | {"due": "demain"}]}]},
        *(
            good | {"lines": [line | {"money": [line["money"][0] | {"amount": amount}]}]}
            for amount in ("beaucoup", "sNaN", "Infinity", "1e999999")
        ),
        good | {"lines": [line | {"leads": [1]}]},
        good | {"going_on": [{}]},
        good | {"loose": [line]},
    ):
        with pytest.raises(ValidationError):
            check_content(wrong)


@pytest.mark.parametrize("year", [1989, 2101, 99999])
def test_a_year_out_of_reach_is_not_found(client, pact, animator, year):
    assert client.get(url("roadmap_detail", pact, year)).status_code == 404


def test_the_years_beside_are_those_of_the_pact(client, pact, animator):
    first, last = pact.starts_on.year, pact.effective_end.year
    beside = client.get(url("roadmap_detail", pact, last)).context["beside"]
    assert beside == [(last - 1, url("roadmap_detail", pact, last - 1))]
    assert [year for year, _ in client.get(url("roadmap_detail", pact, first)).context["beside"]] == [first + 1]


def test_the_territory_of_another_pact_is_not_found(client, pact, animator):
    elsewhere = TerritoryFactory()
    ActionFactory().territories.add(elsewhere)
    assert client.get(url("roadmap_of_territory", pact, 2026, elsewhere.pk)).status_code == 404
    assert client.post(url("roadmap_settle_of_territory", pact, 2026, elsewhere.pk)).status_code == 404


# Open data.


@pytest.fixture
def granted(pact):
    """A subsidy that says everything."""
    authority = OrganisationFactory(name="Département", kind=OrganisationKind.AUTHORITY, siret="22370001000012")
    body = OrganisationFactory(name="=Association", siret="38047555800058")
    return FundingFactory(
        action=ActionFactory(pact=pact), funder=authority, beneficiary=body, label="Plateforme", amount="47800.20",
        agreed_on=datetime.date(2026, 6, 27), payment_terms="échelonné", payment_text="2026-S1", is_notified_aid=False,
        decision_reference="2026-103",
    )  # fmt: skip


def test_the_file_of_subsidies_follows_the_schema_and_is_no_formula(client, pact, animator, granted):
    text = client.get(url("subsidy_export", pact)).content.decode()
    (row,) = csv.DictReader(io.StringIO(text))
    assert row == {
        "nomAttribuant": "Département", "idAttribuant": "22370001000012", "dateConvention": "2026-06-27",
        "referenceDecision": "2026-103", "nomBeneficiaire": "'=Association", "idBeneficiaire": "38047555800058",
        "rnaBeneficiaire": "", "objet": "Plateforme", "montant": "47800.20", "nature": "aide en numéraire",
        "conditionsVersement": "échelonné", "datesPeriodeVersement": "2026-01-01/2026-06-30", "idRAE": "",
        "notificationUE": "non", "pourcentageSubvention": "1.00", "dispositifAide": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "lacks"),
    [
        ({"agreed_on": None}, "la date de la convention manque"),
        ({"amount": None}, "le montant manque"),
        ({"beneficiary": None}, "le bénéficiaire manque"),
        ({"payment_text": "un jour"}, "la date ou la période de versement manque"),
        ({"is_notified_aid": None}, "l’indication d’une notification à la Commission européenne manque"),
        ({"is_conditional": True}, "le montant est encore sous réserve"),
        ({"payment_terms": ""}, "les conditions de versement manque"),
    ],
)
def test_what_is_missing_is_told_and_never_invented(client, pact, animator, granted, fields, lacks):
    for name, value in fields.items():
        setattr(granted, name, value)
    granted.save()
    assert [one.lacks for one in subsidies_of(pact)] == [lacks]
    assert lacks in client.get(url("subsidy_list", pact)).content.decode()
    assert client.get(url("subsidy_export", pact)).content.decode().count("\n") == 1


def test_what_is_no_subsidy_of_an_authority_is_left_out(pact, granted):
    copy = {"action": granted.action, "funder": granted.funder, "beneficiary": granted.beneficiary}
    FundingFactory(**copy, label="Plateforme", state="paid")
    FundingFactory(**copy | {"beneficiary": granted.funder})
    FundingFactory(**copy, state="asked")
    FundingFactory(**copy, planned=True)
    FundingFactory(**copy, unit="fte")
    FundingFactory(**copy | {"funder": OrganisationFactory()})
    assert [one.funding for one in subsidies_of(pact)] == [granted]
