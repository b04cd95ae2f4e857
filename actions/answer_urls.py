"""Addresses that mails carry: each is its own key, nobody logs in."""

from django.urls import path

from actions.views import answers

app_name = "answers"

urlpatterns = [
    path("repondre/<str:token>/", answers.answer_page, name="answer"),
    path("repondre/<str:token>/<slug:deed>/", answers.answer_deed, name="answer_deed"),
]
