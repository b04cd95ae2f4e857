"""Who may open the pages of `evaluation`; tests/access_table.py says how to add a row."""

from pti.dates import today
from tests.access_table import READ, WRITE
from tests.factories.evaluation import EvaluationLevelFactory, PlannedReviewFactory, ReviewFactory, ReviewItemFactory

ROWS = {
    "evaluation:dashboard": READ,
    "evaluation:home": READ,
    "evaluation:past": READ,
    "evaluation:past_day": READ,
    "evaluation:review_list": READ,
    "evaluation:review_detail": READ,
    "evaluation:review_create": WRITE,
    "evaluation:review_edit": WRITE,
    "evaluation:item_add": WRITE,
    "evaluation:item_edit": WRITE,
    "evaluation:item_delete": WRITE.by_post(),
}


def extend(world):
    """A review with one axis, and what the pact promises."""
    world.review = ReviewFactory(pact=world.pact)
    world.review_item = ReviewItemFactory(review=world.review)
    EvaluationLevelFactory(pact=world.pact)
    PlannedReviewFactory(pact=world.pact)


def kwargs_for(url_name, world):
    if url_name in {"evaluation:item_edit", "evaluation:item_delete"}:
        return {"pk": world.review_item.pk}
    return {"pk": world.review.pk, "kind": "axis", "day": today()}
