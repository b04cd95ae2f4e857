"""What the pages of a pact say of its amendments."""

from functools import cache

from pti.composed import AnyKey, Composed
from pti.enums import PactState
from pti.models import AmendmentPoint, Pact

OVER = (PactState.IN_FORCE, PactState.CLOSED, PactState.ABANDONED)


def may_be_amended(pact):
    """Nothing is looked for before the pact is in force, nor in an amendment."""
    return not pact.is_amendment and pact.state == PactState.IN_FORCE


def under_way(pact, *asked):
    """Amendments of `pact` that are neither in force nor abandoned, what is `asked` read with them; one query at most."""
    return under_way_composed(*asked).rows_of(pact.pk) if may_be_amended(pact) else []


@cache
def under_way_composed(*asked):
    """The query of the amendments of a pact that are under way."""
    rows = Pact.objects.filter(amends=AnyKey()).exclude(state__in=OVER).order_by("amendment_number")
    return Composed(rows.prefetch_related(*asked))


def points_in(pact):
    """{uid of a row of the text: points of amendments under way that open it}; one query at most."""
    if not may_be_amended(pact):
        return {}
    found = {}
    for point in points_composed().rows_of(pact.pk):
        found.setdefault(point.target, []).append(point)
    return found


@cache
def points_composed():
    """The query of the points of the amendments of a pact that are under way."""
    points = AmendmentPoint.objects.filter(pact__amends=AnyKey()).exclude(target=None).exclude(pact__state__in=OVER)
    return Composed(points.select_related("pact").order_by("pact__amendment_number", "id"))


def points_on(row, pact):
    """Points of amendments under way that open `row`, a row of the text of `pact`."""
    return points_in(pact).get(row.uid, [])


def amendment_of(row, pact):
    """The amendment that withdrew `row`; None for a row of the text, or when it was amended elsewhere."""
    if row.withdrawn_on is None:
        return None
    return Pact.objects.filter(amends=pact, amendment_number=row.withdrawn_by).select_related("amendment").first()


def point_of(row, pact):
    """The point by which an amendment withdrew `row`, when it was ticked itself."""
    if row.withdrawn_on is None:
        return None
    return AmendmentPoint.objects.filter(pact__amends=pact, pact__amendment_number=row.withdrawn_by, target=row.uid).first()
