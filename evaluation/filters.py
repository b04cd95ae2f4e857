"""Filters of the evaluation lists."""

import django_filters

from evaluation.enums import ReviewKind
from evaluation.models import Review
from pti.filters import PtiFilterSet


class ReviewFilter(PtiFilterSet):
    search_path = ""

    kind = django_filters.ChoiceFilter(label="nature", choices=ReviewKind)

    class Meta:
        model = Review
        fields = ["kind"]
