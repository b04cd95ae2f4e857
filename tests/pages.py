"""The pages that the sweeps look at (axe in a browser, the HTML validator): every URL of the access table that gives one.

A URL that is in the table is swept without a word more. What a sweep cannot guess goes in `MORE`: (role, url name, query
string), for a filtered list or a state of a form.
"""

import re
from dataclasses import dataclass
from functools import cache

from tests.access_table import address, find_row, walk
from tests.world import ROLES

MORE = [
    ("animator", "actions:action_list", "alerte=blocage"),
    ("reader", "governance:timeline", "zoom=mois&forme=tableau"),
    ("officer", "actions:remind_list", "alerte=blocage"),
    ("animator", "actions:campaign_add", "alerte=sans-indicateur"),
    ("animator", "governance:agenda_from_list", "alerte=blocage"),
    ("animator", "governance:agenda_from_list", "de=indicateurs&manque=valeur"),
    ("officer", "actions:remind_indicators", "manque=valeur"),
]
# Pages of the other roles that show something which no page before them does, the animator's first: axe looks at all of hers,
# and at these. tests/test_access_table.py, which draws every page, says what is missing here.
SHOWN_TO_OTHERS = [
    ("partner", "pact_list", ""),
    ("partner", "actions:my_actions", ""),
    ("partner", "governance:meeting_detail", ""),
    ("reader", "governance:timeline", "zoom=mois&forme=tableau"),
]
OTHERS = ("partner", "reader", "anonymous")
TAG = re.compile(rb"<([a-z][a-z0-9]*)((?:\s[^<>]*)?)>")
SAID = re.compile(rb'\s(class|type|role|aria-current)="([^"]*)"')


@dataclass(frozen=True)
class Page:
    """One address, as seen by one role."""

    role: str
    name: str
    path: str

    @property
    def is_admin(self):
        return self.name.startswith("admin:")

    @property
    def key(self):
        """(role, name of the URL, query string): the same in every world."""
        return self.role, self.name, self.path.partition("?")[2]


def gives_a_page(cell):
    return cell == 200 or (isinstance(cell, set) and 200 in cell)


def pages(world, roles=ROLES):
    """Every page of `world` that `roles` may open."""
    for url in walk():
        _, row = find_row(url.name)
        for role in roles:
            if row.method == "get" and gives_a_page(getattr(row, role)):
                yield Page(role, url.name, address(url, world))
    addresses = {url.name: url for url in walk()}
    for role, name, query in MORE:
        if role in roles:
            yield Page(role, name, f"{address(addresses[name], world)}?{query}")


@cache
def piece(tag, attributes):
    """An element by its tag, its classes and the attributes that say what it is."""
    return tag, frozenset(SAID.findall(attributes))


def shown_to_others(world, read):
    """Keys of the pages that SHOWN_TO_OTHERS names; `read` has the HTML of every page."""
    seen, keys = set(), []
    for role in ("animator", *OTHERS):
        for page in pages(world, [role]):
            if page.is_admin or not read.get(page):
                continue
            made_of = {piece(*tag) for tag in set(TAG.findall(read[page]))}
            if role != "animator" and not made_of <= seen:
                keys.append(page.key)
            seen |= made_of
    return keys


def html_in(response):
    """The HTML of an answer, or None when it is something else (a file, a redirect)."""
    if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
        return None
    return response.content


def html_of(client, page, read=None):
    """The HTML of `page`, or None; `read` has the pages that were read already, and gets this one."""
    read = {} if read is None else read
    if page not in read:
        read[page] = html_in(client.get(page.path))
    return read[page]
