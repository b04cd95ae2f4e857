"""The « Instances » floor."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = "Instances"

    def ready(self):
        from actions import tabs
        from governance import facts, parts, services, sources
        from governance.models import MeetingDocument
        from governance.timeline import OWN
        from pti import files, mail_choices

        parts.register_all()
        sources.register_all()
        facts.register_all()
        tabs.register("frise", "Frise", "v-timeline", "governance:timeline", order=30, own=OWN)
        files.register("seance", MeetingDocument)
        answers = "Ne plus m’écrire quand un point de blocage reçoit une réponse"
        mail_choices.register(services.ANSWER_KIND, answers, key=services.ANSWER_KEY)
