"""« Comparer deux versions »: any two versions, or a version and the text of today."""

import pytest

from pti.enums import PactState, Role, VersionStage
from pti.models import Section
from pti.services import change_state
from pti.versions import freeze
from tests.factories.pti import PactFactory, SectionFactory, person
from tests.world import log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def pact():
    pact = PactFactory()
    SectionFactory(pact=pact, title="Objet", text="<p>Le pacte unit les partenaires.</p>")
    SectionFactory(pact=pact, title="Durée", text="<p>Trois ans.</p>")
    freeze(pact=pact, by=None, stage=VersionStage.WORKING)
    Section.objects.get(title="Objet").delete()
    row = Section.objects.get(title="Durée")
    row.text = "<p>Quatre ans.</p>"
    row.save()
    SectionFactory(pact=pact, title="Suivi")
    return pact


def page(client, pact, query=""):
    return client.get(f"/pactes/{pact.pk}/versions/comparer/{query}")


def test_the_last_version_and_the_text_of_today_are_compared_at_first(client, pact):
    log_in(client, person(Role.PARTNER, pact))
    response = page(client, pact)
    (line,) = response.context["summary"]
    assert (response.context["old"], response.context["new"]) == ("1", "texte")
    assert line["counts"] == {"added": 1, "removed": 1, "changed": 1, "moved": 0}
    html = response.content.decode()
    assert '<del><span class="visually-hidden">supprimé : </span>Trois</del>' in html
    assert '<ins><span class="visually-hidden">ajouté : </span>Quatre</ins>' in html


def test_two_versions_are_compared_whatever_their_stage(client, pact):
    change_state(pact=pact, to=PactState.ADOPTION, by=None, reason="Essai")
    log_in(client, person(Role.READER, pact))
    response = page(client, pact, "?avant=1&apres=2")
    assert [item.own.name for item in response.context["page"]] == ["Durée", "Suivi", "Objet"]


def test_what_did_not_change_is_folded_by_name(client, pact):
    log_in(client, person(Role.READER, pact))
    freeze(pact=pact, by=None)
    response = page(client, pact, "?avant=2&apres=texte")
    assert response.context["summary"] == []
    assert dict(response.context["unchanged"])["Sections"] == ["Durée", "Suivi"]


@pytest.mark.parametrize("query", ["?avant=99&apres=x", "?page=40", "?avant=texte&apres=texte"])
def test_an_odd_address_gives_a_page(client, pact, query):
    log_in(client, person(Role.READER, pact))
    assert page(client, pact, query).status_code == 200


def test_the_page_is_bounded(client, pact):
    for _ in range(30):
        SectionFactory(pact=pact)
    log_in(client, person(Role.READER, pact))
    response = page(client, pact)
    assert len(response.context["page"]) == 25
    assert response.context["page"].paginator.num_pages == 2


@pytest.mark.parametrize("count", [1, 3])
def test_compare_query_count(client, pact, count, django_assert_num_queries):
    log_in(client, person(Role.ANIMATOR, pact))
    SectionFactory.create_batch(count, pact=pact)
    freeze(pact=pact, by=None)
    with django_assert_num_queries(7):
        page(client, pact, "?avant=1&apres=2")
