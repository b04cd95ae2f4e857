"""Addresses of a pact's own pages."""

from django.urls import path

from pti.pact_views import document, home, writing

urlpatterns = [
    path("", home.home, name="home"),
    path("pactes/", home.pact_list, name="pact_list"),
    path("pactes/<int:pact_pk>/", document.pact_detail, name="pact_detail"),
    path("pactes/<int:pact_pk>/chiffres/", document.FigureList.as_view(), name="figure_list"),
    path("pactes/<int:pact_pk>/rediger/", writing.pact_write, name="pact_write"),
    path("pactes/<int:pact_pk>/cadre/modifier/", writing.frame_edit, name="frame_edit"),
    path("pactes/<int:pact_pk>/texte/<slug:piece>/ajouter/", writing.piece_add, name="piece_add"),
    path("pactes/<int:pact_pk>/texte/<slug:piece>/<int:pk>/modifier/", writing.piece_edit, name="piece_edit"),
    path("pactes/<int:pact_pk>/texte/<slug:piece>/<int:pk>/supprimer/", writing.piece_delete, name="piece_delete"),
    path("pactes/<int:pact_pk>/texte/<slug:piece>/<int:pk>/<slug:way>/", writing.piece_move, name="piece_move"),
]
