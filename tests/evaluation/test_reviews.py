"""Evaluation: what the pact promises, and the reviews."""

import pytest
from django.urls import reverse

from evaluation.enums import ReviewItemKind
from evaluation.models import Review, ReviewItem
from pti.enums import Role
from tests.factories.evaluation import EvaluationLevelFactory, PlannedReviewFactory, ReviewFactory, ReviewItemFactory
from tests.factories.pti import PactFactory, freeze, person
from tests.world import log_in


@pytest.fixture
def pact():
    return PactFactory()


@pytest.fixture
def officer(client, pact):
    user = person(Role.OFFICER, pact)
    log_in(client, user)
    return user


def url(name, *args):
    return reverse(f"evaluation:{name}", args=args)


@pytest.mark.parametrize("count", [1, 3])
def test_review_list_query_count(client, officer, pact, count, django_assert_num_queries):
    ReviewFactory.create_batch(count, pact=pact)
    with django_assert_num_queries(6):
        response = client.get(url("review_list", pact.pk))
    assert len(response.context["table"].rows) == count


def test_home_says_what_the_pact_promises(client, pact):
    level, planned = EvaluationLevelFactory(pact=pact, name="Le partenariat"), PlannedReviewFactory(pact=pact)
    review = ReviewFactory(pact=pact)
    hidden = ReviewFactory()
    log_in(client, person(Role.READER, pact))
    html = client.get(url("home", pact.pk)).content.decode()
    assert [words in html for words in (level.name, planned.label, review.title, hidden.title)] == [True, True, True, False]


def test_review_of_the_previous_pact_is_told_axis_by_axis(client, pact):
    review = ReviewFactory(pact=pact, previous=True)
    ReviewItemFactory(review=review, title="Mobilité", assessment="partiel", achievements="<p>Une plateforme</p>")
    ReviewItemFactory(review=review, kind=ReviewItemKind.WORKING_GROUP, title="Groupe santé", lead="ARS")
    ReviewItemFactory(review=review, kind=ReviewItemKind.STATUS, title="réalisées", count=12)
    ReviewItemFactory(review=review, kind=ReviewItemKind.FLAGSHIP, title="Forum")
    log_in(client, person(Role.PARTNER, pact))
    html = client.get(url("review_detail", pact.pk, review.pk)).content.decode()
    for words in ("Mobilité", "Partiel", "Une plateforme", "Groupe santé", "ARS", "Réalisées", "12", "Forum"):
        assert words in html


def test_review_is_written_once_the_text_is_frozen(client, officer, pact):
    freeze(pact)
    data = {"kind": "yearly", "title": "Bilan 2016", "findings": "<p>Tout</p><script>x</script>"}
    client.post(url("review_create", pact.pk), data)
    review = Review.objects.get()
    assert (review.pact, review.title, review.findings) == (pact, "Bilan 2016", "<p>Tout</p>")
    client.post(url("review_edit", pact.pk, review.pk), {**data, "title": "Bilan de 2016", "revision": "0"})
    review.refresh_from_db()
    assert review.title == "Bilan de 2016"


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2016", "2016", "2016"), ("", "2016", "2016"), ("", "", ""),
        ("01/01/2016", "2017", "1<sup>er</sup>\u00a0janvier 2016 – 2017"),
    ],
)  # fmt: skip
def test_the_period_of_a_review_is_said_once(client, officer, pact, start, end, said):
    review = ReviewFactory(pact=pact, start_text=start, end_text=end)
    assert review.period == said
    assert said in client.get(url("review_list", pact.pk)).content.decode()
    page = client.get(url("review_detail", pact.pk, review.pk)).content.decode()
    assert said in page
    assert "En bref" not in page  # nothing to say there


def test_review_without_a_title_is_refused(client, officer, pact):
    response = client.post(url("review_create", pact.pk), {"kind": "yearly", "title": "", "findings": "Beaucoup"})
    assert list(response.context["form"].errors) == ["title"]
    assert "Beaucoup" in response.content.decode()


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("orientation", {"number": "1", "title": "Accompagner", "summary": "<p>Résumé</p>"}),
        ("axis", {"title": "Mobilité", "assessment": "partiel", "planned_actions": "4", "achievements": "<p>Un garage</p>"}),
        ("working_group", {"title": "Groupe santé", "lead": "ARS", "co_lead": "CPAM", "territory": "Lochois"}),
        ("flagship", {"title": "Plateforme", "partners": "CAF"}),
        ("status", {"title": "réalisées", "count": "12"}),
        ("partnership", {"title": "Avec les bailleurs"}),
    ],
)
def test_a_line_of_each_nature_is_added_and_read(client, officer, pact, kind, data):
    review = ReviewFactory(pact=pact)
    ReviewItemFactory(review=review, order=6)
    response = client.post(url("item_add", pact.pk, review.pk, kind), data)
    item = ReviewItem.objects.get(kind=kind, title=data["title"])
    assert (response.url, item.review, item.order) == (review.get_absolute_url(), review, 7)
    assert {name: str(getattr(item, name)) for name in data} == data
    assert f'Modifier<span class="visually-hidden"> {item.title}' in client.get(response.url).content.decode()


def test_a_line_without_title_is_refused_and_keeps_what_was_typed(client, officer, pact):
    review = ReviewFactory(pact=pact)
    response = client.post(url("item_add", pact.pk, review.pk, "axis"), {"assessment": "inachevé"})
    assert response.context["form"].errors == {"title": ["Ce champ est nécessaire."]}
    assert "inachevé" in response.content.decode()
    assert list(ReviewItem.objects.all()) == []


def test_a_line_is_edited_and_does_not_hold_itself(client, officer, pact):
    top = ReviewItemFactory(review=ReviewFactory(pact=pact), title="Mobilité")
    under = ReviewItemFactory(review=top.review, parent=top)
    other = ReviewItemFactory(review=top.review)
    address = url("item_edit", pact.pk, top.pk)
    assert list(client.get(address).context["form"].fields["parent"].queryset) == [other]
    client.post(address, {"title": "Mobilité inclusive", "parent": under.pk, "revision": top.revision})
    client.post(address, {"title": "Mobilité solidaire", "parent": other.pk, "revision": top.revision})
    top.refresh_from_db()
    assert (top.title, top.parent) == ("Mobilité solidaire", other)


def test_a_line_is_removed_with_those_under_it(client, officer, pact):
    top = ReviewItemFactory(review=ReviewFactory(pact=pact))
    ReviewItemFactory(review=top.review, parent=top)
    client.post(url("item_delete", pact.pk, top.pk))
    assert list(ReviewItem.objects.all()) == []


def test_a_reader_writes_no_line(client, pact):
    item = ReviewItemFactory(review=ReviewFactory(pact=pact))
    log_in(client, person(Role.READER, pact))
    assert client.post(url("item_edit", pact.pk, item.pk), {"title": "Autre"}).status_code == 403
    assert "Compléter ce bilan" not in client.get(item.review.get_absolute_url()).content.decode()
