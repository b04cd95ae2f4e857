"""URLs of the project; applications are named by string, so that the ground floor imports none."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from pti import files

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("pactes/<int:pk>/", RedirectView.as_view(url="/admin/"), name="pact_detail"),
    path("compte/", include("allauth.urls")),
    path("fichiers/<slug:kind>/<uuid:uid>/", files.attached_file, name="attached_file"),
    path("admin/", admin.site.urls),
]
