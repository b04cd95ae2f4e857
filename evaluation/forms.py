"""Entry forms of the evaluation floor."""

from evaluation.models import Review
from pti.forms import RevisionForm


class ReviewForm(RevisionForm):
    """A review: yearly, mid-term, final, or that of the previous pact."""

    class Meta:
        model = Review
        fields = [
            "kind",
            "title",
            "start_text",
            "end_text",
            "as_of_text",
            "provider",
            "method",
            "findings",
            "strengths",
            "weaknesses",
            "internal_cooperation",
            "user_groups",
            "note",
        ]
        help_texts = {
            "title": "Par exemple : « Bilan de l’année 2016 ».",
            "start_text": "Une année, un mois ou un jour.",
            "end_text": "Une année, un mois ou un jour.",
            "as_of_text": "Jour auquel les chiffres sont pris.",
            "findings": "Que montrent les indicateurs et les points d’avancement ?",
            "strengths": "Ce qui a marché, et pourquoi.",
            "weaknesses": "Ce qui n’a pas marché, et ce qu’il faut changer.",
        }
