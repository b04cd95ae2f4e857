"""Who may open the pages of `actions`; tests/access_table.py says how to add a row."""

from tests.access_table import OWN, READ
from tests.factories.actions import ActionFactory, AxisFactory, UpdateFactory, led_by

ROWS = {
    "actions:action_list": READ,
    "actions:action_detail": READ,
    "actions:axis_tree": READ,
    "actions:axis_detail": READ,
    "actions:update_add": OWN,
    "actions:update_unblock": OWN,
    "actions:my_actions": OWN,
}


def extend(world):
    """An action that the partner leads, under an axis, with a blocking point."""
    world.axis = AxisFactory(pact=world.pact)
    world.action = ActionFactory(pact=world.pact, axis=world.axis)
    world.lead = led_by(world.users["partner"], world.action)
    world.update = UpdateFactory(action=world.action, blocking_point="Un blocage")


def kwargs_for(url_name, world):
    if "axis" in url_name:
        return {"pk": world.axis.pk}
    if "unblock" in url_name:
        return {"pk": world.update.pk}
    return {"pk": world.action.pk}
