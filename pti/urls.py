"""URLs of the project; applications are named by string, so that the ground floor imports none."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("pactes/<int:pk>/", RedirectView.as_view(pattern_name="admin:index"), name="pact_detail"),
    path("compte/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
