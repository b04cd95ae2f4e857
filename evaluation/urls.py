"""Addresses of the evaluation floor."""

import datetime

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from evaluation.enums import ReviewItemKind
from evaluation.views import items, past, reviews
from evaluation.views.dashboard import dashboard

app_name = "evaluation"


class ReviewItemConverter(StringConverter):
    """The nature of a line of a review."""

    regex = "|".join(ReviewItemKind.values)


class DayConverter:
    """A day written 2026-03-31; one that does not exist is no address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value):
        return datetime.date.fromisoformat(value)

    def to_url(self, value):
        return str(value)


register_converter(ReviewItemConverter, "review_item")
register_converter(DayConverter, "day")

urlpatterns = [
    path("tableau-de-bord/", dashboard, name="dashboard"),
    path("au/", past.past, name="past"),
    path("au/<day:day>/", past.past_day, name="past_day"),
    path("evaluation/", reviews.EvaluationHome.as_view(), name="home"),
    path("evaluation/bilans/", reviews.ReviewList.as_view(), name="review_list"),
    path("evaluation/bilans/nouveau/", reviews.ReviewCreate.as_view(), name="review_create"),
    path("evaluation/bilans/<int:pk>/", reviews.ReviewDetail.as_view(), name="review_detail"),
    path("evaluation/bilans/<int:pk>/modifier/", reviews.ReviewEdit.as_view(), name="review_edit"),
    path("evaluation/bilans/<int:pk>/lignes/<review_item:kind>/ajouter/", items.item_add, name="item_add"),
    path("evaluation/bilans/lignes/<int:pk>/modifier/", items.item_edit, name="item_edit"),
    path("evaluation/bilans/lignes/<int:pk>/supprimer/", items.item_delete, name="item_delete"),
]
