"""Pages of a pact: home, list, document, writing, creation."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pti.enums import PactState, Role
from pti.models import Access, ContextFigure, Pact, Scheme, Section, Statement
from pti.pieces import PIECES
from tests.factories.actions import ActionFactory, LeadFactory
from tests.factories.pti import (
    ContextFigureFactory,
    PactFactory,
    SectionFactory,
    StatementFactory,
    TerritoryFactory,
    UserFactory,
    freeze,
    person,
)


@pytest.fixture
def pact():
    return PactFactory()


@pytest.fixture
def officer(client, pact):
    user = person(Role.OFFICER, pact)
    client.force_login(user)
    return user


def url(name, pact, *args):
    return reverse(name, args=[pact.pk, *args])


# Home and list.


def test_home_without_a_pact_says_so(client):
    client.force_login(UserFactory())
    html = client.get("/", follow=True).content.decode()
    assert "Aucun pacte ne vous est ouvert" in html
    assert "Créer un pacte" not in html


def test_home_of_an_animator_without_a_pact_offers_to_create_one(client):
    client.force_login(person(Role.ANIMATOR))
    assert "Créer un pacte" in client.get("/", follow=True).content.decode()


def test_home_of_one_pact_is_the_first_page_of_the_menu(client, pact, officer):
    response = client.get("/")
    assert response.status_code == 302
    assert response.url.startswith(f"/pactes/{pact.pk}/")


def test_list_puts_local_pacts_under_theirs(client):
    parent = PactFactory(title="Départemental")
    local = PactFactory(title="Local", parent=parent, territory=TerritoryFactory())
    other = PactFactory(title="Autre")
    client.force_login(person(Role.READER))
    page = client.get("/", follow=True).context["page"]
    assert [(pact, below) for pact, below in page] == [(other, []), (parent, [local])]


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(client, count, django_assert_num_queries):
    PactFactory.create_batch(count)
    client.force_login(person(Role.READER))
    with django_assert_num_queries(5):
        assert client.get(reverse("pact_list")).context["count"] == count


def test_scoping_is_for_staff(client, pact):
    freeze(pact, PactState.SCOPING)
    client.force_login(person(Role.PARTNER, pact))
    assert client.get(pact.get_absolute_url()).status_code == 404
    client.force_login(person(Role.OFFICER, pact))
    assert client.get(pact.get_absolute_url()).status_code == 200


# The document.


@pytest.mark.parametrize("count", [1, 3])
def test_document_query_count(client, pact, officer, count, django_assert_max_num_queries):
    SectionFactory.create_batch(count, pact=pact)
    StatementFactory.create_batch(count, pact=pact)
    ContextFigureFactory.create_batch(count, pact=pact)
    with django_assert_max_num_queries(24):
        response = client.get(pact.get_absolute_url())
    assert len(response.context["sections"]) == count


def test_sections_are_numbered_in_the_order_of_the_tree(client, pact, officer):
    first = SectionFactory(pact=pact, order=2, title="Deux")
    SectionFactory(pact=pact, order=1, title="Un")
    SectionFactory(pact=pact, order=0, title="Dedans", parent=first)
    sections = client.get(pact.get_absolute_url()).context["sections"]
    assert [(one.number, one.section.title) for one in sections] == [("1", "Un"), ("2", "Deux"), ("2.1", "Dedans")]


def test_figure_that_cannot_be_read_is_shown_as_written(client, pact, officer):
    ContextFigureFactory(pact=pact, label="Taux", raw_value="entre 10 et beaucoup", value=None)
    assert "entre 10 et beaucoup" in client.get(url("figure_list", pact)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_figure_list_query_count(client, pact, officer, count, django_assert_num_queries):
    ContextFigureFactory.create_batch(count, pact=pact)
    with django_assert_num_queries(8):
        response = client.get(url("figure_list", pact))
    assert len(response.context["table"].rows) == count


def test_a_script_is_cleaned_from_a_section(client, pact, officer):
    client.post(url("piece_add", pact, "section"), {"title": "Titre", "text": "<p>Oui</p><script>alert(1)</script>"})
    assert Section.objects.get().text == "<p>Oui</p>"


# Writing.


@pytest.mark.parametrize(
    ("piece", "data"),
    [
        ("section", {"title": "Préambule", "text": "Dire."}),
        ("principe", {"title": "Aller vers"}),
        ("enjeu", {"text": "<p>Décloisonner</p>"}),
        ("territoire", {"name": "Chinonais", "kind": "basin"}),
        ("plan", {"name": "PRAPS", "period_text": "2012-"}),
        ("terme", {"term": "Référent", "definition": "Celui qui suit."}),
        ("chiffre", {"label": "Allocataires", "raw_value": "17 612", "value": "17612,5"}),
    ],
)
def test_each_piece_is_added_edited_and_deleted(client, pact, officer, piece, data):
    assert client.post(url("piece_add", pact, piece), data).status_code == 302
    row = PIECES[piece].rows(pact).get()
    assert client.get(url("piece_edit", pact, piece, row.pk)).status_code == 200
    assert client.get(url("piece_delete", pact, piece, row.pk)).status_code == 200
    assert PIECES[piece].rows(pact).count() == 1
    client.post(url("piece_delete", pact, piece, row.pk))
    assert PIECES[piece].rows(pact).count() == 0


def test_a_plan_that_leads_a_fiche_stays(client, pact, officer):
    plan = Scheme.objects.create(pact=pact, name="Plan pauvreté")
    LeadFactory(action=ActionFactory(pact=pact), organisation=None, scheme=plan)
    response = client.post(url("piece_delete", pact, "plan", plan.pk), follow=True)
    assert "elle se garde" in response.content.decode()
    assert list(pact.schemes.all()) == [plan]


def test_a_refused_piece_keeps_what_was_typed(client, pact, officer):
    response = client.post(url("piece_add", pact, "section"), {"title": "", "text": "<p>Tapé</p>"})
    assert set(response.context["form"].errors) == {"title"}
    assert "Tapé" in response.content.decode()


def test_a_decimal_figure_is_typed_in_french(client, pact, officer):
    client.post(url("piece_add", pact, "chiffre"), {"label": "Taux", "value": "12,5", "unit": "%"})
    assert ContextFigure.objects.get().in_words == "12,5 %"


def test_sections_move_among_their_siblings(client, pact, officer):
    first, second, third = SectionFactory.create_batch(3, pact=pact)
    client.post(url("piece_move", pact, "section", third.pk, "monter"))
    client.post(url("piece_move", pact, "section", first.pk, "descendre"))
    assert list(Section.objects.filter(pact=pact)) == [third, first, second]


def test_a_section_does_not_contain_itself(client, pact, officer):
    parent = SectionFactory(pact=pact)
    child = SectionFactory(pact=pact, parent=parent)
    response = client.post(url("piece_edit", pact, "section", parent.pk), {"title": "A", "parent": child.pk, "revision": 0})
    assert set(response.context["form"].errors) == {"parent"}


def test_the_frame_is_written(client, pact, officer):
    data = {"title": "Nouveau", "level_words": "axe, chantier", "start_text": "2027", "end_text": "2031", "revision": 0}
    client.post(url("frame_edit", pact), data)
    pact.refresh_from_db()
    assert (pact.title, pact.level_words, str(pact.ends_on)) == ("Nouveau", ["axe", "chantier"], "2031-12-31")


def test_an_end_before_the_start_is_refused_beside_the_field(client, pact, officer):
    response = client.post(url("frame_edit", pact), {"title": "X", "start_text": "2031", "end_text": "2027", "revision": 0})
    assert set(response.context["form"].errors) == {"end_text"}


def test_a_frozen_text_shows_a_lock_and_refuses_writes(client, pact, officer):
    section = SectionFactory(pact=pact)
    freeze(pact)
    assert "Le texte est arrêté" in client.get(url("pact_write", pact)).content.decode()
    for name, args in (
        ("frame_edit", ()),
        ("piece_add", ("section",)),
        ("piece_edit", ("section", section.pk)),
        ("piece_delete", ("section", section.pk)),
    ):
        assert client.post(url(name, pact, *args), {"title": "Autre"}).status_code == 403
    assert client.post(url("piece_move", pact, "section", section.pk, "monter")).status_code == 403


def test_a_piece_of_another_pact_is_hidden(client, pact, officer):
    section = SectionFactory()
    assert client.get(url("piece_edit", pact, "section", section.pk)).status_code == 404
    assert client.get(url("piece_edit", pact, "inconnu", section.pk)).status_code == 404


# Creation.


def test_a_blank_pact_is_animated_by_its_maker(client, pact):
    animator = person(Role.ANIMATOR, pact)
    client.force_login(animator)
    data = {"title": "PTI 2027", "department_name": "Meuse", "department_code": "55", "start_text": "2027", "end_text": "2031"}
    response = client.post(reverse("pact_create_blank"), data)
    new = Pact.objects.get(title="PTI 2027")
    assert response.url == url("pact_write", new)
    assert (new.state, new.departments.get().name) == (PactState.SCOPING, "Meuse")
    assert Access.objects.get(user=animator, pact=new).role == Role.ANIMATOR


def test_a_pact_without_a_department_is_refused(client):
    client.force_login(person(Role.ANIMATOR))
    response = client.post(reverse("pact_create_blank"), {"title": "PTI 2027"})
    assert set(response.context["form"].errors) == {"department"}
    html = response.content.decode()
    assert "PTI 2027" in html
    assert 'Département <span class="pti-meta' not in html  # one of the two is needed: neither is said « (facultatif) »


@pytest.mark.parametrize(
    ("field", "typed"),
    [("start_text", "31/02/2027"), ("start_text", "bientôt"), ("end_text", "2020"), ("department_code", "9999")],
)
def test_a_pact_is_not_created_with_what_cannot_be(client, field, typed):
    client.force_login(person(Role.ANIMATOR))
    data = {"title": "PTI", "department_name": "Meuse", "department_code": "55", "start_text": "2027", "end_text": "2031"}
    response = client.post(reverse("pact_create_blank"), {**data, field: typed})
    assert set(response.context["form"].errors) == {field}


def test_the_frame_keeps_an_odd_date_that_came_by_import_and_refuses_a_new_one(client, pact, officer):
    Pact.objects.filter(pk=pact.pk).update(start_text="31/02/2014", end_text="2017")
    page = client.get(url("frame_edit", pact)).context["form"]
    data = {
        "title": "PTI",
        "start_text": "31/02/2014",
        "end_text": "2017",
        "level_words": "axe",
        "revision": page["revision"].value(),
    }
    assert client.post(url("frame_edit", pact), {**data, "end_text": "31/02/2017"}).context["form"].errors.keys() == {
        "end_text"
    }
    assert client.post(url("frame_edit", pact), data).status_code == 302


def test_a_pact_is_created_from_another_keeping_what_is_ticked(client, pact):
    SectionFactory(pact=pact, title="Préambule")
    StatementFactory(pact=pact)
    ContextFigureFactory(pact=pact)
    client.force_login(person(Role.ANIMATOR))
    data = {"source": pact.pk, "title": "Copie", "keep": ["sections"], "years": "5"}
    client.post(reverse("pact_create_copy"), data)
    new = Pact.objects.get(title="Copie")
    assert (new.start_text, new.previous) == ("2029", pact)
    assert [one.title for one in new.sections.all()] == ["Préambule"]
    assert (new.statements.count(), new.context_figures.count()) == (1, 0)


def upload(content):
    return {"file": SimpleUploadedFile("pacte.json", content, content_type="application/json")}


def test_a_pact_is_imported_from_a_file(client):
    client.force_login(person(Role.ANIMATOR))
    facts = {"title": "Pacte importé", "department": {"name": "Meuse"}, "principles": [{"text": "Aller vers"}]}
    response = client.post(reverse("pact_create_import"), upload(json.dumps(facts).encode()))
    pact = Pact.objects.get()
    assert response.url == pact.get_absolute_url()
    assert Statement.objects.filter(pact=pact).count() == 1


def test_a_refused_file_says_every_error_with_its_path_and_saves_nothing(client):
    client.force_login(person(Role.ANIMATOR))
    facts = {"title": 3, "principles": "non", "inconnu": 1}
    response = client.post(reverse("pact_create_import"), upload(json.dumps(facts).encode()))
    html = response.content.decode()
    assert [path in html for path in ("title", "principles", "inconnu")] == [True] * 3
    assert "Rien n’a été enregistré" in html
    assert Pact.objects.count() == 0


def test_creating_is_for_animators(client, pact, officer):
    for name in ("pact_create", "pact_create_blank", "pact_create_copy", "pact_create_import"):
        assert client.get(reverse(name)).status_code == 403
