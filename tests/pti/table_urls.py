"""Addresses of a small list, to try the house table on its own."""

import django_tables2 as tables
from django.urls import include, path
from django_filters import ChoiceFilter

from pti.enums import PactState
from pti.filters import PtiFilterSet
from pti.models import Pact
from pti.tables import DayColumn, PtiTable
from pti.views import TablePage


class PactTable(PtiTable):
    title = tables.Column("titre", linkify=True)
    starts_on = DayColumn("début")

    noun, nouns, feminine = "pacte", "pactes", False
    title_column = "title"
    secondary = ("starts_on",)

    class Meta(PtiTable.Meta):
        model = Pact
        fields = ("title", "state", "starts_on")
        order_by = "title"


class PactFilter(PtiFilterSet):
    state = ChoiceFilter(label="état", choices=PactState)

    class Meta:
        model = Pact
        fields = ["state"]


class PactTablePage(TablePage):
    model = Pact
    table_class = PactTable
    filterset_class = PactFilter
    template_name = "pti/table_page.html"
    xlsx = True


urlpatterns = [
    path("liste/", PactTablePage.as_view(), name="pact_table"),
    path("", include("pti.urls")),
]
