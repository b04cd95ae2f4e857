"""URLs of the project; applications are named by string, so that the ground floor imports none."""

from django.contrib import admin
from django.urls import include, path

from pti import demo, files, mail_page, pages
from pti.enums import LegalTextKind
from pti.health import health
from pti.journal import views as journal

urlpatterns = [
    path("pactes/<int:pact_pk>/journal/", journal.journal_page, name="journal"),
    path("pactes/<int:pact_pk>/journal/<str:kind>/<uuid:uid>/", journal.row_history, name="row_history"),
    path(
        "pactes/<int:pact_pk>/journal/<str:kind>/<uuid:uid>/retablir/<int:history_id>/",
        journal.row_restore,
        name="row_restore",
    ),
    path("", include("pti.pact_urls")),
    path("", include("partners.urls")),
    path("", include("actions.answer_urls")),
    path("courriels/<str:signed>/", mail_page.mail_choices_page, name="mail_choices"),
    path("aide/", pages.help_page, name="help"),
    path("plan-du-site/", pages.site_map, name="site_map"),
    path("accessibilite/", pages.legal_page(LegalTextKind.ACCESSIBILITY), name="accessibility"),
    path("mentions-legales/", pages.legal_page(LegalTextKind.LEGAL), name="legal_notice"),
    path("donnees-personnelles/", pages.legal_page(LegalTextKind.PRIVACY), name="privacy"),
    path("marque.css", pages.brand_css, name="brand_css"),
    path("marque/logo/", pages.brand_logo, name="brand_logo"),
    path("favicon.ico", pages.favicon, name="favicon"),
    path("compte/", include("pti.account_urls")),
    path("demonstration/entrer/<slug:key>/", demo.enter_as_persona, name="demo_enter"),
    path("demonstration/courriels/", demo.demo_mailbox, name="demo_mailbox"),
    path("fichiers/<slug:kind>/<uuid:uid>/", files.attached_file, name="attached_file"),
    path("sante/", health, name="health"),
    path("pactes/<int:pact_pk>/", include("actions.urls")),
    path("pactes/<int:pact_pk>/", include("governance.urls")),
    path("pactes/<int:pact_pk>/", include("evaluation.urls")),
    path("admin/", admin.site.urls),
]
