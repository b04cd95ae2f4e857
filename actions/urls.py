"""Addresses of the actions floor, under a pact."""

from django.urls import path

from actions.views import axes, fiches, lists, updates

app_name = "actions"

urlpatterns = [
    path("fiches/", lists.ActionList.as_view(), name="action_list"),
    path("fiches/<int:pk>/", fiches.ActionDetail.as_view(), name="action_detail"),
    path("fiches/<int:pk>/point/", updates.update_add, name="update_add"),
    path("points/<int:pk>/lever/", updates.update_unblock, name="update_unblock"),
    path("mes-actions/", updates.my_actions, name="my_actions"),
    path("axes/", axes.AxisTree.as_view(), name="axis_tree"),
    path("axes/<int:pk>/", axes.AxisDetail.as_view(), name="axis_detail"),
]
