"""Factories of the evaluation floor."""

import factory
from factory.django import DjangoModelFactory

from evaluation.enums import ReviewItemKind, ReviewKind
from evaluation.models import EvaluationLevel, PlannedReview, Review, ReviewItem
from tests.factories.pti import PactFactory


class EvaluationLevelFactory(DjangoModelFactory):
    class Meta:
        model = EvaluationLevel

    pact = factory.SubFactory(PactFactory)
    name = "Chaque action"


class PlannedReviewFactory(DjangoModelFactory):
    class Meta:
        model = PlannedReview

    pact = factory.SubFactory(PactFactory)
    label = "Bilan annuel"


class ReviewFactory(DjangoModelFactory):
    class Meta:
        model = Review

    class Params:
        previous = factory.Trait(kind=ReviewKind.PREVIOUS)

    pact = factory.SubFactory(PactFactory)
    kind = ReviewKind.YEARLY
    title = factory.Sequence(lambda n: f"Bilan {n}")


class ReviewItemFactory(DjangoModelFactory):
    class Meta:
        model = ReviewItem

    review = factory.SubFactory(ReviewFactory)
    kind = ReviewItemKind.AXIS
    title = factory.Sequence(lambda n: f"Axe {n}")
