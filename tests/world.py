"""The small world in which rights are tested: two pacts, and one person for each role.

`world.pact` is in élaboration; `world.users[role]` is the person, None for the anonymous visitor. Each application adds
its own rows in `extend(world)` of `tests/<app>/access_table.py`: `world.action = ActionFactory(pact=world.pact)`.
"""

from importlib import import_module
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

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
    """Log `user` in, second factor included; None leaves the client anonymous.

    The session is written as a login leaves it: `force_login` would also date the last one, and follow it in the journal.
    """
    if user is None:
        client.logout()
        return client
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[PROVED] = user.pk
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client
