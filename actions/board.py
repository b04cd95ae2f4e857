"""The board of the fiches: one column a status, 25 cards a column."""

from collections import defaultdict
from dataclasses import dataclass

from django.core.paginator import Paginator

from actions import looks
from actions.enums import ActionStatus
from actions.models import Action

CARDS = 25
# A fiche that stops, for good or for a while: the result, or the reason why.
ASKS_WHY = (ActionStatus.DONE, ActionStatus.PAUSED, ActionStatus.DROPPED)


@dataclass(frozen=True)
class Card:
    """A fiche on the board."""

    action: Action
    may_move: bool

    @property
    def pilots(self):
        leads = self.action.leading
        return [lead for lead in leads if lead.role == "pilot"] or leads


@dataclass
class Column:
    """A status, how many fiches have it, and one page of them."""

    status: ActionStatus
    page: object
    query: object
    cards: list

    @property
    def state(self):
        return looks.status_state(self.status)

    @property
    def count(self):
        return self.page.paginator.count

    @property
    def asks_why(self):
        return self.status in ASKS_WHY

    @property
    def previous_url(self):
        return self.address(self.page.previous_page_number())

    @property
    def next_url(self):
        return self.address(self.page.next_page_number())

    def address(self, number):
        """The board with another page of this column, the others as they are."""
        query = self.query.copy()
        query[page_key(self.status)] = number
        return f"?{query.urlencode()}#{self.status}"


def page_key(status):
    """What the address says of the page of a column."""
    return f"page_{status}"


def columns_of(rows, query, may_move):
    """The columns of `rows` on the pages that the address asks; `may_move(cards)` gives the keys of those that move.

    Two readings whatever the number of fiches: their statuses, then the cards that are shown.
    """
    keys = defaultdict(list)
    for pk, status in rows.order_by("number_key", "order", "id").values_list("pk", "status"):
        keys[status].append(pk)
    pages = {status: Paginator(keys[status], CARDS).get_page(query.get(page_key(status))) for status in ActionStatus}
    shown = [pk for page in pages.values() for pk in page]
    actions = {action.pk: action for action in cards_of(rows.model, shown)}
    movable = may_move(shown)
    return [
        Column(status, page, query, [Card(actions[pk], pk in movable) for pk in page if pk in actions])
        for status, page in pages.items()
    ]


def cards_of(model, keys):
    """What the cards show of the fiches whose keys are given."""
    read = ("pact", "number", "title", "short_title", "status", "confidence")
    return model.objects.filter(pk__in=keys).for_table().select_related(None).only(*read)
