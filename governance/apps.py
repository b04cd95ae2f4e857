"""The « Instances » floor."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = "Instances"

    def ready(self):
        from governance import facts, parts, sources
        from governance.models import MeetingDocument
        from pti import files

        parts.register_all()
        sources.register_all()
        facts.register_all()
        files.register("seance", MeetingDocument)
