"""Who may open what: one row per URL and one column per role, kept in `tests/<app>/access_table.py`.

To add a URL, write in the table of its application:

    ROWS = {
        "actions:action_list": READ,                      # everybody who has a role on the pact
        "actions:action_edit": WRITE,                     # officers and animators; 403 for the others, 404 for strangers
        "actions:action_complete": WRITE.by_post(),       # asked by POST (redirects, 302, count as 200)
        "actions:my_actions": READ.but(reader=403),       # one column otherwise
        "actions:export": READ.but(partner=(302, "actions:action_list")),   # a redirect and where it goes
    }

A cell is a status, or `(302, url name)`, or a set of statuses. The arguments of the URL come from `kwargs_for(url_name, world)`
of the same file (whatever it gives beyond what the URL needs is ignored; `pact_pk` is known already), and the rows
they name are made in its `extend(world)`. A key that ends with `*` is for all URLs that begin like it; an exact key wins.
"""

import re
from dataclasses import dataclass, field, replace
from functools import cache

from django.urls import URLResolver, get_resolver

from tests.world import ROLES, access_tables

LOGIN = (302, "account_login")


@dataclass(frozen=True)
class Row:
    """What each role gets from one URL."""

    anonymous: object = LOGIN
    partner: object = 200
    other_partner: object = 200
    reader: object = 200
    officer: object = 200
    animator: object = 200
    method: str = "get"
    data: dict = field(default_factory=dict)

    def but(self, **cells):
        """The same row with other cells."""
        return replace(self, **cells)

    def by_post(self, **data):
        """The same row asked by POST; whoever may is redirected."""
        cells = {role: 302 for role in ROLES if getattr(self, role) == 200}
        return replace(self, method="post", data=data, **cells)


PUBLIC = Row(anonymous=200)
LOGGED_IN = Row()
READ = Row(other_partner=404)
WRITE = Row(partner=403, other_partner=404, reader=403)
ANIMATOR = WRITE.but(officer=403)
# The page of one partner or lead: those who act for it, and staff.
OWN = READ.but(reader=403)


@dataclass(frozen=True)
class Url:
    """One URL of the application: its name with its namespace, and its pattern."""

    name: str
    route: str

    @property
    def arguments(self):
        return re.findall(r"<(?:\w+:)?(\w+)>", self.route)

    def path(self, kwargs):
        """The address, with `kwargs` in place of the arguments."""
        by_route = re.sub(r"\(\?P<(\w+)>[^()]*\)|<(?:\w+:)?(\w+)>", lambda m: str(kwargs[m[1] or m[2]]), self.route)
        return "/" + by_route.replace("^", "").replace("$", "").replace(r"\Z", "").replace("\\", "")


def walk_patterns(resolver=None, route="", namespace=""):
    """(url, pattern) of every URL of the application, those without a name included (named by their pattern)."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk_patterns(pattern, here, inner)
        else:
            yield Url(namespace + (pattern.name or here), here), pattern


@cache
def walk():
    """Every URL of the application."""
    return tuple(url for url, _ in walk_patterns())


@cache
def find_row(name):
    """(module, row) of the table for this URL; the longest `prefix*` stands in for an exact key."""
    found = []
    for table in access_tables():
        for key, row in table.ROWS.items():
            if key == name:
                return table, row
            if key.endswith("*") and name.startswith(key[:-1]):
                found.append((len(key), table, row))
    if not found:
        return None, None
    return max(found, key=lambda item: item[0])[1:]


def address(url, world):
    """The address of `url` in `world`."""
    table, _ = find_row(url.name)
    known = {"pact_pk": world.pact.pk} | getattr(table, "kwargs_for", lambda name, world: {})(url.name, world)
    missing = [name for name in url.arguments if name not in known]
    assert not missing, f"{url.name}: kwargs_for of {table.__name__} gives no {missing}"
    return url.path(known)
