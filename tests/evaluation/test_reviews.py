"""Evaluation: what the pact promises, and the reviews."""

import pytest
from django.urls import reverse

from evaluation.enums import ReviewItemKind
from evaluation.models import Review
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
    with django_assert_num_queries(8):
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


def test_review_without_a_title_is_refused(client, officer, pact):
    response = client.post(url("review_create", pact.pk), {"kind": "yearly", "title": "", "findings": "Beaucoup"})
    assert list(response.context["form"].errors) == ["title"]
    assert "Beaucoup" in response.content.decode()
