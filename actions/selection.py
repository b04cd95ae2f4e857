"""The fiches that the address of a filtered list names: what a deed on « this list » is about."""

from actions.alerts import alert_of
from actions.filters import ActionFilter
from actions.models import Action

# A reminder or an agenda bears on the first ones; a longer list wants a narrower filter.
MOST = 50


class Selection:
    """`fiches` that the filters of the address keep, in the order of their numbers; the whole pact is no selection."""

    def __init__(self, request, pact):
        rows = Action.objects.visible_to(request.user).filter(pact=pact)
        self.pact = pact
        self.filterset = ActionFilter(request.GET, queryset=rows, request=request, pact=pact)
        self.words = [words for words, _ in self.filterset.chips()]
        if not self.words:
            self.filterset.queryset = rows.none()
        self.query = request.GET.urlencode()
        self.alert = alert_of(pact, request.GET.get("alerte", ""))

    @property
    def rows(self):
        return self.filterset.qs.order_by("number_key", "order", "id")

    @property
    def name(self):
        """« En retard », « Ma sélection » when several filters made it."""
        return self.alert.label if self.alert and len(self.words) == 1 else "Fiches choisies"
