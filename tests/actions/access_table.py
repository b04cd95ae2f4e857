"""Who may open the pages of `actions`; tests/access_table.py says how to add a row."""

from tests.access_table import READ
from tests.factories.actions import ActionFactory, AxisFactory, led_by

ROWS = {
    "actions:action_list": READ,
    "actions:action_detail": READ,
    "actions:axis_tree": READ,
    "actions:axis_detail": READ,
}


def extend(world):
    """An action that the partner leads, under an axis; both also in the other pact."""
    world.axis = AxisFactory(pact=world.pact)
    world.action = ActionFactory(pact=world.pact, axis=world.axis)
    world.lead = led_by(world.users["partner"], world.action)


def kwargs_for(url_name, world):
    if "axis" in url_name:
        return {"pk": world.axis.pk}
    return {"pk": world.action.pk}
