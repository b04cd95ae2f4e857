"""Addresses of a pact's own pages."""

from django.urls import path

from pti.pact_views import amendments, comparison, creation, document, home, life, printing, versions, writing

urlpatterns = [
    path("", home.home, name="home"),
    path("pactes/", home.pact_list, name="pact_list"),
    path("pactes/creer/", creation.pact_create, name="pact_create"),
    path("pactes/creer/vide/", creation.pact_create_blank, name="pact_create_blank"),
    path("pactes/creer/copie/", creation.pact_create_copy, name="pact_create_copy"),
    path("pactes/creer/fichier/", creation.pact_create_import, name="pact_create_import"),
    path("pactes/<int:pact_pk>/", document.pact_detail, name="pact_detail"),
    path("pactes/<int:pact_pk>/chiffres/", document.FigureList.as_view(), name="figure_list"),
    path("pactes/<int:pact_pk>/vie/", life.pact_life, name="pact_life"),
    path("pactes/<int:pact_pk>/vie/prorogation/", life.pact_extend, name="pact_extend"),
    path("pactes/<int:pact_pk>/vie/reglages/", life.pact_settings, name="pact_settings"),
    path("pactes/<int:pact_pk>/vie/<slug:to>/", life.pact_step, name="pact_step"),
    path("pactes/<int:pact_pk>/versions/comparer/", comparison.version_compare, name="version_compare"),
    path("pactes/<int:pact_pk>/versions/<int:number>/", versions.version_detail, name="version_detail"),
    path("pactes/<int:pact_pk>/versions/<int:number>/texte.json", versions.version_text, name="version_text"),
    path("pactes/<int:pact_pk>/versions/<int:number>/telecharger/<slug:form>/", printing.version_print, name="version_print"),
    path("pactes/<int:pact_pk>/telecharger/section/<slug:name>/<slug:form>/", printing.section_print, name="section_print"),
    path("pactes/<int:pact_pk>/telecharger/<slug:form>/", printing.pact_print, name="pact_print"),
    path("pactes/<int:pact_pk>/telecharger/<slug:name>/<uuid:uid>/<slug:form>/", printing.extract_print, name="extract_print"),
    path("pactes/<int:pact_pk>/avenants/", amendments.amendment_list, name="amendment_list"),
    path("pactes/<int:pact_pk>/avenants/ouvrir/", amendments.amendment_open, name="amendment_open"),
    path("pactes/<int:pact_pk>/avenants/<int:number>/", amendments.amendment_detail, name="amendment_detail"),
    path(
        "pactes/<int:pact_pk>/avenants/<int:number>/modifications.<str:form>",
        amendments.amendment_annex,
        name="amendment_annex",
    ),
    path("pactes/<int:pact_pk>/avenants/<int:number>/objet/", amendments.amendment_purpose, name="amendment_purpose"),
    path("pactes/<int:pact_pk>/avenants/<int:number>/cocher/", amendments.amendment_points, name="amendment_points"),
    path("pactes/<int:pact_pk>/avenants/<int:number>/points/<int:pk>/motif/", amendments.point_reason, name="point_reason"),
    path("pactes/<int:pact_pk>/avenants/<int:number>/points/<int:pk>/decocher/", amendments.point_untick, name="point_untick"),
    path("pactes/<int:pact_pk>/avenants/<int:number>/reprendre/", amendments.amendment_again, name="amendment_again"),
    path("pactes/<int:pact_pk>/rediger/traces/", writing.pact_traces, name="pact_traces"),
    path("pactes/<int:pact_pk>/rediger/", writing.pact_write, name="pact_write"),
    path("pactes/<int:pact_pk>/cadre/modifier/", writing.frame_edit, name="frame_edit"),
    path("pactes/<int:pact_pk>/texte/<slug:piece>/ajouter/", writing.piece_add, name="piece_add"),
    path("pactes/<int:pact_pk>/texte/<slug:piece>/<int:pk>/modifier/", writing.piece_edit, name="piece_edit"),
    path("pactes/<int:pact_pk>/texte/<slug:piece>/<int:pk>/supprimer/", writing.piece_delete, name="piece_delete"),
    path("pactes/<int:pact_pk>/texte/<slug:piece>/<int:pk>/<slug:way>/", writing.piece_move, name="piece_move"),
]
