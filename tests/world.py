"""The small world in which rights are tested: two pacts, and one person for each role.

`world.pact` is in élaboration; `world.users[role]` is the person, None for the anonymous visitor. Each application adds
its own rows in `extend(world)` of `tests/<app>/access_table.py`: `world.action = ActionFactory(pact=world.pact)`.
"""

from importlib import import_module
from types import SimpleNamespace

from pti.enums import Role
from pti.login import PROVED
from tests.factories.pti import PactFactory, TerritoryFactory, person

FLOORS = ["pti", "partners", "actions", "governance", "evaluation"]
ROLES = ["anonymous", "partner", "other_partner", "reader", "officer", "animator"]


def access_tables():
    """The `access_table` module of each application, ground floor first."""
    return [import_module(f"tests.{floor}.access_table") for floor in FLOORS]


def make_world():
    """Two pacts and their people, then what each application adds."""
    department = TerritoryFactory(department=True)
    pact = PactFactory(title="Pacte d’Indre-et-Loire", departments=[department])
    other_pact = PactFactory(title="Pacte voisin")
    users = {
        "anonymous": None,
        "partner": person(Role.PARTNER, pact, email="partenaire@exemple.test"),
        "other_partner": person(Role.PARTNER, other_pact, email="voisin@exemple.test"),
        "reader": person(Role.READER, pact, email="elue@exemple.test"),
        "officer": person(Role.OFFICER, pact, email="agente@exemple.test"),
        "animator": person(Role.ANIMATOR, None, email="animatrice@exemple.test"),
    }
    world = SimpleNamespace(department=department, pact=pact, other_pact=other_pact, users=users)
    for table in access_tables():
        getattr(table, "extend", lambda world: None)(world)
    return world


def log_in(client, user):
    """Log `user` in, second factor included; None leaves the client anonymous."""
    if user is None:
        client.logout()
        return client
    client.force_login(user)
    session = client.session
    session[PROVED] = user.pk
    session.save()
    return client
