"""The list of fiches."""

from django.urls import reverse

from actions.alerts import tiles_of
from actions.filters import ActionFilter
from actions.models import Action
from actions.tables import ActionTable
from pti.access import can_write_frame
from pti.views import TablePage


class ActionList(TablePage):
    """Every fiche of the pact, with the six alerts above."""

    model = Action
    table_class = ActionTable
    filterset_class = ActionFilter
    template_name = "actions/action_list.html"
    list_template_name = "actions/_list.html"
    xlsx = True

    def get_filterset_kwargs(self, filterset_class):
        return super().get_filterset_kwargs(filterset_class) | {"pact": self.pact}

    def get_table_kwargs(self):
        return super().get_table_kwargs() | {"on": self.pact.reference_day}

    def way_out(self):
        if can_write_frame(self.request.user, self.pact):
            return reverse("actions:action_add", args=[self.pact.pk]), "Ajouter une fiche"
        return None

    def get_context_data(self, **kwargs):
        url = reverse("actions:action_list", args=[self.pact.pk])
        tiles, total = tiles_of(self.pact, url, self.request.GET.get("alerte", ""))
        return super().get_context_data(
            tiles=tiles,
            total=total,
            may_write=can_write_frame(self.request.user, self.pact),
            **kwargs,
        )
