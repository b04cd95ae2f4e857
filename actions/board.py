"""The board of the fiches: one column a status, 25 cards a column."""

from collections import defaultdict
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from actions import looks
from actions.enums import ActionStatus
from actions.models import Action
from pti import typography
from pti.links import row_address

CARDS = 25
# A fiche that stops, for good or for a while: the result, or the reason why.
ASKS_WHY = (ActionStatus.DONE, ActionStatus.PAUSED, ActionStatus.DROPPED)


@dataclass(frozen=True)
class Card:
    """A fiche on the board."""

    action: Action
    may_move: bool

    @property
    def who(self):
        """Who pilots, else who leads."""
        leads = self.action.leading
        pilots = [lead for lead in leads if lead.role == "pilot"] or leads
        return (
            ", ".join(lead.organisation.short_name if lead.organisation_id else str(lead) for lead in pilots) or "Sans pilote"
        )


@dataclass
class Column:
    """A status, how many fiches have it, and one page of them."""

    status: ActionStatus
    page: object
    query: object
    cards: list
    drawer: object

    def drawn(self):
        """The cards, in HTML."""
        return mark_safe("".join(map(self.drawer.draw, self.cards)))

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


class Drawer:
    """Draws the cards of one pact, six columns of 25: written in one go, a template costs three times as much."""

    def __init__(self, pact, back):
        self.on, self.back = pact.reference_day, f"?{back}" if back else ""
        self.detail, self.move = (row_address(f"actions:action_{name}", pact.pk) for name in ("detail", "status"))

    def draw(self, card):
        action = card.action
        number = format_html('<span class="pti-kcard__n">{}.</span> ', action.number) if action.number else ""
        return format_html(
            '<li class="pti-kcard"{}><a class="pti-kcard__title" href="{}">{}{}</a><span class="pti-kcard__who">{}</span>'
            "{}{}{}{}</li>",
            mark_safe(" data-pti-card") if card.may_move else "",
            self.detail(action.pk), number, typography.typeset(action.label), card.who,
            looks.confidence_state(action.confidence), self.due(action), looks.blocked_state() if action.is_blocked else "",
            self.control(action) if card.may_move else "",
        )  # fmt: skip

    def due(self, action):
        """The nearest milestone, when it asks for somebody: late, or due within thirty days."""
        near = action.open_due is not None and action.can_be_late and (action.open_due - self.on).days <= looks.NEAR_DAYS
        return looks.due_state(action.open_due, self.on, True) if near else ""

    def control(self, action):
        """« Déplacer vers… »: a link, for the keyboard and without script."""
        return format_html(
            '<a class="pti-kcard__move" href="{}{}" data-pti-move>Déplacer vers…'
            '<span class="visually-hidden"> la fiche {}</span></a>',
            self.move(action.pk), self.back, action.number or action.label,
        )  # fmt: skip


def columns_of(pact, rows, query, may_move):
    """The columns of `rows` on the pages that the address asks; `may_move(cards)` gives the keys of those that move.

    Two readings whatever the number of fiches: their statuses, then the cards that are shown.
    """
    keys = defaultdict(list)
    for pk, status in rows.order_by("number_key", "order", "id").values_list("pk", "status"):
        keys[status].append(pk)
    pages = {status: Paginator(keys[status], CARDS).get_page(query.get(page_key(status))) for status in ActionStatus}
    shown = [pk for page in pages.values() for pk in page]
    actions = {action.pk: action for action in cards_of(rows.model, shown)}
    movable, drawer = may_move(shown), Drawer(pact, query.urlencode())
    return [
        Column(status, page, query, [Card(actions[pk], pk in movable) for pk in page if pk in actions], drawer)
        for status, page in pages.items()
    ]


def cards_of(model, keys):
    """What the cards show of the fiches whose keys are given."""
    read = ("pact", "number", "title", "short_title", "status", "confidence")
    return model.objects.filter(pk__in=keys).for_table().select_related(None).only(*read)
