"""The « Évaluation » floor."""

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Évaluation"

    def ready(self):
        from evaluation import facts, parts, sources

        parts.register_all()
        sources.register_all()
        facts.register_all()
