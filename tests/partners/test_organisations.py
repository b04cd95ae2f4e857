"""Organisations: dated names, successions, numbers checked, who may write them."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from evaluation.demo.load import FOLDER
from partners.models import Organisation, Partner, Succession
from partners.services import rename_organisation, succeed
from pti import exchange
from pti.enums import Role
from pti.facts import load_json
from pti.models import Pact
from pti.pact_facts import import_facts
from tests.factories.partners import OrganisationFactory, PartnerFactory, member
from tests.factories.pti import PactFactory, TerritoryFactory, person

SIREN = "732829320"
SIRET = "73282932000074"


@pytest.fixture
def pact():
    return PactFactory(start_text="2022", end_text="2026")


@pytest.fixture
def officer(client, pact):
    user = person(Role.OFFICER, pact)
    client.force_login(user)
    return user


@pytest.fixture
def agency():
    return OrganisationFactory(name="Pôle emploi")


def test_renaming_keeps_the_former_name(agency, officer):
    rename_organisation(organisation=agency, name="France Travail", on=datetime.date(2024, 1, 1), by=officer)
    agency.refresh_from_db()
    assert (agency.name, agency.former_names) == ("France Travail", "ex-Pôle emploi")
    assert [agency.name_on(day) for day in (datetime.date(2023, 12, 31), datetime.date(2024, 1, 1))] == [
        "Pôle emploi",
        "France Travail",
    ]
    assert "pole emploi" in agency.search


def test_a_new_name_comes_after_the_present_one(agency, officer):
    rename_organisation(organisation=agency, name="France Travail", on=datetime.date(2024, 1, 1), by=officer)
    with pytest.raises(ValidationError):
        rename_organisation(organisation=agency, name="Autre", on=datetime.date(2023, 1, 1), by=officer)


def test_an_organisation_renamed_during_the_pact_keeps_the_name_of_the_text(client, pact, officer, agency):
    partner = PartnerFactory(pact=pact, organisation=agency)
    client.post(reverse("partners:organisation_rename", args=[agency.pk]), {"name": "France Travail", "on": "1/1/2024"})
    html = client.get(partner.get_absolute_url()).content.decode()
    assert "<h1>Pôle emploi</h1>" in html
    assert "Aujourd’hui France Travail" in html
    listed = client.get(reverse("partners:partner_list", args=[pact.pk]), {"q": "pole"})
    assert [row.record for row in listed.context["table"].rows] == [partner]
    assert "ex-Pôle emploi" in listed.content.decode()


def test_a_refused_renaming_says_why_beside_the_field(client, officer, agency):
    address = reverse("partners:organisation_rename", args=[agency.pk])
    response = client.post(address, {"name": "Pôle emploi", "on": "31/02/2024"})
    assert response.context["form"].errors == {
        "name": ["C’est déjà son nom."],
        "on": ["Le 31 février 2024 n’existe pas. Saisissez une date comme 28/02/2017."],
    }


def test_a_merger_gives_its_name_to_the_successor(officer):
    first, second, successor = (
        OrganisationFactory(name="Direccte"),
        OrganisationFactory(name="DDCS"),
        OrganisationFactory(name="DDETS"),
    )
    for one in (first, second):
        succeed(predecessor=one, successor=successor, kind="merged", on=datetime.date(2021, 4, 1), by=officer)
    successor.refresh_from_db()
    assert successor.former_names == "ex-Direccte, ex-DDCS"
    assert Succession.objects.count() == 2
    with pytest.raises(ValidationError):
        succeed(predecessor=first, successor=successor, kind="merged", on=datetime.date(2021, 4, 1), by=officer)


@pytest.mark.parametrize(
    ("numbers", "errors"),
    [
        ({"siren": "732 829 320"}, set()),
        ({"siren": "732829321"}, {"siren"}),
        ({"siret": "73282932000074"}, set()),
        ({"siret": "73282932000075"}, {"siret"}),
        ({"siren": "552100554", "siret": "73282932000074"}, {"siret"}),
    ],
)
def test_numbers_are_checked(client, officer, numbers, errors):
    response = client.post(reverse("partners:organisation_add"), {"name": "Essai", "kind": "other", **numbers})
    if errors:
        assert set(response.context["form"].errors) == errors
    else:
        assert response.status_code == 302
        assert Organisation.objects.get(name="Essai").siren == numbers.get("siren", "").replace(" ", "")


@pytest.mark.parametrize("count", [1, 3])
def test_organisation_list_query_count(client, officer, count, django_assert_num_queries):
    OrganisationFactory.create_batch(count)
    with django_assert_num_queries(5):
        response = client.get(reverse("partners:organisation_list"))
    assert len(response.context["table"].rows) == count


def test_staff_of_another_pact_does_not_write_an_organisation(client, pact, agency):
    PartnerFactory(pact=pact, organisation=agency)
    client.force_login(person(Role.OFFICER, PactFactory()))
    assert client.get(agency.get_absolute_url()).status_code == 200
    assert client.get(reverse("partners:organisation_edit", args=[agency.pk])).status_code == 403


def test_a_partner_sees_the_organisations_of_its_pact_only(client, pact, agency):
    partner = PartnerFactory(pact=pact)
    client.force_login(member(partner))
    assert client.get(partner.organisation.get_absolute_url()).status_code == 200
    assert client.get(agency.get_absolute_url()).status_code == 404


REAL = ["indre-et-loire-2015-2017", "herault-2022-2025", "meuse-2017-2021", "deux-sevres-2022-2027"]


def imported(name):
    """A real pact, for what it says of these two bodies."""
    facts = load_json((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    kept = [one for one in facts["partners"] if one["name"].startswith(("Caisse d’allocations", "Pôle emploi"))]
    return import_facts({key: facts[key] for key in ("title", "department", "period")} | {"partners": kept})[0]


def body(pact, said):
    return pact.partners.get(name_in_text=said).organisation


def test_the_same_name_in_four_departments_is_four_organisations():
    """The real files write « Caisse d’allocations familiales », « Pôle emploi »; a renewal in one département finds its own."""
    pacts = [imported(name) for name in REAL]
    fund = "Caisse d’allocations familiales"
    funds = [body(pacts[0], f"{fund} Touraine"), *(body(pact, fund) for pact in pacts[1:])]
    assert [one.name for one in funds] == [f"{fund} Touraine", fund, f"{fund} (Meuse)", f"{fund} (Deux-Sèvres)"]
    assert len({body(pact, "Pôle emploi") for pact in pacts}) == 4
    before = Organisation.objects.count()
    assert body(imported("meuse-2017-2021"), fund) == funds[2]
    assert Organisation.objects.count() == before


def namesake(department, **said):
    """A « CAF » that takes part in a pact of `department`."""
    return PartnerFactory(
        pact=PactFactory(departments=[department]), organisation=OrganisationFactory(name="CAF", **said)
    ).organisation


def test_a_name_is_known_by_siret_then_by_department():
    meuse, herault = TerritoryFactory(name="Meuse", kind="department"), TerritoryFactory(name="Hérault", kind="department")
    here, there = namesake(meuse), namesake(herault, siret=SIRET)
    assert Organisation.known_as({"name": "CAF"}, None, [meuse]) == here
    assert Organisation.known_as({"name": "CAF"}, None, [herault]) == there
    assert Organisation.known_as({"name": "Autre nom", "siret": SIRET}, None, [meuse]) == there
    assert Organisation.known_as({"name": "CAF"}, None, [TerritoryFactory(name="Aude", kind="department")]) is None
    free = OrganisationFactory(name="CAF")
    assert Organisation.known_as({"name": "CAF"}, None, [TerritoryFactory(name="Gers", kind="department")]) == free


def test_an_export_from_elsewhere_brings_its_own_namesake():
    meuse = TerritoryFactory(name="Meuse", kind="department", code="55")
    theirs = namesake(meuse)
    content = exchange.export_bytes(theirs.partners.get().pact)
    plain, files = exchange.read(content)
    Partner.objects.all().delete()
    Pact.objects.all().delete()
    theirs.delete()
    known = namesake(TerritoryFactory(name="Hérault", kind="department", code="34"))
    pact = exchange.load(plain, files)
    assert pact.partners.get().organisation != known
    assert exchange.export_bytes(pact) == content


def test_a_partner_named_on_the_page_is_the_one_of_the_department(client, officer, pact):
    meuse, herault = TerritoryFactory(name="Meuse", kind="department"), TerritoryFactory(name="Hérault", kind="department")
    pact.departments.add(meuse)
    namesake(herault)
    said = {"new_name": "CAF", "standing": "associated"}
    client.post(reverse("partners:partner_add", args=[pact.pk]), said)
    assert pact.partners.get().organisation.name == "CAF (Meuse)"
