"""Addresses of the actions floor, under a pact."""

from django.urls import path

from actions.views import axes, edit, fiches, fundings, indicators, lists, updates, workbooks

app_name = "actions"

urlpatterns = [
    path("fiches/", lists.ActionList.as_view(), name="action_list"),
    path("fiches/ajouter/", edit.action_add, name="action_add"),
    path("fiches/classeur/", workbooks.workbook_export, name="workbook_export"),
    path("fiches/importer/", workbooks.workbook_import, name="workbook_import"),
    path("fiches/importer/<int:pk>/", workbooks.workbook_check, name="workbook_check"),
    path("fiches/importer/<int:pk>/suivi/", workbooks.workbook_progress, name="workbook_progress"),
    path("fiches/<int:pk>/", fiches.ActionDetail.as_view(), name="action_detail"),
    path("fiches/<int:pk>/point/", updates.update_add, name="update_add"),
    path("fiches/<int:pk>/modifier/", edit.action_edit, name="action_edit"),
    path("fiches/<int:pk>/supprimer/", edit.action_delete, name="action_delete"),
    path("fiches/<int:pk>/deplacer/", edit.action_move, name="action_move"),
    path("fiches/<int:pk>/documents/ajouter/", edit.document_add, name="document_add"),
    path("documents/<int:pk>/retirer/", edit.document_delete, name="document_delete"),
    path("pilotes/<int:pk>/succession/", edit.lead_succeed, name="lead_succeed"),
    path("points/<int:pk>/lever/", updates.update_unblock, name="update_unblock"),
    path("mes-actions/", updates.my_actions, name="my_actions"),
    path("axes/", axes.AxisTree.as_view(), name="axis_tree"),
    path("axes/ajouter/", axes.AxisAdd.as_view(), name="axis_add"),
    path("axes/<int:pk>/modifier/", axes.AxisEdit.as_view(), name="axis_edit"),
    path("axes/<int:pk>/deplacer/", axes.axis_move, name="axis_move"),
    path("axes/<int:pk>/supprimer/", axes.axis_delete, name="axis_delete"),
    path("indicateurs/", indicators.IndicatorList.as_view(), name="indicator_list"),
    path("indicateurs/ajouter/", indicators.IndicatorAdd.as_view(), name="indicator_add"),
    path("indicateurs/<int:pk>/", indicators.IndicatorDetail.as_view(), name="indicator_detail"),
    path("indicateurs/<int:pk>/modifier/", indicators.IndicatorEdit.as_view(), name="indicator_edit"),
    path("indicateurs/<int:pk>/supprimer/", indicators.indicator_delete, name="indicator_delete"),
    path("indicateurs/<int:pk>/valeurs/ajouter/", indicators.measure_add, name="measure_add"),
    path("valeurs/<int:pk>/retirer/", indicators.measure_delete, name="measure_delete"),
    path("financements/", fundings.FundingList.as_view(), name="funding_list"),
    path("financements/ajouter/", fundings.FundingAdd.as_view(), name="funding_add"),
    path("financements/<int:pk>/modifier/", fundings.FundingEdit.as_view(), name="funding_edit"),
    path("financements/<int:pk>/supprimer/", fundings.funding_delete, name="funding_delete"),
    path("axes/<int:pk>/", axes.AxisDetail.as_view(), name="axis_detail"),
]
