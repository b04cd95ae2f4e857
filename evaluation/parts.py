"""The parts of a pact that live on the evaluation floor."""

from evaluation.models import EvaluationLevel, PlannedReview, Review, ReviewItem
from pti.parts import register_life, register_text


def register_all():
    """Register the parts of this floor."""
    register_text("evaluation", "Évaluation prévue", [EvaluationLevel, PlannedReview])
    register_life("reviews", "Bilans", [Review, ReviewItem])
