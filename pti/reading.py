"""A pact, ready to be read: what belongs to it, as its pages show it, and the pacts around it."""

from dataclasses import dataclass
from functools import cache

from django.db.models import Count, Q, Window

from pti.access import can_open
from pti.composed import AnyKey, AnyKeys, Composed, ComposedParts
from pti.models import (
    ContextFigure,
    Extension,
    GlossaryTerm,
    Pact,
    PactTerritory,
    Scheme,
    Section,
    StateChange,
    Statement,
    Territory,
)

FIGURES_SHOWN = 6


def parts_of(pact, name):
    """What belongs to `pact` under this name (see `parts_composed`)."""
    return parts_composed()[name].give([pact])


@cache
def parts_composed():
    """What belongs to a pact, by name."""
    rows = {
        "statements": Statement.objects.all(),
        "sections": Section.objects.all(),
        "departments": Territory.objects.all(),
        "territory_links": PactTerritory.objects.select_related("territory__parent"),
        "schemes": Scheme.objects.all(),
        "glossary_terms": GlossaryTerm.objects.all(),
        "state_changes": StateChange.objects.select_related("by"),
        "extensions": Extension.objects.all(),
    }
    return {name: ComposedParts(Pact, name, some) for name, some in rows.items()}


def figures_of(pact):
    """(the first figures of `pact`, how many it has) in one query."""
    figures = figures_composed().rows_of(pact.pk)
    return figures, figures[0].total if figures else 0


@cache
def figures_composed():
    """The query of the first figures of a pact, each with their total."""
    rows = ContextFigure.objects.filter(pact=AnyKey()).annotate(total=Window(Count("pk")))
    return Composed(rows[:FIGURES_SHOWN])


@dataclass
class Around:
    """The pacts around one, that the person may read."""

    local_pacts: list
    parent: Pact | None
    previous: Pact | None
    amendments: list


def around(user, pact):
    """What `visible_to` gives around `pact`; one query."""
    near = [key for key in (pact.parent_id, pact.previous_id) if key]
    found = {one.pk: one for one in around_composed().rows_of(pact.pk, near) if can_open(user, one)}
    amendments = [one for one in found.values() if one.amends_id == pact.pk]
    return Around(
        local_pacts=[one for one in found.values() if one.parent_id == pact.pk and not one.is_amendment],
        parent=found.get(pact.parent_id),
        previous=found.get(pact.previous_id),
        amendments=sorted(amendments, key=lambda one: one.amendment_number),
    )


@cache
def around_composed():
    """The query of the local pacts and the amendments of a pact, and of some others; who reads which is asked of the rows."""
    rows = Pact.objects.filter(Q(parent=AnyKey(0)) | Q(amends=AnyKey(0)) | Q(pk__in=AnyKeys(1)))
    return Composed(rows.select_related("territory"))
