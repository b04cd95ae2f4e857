"""The ground floor and the project itself."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PtiConfig(AppConfig):
    name = "pti"
    verbose_name = "Pacte"

    def ready(self):
        from pti import contract, login, pact_facts, pact_parts

        contract.connect()
        login.connect()
        pact_parts.register_all()
        pact_facts.register_all()


class PtiAdminConfig(AdminConfig):
    default_site = "pti.admin_site.PtiAdminSite"
