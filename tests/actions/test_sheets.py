"""The fiches as a workbook: what is handed out is what is accepted; verified first, then all or nothing."""

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook as File
from openpyxl import load_workbook

from actions.enums import LeadRole
from actions.models import Action, Indicator, Milestone, Workbook
from actions.sheets.book import read, write
from actions.sheets.verify import Verdict, verify
from partners.models import Organisation
from pti.enums import Role
from tests.factories.actions import (
    ActionFactory,
    AxisFactory,
    IndicatorFactory,
    LeadFactory,
    MilestoneFactory,
    OrganisationFactory,
    TargetFactory,
)
from tests.factories.pti import PactFactory, freeze, person
from tests.real import REAL, real_pact


@pytest.fixture
def pact():
    return PactFactory(start_text="2025", end_text="2027")


@pytest.fixture
def officer(client, pact):
    user = person(Role.OFFICER, pact)
    client.force_login(user)
    return user


@pytest.fixture
def fiche(pact):
    """A fiche with a lead, a milestone and an indicator."""
    action = ActionFactory(
        pact=pact, axis=AxisFactory(pact=pact, number="1", title="Mobilité"), number="1.1", title="Garage solidaire",
        objectives="<p>Réparer <strong>vite</strong></p><ul><li>cent voitures</li></ul>",
    )  # fmt: skip
    LeadFactory(action=action, organisation=OrganisationFactory(name="Mission locale de Tours"))
    MilestoneFactory(action=action, label="Ouverture", planned_text="2026-S1")
    TargetFactory(indicator=IndicatorFactory(action=action, pact=pact, name="Voitures réparées"), year=2026, value=100)
    return action


def sheets_of(content):
    """{title: [[words]]} of an .xlsx file."""
    book = load_workbook(BytesIO(content))
    return {page.title: [[cell.value for cell in row] for row in page.iter_rows()] for page in book.worksheets}


def changed(content, *changes):
    """The file with other words: (sheet, line, heading, words); a line past the last is added."""
    book = load_workbook(BytesIO(content))
    for sheet, line, head, words in changes:
        page = book[sheet]
        heads = [cell.value for cell in page[1]]
        page.cell(line, heads.index(head) + 1).value = words
    return saved(book)


def saved(book):
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def send(client, pact, content, name="fiches.xlsx"):
    """Upload; the page of the verification."""
    data = {"file": SimpleUploadedFile(name, content)}
    return client.post(reverse("actions:workbook_import", args=[pact.pk]), data, follow=True)


def take_in(client, page):
    """Post what the verification page offers."""
    return client.post(page.request["PATH_INFO"], {"enregistrer": "1", "lu": page.context["plan"].fingerprint}, follow=True)


def reasons(plan):
    return [
        (p.sheet, p.line, p.column, p.reason) for p in [*plan.problems, *(p for one in plan.proposals for p in one.problems)]
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("name", REAL)
def test_the_file_handed_out_changes_nothing(name):
    pact = real_pact(name)
    plan = verify(pact, read(write(pact)))
    assert reasons(plan) == []
    assert {one.verdict for one in plan.proposals} <= {Verdict.LEFT}
    assert len(plan.proposals) == pact.actions.count()
    assert plan.absent == 0
    assert not plan.is_ready


@pytest.mark.django_db
def test_text_is_never_a_formula(pact):
    for start in "=+-@\t\r":
        ActionFactory(pact=pact, title=f"{start}SOMME(A1)", number=start)
    cells = load_workbook(BytesIO(write(pact)))["Fiches"]["C"]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [one.verdict for one in verify(pact, read(write(pact))).proposals] == [Verdict.LEFT] * 6


@pytest.mark.django_db
def test_a_changed_cell_changes_this_field_alone(client, pact, fiche, officer):
    content = changed(write(pact), ("Fiches", 2, "Titre", "Garage solidaire et mobile"))
    page = send(client, pact, content)
    assert [(c.label, c.old, c.new) for c in page.context["plan"].proposals[0].changes] == [
        ("Titre", "Garage solidaire", "Garage solidaire et mobile")
    ]
    before = fiche.objectives
    take_in(client, page)
    fiche.refresh_from_db()
    assert fiche.title == "Garage solidaire et mobile"
    assert fiche.objectives == before
    assert fiche.history.first().history_change_reason == "import du classeur fiches.xlsx"
    assert fiche.history.first().history_user == officer
    assert bytes(Workbook.objects.get().content) == b""


@pytest.mark.django_db
def test_nothing_is_written_before_the_second_step(client, pact, fiche, officer):
    send(client, pact, changed(write(pact), ("Fiches", 2, "Titre", "Autre")))
    fiche.refresh_from_db()
    assert fiche.title == "Garage solidaire"


@pytest.mark.django_db
def test_a_new_line_is_a_new_fiche_with_its_rows(client, pact, fiche, officer):
    content = changed(
        write(pact),
        ("Fiches", 3, "Numéro", 1.2), ("Fiches", 3, "Titre", "Vélos en libre accès"), ("Fiches", 3, "Axe", "mobilite"),
        ("Fiches", 3, "Diagnostic", "Deux lignes\n\nde diagnostic"), ("Fiches", 3, "Priorité (1 à 3)", 3),
        ("Fiches", 3, "Expérimentation", "Oui"),
        ("Pilotes et associés", 3, "Numéro de la fiche", "1,2"), ("Pilotes et associés", 3, "Rôle", "Copilote"),
        ("Pilotes et associés", 3, "Organisme ou plan", "mission locale de tours"),
        ("Jalons", 3, "Numéro de la fiche", "1,2"), ("Jalons", 3, "Jalon", "Achat"), ("Jalons", 3, "Date prévue", "03/2026"),
        ("Indicateurs", 3, "Numéro de la fiche", "1,2"), ("Indicateurs", 3, "Indicateur", "Prêts"),
        ("Indicateurs", 3, "Nature", "résultat"), ("Indicateurs", 3, "Cible 2026", 40),
    )  # fmt: skip
    page = send(client, pact, content)
    assert reasons(page.context["plan"]) == []
    take_in(client, page)
    made = Action.objects.get(title="Vélos en libre accès")
    assert (made.axis, made.priority, made.is_experiment, made.number) == (fiche.axis, 3, True, "1,2")
    assert made.diagnosis == "<p>Deux lignes</p><p>de diagnostic</p>"
    assert [(one.role, one.organisation.name) for one in made.leads.all()] == [(LeadRole.CO_PILOT, "Mission locale de Tours")]
    assert [(one.label, str(one.planned_last)) for one in made.milestones.all()] == [("Achat", "2026-03-31")]
    assert [(one.year, one.value) for one in made.indicators.get().targets.all()] == [(2026, 40)]
    assert [one.verdict for one in verify(pact, read(write(pact))).proposals] == [Verdict.LEFT, Verdict.LEFT]


@pytest.mark.django_db
def test_each_error_says_sheet_line_column_and_reason(client, pact, fiche, officer):
    content = changed(
        write(pact),
        ("Fiches", 2, "Axe", "Logement"), ("Fiches", 2, "Complexité (1 à 3)", 7), ("Jalons", 2, "Date prévue", "31/02/2027"),
        ("Indicateurs", 2, "Nature", "magique"), ("Fiches", 3, "Numéro", "2"), ("Jalons", 3, "Numéro de la fiche", "99"),
        ("Jalons", 3, "Jalon", "Sans fiche"),
    )  # fmt: skip
    page = send(client, pact, content)
    assert reasons(page.context["plan"]) == [
        ("Jalons", 3, "Numéro de la fiche",
         "Aucune fiche de la feuille « Fiches » ne porte cet identifiant ou ce numéro, elle seule."),
        ("Fiches", 2, "Axe", "Aucun axe ne s’appelle ainsi."),
        ("Indicateurs", 2, "Nature",
         "Écrivez l’un de ces mots : moyens, realisation, resultat, impact, contexte, gouvernance, autre."),
        ("Fiches", 3, "Titre", "Ce champ est nécessaire."),
    ]  # fmt: skip
    content = changed(write(pact), ("Fiches", 2, "Complexité (1 à 3)", 7), ("Jalons", 2, "Date prévue", "31/02/2027"))
    page = send(client, pact, content)
    assert reasons(page.context["plan"]) == [
        ("Fiches", 2, "Complexité (1 à 3)", "Sélectionnez un choix valide. 7 n’en fait pas partie."),
        ("Jalons", 2, "Date prévue", "Le 31 février 2027 n’existe pas. Saisissez une date comme 28/02/2017."),
    ]
    before = Milestone.objects.values_list("planned_text", flat=True)[0]
    assert before == "2026-S1"
    refused = take_in(client, page)
    assert "Le pacte a changé depuis la vérification" in refused.content.decode()
    assert not Action.objects.filter(complexity=7).exists()


@pytest.mark.django_db
def test_a_name_in_doubt_is_matched_by_the_person(client, pact, fiche, officer):
    OrganisationFactory(name="Caisse d’allocations familiales")
    parent = OrganisationFactory(name="Touraine")
    near = Organisation.objects.create(name="Caisse d’allocations familiales", parent=parent)
    leads, whom = "Pilotes et associés", "Organisme ou plan"
    content = changed(
        write(pact),
        (leads, 3, "Numéro de la fiche", "1.1"), (leads, 3, whom, "Caisse d’allocations familiales"),
        (leads, 4, "Numéro de la fiche", "1.1"), (leads, 4, whom, "Les habitants"),
    )  # fmt: skip
    page = send(client, pact, content)
    form = page.context["matches"]
    assert [field.label for field in form] == ["Caisse d’allocations familiales", "Les habitants"]
    assert (f"o{near.pk}", "Caisse d’allocations familiales (Touraine)") in form.fields["nom-0"].choices
    assert not page.context["plan"].is_ready
    where = page.request["PATH_INFO"]
    page = client.post(where, {"rapprocher": "1", "nom-0": f"o{near.pk}", "nom-1": "texte"}, follow=True)
    take_in(client, page)
    assert {(one.organisation_id, one.text) for one in fiche.leads.all()} == {
        (fiche.leads.first().organisation_id, ""), (near.pk, ""), (None, "Les habitants")
    }  # fmt: skip


@pytest.mark.django_db
def test_a_row_is_removed_only_when_the_file_says_so(client, pact, fiche, officer):
    MilestoneFactory(action=fiche, label="Clôture")
    content = write(pact)
    book = load_workbook(BytesIO(content))
    book["Jalons"].delete_rows(2)
    assert not verify(pact, read(saved(book))).writes
    line = 2 + [row[3] for row in sheets_of(content)["Jalons"][1:]].index("Clôture")
    take_in(client, send(client, pact, changed(content, ("Jalons", line, "Retirer", "oui"))))
    assert [one.label for one in fiche.milestones.all()] == ["Ouverture"]


@pytest.mark.django_db
def test_what_the_file_does_not_hold_stays(client, pact, fiche, officer):
    other = ActionFactory(pact=pact, number="9", title="Autre fiche")
    book = File()
    page = book.active
    page.title = "Fiches"
    page.append(["Titre", "Numéro", "Mes notes"])
    page.append(["Garage solidaire", "1.1", "x"])
    page.append(["Nouvelle", None, None])
    shown = send(client, pact, saved(book))
    plan = shown.context["plan"]
    assert [(one.name, one.verdict) for one in plan.proposals] == [
        ("1.1 Garage solidaire", Verdict.LEFT), ("Nouvelle", Verdict.CREATED)
    ]  # fmt: skip
    assert (plan.absent, plan.ignored) == (1, ["colonne « Mes notes » de la feuille « Fiches »"])
    take_in(client, shown)
    other.refresh_from_db()
    assert (Action.objects.count(), other.title, Indicator.objects.count()) == (3, "Autre fiche", 1)


@pytest.mark.django_db
def test_a_base_that_moved_is_read_again(client, pact, fiche, officer):
    page = send(client, pact, changed(write(pact), ("Fiches", 2, "Titre", "Le mien")))
    fiche.title = "Le leur"
    fiche.save()
    told = take_in(client, page)
    fiche.refresh_from_db()
    assert fiche.title == "Le leur"
    assert [(c.old, c.new) for c in told.context["plan"].proposals[0].changes] == [("Le leur", "Le mien")]
    take_in(client, told)
    fiche.refresh_from_db()
    assert fiche.title == "Le mien"


@pytest.mark.django_db
def test_a_frozen_text_takes_no_file(client, pact, fiche, officer):
    page = send(client, pact, changed(write(pact), ("Fiches", 2, "Titre", "Trop tard")))
    freeze(pact)
    assert take_in(client, page).status_code == 403
    fiche.refresh_from_db()
    assert fiche.title == "Garage solidaire"


@pytest.mark.django_db
def test_another_person_does_not_see_the_file(client, pact, fiche, officer):
    page = send(client, pact, write(pact))
    client.force_login(person(Role.OFFICER, pact))
    assert client.get(page.request["PATH_INFO"]).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.4 not a workbook", "Ce fichier n’est pas un classeur Excel (.xlsx)."),
        (b"", "Ce fichier est vide."),
        (b"PK\x03\x04 broken", "Ce fichier n’est pas accepté"),
    ],
)
def test_another_file_is_refused_beside_the_field(client, pact, officer, content, said):
    page = send(client, pact, content)
    assert said in page.context["form"].errors["file"][0]
    assert not Workbook.objects.exists()


@pytest.mark.django_db
def test_a_broken_workbook_says_so(pact):
    content = bytearray(write(pact))
    at = content.index(b"xl/worksheets/sheet1.xml") + 40
    content[at : at + 20] = b"\0" * 20
    assert reasons(verify(pact, read(bytes(content)))) == [
        ("", None, "", "Ce fichier ne s’ouvre pas comme un classeur Excel (.xlsx).")
    ]
    book = File()
    book.active.title = "Autre"
    assert reasons(verify(pact, read(saved(book)))) == [
        ("", None, "", "Il manque la feuille « Fiches » : partez du classeur exporté.")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("cell", ["A2000000000", "ZZZ3"])
def test_cells_numbered_without_end_are_not_waited_for(pact, fiche, cell):
    """A crafted file names a row or a column that no spreadsheet has; the rows before it are not made one by one."""
    row = cell.lstrip("AZ")
    far = f'<row r="{row}"><c r="{cell}" t="inlineStr"><is><t>loin</t></is></c></row></sheetData>'
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(write(pact))) as book, zipfile.ZipFile(packed, "w") as crafted:
        for name in book.namelist():
            content = book.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"</sheetData>", far.encode())
            crafted.writestr(name, content)
    assert [one.verdict for one in verify(pact, read(packed.getvalue())).proposals] == [Verdict.LEFT]


@pytest.mark.django_db
def test_leaving_forgets_the_file(client, pact, fiche, officer):
    page = send(client, pact, changed(write(pact), ("Fiches", 2, "Titre", "Autre")))
    client.post(page.request["PATH_INFO"], {"abandonner": "1"})
    assert not Workbook.objects.exists()
    fiche.refresh_from_db()
    assert fiche.title == "Garage solidaire"


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_export_asks_as_many_queries_for_one_fiche_as_for_three(client, pact, officer, count, django_assert_num_queries):
    for number in range(count):
        LeadFactory(action=ActionFactory(pact=pact, number=str(number)), organisation=OrganisationFactory())
    with django_assert_num_queries(16):
        client.get(reverse("actions:workbook_export", args=[pact.pk]))
