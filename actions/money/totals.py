"""Tables of totals: by funder, by axis, by territory or by fiche, in columns the states of a funding or its years.

Every figure comes from `FundingQuerySet.totals` and carries the query that lists the rows it adds, so that a total and its
parts cannot differ: a fiche under two axes counts under its first one, a fiche of several territories in a line of its own.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.core.paginator import Paginator

from actions.enums import FundingState
from actions.filters import NO_YEAR, ONE_PLACE, SEVERAL_PLACES, UP_TO, WHOLE_PACT
from actions.models import Action
from actions.money.sums import Total, percent
from actions.tree import Tree
from partners.models import Organisation
from pti.models import Territory
from pti.search import normalise
from pti.views import ROWS_A_PAGE

YEARS_SHOWN = 8
TOTAL = "total"


@dataclass
class Column:
    """A state or a year: its words, and what it adds to the query."""

    key: object
    label: str
    query: dict


@dataclass
class Figure:
    """One cell: a total, the list of its rows, its share of the foot of the column."""

    column: Column
    total: Total | None
    query: dict
    share: object = None

    @property
    def percent(self):
        return percent(self.share)


@dataclass
class Line:
    """One row of the table."""

    label: str
    query: dict
    url: str = ""
    depth: int = 0
    totals: dict = field(default_factory=dict)
    figures: list = field(default_factory=list)


@dataclass
class Totals:
    """The table, one page of it; the foot adds every line, those of other pages too."""

    columns: list
    page: object
    foot: Line
    has_shares: bool = False
    uncalculable: bool = False

    @property
    def is_empty(self):
        return not self.foot.totals


def totals_table(rows, *, pact, by, unit, state="", scope=None, page=1):
    """The totals of `rows` (already filtered) in `unit`: `by` says the lines; one `state` gives its years in columns."""
    rows = rows.in_unit(unit)
    rows, name = (rows.filter(state=state), "year") if state else (rows, "state")
    lines_of = LINES[by]
    keys = KEYS[by]
    told = list(rows.totals(*keys, name))
    columns, column_of = years_of(told) if state else states_of(told)
    cells = [(row, column_of(row[name]), Total.of(row, unit)) for row in told]
    foot = Line("Total", {})
    for _, column, total in cells:
        add(foot, column, total)
    lines = lines_of(pact, cells, scope or {})
    columns = [column for column in columns if column.key in foot.totals]
    if state and len(columns) > 1:
        columns.append(Column(TOTAL, "Toutes les années", {}))
        for line in (*lines, foot):
            line.totals[TOTAL] = sum(line.totals.values(), Total(unit))
    table = Totals(columns, Paginator(lines, ROWS_A_PAGE).get_page(page), foot)
    if state:
        for column in columns:
            column.query["state"] = state
    for line in (*table.page, foot):
        line.figures = [figure_of(line, column, foot) for column in columns]
    table.has_shares = any(figure.share is not None for line in table.page for figure in line.figures)
    table.uncalculable = any(not total.is_whole for total in foot.totals.values())
    return table


def figure_of(line, column, foot):
    total = line.totals.get(column.key)
    share = total.share_of(foot.totals[column.key]) if total and line is not foot else None
    return Figure(column, total, line.query | column.query, share)


def add(line, column, total):
    line.totals[column] = line.totals[column] + total if column in line.totals else total


def states_of(told):
    return [Column(value, str(label), {"state": value}) for value, label in FundingState.choices], lambda key: key


def years_of(told):
    """One column a year, the last ones; those before in one column, and what has no year in another."""
    years = sorted({row["year"] for row in told if row["year"]})
    shown = years[-YEARS_SHOWN:]
    columns = [Column(year, str(year), {"year": year}) for year in shown]
    before = years[: -len(shown)] if shown else []
    if before:
        columns.insert(0, Column(UP_TO, f"Jusqu’en {before[-1]}", {"year": f"{UP_TO}{before[-1]}"}))
    columns.append(Column(NO_YEAR, "Sans année", {"year": NO_YEAR}))
    return columns, lambda year: NO_YEAR if year is None else UP_TO if year in before else year


def gathered(cells, key_of):
    """{key: Line} of the cells, by what `key_of` says of each."""
    lines = defaultdict(lambda: Line("", {}))
    for row, column, total in cells:
        add(lines[key_of(row)], column, total)
    return lines


def by_funder(pact, cells, scope):
    """Organisations of the base by name, then funders that are only written."""
    lines = gathered(cells, lambda row: (row["funder"], "" if row["funder"] else row["funder_text"]))
    known = Organisation.objects.only("name", "acronym").in_bulk([pk for pk, _ in lines if pk])
    for (pk, text), line in lines.items():
        if pk:
            line.label, line.query = known[pk].short_name, {"funder": pk}
        else:
            line.label = text or "Financeur non précisé"
            line.query = {"named": text} if text else {"sans": "financeur"}
    return sorted(lines.values(), key=lambda line: (not line.query.get("funder"), "sans" in line.query, normalise(line.label)))


def by_axis(pact, cells, scope):
    """The tree, a node with what is below it; then what no axis holds."""
    tree = Tree(pact)
    own = defaultdict(list)
    for row, column, total in cells:
        place = row["action__axis"] or row["axis"]
        own[place if place in tree.nodes else None].append((column, total))
    top = tree.nodes.get(getattr(scope.get("axis"), "pk", None))
    lines = []
    for node in tree.walk([top] if top else None):
        line = Line(
            str(node.axis), {"axis": node.axis.pk}, node.axis.get_absolute_url(), node.depth - (top.depth if top else 0)
        )
        for below in tree.walk([node]):
            for column, total in own[below.axis.pk]:
                add(line, column, total)
        if line.totals:
            lines.append(line)
    loose = Line("Sans axe", {"sans": "axe"})
    for column, total in own[None]:
        add(loose, column, total)
    return [*lines, loose] if loose.totals else lines


def by_territory(pact, cells, scope):
    """Fiches of one territory each, those of several, those of the whole pact, what is tied to no fiche."""
    served = defaultdict(set)
    links = Action.territories.through.objects.filter(action__in=[row["action"] for row, *_ in cells if row["action"]])
    for action, territory in links.values_list("action_id", "territory_id"):
        served[action].add(territory)

    def key(row):
        own = served.get(row["action"], ())
        if not row["action"]:
            return None
        return next(iter(own)) if len(own) == 1 else SEVERAL_PLACES if own else WHOLE_PACT

    lines = gathered(cells, key)
    names = Territory.objects.only("name").in_bulk([key for key in lines if isinstance(key, int)])
    others = {
        SEVERAL_PLACES: ("Plusieurs territoires à la fois", {"portee": SEVERAL_PLACES}),
        WHOLE_PACT: ("Tout le pacte", {"portee": WHOLE_PACT}),
        None: ("Aucune fiche", {"sans": "fiche"}),
    }
    for key, line in lines.items():
        line.label, line.query = others.get(key) or (names[key].name, {"territory": key, "portee": ONE_PLACE})
    last = list(others)
    return [
        *sorted((lines[key] for key in names), key=lambda line: normalise(line.label)),
        *(lines[key] for key in last if key in lines),
    ]


def by_action(pact, cells, scope):
    """The fiches in the order of their numbers, then what is tied to none."""
    lines = gathered(cells, lambda row: row["action"])
    fiches = Action.objects.with_withdrawn().filter(pk__in=[pk for pk in lines if pk])
    fiches = list(fiches.only("pact", "number", "title", "short_title").order_by("number_key", "order", "id"))
    for fiche in fiches:
        line = lines[fiche.pk]
        line.label, line.query, line.url = (
            f"{fiche.number} {fiche.label}".strip(),
            {"action": fiche.pk},
            fiche.get_absolute_url(),
        )
    if None in lines:
        lines[None].label, lines[None].query = "Aucune fiche", {"sans": "fiche"}
    return [*(lines[fiche.pk] for fiche in fiches), *([lines[None]] if None in lines else [])]


LINES = {"financeur": by_funder, "axe": by_axis, "territoire": by_territory, "fiche": by_action}
KEYS = {
    "financeur": ("funder", "funder_text"),
    "axe": ("action__axis", "axis"),
    "territoire": ("action",),
    "fiche": ("action",),
}
