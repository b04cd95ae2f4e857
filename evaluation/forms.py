"""Entry forms of the evaluation floor."""

from django import forms

from evaluation.enums import ReviewItemKind
from evaluation.models import Review, ReviewItem
from pti.forms import PtiForm, RevisionForm, check_ends


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

    def clean(self):
        data = super().clean()
        check_ends(self, data)
        return data


class ReviewItemForm(RevisionForm):
    """A line of a review: only what its nature tells."""

    FIELDS = {
        ReviewItemKind.ORIENTATION: ["number", "title", "title_full", "summary"],
        ReviewItemKind.AXIS: [
            "parent", "number", "title", "title_full", "assessment", "planned_actions", "summary", "achievements", "limits",
        ],
        ReviewItemKind.WORKING_GROUP: ["number", "title", "territory", "territories", "lead", "co_lead"],
        ReviewItemKind.FLAGSHIP: ["title", "summary", "partners"],
        ReviewItemKind.STATUS: ["title", "count", "summary"],
        ReviewItemKind.PARTNERSHIP: ["title", "summary"],
    }  # fmt: skip
    HOLDERS = (ReviewItemKind.ORIENTATION, ReviewItemKind.AXIS)

    class Meta:
        model = ReviewItem
        fields = [
            "parent", "number", "title", "title_full", "assessment", "planned_actions", "count", "territory", "territories",
            "lead", "co_lead", "summary", "achievements", "limits", "partners",
        ]  # fmt: skip
        help_texts = {
            "assessment": "En un mot : atteint, partiel, non atteint…",
            "achievements": "Ce qui a été fait.",
            "limits": "Ce qui a manqué, et pourquoi.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kept = self.FIELDS[self.instance.kind]
        for name in set(self.fields) - {*kept, "revision"}:
            del self.fields[name]
        self.order_fields([*kept, "revision"])
        if "parent" in self.fields:
            others = ReviewItem.objects.filter(review=self.instance.review, kind__in=self.HOLDERS)
            self.fields["parent"].queryset = others.exclude(pk__in=self.own_branch())
            self.fields["parent"].empty_label = "Aucun"

    def own_branch(self):
        """The line and all that stands under it: none of them may hold it."""
        branch = [self.instance.pk] if self.instance.pk else []
        level = branch
        while level:
            level = list(ReviewItem.objects.filter(parent__in=level).exclude(pk__in=branch).values_list("pk", flat=True))
            branch = branch + level
        return branch


class PastForm(PtiForm):
    """The past day on which the pact is looked at."""

    jour = forms.DateField(label="Jour", help_text="Par exemple 31/12/2025.")
