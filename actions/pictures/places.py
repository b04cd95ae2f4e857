"""« Carte »: what the map and its table say of each territory; a fixed number of queries."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.text import capfirst, slugify

from actions.enums import RequestState
from actions.filters import territories_of
from actions.models import Action, Campaign, CampaignRequest
from actions.pictures.ways import narrowed
from pti.models import Pact, Territory
from pti.outlines import polygons_in
from pti.search import normalise

# A map of more places than this could not be read; the others are on the next page.
PLACES = 60
ANSWERED = (RequestState.ANSWERED, RequestState.VALIDATED)


@dataclass
class Place:
    """A territory: its fiches, the late ones, the answers to the last collection."""

    territory: Territory
    letter: str = ""
    count: int = 0
    late: int = 0
    asked: int = 0
    answered: int = 0
    url: str = ""
    late_url: str = ""
    polygons: list = field(default_factory=list)

    @property
    def name(self):
        return self.territory.name


@dataclass(frozen=True)
class PlaceSet:
    """A way to cut the pact into territories: « intercommunalité », « bassin »…"""

    key: str
    label: str
    count: int
    with_outline: int


def letter_of(index):
    """A, B… Z, AA, AB…"""
    return (letter_of(index // 26 - 1) if index >= 26 else "") + chr(65 + index % 26)


class Places:
    """The territories of the set `wanted` (else the one best drawn) that `actions` are counted on."""

    def __init__(self, pact, actions, late, carried, wanted="", number=1):
        self.pact, self.carried = pact, carried
        self.to_list = reverse("actions:action_list", args=[pact.pk])
        self.sets, by_set = self.read_sets()
        self.chosen = self.choose(wanted)
        territories = by_set.get(self.chosen.key, []) if self.chosen else []
        self.page = Paginator(territories, PLACES).get_page(number)
        self.read_counts(actions, late, {territory.pk for territory in territories})
        self.read_answers()
        outlines = self.read_outlines(list(self.page))
        self.rows = [self.place(index, one, outlines) for index, one in enumerate(self.page, self.page.start_index() - 1)]
        self.department = [polygon for one in self.departments for polygon in polygons_in(outlines.get(one.pk))]

    def read_sets(self):
        """(sets, {key: territories}); the département itself is a frame, not a part, unless there is nothing else."""
        of_pact = Pact.departments.through.objects.filter(pact=self.pact, territory=OuterRef("pk"))
        rows = territories_of(self.pact).only("name", "kind", "kind_text", "code").order_by("search", "id")
        rows = list(rows.annotate(is_whole=Exists(of_pact), has_outline=Q(outline__isnull=False)))
        self.departments = [row for row in rows if row.is_whole]
        by_set = defaultdict(list)
        for row in [row for row in rows if not row.is_whole] or rows:
            by_set[slugify(row.kind_label)].append(row)
        sets = [
            PlaceSet(key, capfirst(found[0].kind_label), len(found), sum(one.has_outline for one in found))
            for key, found in by_set.items()
        ]
        return sorted(sets, key=lambda one: (-one.with_outline, -one.count, normalise(one.label))), by_set

    def choose(self, wanted):
        return next((one for one in self.sets if one.key == wanted), self.sets[0] if self.sets else None)

    def read_counts(self, actions, late, inside):
        """Fiches of each territory, and those that no territory of this set bears."""
        kept = set(actions.order_by().values_list("pk", flat=True))
        links = Action.territories.through.objects.filter(action__pact=self.pact).values_list("territory_id", "action_id")
        self.of_place, placed, elsewhere = defaultdict(list), set(), set()
        for place, action in links:
            if action in kept:
                self.of_place[place].append(action)
                (placed if place in inside else elsewhere).add(action)
        self.late = late
        self.total = len(kept)
        self.elsewhere = len(elsewhere - placed)
        self.everywhere = self.total - len(placed | elsewhere)
        self.everywhere_url = self.list_url(manque="territoire")

    def read_answers(self):
        """What was answered to the last collection that was opened."""
        campaigns = Campaign.objects.filter(pact=self.pact).exclude(opened_on=None)
        self.campaign = campaigns.order_by("-opened_on", "-id").first()
        rows = CampaignRequest.objects.filter(campaign=self.campaign) if self.campaign else CampaignRequest.objects.none()
        self.states = dict(rows.values_list("action_id", "state"))

    def read_outlines(self, territories):
        """{territory: outline} of those of the page and of the département."""
        wanted = [one.pk for one in [*territories, *self.departments] if one.has_outline]
        return dict(Territory.objects.filter(pk__in=wanted).values_list("pk", "outline"))

    def place(self, index, territory, outlines):
        actions = self.of_place[territory.pk]
        asked = Counter(self.states[pk] in ANSWERED for pk in actions if pk in self.states)
        return Place(
            territory,
            letter_of(index),
            count=len(actions),
            late=sum(pk in self.late for pk in actions),
            asked=asked.total(),
            answered=asked[True],
            url=self.list_url(territory=territory.pk),
            late_url=self.list_url(territory=territory.pk, alerte="retard"),
            polygons=polygons_in(outlines.get(territory.pk)),
        )

    def list_url(self, **more):
        return narrowed(self.to_list, self.carried, **more)

    @property
    def drawn(self):
        return [one for one in self.rows if one.polygons]

    @property
    def undrawn(self):
        return [one for one in self.rows if not one.polygons]
