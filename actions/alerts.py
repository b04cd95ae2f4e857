"""The six alert tiles: each is a condition of ActionQuerySet, counted by the tile and applied by the filter of the list."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q

from actions.models import Action
from pti import typography


@dataclass(frozen=True)
class Alert:
    """One tile: its key in the address, its words, its shape, and the conditions (see `conditions_of`) that raise it."""

    key: str
    label: str
    definition: str
    shape: str
    tone: str
    raised_by: tuple


@dataclass(frozen=True)
class Tile:
    """A tile with its count, ready to draw."""

    alert: Alert
    count: int
    url: str
    is_current: bool


def alerts_of(pact):
    """The six alerts, as they are judged for `pact` on its reference day."""
    silence = f"Aucun point depuis {typography.plural(pact.silence_months, 'mois', 'mois')}"
    union = "En retard, bloquées, à soutenir ou sans nouvelles"
    year = pact.reference_day.year
    return (
        Alert("a-regarder", "À regarder", union, "flag", "ink", ("late", "blocked", "support", "silent")),
        Alert("retard", "En retard", "Un jalon échu et non fait", "clock-history", "bad", ("late",)),
        Alert("blocage", "Point de blocage", "Signalé par un pilote, non levé", "sign-stop", "bad", ("blocked",)),
        Alert("soutien", "À soutenir", "Appuis nécessaires ou compromis", "c-warn", "warn", ("support",)),
        Alert("silence", "Sans nouvelles", silence, "chat-left-text", "none", ("silent",)),
        Alert(
            "sans-valeur",
            f"Sans valeur {year}",
            "Aucun indicateur relevé cette année",
            "bar-chart-line",
            "none",
            ("unmeasured",),
        ),
    )


def conditions_of(pact):
    """{name: condition on the fiches of `pact`, on its reference day}."""
    rows, on, months = Action.objects.all(), pact.reference_day, pact.silence_months
    return {
        "late": rows.when_late(on),
        "blocked": rows.when_blocked(),
        "support": rows.when_needing_support(),
        "silent": rows.when_silent(on, months),
        "unmeasured": rows.when_without_measure(on.year),
    }


def filter_by_alert(queryset, pact, key):
    """Rows of `queryset` that the alert `key` counts; all of them when no alert bears that key."""
    alert = next((alert for alert in alerts_of(pact) if alert.key == key), None)
    if alert is None:
        return queryset
    conditions, raised = conditions_of(pact), Q()
    for name in alert.raised_by:
        raised |= conditions[name]
    return queryset.filter(raised)


def facts_of(pact, **more):
    """One line for each fiche of `pact`, in one query: its `pk`, whether it meets each condition, and `more`."""
    asked = conditions_of(pact) | more
    return list(Action.objects.filter(pact=pact).order_by().annotate(**asked).values_list("pk", *asked, named=True))


def groups_of(facts):
    """`facts` that say the same thing, and how many fiches they are: [({name: value}, count)].

    Counted here: to group in SQL, Django writes each condition twice, which takes longer than to read a thousand lines.
    """
    names = facts[0]._fields[1:] if facts else ()
    return [(dict(zip(names, values, strict=True)), count) for values, count in Counter(row[1:] for row in facts).items()]


def tiles_of(pact, url, current="", facts=None):
    """(six tiles, number of fiches) of a `pact` that the reader may see; each leads to `url` with its filter."""
    facts = facts_of(pact) if facts is None else facts
    groups, tiles = groups_of(facts), []
    for alert in alerts_of(pact):
        count = sum(count for said, count in groups if any(said[name] for name in alert.raised_by))
        is_current = alert.key == current
        tiles.append(Tile(alert, count, url if is_current else f"{url}?alerte={alert.key}", is_current))
    return tiles, len(facts)
