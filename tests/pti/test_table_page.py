"""The house list: scope, words, sorting, pages, filters, files."""

import io

import pytest
from openpyxl import load_workbook

from pti.enums import PactState, Role
from pti.exports import guarded
from pti.models import Access, Pact, User
from tests.asking import unrendered
from tests.pages import pages
from tests.world import log_in

pytestmark = pytest.mark.urls("tests.pti.table_urls")


@pytest.fixture
def officer(client):
    user = User.objects.create_user("agente@example.org")
    Access.objects.create(user=user, role=Role.OFFICER)
    client.force_login(user)
    return user


def pacts(count, **fields):
    return [Pact.objects.create(title=f"Pacte {n:02}", **fields) for n in range(1, count + 1)]


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(client, officer, count, django_assert_num_queries):
    pacts(count)
    with django_assert_num_queries(5):  # person with her roles, brand, pacts of the bar, count, rows
        response = client.get("/liste/")
    assert len(response.context["table"].rows) == count


def test_list_shows_only_what_the_person_may_see(client):
    shown, hidden = pacts(2, state=PactState.IN_FORCE)
    reader = User.objects.create_user("elue@example.org")
    Access.objects.create(user=reader, pact=shown, role=Role.READER)
    client.force_login(reader)
    response = client.get("/liste/")
    assert [row.record for row in response.context["table"].rows] == [shown]
    assert hidden.title not in response.content.decode()


def test_list_asks_anonymous_to_log_in(client):
    assert client.get("/liste/").status_code == 302


def test_caption_says_the_result_in_words(client, officer):
    pacts(3)
    Pact.objects.create(title="Autre", state=PactState.DRAFTING)
    response = client.get("/liste/?state=drafting")
    assert response.context["table"].in_words() == "1\u00a0pacte sur 4"
    response = client.get("/liste/?sort=-title")
    assert response.context["table"].in_words() == "4\u00a0pactes, triés par titre, ordre décroissant"


def test_active_sort_is_said_once(client, officer):
    pacts(2)
    html = client.get("/liste/?sort=-starts_on").content.decode()
    assert html.count("aria-sort") == 1
    assert 'aria-sort="descending"' in html


def test_pages_of_25(client, officer):
    pacts(26)
    first = client.get("/liste/?q=pacte")
    assert len(first.context["table"].paginated_rows) == 25
    assert "Page 1 sur 2" in first.content.decode()
    assert "?q=pacte&amp;page=2" in first.content.decode()


def test_every_word_of_the_search_is_required(client, officer):
    wanted = Pact.objects.create(title="Mobilité et œuvre d’insertion")
    Pact.objects.create(title="Mobilité seule")
    response = client.get("/liste/", {"q": "MOBILITE oeuvre"})
    assert [row.record for row in response.context["table"].rows] == [wanted]


def test_chips_take_their_filter_off_and_keep_the_rest(client, officer):
    response = client.get("/liste/?q=a&state=drafting&sort=title&page=2")
    assert response.context["filter"].chips() == [
        ("État\u00a0: élaboration", "?q=a&sort=title"),
        ("Chercher\u00a0: «\u00a0a\u00a0»", "?state=drafting&sort=title"),
    ]


def test_htmx_gets_the_list_alone(client, officer):
    pacts(1)
    response = client.get("/liste/", headers={"HX-Request": "true"})
    assert response.content.decode().strip().startswith('<div id="liste"')
    assert "HX-Request" in response["Vary"]


def test_csv_holds_the_filtered_rows_and_no_formula(client, officer):
    Pact.objects.create(title="=1+1", start_text="2015")
    Pact.objects.create(title="Autre", state=PactState.DRAFTING)
    response = client.get("/liste/?format=csv&state=scoping")
    assert response.content.decode("utf-8-sig").splitlines() == ["Titre;État;Début", "'=1+1;cadrage;01/01/2015"]


def test_xlsx_writes_text_as_text(client, officer):
    Pact.objects.create(title="=1+1")
    sheet = load_workbook(io.BytesIO(client.get("/liste/?format=xlsx").content)).active
    assert [(cell.value, cell.data_type) for cell in sheet["A"]] == [("Titre", "s"), ("=1+1", "s")]


def test_empty_list_says_how_to_get_out(client, officer):
    assert "effacez tout" in client.get("/liste/?q=introuvable").content.decode()


@pytest.mark.parametrize("start", "=+-@\t\r\n＝＋－＠")
def test_a_cell_that_would_be_run_is_told_as_text(start):
    assert (guarded(f"{start}1+1"), guarded(f"1{start}")) == (f"'{start}1+1", f"1{start}")


def choices_offered(client, path):
    """(filter, value) of every choice that the list at `path` offers; nothing when it is no list."""
    filterset = getattr((client.get(path).context or {}).get("table"), "filterset", None)
    for field in filterset.form if filterset else ():
        for value, _ in getattr(field.field, "choices", ()):
            if value not in ("", None):
                yield field.name, str(value)


@pytest.mark.urls("pti.urls")
def test_every_choice_of_every_filter_is_answered(client, world, monkeypatch):
    unrendered(monkeypatch)
    log_in(client, world.users["animator"])
    lists = [page.path for page in pages(world, ["animator"]) if not page.is_admin and page.name.endswith("_list")]
    asked = [(path, name, value) for path in lists for name, value in choices_offered(client, path)]
    assert [one for one in asked if client.get(one[0], {one[1]: one[2]}).status_code != 200] == []
    assert len(asked) > 100
