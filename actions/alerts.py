"""The six alert tiles: each is a QuerySet method, counted by the tile and applied by the filter of the list."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Value

from actions.models import Action
from actions.models.fiches import ActionQuerySet
from pti import typography


@dataclass(frozen=True)
class Alert:
    """One tile: its key in the address, its words, its shape, and the rows that it counts."""

    key: str
    label: str
    definition: str
    shape: str
    tone: str
    rows: Callable


@dataclass(frozen=True)
class Tile:
    """A tile with its count, ready to draw."""

    alert: Alert
    count: int
    url: str
    is_current: bool


def alerts_of(pact):
    """The six alerts, as they are judged for `pact` on its reference day."""
    on, months = pact.reference_day, pact.silence_months
    silence = f"Aucun point depuis {typography.plural(months, 'mois', 'mois')}"
    union = "En retard, bloquées, à soutenir ou sans nouvelles"
    return (
        Alert("a-regarder", "À regarder", union, "flag", "ink", lambda rows: rows.to_watch(on, months)),
        Alert("retard", "En retard", "Un jalon échu et non fait", "clock-history", "bad", lambda rows: rows.late(on)),
        Alert("blocage", "Point de blocage", "Signalé par un pilote, non levé", "sign-stop", "bad", ActionQuerySet.blocked),
        Alert("soutien", "À soutenir", "Appuis nécessaires ou compromis", "c-warn", "warn", ActionQuerySet.needing_support),
        Alert("silence", "Sans nouvelles", silence, "chat-left-text", "none", lambda rows: rows.silent(on, months)),
        Alert(
            "sans-valeur",
            f"Sans valeur {on.year}",
            "Aucun indicateur relevé cette année",
            "bar-chart-line",
            "none",
            lambda rows: rows.without_measure(on.year),
        ),
    )


def filter_by_alert(queryset, pact, key):
    """Rows of `queryset` that the alert `key` counts; all of them when no alert bears that key."""
    alert = next((alert for alert in alerts_of(pact) if alert.key == key), None)
    return alert.rows(queryset) if alert else queryset


def tiles_of(pact, url, current=""):
    """(six tiles, number of fiches) of a `pact` that the reader may see, in one query; each leads to `url` with its filter."""
    alerts = alerts_of(pact)
    rows = Action.objects.filter(pact=pact)
    total, *counts = counts_of([rows, *(alert.rows(rows) for alert in alerts)])
    tiles = [
        Tile(alert, count, url if alert.key == current else f"{url}?alerte={alert.key}", alert.key == current)
        for alert, count in zip(alerts, counts, strict=True)
    ]
    return tiles, total


def counts_of(querysets):
    """How many rows each queryset has: one SELECT each, sent together (cheaper to write than one nested aggregate)."""
    parts = [
        rows.order_by().annotate(place=Value(place)).values_list("place").annotate(count=Count("pk"))
        for place, rows in enumerate(querysets)
    ]
    found = dict(parts[0].union(*parts[1:], all=True))
    return [found[place] for place in range(len(parts))]
