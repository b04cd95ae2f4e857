"""The ways to look at the fiches: one row of tabs, the same filters, an address each.

Each application registers its own in AppConfig.ready(); nothing here names an upper one. What a tab says of itself in the
address (`own`: a zoom, a set of territories) stays with it, and is kept by a view that is saved from it.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

# What the address of a deed says of the tab that one comes from.
PARAM = "vue"
LIST = "liste"


@dataclass(frozen=True)
class Tab:
    """One way to look at the fiches: its word, its name, its picture, the section of a document that shows the same."""

    key: str
    label: str
    icon: str
    url_name: str
    order: int
    own: tuple = ()
    section: str = ""

    def address(self, pact_pk, query=""):
        """Where it is, with the filters and settings `query`."""
        url = reverse(self.url_name, args=[pact_pk])
        return f"{url}?{query}" if query else url

    def query_of(self, filterset, data):
        """The filters in force and how the tab is set (`data`: the address), as they are kept under a name."""
        own = urlencode({name: data[name] for name in self.own if data.get(name)})
        return "&".join(filter(None, (filterset.carried().removeprefix("?"), own)))


_tabs: dict[str, Tab] = {}


def register(key, label, icon, url_name, *, order, own=(), section=""):
    """Add a way to look at the fiches."""
    if key in _tabs:
        raise ValueError(f"tab {key} is already registered")
    _tabs[key] = Tab(key, label, icon, url_name, order, own, section or key)


def registered():
    """The tabs, in the order of the row."""
    return sorted(_tabs.values(), key=lambda one: one.order)


def named(key):
    """The tab of that word; the list for a word that means nothing."""
    return _tabs.get(key) or _tabs[LIST]


def choices():
    return [(one.key, one.label) for one in registered()]


def register_all():
    """Register the tabs of this floor."""
    register(LIST, "Liste", "list", "actions:action_list", order=10)
    register("tableau", "Tableau", "kanban", "actions:action_board", order=20)
    register("matrice", "Matrice", "v-matrix", "actions:action_matrix", order=40, section="priorites")
    register("carte", "Carte", "v-map", "actions:territory_map", order=50, own=("jeu",))
