"""What the pages of a pact say of its amendments."""

from pti.enums import PactState
from pti.models import AmendmentPoint

OVER = (PactState.IN_FORCE, PactState.CLOSED, PactState.ABANDONED)


def points_on(row):
    """Points of amendments under way that open `row`; none is looked for before the pact is in force."""
    pact = row.owning_pact()
    if pact.is_amendment or pact.state != PactState.IN_FORCE:
        return []
    points = AmendmentPoint.objects.filter(pact__amends=pact, target=row.uid).exclude(pact__state__in=OVER)
    return list(points.select_related("pact"))
