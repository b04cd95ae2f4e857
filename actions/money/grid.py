"""The grid of fundings: lines (a fiche or an axis, a funder), columns (a year, a state), one cell for each crossing.

A cell holds one row of the base for each unit at most; where there are more, or what a cell cannot say, it is only read.
Two people at once: each cell comes back with what it showed, and one that moved meanwhile is not overwritten.
"""

import hashlib
import re
from dataclasses import dataclass, field
from functools import cache

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from actions.enums import FundingState, LeadRole
from actions.figures import money
from actions.models import Action, Axis, Funding, Lead
from actions.money.cells import counted_in, read_cell, write_cell
from actions.tree import Tree
from partners.models import Organisation
from pti.composed import AnyKey, AnyKeys, Composed
from pti.contract import FrozenText

COLUMNS_SHOWN = 12
NEW_LINES = 2
ORDER = 1_000  # after the rows of the text
KEY = re.compile(r"(\d{1,18})-(\d{1,18})-(?:(\d{1,18})|t([0-9a-f]{12}))")
SEVERAL = "Cette case réunit plusieurs lignes : modifiez-les depuis la liste."
MOVED = (
    "Entre-temps, quelqu’un a écrit « {} » ici. Votre saisie est gardée : enregistrez de nouveau pour la préférer, "
    "ou remettez la sienne."
)
MOVED_AWAY = "Entre-temps, quelqu’un a vidé cette case. Votre saisie est gardée : enregistrez de nouveau pour la préférer."
DETAILED = "Cette case porte aussi un objet ou une note : supprimez la ligne depuis sa page."


@dataclass(frozen=True)
class Column:
    """A year and a state."""

    year: int
    state: str

    @property
    def key(self):
        return f"{self.year}_{self.state}"

    @property
    def label(self):
        return f"{FundingState(self.state).label} {self.year}"

    @property
    def state_word(self):
        return FundingState(self.state).label.capitalize()


@dataclass
class Cell:
    """What the base says, what was typed, what is wrong with it."""

    name: str
    column: Column
    label: str
    rows: list = field(default_factory=list)
    locked: str = ""
    was: str = ""
    typed: str | None = None
    error: str = ""

    @property
    def shown(self):
        return self.was if self.typed is None else self.typed

    @property
    def read(self):
        """What a cell that is only read says, in words."""
        return " ; ".join(f"{money(row).text}{', sous réserve' if row.is_conditional else ''}" for row in self.rows)

    @property
    def is_moved(self):
        """True when what was typed says something else than what the person saw."""
        return self.typed is not None and " ".join(self.typed.split()) != " ".join(self.was.split())

    @property
    def id(self):
        return f"id_{self.name}"


@dataclass
class Line:
    """A fiche or an axis, or neither, and who funds it."""

    action: Action | None = None
    axis: Axis | None = None
    funder: Organisation | None = None
    text: str = ""
    new: str = ""
    error: str = ""
    cells: list = field(default_factory=list)

    @property
    def key(self):
        who = self.funder.pk if self.funder else f"t{digest(self.text)}"
        return self.new or f"{self.action.pk if self.action else 0}-{self.axis.pk if self.axis else 0}-{who}"

    @property
    def place(self):
        if self.action:
            return f"{self.action.number} {self.action.label}".strip()
        return str(self.axis) if self.axis else "Aucune fiche"

    @property
    def who(self):
        return self.funder.short_name if self.funder else self.text or "Financeur non précisé"

    @property
    def order(self):
        return (
            self.action is None,
            (self.action.number_key, self.action.order, self.action.pk) if self.action else ("", 0, 0),
            (self.axis.order, self.axis.pk) if self.axis else (0, 0),
            self.who.casefold(),
            self.key,
        )

    def of(self, rows):
        """The rows of `rows` that this line holds."""
        mine = (self.action and self.action.pk, self.axis and self.axis.pk, self.funder and self.funder.pk)
        return rows.get((*mine, "" if self.funder else self.text), [])


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def line_key(row):
    return (row.action_id, row.axis_id, row.funder_id, "" if row.funder_id else row.funder_text)


def years_of(pact):
    """The years that a grid may show: those of the pact, and those where there is money."""
    told = set(Funding.objects.filter(pact=pact).exclude(year=None).values_list("year", flat=True).distinct())
    if pact.starts_on and pact.effective_end and pact.effective_end.year - pact.starts_on.year < 30:
        told |= set(range(pact.starts_on.year, pact.effective_end.year + 1))
    return sorted(told or {pact.reference_day.year})


def columns_of(pact, year=None, state=""):
    """The states of one year; the years of one state; three years around today when neither is chosen."""
    states = [state] if state else FundingState.values
    years = years_of(pact)
    if year:
        chosen = [year]
    elif state:
        chosen = years[-COLUMNS_SHOWN:]
    else:
        now = min(max(pact.reference_day.year, years[0]), years[-1])
        at = min(range(len(years)), key=lambda index: abs(years[index] - now))
        start = max(0, min(at - 1, len(years) - 3))
        chosen = years[start : start + 3]
    return [Column(one, value) for one in chosen for value in states]


def lines_of(pact, *, action=None, axis=None, funder=None):
    """Every line of the scope: those that have money, and the funders that the fiches name."""
    rows = Funding.objects.filter(pact=pact)
    leads = Lead.objects.filter(action__pact=pact, role=LeadRole.FUNDER, ended_on=None).exclude(organisation=None)
    if action:
        rows, leads = rows.filter(action=action), leads.filter(action=action)
    if axis:
        below = Tree(pact).below(axis)
        rows, leads = rows.placed_under(below), leads.filter(action__axis__in=below)
    if funder:
        rows, leads = rows.filter(funder=funder), leads.filter(organisation=funder)
    keys = set(rows.order_by().values_list("action", "axis", "funder", "funder_text").distinct())
    keys = {(one, two, three, "" if three else text) for one, two, three, text in keys}
    keys |= {(one, None, two, "") for one, two in leads.values_list("action", "organisation")}
    return sorted(made(pact, keys), key=lambda line: line.order)


def made(pact, keys):
    """Lines of the keys (action, axis, funder, text): three queries."""
    wanted = [{key[place] for key in keys if key[place]} for place in range(3)]
    pairs = zip(headed_composed(), wanted, strict=True)
    fiches, axes, funders = [{one.pk: one for one in rows.rows_of(pact.pk, some)} if some else {} for rows, some in pairs]
    return [Line(fiches.get(one), axes.get(two), funders.get(three), text) for one, two, three, text in keys]


@cache
def headed_composed():
    """The queries of some fiches and some axes of a pact, and of some organisations, as the head of a line names them."""
    fiches, axes = (model.objects.with_withdrawn().filter(pact=AnyKey(0), pk__in=AnyKeys(1)) for model in (Action, Axis))
    return (
        Composed(fiches.order_by().only("number", "number_key", "order", "title", "short_title")),
        Composed(axes.order_by().only("number", "title", "order")),
        Composed(Organisation.objects.filter(pk__in=AnyKeys(1)).order_by().only("name", "acronym")),
    )


def rows_of(pact, columns):
    """{line key: rows} of the money of these columns."""
    found = {}
    wanted = Q(year__in={column.year for column in columns}, state__in={column.state for column in columns})
    for row in Funding.objects.filter(wanted, pact=pact).order_by("order", "id"):
        found.setdefault(line_key(row), []).append(row)
    return found


def fill(lines, columns, pact, rows, may):
    """Give each line its cells, as the base knows them; `may(state)` says which states the person writes."""
    for line in lines:
        own = [] if line.new else line.of(rows)
        line.cells = [cell_of(line, column, own, may) for column in columns]


def cell_of(line, column, own, may):
    rows = [row for row in own if (row.year, row.state) == (column.year, column.state)]
    who = "nouvelle ligne" if line.new else f"{line.place}, {line.who}"
    cell = Cell(f"c_{line.key}_{column.key}", column, f"{who}, {column.label}", rows)
    cell.was = write_cell(rows)
    if len({counted_in(row) for row in rows}) < len(rows):
        cell.locked = SEVERAL
    elif not may(column.state):
        cell.locked = "Le prévu est dans le texte arrêté." if column.state == FundingState.PLANNED else "Lecture seule."
    return cell


def save_cells(*, pact, cells, by):
    """Write the cells that moved, all or none: [(line, cell)]. Errors are left on the cells; returns how many were written."""
    with transaction.atomic():
        type(pact).objects.select_for_update(no_key=True).get(pk=pact.pk)
        stored = rows_of(pact, [cell.column for _, cell in cells])
        written = sum(bool(save_cell(pact, line, cell, stored)) for line, cell in cells)
        if any(cell.error for _, cell in cells):
            transaction.set_rollback(True)
            return 0
    return written


def save_cell(pact, line, cell, stored):
    """Compare with the base, then write; the error stays on the cell."""
    column = cell.column
    cell.rows = [row for row in line.of(stored) if (row.year, row.state) == (column.year, column.state)]
    now = write_cell(cell.rows)
    try:
        said = read_cell(cell.typed) if cell.typed != now else None
        if said is None or same(said, cell.rows):
            return False
        if cell.was.split() != now.split():  # a browser writes the ends of lines in its own way
            cell.was = now
            raise ValidationError(MOVED.format(now) if now else MOVED_AWAY)
        return write(pact, line, cell, said)
    except FrozenText as error:
        cell.error = error.message
    except ValidationError as error:
        cell.error = " ".join(error.messages)
    return False


def same(said, rows):
    """True when the rows already say it."""
    return sorted(map(repr, (one.fields() | {"raw_amount": ""} for one in said))) == sorted(
        repr(
            {
                "unit": counted_in(row), "unit_text": "", "amount": row.amount, "raw_amount": "",
                "is_undisclosed": row.is_undisclosed, "is_conditional": row.is_conditional, "in_kind": row.in_kind,
            }
        )
        for row in rows
    )  # fmt: skip


def write(pact, line, cell, said):
    """One row for each unit: changed, added, or removed when the cell no longer says it."""
    left = {counted_in(row): row for row in cell.rows}
    if len(left) < len(cell.rows):
        raise ValidationError(SEVERAL)
    refuse_loss(cell.rows, said)
    for one in said:
        row = left.pop(one.unit, None) or Funding(
            pact=pact, action=line.action, axis=line.axis, funder=line.funder, funder_text="" if line.funder else line.text,
            year=cell.column.year, state=cell.column.state, order=ORDER,
        )  # fmt: skip
        for name, value in one.fields().items():
            setattr(row, name, value)
        row.revision += bool(row.pk)
        row.save()
    for row in left.values():
        row.delete()
    return True


def refuse_loss(rows, said):
    """Refuse to remove a row that says more than an amount."""
    kept = {one.unit for one in said}
    if any(row.label or row.complement or row.note for row in rows if counted_in(row) not in kept):
        raise ValidationError(DETAILED)
