"""The ground floor and the project itself."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PtiConfig(AppConfig):
    name = "pti"
    verbose_name = "Pacte"

    def ready(self):
        from pti import contract, files, journal, login, pact_facts, pact_parts, pact_sources
        from pti.models import ContextFigure, GlossaryTerm, Scheme, Section, Statement

        contract.connect()
        files.connect()
        login.connect()
        journal.connect()
        pact_parts.register_all()
        pact_sources.register_all()
        pact_facts.register_all()
        journal.allow_restore(ContextFigure, GlossaryTerm, Scheme, Section, Statement)


class PtiAdminConfig(AdminConfig):
    default_site = "pti.admin_site.PtiAdminSite"
