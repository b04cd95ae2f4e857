"""What belongs to a pact, as its pages show it; each statement is composed once by a process."""

from functools import cache

from pti.composed import ComposedParts
from pti.models import Extension, Pact

SHOWN = {
    "extensions": lambda: Extension.objects.all(),
}


def parts_of(pact, name):
    """What belongs to `pact` under this name (see SHOWN)."""
    return parts_composed(name).give([pact])


@cache
def parts_composed(name):
    """The query of what belongs to a pact under this name."""
    return ComposedParts(Pact, name, SHOWN[name]())
