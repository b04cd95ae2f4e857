"""The « Instances » floor."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = "Instances"

    def ready(self):
        from governance import facts, parts, services, sources
        from governance.models import MeetingDocument
        from pti import files, outbox

        parts.register_all()
        sources.register_all()
        facts.register_all()
        files.register("seance", MeetingDocument)
        outbox.dress(services.ANSWER_KEY, services.dress_answer)
