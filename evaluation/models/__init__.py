"""Models of the evaluation floor."""

from evaluation.models.levels import EvaluationLevel, PlannedReview
from evaluation.models.reviews import Review, ReviewItem

__all__ = ["EvaluationLevel", "PlannedReview", "Review", "ReviewItem"]
