"""Addresses of the evaluation floor."""

from django.urls import path

from evaluation.views import reviews
from evaluation.views.dashboard import dashboard

app_name = "evaluation"

urlpatterns = [
    path("tableau-de-bord/", dashboard, name="dashboard"),
    path("evaluation/", reviews.EvaluationHome.as_view(), name="home"),
    path("evaluation/bilans/", reviews.ReviewList.as_view(), name="review_list"),
    path("evaluation/bilans/nouveau/", reviews.ReviewCreate.as_view(), name="review_create"),
    path("evaluation/bilans/<int:pk>/", reviews.ReviewDetail.as_view(), name="review_detail"),
    path("evaluation/bilans/<int:pk>/modifier/", reviews.ReviewEdit.as_view(), name="review_edit"),
]
