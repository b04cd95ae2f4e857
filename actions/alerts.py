"""The alerts: each is a condition of ActionQuerySet, counted by its tile and applied by the filter of the list."""

import datetime
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Q

from actions.enums import LOW_CONFIDENCE, Confidence
from actions.models import Action
from pti import typography
from pti.composed import AnyKey, Composed
from pti.enums import AlertConfidence


@dataclass(frozen=True)
class Alert:
    """One alert: its key in the address, its words, its shape, the conditions (see `conditions_of`) that raise it.

    `definition` holds in a tile; `meaning` says exactly what is counted.
    """

    key: str
    label: str
    definition: str
    meaning: str
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


class Thresholds(NamedTuple):
    """What a pact judges its fiches by: the conditions depend on nothing else of it."""

    reference_day: datetime.date
    silence_months: int
    late_days: int
    alert_confidence: str

    @classmethod
    def of(cls, pact):
        return cls(*(getattr(pact, name) for name in cls._fields))


# The dashboard and the list show these; the page of the alerts shows them all.
TILES = ("a-regarder", "retard", "blocage", "soutien", "silence", "sans-valeur")
CONDITIONS_OF_TILES = ("late", "blocked", "support", "silent", "unmeasured")


def alerts_of(pact):
    """The alerts, as they are judged for `pact` on its reference day and by its thresholds."""
    months = typography.plural(pact.silence_months, "mois", "mois")
    year, grace = pact.reference_day.year, pact.late_days
    overdue = f"échu depuis plus de {typography.plural(grace, 'jour')}" if grace else "échu"
    last_day = f"passé de plus de {typography.plural(grace, 'jour')}" if grace else "passé"
    weak = "« objectif compromis »" if only_compromised(pact) else "« appuis nécessaires » ou « objectif compromis »"
    return (
        Alert(
            "a-regarder",
            "À regarder",
            "En retard, bloquées, à soutenir ou sans nouvelles",
            "Les fiches qui sont dans l’une au moins des quatre alertes suivantes, comptées une seule fois.",
            "flag",
            "ink",
            ("late", "blocked", "support", "silent"),
        ),
        Alert(
            "retard",
            "En retard",
            f"Un jalon {overdue} et non fait",
            "À l’état de projet ou en cours, et l’un des jalons n’est pas fait alors que son dernier jour possible"
            f" (sa nouvelle date s’il a été reporté) est {last_day}. Un jalon sans date lisible n’est jamais en retard.",
            "clock-history",
            "bad",
            ("late",),
        ),
        Alert(
            "blocage",
            "Point de blocage",
            "Signalé par un pilote, non levé",
            "Un point d’avancement signale un blocage, et personne ne l’a levé.",
            "sign-stop",
            "bad",
            ("blocked",),
        ),
        Alert(
            "soutien",
            "À soutenir",
            "Objectif dit compromis" if only_compromised(pact) else "Appuis nécessaires ou compromis",
            f"Ni réalisée ni abandonnée, et la dernière confiance déclarée est {weak}.",
            "c-warn",
            "warn",
            ("support",),
        ),
        Alert(
            "silence",
            "Sans nouvelles",
            f"Aucun point depuis {months}",
            f"En cours ou en fonctionnement, et le dernier point d’avancement (à défaut le début de l’action) date de plus de"
            f" {months}.",
            "chat-left-text",
            "none",
            ("silent",),
        ),
        Alert(
            "sans-valeur",
            f"Sans valeur {year}",
            "Aucun indicateur relevé cette année",
            f"La fiche a des indicateurs, et aucun n’a de valeur pour {year}.",
            "bar-chart-line",
            "none",
            ("unmeasured",),
        ),
        Alert(
            "hors-seuil",
            "Hors seuil",
            "Un indicateur au-delà d’un seuil",
            "La dernière valeur relevée d’un de ses indicateurs est sous son seuil bas ou au-dessus de son seuil haut.",
            "exclamation-triangle",
            "warn",
            ("beyond",),
        ),
        Alert(
            "sans-pilote",
            "Sans pilote",
            "Ni close, ni pilotée aujourd’hui",
            "Ni réalisée ni abandonnée, et aucun pilote ne l’est encore aujourd’hui : personne ne serait relancé.",
            "person",
            "none",
            ("unled",),
        ),
        Alert(
            "sans-indicateur",
            "Sans indicateur",
            "Ni close, ni mesurée",
            "Ni réalisée ni abandonnée, et aucun indicateur n’y est défini : on ne saura pas si elle a porté.",
            "table",
            "none",
            ("unmeasurable",),
        ),
    )


def only_compromised(pact):
    return pact.alert_confidence == AlertConfidence.COMPROMISED


def late_in(pact, on=None):
    """The condition of being late in `pact` (or by its `Thresholds`) on `on` (its reference day), beyond the days tolerated."""
    return Action.objects.all().when_late((on or pact.reference_day) - datetime.timedelta(days=pact.late_days))


def conditions_of(pact, names=None):
    """{name: condition on the fiches of `pact`, on its reference day, by its thresholds}: all, or those of `names`.

    The `Thresholds` of a pact say as much as the pact.
    """
    rows, on, months = Action.objects.all(), pact.reference_day, pact.silence_months
    levels = (Confidence.COMPROMISED,) if only_compromised(pact) else LOW_CONFIDENCE
    makers = {
        "late": lambda: late_in(pact),
        "blocked": rows.when_blocked,
        "support": lambda: rows.when_needing_support(levels),
        "silent": lambda: rows.when_silent(on, months),
        "unmeasured": lambda: rows.when_without_measure(on.year),
        "beyond": rows.when_beyond_threshold,
        "unled": lambda: rows.when_open() & rows.when_without_lead(),
        "unmeasurable": lambda: rows.when_open() & rows.when_without_indicator(),
    }
    return {name: makers[name]() for name in names or makers}


def alert_of(pact, key):
    """The alert that bears this key, or None."""
    return next((alert for alert in alerts_of(pact) if alert.key == key), None)


def filter_by_alert(queryset, pact, key):
    """Rows of `queryset` that the alert `key` counts; all of them when no alert bears that key."""
    alert = alert_of(pact, key)
    if alert is None:
        return queryset
    raised = Q()
    for condition in conditions_of(pact, alert.raised_by).values():
        raised |= condition
    return queryset.filter(raised)


def facts_of(pact, names=CONDITIONS_OF_TILES, more=None):
    """One line for each fiche of `pact`, in one query: its `pk`, whether it meets each condition, and what `more` gives.

    `more`: a function that, for some `Thresholds`, gives {name: what else is asked}.
    """
    return facts_composed(Thresholds.of(pact), names, more).rows_of(pact.pk)


@lru_cache(maxsize=32)
def facts_composed(thresholds, names, more):
    """The query of the facts of a pact that judges by these thresholds."""
    asked = conditions_of(thresholds, names) | (more(thresholds) if more else {})
    rows = Action.objects.filter(pact=AnyKey()).order_by().annotate(**asked)
    return Composed(rows.values_list("pk", *asked, named=True))


def late_of(pact):
    """Keys of the fiches of `pact` that are late."""
    return set(Action.objects.filter(late_in(pact), pact=pact).order_by().values_list("pk", flat=True))


def groups_of(facts):
    """`facts` that say the same thing, and how many fiches they are: [({name: value}, count)].

    Counted here: to group in SQL, Django writes each condition twice, which takes longer than to read a thousand lines.
    """
    names = facts[0]._fields[1:] if facts else ()
    return [(dict(zip(names, values, strict=True)), count) for values, count in Counter(row[1:] for row in facts).items()]


def tiles_of(pact, url, current="", facts=None, keys=TILES):
    """(tiles, number of fiches) of a `pact` that the reader may see; each leads to `url` with its filter.

    The six of the dashboard and the list; with `keys=None`, one for each alert.
    """
    facts = facts_of(pact, CONDITIONS_OF_TILES if keys else None) if facts is None else facts
    groups, tiles = groups_of(facts), []
    for alert in (one for one in alerts_of(pact) if keys is None or one.key in keys):
        count = sum(count for said, count in groups if any(said[name] for name in alert.raised_by))
        is_current = alert.key == current
        tiles.append(Tile(alert, count, url if is_current else f"{url}?alerte={alert.key}", is_current))
    return tiles, len(facts)
