"""The six alert tiles, one truth for the dashboard and the list: each is a filter (`?tile=late`) and one QuerySet method.

    {"tile": django_filters.ChoiceFilter(choices=TILE_CHOICES, method=…)} with `rows_of(name, queryset, pact)`
    tile_counts(Action.objects.filter(pact=pact), pact) → {"late": 4, …}, in one query

Two more filters of the list are counted by the dashboard: `?news=expected` and `?news=recent` (NEWS_CHOICES).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Q


@dataclass(frozen=True)
class Tile:
    """One tile; `rows(actions, pact)` gives the fiches that it counts."""

    name: str
    label: str
    definition: str
    shape: str
    tone: str
    rows: Callable

    def label_on(self, pact):
        return self.label.format(year=pact.reference_day.year)

    def definition_on(self, pact):
        return self.definition.format(months=pact.silence_months)


TILES = (
    Tile(
        "watch",
        "À regarder",
        "En retard, bloquées, à soutenir ou muettes",
        "flag",
        "ink",
        lambda actions, pact: actions.to_watch(pact.reference_day, pact.silence_months),
    ),
    Tile(
        "late",
        "En retard",
        "Un jalon échu et non fait",
        "clock-history",
        "bad",
        lambda actions, pact: actions.late(pact.reference_day),
    ),
    Tile(
        "blocked",
        "Point de blocage",
        "Signalé par un pilote, non levé",
        "sign-stop",
        "bad",
        lambda actions, pact: actions.blocked(),
    ),
    Tile(
        "support",
        "À soutenir",
        "Appuis nécessaires ou objectif compromis",
        "c-warn",
        "warn",
        lambda actions, pact: actions.needing_support(),
    ),
    Tile(
        "silent",
        "Sans nouvelles",
        "Aucun point depuis {months} mois",
        "chat-left-text",
        "none",
        lambda actions, pact: actions.silent(pact.reference_day, pact.silence_months),
    ),
    Tile(
        "unmeasured",
        "Sans valeur {year}",
        "Aucun indicateur relevé",
        "bar-chart-line",
        "none",
        lambda actions, pact: actions.without_measure(pact.reference_day.year),
    ),
)
BY_NAME = {tile.name: tile for tile in TILES}
TILE_CHOICES = [(tile.name, tile.label.format(year="de l’année")) for tile in TILES]

NEWS = {
    "expected": lambda actions, pact: actions.expecting_news(),
    "recent": lambda actions, pact: actions.with_recent_news(pact.reference_day, pact.silence_months),
}
NEWS_CHOICES = [("expected", "dont on attend des nouvelles"), ("recent", "qui ont donné des nouvelles")]


def rows_of(name, actions, pact):
    """The fiches that the tile (or the news filter) `name` counts."""
    rule = BY_NAME[name].rows if name in BY_NAME else NEWS[name]
    return rule(actions, pact)


def tile_counts(actions, pact):
    """{name: count} of the tiles and of the news filters, and `total`, in one query."""
    rules = {**{tile.name: tile.rows for tile in TILES}, **NEWS}
    wanted = {name: Count("pk", filter=Q(pk__in=rule(actions, pact).order_by().values("pk"))) for name, rule in rules.items()}
    return actions.order_by().aggregate(total=Count("pk"), **wanted)


def tiles(actions, pact, counts=None):
    """[(tile, label, definition, count)] for the page; `counts` when they are known already."""
    counts = counts or tile_counts(actions, pact)
    return [(tile, tile.label_on(pact), tile.definition_on(pact), counts[tile.name]) for tile in TILES]
