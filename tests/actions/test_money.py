"""Totals that agree with their parts, and the grid where money is typed or pasted."""

import io
from decimal import Decimal
from urllib.parse import parse_qs

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from openpyxl import load_workbook

from actions.enums import FundingState, FundingUnit, LeadRole
from actions.filters import FundingFilter
from actions.models import Funding
from actions.money.cells import read_cell, write_cell
from actions.money.grid import MOVED, Cell, Column, Line, save_cells
from actions.money.pasting import lay
from actions.money.sums import Total, percent
from pti.enums import PactState, Role
from tests.at_once import on_a_file, there, together
from tests.factories.actions import ActionFactory, AxisFactory, FundingFactory, LeadFactory, OrganisationFactory
from tests.factories.pti import PactFactory, TerritoryFactory, freeze, person

EUROS, FTE, IN_KIND = FundingUnit.EUROS, FundingUnit.FTE, FundingUnit.IN_KIND


@pytest.fixture
def pact(settings):
    settings.REFERENCE_DAY = "2026-10-06"
    return PactFactory(start_text="2025", end_text="2027")


@pytest.fixture
def officer(client, pact):
    user = person(Role.OFFICER, pact)
    client.force_login(user)
    return user


def url(name, pact, query=""):
    return reverse(f"actions:{name}", args=[pact.pk]) + query


@pytest.fixture
def rich(pact):
    """Money of every kind: two funders and one only written, places, years, units, what is not known."""
    top, other = AxisFactory(pact=pact), AxisFactory(pact=pact)
    below = AxisFactory(pact=pact, parent=top)
    one, two = TerritoryFactory.create_batch(2)
    fiches = [ActionFactory(pact=pact, axis=axis) for axis in (top, below, None, below)]
    fiches[1].other_axes.add(other)
    fiches[1].territories.add(one)
    fiches[3].territories.add(one, two)
    caf, region = OrganisationFactory.create_batch(2)
    sums = [12_500.5, None, 300, 45_000, 7_000]
    for rank, amount in enumerate(sums):
        for fiche in [*fiches, None]:
            FundingFactory(
                pact=pact, action=fiche, axis=other if fiche is None and rank % 2 else None,
                funder=[caf, region, None][rank % 3], funder_text=["", "", "Mécénat; ou « fondation »"][rank % 3],
                year=[2015, 2025, 2026, None, 2027][rank], state=[*FundingState.values, "paid"][rank],
                amount=amount and Decimal(str(amount)), is_conditional=rank == 3,
                is_undisclosed=amount is None and fiche is None,
            )  # fmt: skip
    FundingFactory(pact=pact, action=fiches[0], unit=FTE, amount="0.5", funder=caf)
    FundingFactory(pact=pact, action=fiches[0], unit=IN_KIND, amount=None, in_kind="Un local", funder=caf)
    FundingFactory(pact=pact, action=fiches[2], unit=EUROS, amount=None, in_kind="Une salle", funder=None, funder_text="")
    return pact


def rows_of(pact, address):
    """What the list of the rows behind a figure adds up to, by the filter of that list."""
    query = QueryDict(address.partition("?")[2])
    rows = list(FundingFilter(query, queryset=Funding.objects.filter(pact=pact), pact=pact).qs)
    return (len(rows), sum((row.amount for row in rows if row.amount is not None), Decimal(0)))


@pytest.mark.parametrize("by", ["financeur", "axe", "territoire", "fiche"])
def test_every_figure_is_what_its_rows_add_up_to_and_the_foot_what_its_lines_do(client, rich, officer, by):
    seen = 0
    for unit, query in [(EUROS, ""), (EUROS, "&state=paid"), (IN_KIND, "")]:
        table = client.get(url("funding_totals", rich, f"?par={by}&unit={unit}{query}")).context["table"]
        lines = list(table.page)
        for line in [*lines, table.foot]:
            for figure in line.figures:
                if figure.total:
                    assert rows_of(rich, figure.url) == (figure.total.rows, figure.total.amount), figure.url
                    seen += 1
        for index, _ in enumerate(table.columns):
            tops = [line.figures[index].total for line in lines if line.depth == 0 and line.figures[index].total]
            assert sum(tops, Total(unit)) == table.foot.figures[index].total
    assert seen >= 12


def test_a_figure_keeps_what_is_filtered(client, rich, officer):
    table = client.get(url("funding_totals", rich, "?par=financeur&year=2026&sans=axe&sans=fiche")).context["table"]
    figure = next(figure for line in table.page for figure in line.figures if figure.total)
    query = parse_qs(figure.url.partition("?")[2])
    assert (query["year"], query["sans"]) == (["2026"], ["axe", "fiche"])
    assert rows_of(rich, figure.url)[0] == figure.total.rows
    assert len(client.get(figure.url).context["table"].rows) == figure.total.rows


def test_undisclosed_conditional_and_nothing_said_are_not_zero():
    whole = Total(EUROS, rows=2, told=2, amount=Decimal(100), conditional=Decimal(40), conditional_rows=1)
    part = Total(EUROS, rows=3, told=1, undisclosed=1, amount=Decimal(100))
    assert (whole.text, whole.remarks) == ("100\xa0€", ["dont 40\xa0€ sous réserve"])
    assert (part.text, part.remarks) == ("100\xa0€ connus", ["et 1\xa0non communiqué", "et 1\xa0non renseigné"])
    assert (Total(EUROS, rows=1, undisclosed=1).text, Total(EUROS, rows=1).text) == ("Non communiqué", "Non renseigné")
    assert (percent(whole.share_of(whole)), percent(whole.share_of(whole + part))) == ("100\xa0%", "")
    assert percent(Decimal("0.2")) == "moins de\xa01\xa0%"


@pytest.mark.parametrize("count", [1, 3])
def test_totals_and_grid_query_count(client, pact, officer, count, django_assert_num_queries):
    for fiche in ActionFactory.create_batch(count, pact=pact, axis=AxisFactory(pact=pact)):
        fiche.territories.add(TerritoryFactory())
        FundingFactory(action=fiche)
    for by, queries in [("financeur", 11), ("axe", 11), ("territoire", 12), ("fiche", 11)]:
        with django_assert_num_queries(queries):
            client.get(url("funding_totals", pact, f"?par={by}"))
    with django_assert_num_queries(20):
        client.get(url("funding_grid", pact))


def test_the_workbook_gives_every_line_and_no_formula(client, rich, officer):
    FundingFactory(pact=rich, action=None, funder=None, funder_text="=1+1", label="@x", state="paid", year=2026)
    content = client.get(url("funding_totals", rich, "?format=xlsx")).content
    book = load_workbook(io.BytesIO(content))
    cells = {(cell.value, cell.data_type) for row in book["Totaux"].iter_rows() for cell in row}
    assert ("=1+1", "s") in cells
    assert book["Lignes"].max_row == 1 + Funding.objects.filter(pact=rich).in_unit(EUROS).count()


def test_a_fiche_and_an_axis_say_who_pays_which_part(client, rich, officer):
    fiche = ActionFactory(pact=rich, axis=AxisFactory(pact=rich))
    caf, region = OrganisationFactory(name="CAF", acronym=""), OrganisationFactory(name="Région", acronym="")
    FundingFactory(action=fiche, funder=caf, amount=3000)
    FundingFactory(action=fiche, funder=region, amount=1000)
    FundingFactory(action=fiche, funder=region, amount=None, is_undisclosed=True, state="paid")
    FundingFactory(action=fiche, funder=caf, amount=1, state="paid")
    html = client.get(fiche.get_absolute_url()).content.decode()
    assert "CAF 75\xa0%, Région 25\xa0%" in html
    assert html.count("un montant n’est pas connu") == 1
    table = client.get(fiche.axis.get_absolute_url()).context["money"]
    assert [(line.label, [figure.percent for figure in line.figures]) for line in table.page] == [
        ("CAF", ["75\xa0%", ""]),
        ("Région", ["25\xa0%", ""]),
    ]


# Cells.


@pytest.mark.parametrize(
    ("text", "unit", "amount", "back"),
    [
        ("12 500,50", EUROS, "12500.50", "12 500,5"),
        ("12\u202f500 €", EUROS, "12500", "12 500"),
        ("0", EUROS, "0", "0"),
        ("ETP 0,5", FTE, "0.5", "0,5 ETP"),
        ("0,5 ETP SR", FTE, "0.5", "0,5 ETP SR"),
        ("8000 (sous réserve)", EUROS, "8000", "8 000 SR"),
        ("NC", EUROS, None, "NC"),
        ("?", EUROS, None, "?"),
        ("nature : prêt d’un local ; le mardi", IN_KIND, None, "nature : prêt d’un local ; le mardi"),
    ],
)
def test_a_cell_is_read_as_people_write_it(text, unit, amount, back):
    (said,) = read_cell(text)
    assert (said.unit, said.amount) == (unit, amount and Decimal(amount))
    row = Funding(pk=1, **said.fields())
    assert write_cell([row]) == back
    assert read_cell(back)[0].amount == said.amount


def test_a_cell_says_several_units_and_an_empty_one_nothing():
    assert [(one.unit, one.amount) for one in read_cell("20 000 ; 0,5 ETP")] == [(EUROS, 20000), (FTE, Decimal("0.5"))]
    assert read_cell("  ") == []


@pytest.mark.parametrize(
    "text",
    ["douze", "12.500", "1,500,000", "-5", "1,234", "1;2", "9" * 20, "nature : =1+1", "NaN", "1e400", "0" * 250 + "1",
     "nature : un\x00local"],
)  # fmt: skip
def test_what_a_cell_cannot_be_is_said_in_french(text):
    with pytest.raises(ValidationError) as refused:
        read_cell(text)
    assert refused.value.messages[0][-1] in ".)"


# The grid.


def line_of(fiche, funder):
    return f"{fiche.pk if fiche else 0}-0-{funder.pk}"


def send(client, pact, cells, query="?annee=2026", **more):
    """Post a grid: {(fiche, funder, state): (what it showed, what is typed)}."""
    data = {"enregistrer": "1", "ligne": [line_of(fiche, funder) for fiche, funder, _ in cells]} | more
    for (fiche, funder, state), (was, typed) in cells.items():
        name = f"c_{line_of(fiche, funder)}_2026_{state}"
        data |= {name: typed, f"w{name}": was}
    return client.post(url("funding_grid", pact, query), data)


def test_the_grid_shows_writes_adds_and_removes(client, pact, officer):
    row = FundingFactory(action=ActionFactory(pact=pact), amount=1000)
    lead = LeadFactory(action=row.action, role=LeadRole.FUNDER, organisation=OrganisationFactory())
    html = client.get(url("funding_grid", pact)).content.decode()
    assert 'value="1 000"' in html
    cells = {
        (row.action, row.funder, "acquired"): ("1 000", "1 200,50 SR"),
        (row.action, row.funder, "paid"): ("", "NC"),
        (row.action, lead.organisation, "asked"): ("", "0,5 ETP"),
    }
    assert send(client, pact, cells).status_code == 302
    row.refresh_from_db()
    assert (row.amount, row.is_conditional, row.revision) == (Decimal("1200.50"), True, 1)
    assert set(Funding.objects.exclude(pk=row.pk).values_list("funder", "state", "unit", "amount", "is_undisclosed")) == {
        (row.funder_id, "paid", "euros", None, True),
        (lead.organisation_id, "asked", "fte", Decimal("0.50"), False),
    }
    send(client, pact, {(row.action, row.funder, "acquired"): ("1 200,5 SR", "")})
    assert not Funding.objects.filter(pk=row.pk).exists()
    assert Funding.history.filter(id=row.pk, history_type="-").exists()


def test_a_wrong_cell_saves_nothing_and_keeps_what_was_typed(client, pact, officer):
    row = FundingFactory(action=ActionFactory(pact=pact), amount=1000)
    cells = {(row.action, row.funder, "acquired"): ("1 000", "2 000"), (row.action, row.funder, "paid"): ("", "douze")}
    response = send(client, pact, cells)
    html = response.content.decode()
    assert (response.status_code, Funding.objects.get().amount) == (200, 1000)
    assert 'value="douze"' in html
    assert "« douze » ne se lit pas" in html.replace("\xa0", " ")
    assert 'value="2 000"' in html


def test_the_second_of_two_people_sees_what_the_first_wrote(client, pact, officer):
    row = FundingFactory(action=ActionFactory(pact=pact), amount=1000)
    key = (row.action, row.funder, "acquired")
    send(client, pact, {key: ("1 000", "3 000")})
    response = send(client, pact, {key: ("1 000", "2 000")})
    html = response.content.decode().replace("\u202f", " ")
    assert "quelqu’un a écrit «\xa03 000\xa0» ici" in html
    assert 'value="2 000"' in html
    assert Funding.objects.get().amount == 3000
    assert send(client, pact, {key: ("3 000", "2 000")}).status_code == 302
    assert Funding.objects.get().amount == 2000
    untouched = send(client, pact, {key: ("1 000", "1 000"), (row.action, row.funder, "paid"): ("", "5")})
    assert (untouched.status_code, Funding.objects.filter(amount=2000).count()) == (302, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_writes_and_the_other_sees_both(tmp_path):
    row = FundingFactory(action=ActionFactory(), amount=1000)

    def save(typed):
        column = Column(row.year, row.state)
        cell = Cell("c", column, "", was="1 000", typed=typed)
        line = Line(action=row.action, funder=row.funder)
        return save_cells(pact=row.action.pact, cells=[(line, cell)], by=None), cell

    with on_a_file(tmp_path):
        told = together([lambda: save("2 000"), lambda: save("3 000")])
        kept = there(lambda: Funding.objects.get().amount)
    (_, first), (_, second) = sorted(told, key=lambda one: -one[0])
    assert (sorted(count for count, _ in told), kept) == ([0, 1], Decimal(first.typed.replace(" ", "")))
    assert (second.error, second.was) == (MOVED.format(first.typed), first.typed)


def test_a_cell_that_an_import_wrote_on_two_lines_may_be_changed(client, pact, officer):
    row = FundingFactory(action=ActionFactory(pact=pact), amount=None, in_kind="un local\nun bureau")
    send(client, pact, {(row.action, row.funder, "acquired"): ("nature : un local\r\nun bureau", "nature : un local")})
    row.refresh_from_db()
    assert row.in_kind == "un local"


def test_what_is_planned_in_a_frozen_text_is_only_read(client, pact, officer):
    row = FundingFactory(action=ActionFactory(pact=pact), planned=True, amount=1000)
    key = (row.action, row.funder, "planned")
    assert send(client, pact, {key: ("1 000", "1 500")}).status_code == 302
    freeze(pact, PactState.IN_FORCE)
    send(client, pact, {key: ("1 500", "9"), (row.action, row.funder, "asked"): ("", "700")})
    assert set(Funding.objects.values_list("state", "amount")) == {("planned", 1500), ("asked", 700)}


def test_two_rows_of_one_unit_are_only_read_and_a_detailed_row_is_not_emptied(client, pact, officer):
    row = FundingFactory(action=ActionFactory(pact=pact), amount=1000, label="Poste")
    key = (row.action, row.funder, "acquired")
    refused = send(client, pact, {key: ("1 000", "")})
    assert "porte aussi un objet" in refused.content.decode()
    FundingFactory(action=row.action, funder=row.funder, amount=5)
    assert send(client, pact, {key: ("1 000 ; 5", "7")}).status_code == 302
    assert set(Funding.objects.values_list("amount", flat=True)) == {1000, 5}


def test_a_new_line_needs_a_funder(client, pact, officer):
    fiche, funder = ActionFactory(pact=pact), FundingFactory(action=ActionFactory(pact=pact)).funder
    cell = {"c_n0_2026_asked": "500", "wc_n0_2026_asked": ""}
    refused = send(client, pact, {}, **cell)
    assert "Choisissez un financeur" in refused.content.decode()
    send(client, pact, {}, **cell, **{"n0-fiche": fiche.pk, "n0-financeur": funder.pk})
    send(client, pact, {}, **cell, **{"n0-fiche": "", "n0-texte": "Mécénat"})
    assert set(Funding.objects.filter(state="asked").values_list("action", "funder", "funder_text", "amount")) == {
        (fiche.pk, funder.pk, "", 500),
        (None, None, "Mécénat", 500),
    }


def test_lines_of_elsewhere_are_left_out(client, pact, officer):
    theirs = FundingFactory(action=ActionFactory())
    data = {"ligne": [line_of(theirs.action, theirs.funder), "x", "1-1-t" + "0" * 12], "enregistrer": "1"}
    name = f"c_{line_of(theirs.action, theirs.funder)}_2026_acquired"
    client.post(url("funding_grid", pact, "?annee=2026"), data | {name: "1", f"w{name}": ""})
    cell = {"c_n0_2026_asked": "500", "wc_n0_2026_asked": "", "n0-texte": "Mécénat"}
    for said in ({"n0-fiche": theirs.action.pk}, {"n0-financeur": theirs.funder.pk}, {"n0-fiche": "9" * 40}):
        assert client.post(url("funding_grid", pact), {"enregistrer": "1"} | cell | said).status_code == 200
    assert list(Funding.objects.values_list("pk", "amount")) == [(theirs.pk, 42000)]


def test_the_address_of_a_grid_names_rows_of_its_pact_only(client, pact, officer):
    theirs = FundingFactory(action=ActionFactory(axis=AxisFactory()))
    for query in (
        f"fiche={theirs.action.pk}",
        f"axe={theirs.action.axis_id}",
        f"financeur={theirs.funder.pk}",
        "annee=²&fiche=x",
    ):
        context = client.get(url("funding_grid", pact, f"?{query}")).context
        assert (context["lines"], context["scope"].is_valid()) == ([], False)


@pytest.mark.parametrize(
    "pasted",
    [
        "\tacquis 2026\tversé 2026\nCAF\t12 500,50\tNC\n",
        "Financeur\tversé\tacquis\r\nCAF\tNC\t12 500,50\r\n",
        "1 000\t\t12 500,50\tNC",
        "caf\t\t\t12 500,50\tNC\nInconnu\t1",
    ],
)
def test_a_pasted_table_is_laid_out_for_reading_and_not_saved(client, pact, officer, pasted):
    caf = OrganisationFactory(name="CAF")
    row = FundingFactory(action=ActionFactory(pact=pact), funder=caf, amount=1000, state="paid")
    data = {"coller": pasted, "reporter": "1", "ligne": [line_of(row.action, caf)]}
    response = client.post(url("funding_grid", pact, f"?annee=2026&fiche={row.action.pk}"), data)
    html = response.content.decode()
    assert 'value="12 500,50"' in html
    assert 'value="NC"' in html
    assert "pas encore enregistrées" in html
    assert ("« Inconnu 1 » n’est pas une ligne" in html.replace("\xa0", " ")) == ("Inconnu" in pasted)
    assert Funding.objects.get().amount == 1000


def test_a_pasted_quote_that_nothing_closes_is_told():
    placed, (told,) = lay('CAF\t"' + "1\t2\n" * 40_000, [], [])
    assert (placed, told[:31]) == ({}, "Ce qui est collé ne se lit pas ")


def test_a_grid_never_holds_more_than_a_page(client, pact, officer):
    FundingFactory.create_batch(28, pact=pact, action=None)
    response = client.get(url("funding_grid", pact, "?annee=&page=2"))
    assert (len(response.context["lines"]), len(response.context["columns"])) == (3, 12)


@pytest.mark.parametrize("year", ["0", "99999999999"])
def test_a_funding_has_a_year_of_the_calendar(client, pact, officer, year):
    data = {"funder_text": "Mécénat", "state": "paid", "unit": "euros", "raw_amount": "100", "year": year}
    assert [*client.post(url("funding_add", pact), data).context["form"].errors] == ["year"]
    assert not Funding.objects.exists()


@pytest.mark.parametrize("typed", ["-500", "12.500"])
def test_the_form_refuses_the_amounts_that_the_grid_refuses(client, pact, officer, typed):
    data = {"funder_text": "Mécénat", "state": "paid", "unit": "euros", "raw_amount": typed}
    assert [*client.post(url("funding_add", pact), data).context["form"].errors] == ["raw_amount"]
