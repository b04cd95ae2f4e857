"""The « Instances » floor."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = "Instances"

    def ready(self):
        from governance import parts

        parts.register_all()
