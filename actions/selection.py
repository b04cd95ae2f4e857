"""The fiches, or the indicators, that the address of a filtered list names: what a deed on « this list » is about."""

from django.urls import reverse

from actions.alerts import alert_of
from actions.filters import ActionFilter, IndicatorFilter
from actions.models import Action, Indicator

# A reminder or an agenda bears on the first ones; a longer list wants a narrower filter.
MOST = 50
# What the address says when the list is that of the indicators.
PARAM, INDICATORS = "de", "indicateurs"


def selection_of(request, pact):
    """What the address names: fiches, unless it says that they are indicators."""
    return (IndicatorSelection if request.GET.get(PARAM) == INDICATORS else Selection)(request, pact)


class Selection:
    """The rows that the filters of the address keep, in the order of their numbers; the whole pact is no selection."""

    model, filter_class, order = Action, ActionFilter, ("number_key", "order", "id")
    shown = ("pact", "number", "title", "short_title")
    list_name, list_label, label = "actions:action_list", "Fiches-actions", "Fiches"
    none_chosen, keep_one, tabled = "aucune fiche n’est choisie", "Gardez au moins une fiche.", ("fiche mise", "fiches mises")

    def __init__(self, request, pact):
        rows = self.model.objects.visible_to(request.user).filter(pact=pact)
        self.pact = pact
        self.filterset = self.filter_class(request.GET, queryset=rows, request=request, pact=pact)
        self.words = [words for words, _ in self.filterset.chips()]
        if not self.words:
            self.filterset.queryset = rows.none()
        self.query = request.GET.urlencode()
        self.alert = alert_of(pact, request.GET.get("alerte", ""))

    @property
    def rows(self):
        return self.filterset.qs.order_by(*self.order)

    @property
    def name(self):
        """« En retard », « Fiches choisies » when several filters made it."""
        return self.alert.label if self.alert and len(self.words) == 1 else "Fiches choisies"

    @property
    def why(self):
        """What brought them here, for an agenda; empty when it is no alert."""
        return self.alert.label if self.alert else ""

    @property
    def list_url(self):
        return f"{reverse(self.list_name, args=[self.pact.pk])}?{self.query}"


class IndicatorSelection(Selection):
    """The same, of the indicators."""

    model, filter_class, order = Indicator, IndicatorFilter, ("order", "id")
    shown = ("pact", "name")
    list_name, list_label, label = "actions:indicator_list", "Indicateurs", "Indicateurs"
    none_chosen, keep_one = "aucun indicateur n’est choisi", "Gardez au moins un indicateur."
    tabled = ("indicateur mis", "indicateurs mis")

    @property
    def why(self):
        """« hors seuil », « sans valeur 2026 »."""
        data = self.filterset.data
        year = f"sans valeur {self.pact.reference_day.year}" if data.get("manque") == "valeur" else ""
        return "hors seuil" if data.get("seuil") else year
