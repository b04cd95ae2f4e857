"""The animator's settings room: the stock admin, in French, behind the same login as everything else."""

from django.contrib.admin import AdminSite


class PtiAdminSite(AdminSite):
    site_header = "Réglages du pacte"
    site_title = "Réglages"
    index_title = "Réglages"
