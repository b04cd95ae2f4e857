"""Evaluation: what the pact promises, and the reviews (« bilans »)."""

from collections import defaultdict

from django.db.models import Count, Q
from django.urls import reverse
from django.views.generic import CreateView, DetailView, UpdateView

from actions.models import Indicator
from evaluation.access import can_write_review
from evaluation.enums import ReviewItemKind, ReviewKind
from evaluation.filters import ReviewFilter
from evaluation.forms import ReviewForm
from evaluation.models import EvaluationLevel, PlannedReview, Review
from evaluation.tables import ReviewTable
from pti.access import can_follow, is_staff_on
from pti.figures import address, figure
from pti.models import Pact
from pti.views import ScopedMixin, TablePage

TREE = (ReviewItemKind.ORIENTATION, ReviewItemKind.AXIS)


class EvaluationHome(ScopedMixin, DetailView):
    """How the pact says it will be evaluated, and what has been."""

    model = Pact
    template_name = "evaluation/home.html"
    pk_url_kwarg = "pact_pk"

    def in_pact(self, queryset):
        return queryset

    def get_context_data(self, **kwargs):
        pact = self.object
        indicators = Indicator.objects.read_in(self.request.user, pact)
        counts = indicators.aggregate(
            total=Count("pk"),
            no_value=Count("pk", filter=Q(pk__in=indicators.without_measure(pact.reference_day.year).values("pk"))),
            no_target=Count("pk", filter=Q(pk__in=indicators.without_target().values("pk"))),
        )
        return super().get_context_data(
            levels=EvaluationLevel.objects.filter(pact=pact).order_by("order", "id"),
            planned=PlannedReview.objects.filter(pact=pact).order_by("order", "id"),
            reviews=Review.objects.read_in(self.request.user, pact).order_by("kind", "id"),
            figures=[
                (label, figure(counts[name], address(pact, "actions:indicator_list", **wanted)))
                for label, name, wanted in (
                    ("Dans le pacte", "total", {}),
                    ("Sans cible", "no_target", {"manque": "cible"}),
                    (f"Sans valeur {pact.reference_day.year}", "no_value", {"manque": "valeur"}),
                )
            ],
            can_write=is_staff_on(self.request.user, pact),
            **kwargs,
        )


class ReviewList(TablePage):
    model = Review
    table_class = ReviewTable
    filterset_class = ReviewFilter
    template_name = "evaluation/review_list.html"

    def way_out(self):
        if is_staff_on(self.request.user, self.pact):
            return reverse("evaluation:review_create", args=[self.pact.pk]), "Écrire un bilan"
        return None

    def get_context_data(self, **kwargs):
        return super().get_context_data(can_write=is_staff_on(self.request.user, self.pact), **kwargs)


class ReviewDetail(ScopedMixin, DetailView):
    model = Review
    template_name = "evaluation/review_detail.html"

    def get_context_data(self, **kwargs):
        review = self.object
        items = list(review.items.order_by("order", "id"))
        kinds = defaultdict(list)
        for item in items:
            kinds[item.kind].append(item)
        statuses = kinds[ReviewItemKind.STATUS]
        return super().get_context_data(
            nodes=[(item, depth_of(item, {one.pk: one for one in items})) for item in items if item.kind in TREE],
            groups=kinds[ReviewItemKind.WORKING_GROUP],
            flagships=kinds[ReviewItemKind.FLAGSHIP],
            partnerships=kinds[ReviewItemKind.PARTNERSHIP],
            statuses=statuses,
            kinds=ReviewItemKind.choices,
            statuses_total=sum(item.count or 0 for item in statuses),
            can_write=can_write_review(self.request.user, review),
            **kwargs,
        )


def depth_of(item, by_pk):
    """How far `item` stands from the top of the review."""
    depth = 0
    while item.parent_id in by_pk:
        item, depth = by_pk[item.parent_id], depth + 1
    return depth


class ReviewCreate(ScopedMixin, CreateView):
    model = Review
    form_class = ReviewForm
    template_name = "evaluation/review_form.html"
    saved_words = "Bilan enregistré."
    allowed_in = staticmethod(can_follow)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": Review(pact=self.pact, kind=ReviewKind.YEARLY)}


class ReviewEdit(ScopedMixin, UpdateView):
    model = Review
    form_class = ReviewForm
    template_name = "evaluation/review_form.html"
    saved_words = "Bilan enregistré."
    allowed = staticmethod(can_write_review)
