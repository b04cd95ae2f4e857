"""Addresses of the evaluation floor."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from evaluation.enums import ReviewItemKind
from evaluation.views import items, reviews
from evaluation.views.dashboard import dashboard

app_name = "evaluation"


class ReviewItemConverter(StringConverter):
    """The nature of a line of a review."""

    regex = "|".join(ReviewItemKind.values)


register_converter(ReviewItemConverter, "review_item")

urlpatterns = [
    path("tableau-de-bord/", dashboard, name="dashboard"),
    path("evaluation/", reviews.EvaluationHome.as_view(), name="home"),
    path("evaluation/bilans/", reviews.ReviewList.as_view(), name="review_list"),
    path("evaluation/bilans/nouveau/", reviews.ReviewCreate.as_view(), name="review_create"),
    path("evaluation/bilans/<int:pk>/", reviews.ReviewDetail.as_view(), name="review_detail"),
    path("evaluation/bilans/<int:pk>/modifier/", reviews.ReviewEdit.as_view(), name="review_edit"),
    path("evaluation/bilans/<int:pk>/lignes/<review_item:kind>/ajouter/", items.item_add, name="item_add"),
    path("evaluation/bilans/lignes/<int:pk>/modifier/", items.item_edit, name="item_edit"),
    path("evaluation/bilans/lignes/<int:pk>/supprimer/", items.item_delete, name="item_delete"),
]
