"""« Matrice »: where the fiches stand between two scales of one to three stars; two queries, bounded cells."""

from dataclasses import dataclass, field

from django.urls import reverse

from actions.alerts import late_in
from actions.enums import Stars
from actions.looks import STATUS_SHAPES
from actions.models import Action
from actions.pictures.ways import narrowed
from pti import typography
from pti.links import row_address

SHOWN = 8
SCALES = ("impact", "complexity", "priority", "financial_incidence")
COLUMNS = ("pk", "number", "title", "short_title", "status", "is_late")


@dataclass(frozen=True)
class Grid:
    """Two scales that are read together: rows from the strongest down, columns from the weakest on."""

    key: str
    title: str
    rows: tuple
    columns: tuple
    row_words: tuple
    column_words: tuple
    best: tuple
    missing: str


GRIDS = (
    Grid(
        key="impact",
        title="Impact sur l’insertion et complexité",
        rows=("impact", "impact"),
        columns=("complexity", "complexite"),
        row_words=("Impact faible", "Impact moyen", "Impact fort"),
        column_words=("Peu complexe", "Assez complexe", "Très complexe"),
        best=("fiche à fort impact, peu complexe", "fiches à fort impact, peu complexes"),
        missing="sans impact ou complexité",
    ),
    Grid(
        key="priorite",
        title="Priorité et incidence financière",
        rows=("priority", "priorite"),
        columns=("financial_incidence", "incidence"),
        row_words=("Priorité basse", "Priorité moyenne", "Priorité haute"),
        column_words=("Peu coûteuse", "Assez coûteuse", "Très coûteuse"),
        best=("fiche de haute priorité, peu coûteuse", "fiches de haute priorité, peu coûteuses"),
        missing="sans priorité ou incidence financière",
    ),
)


@dataclass
class Line:
    """One fiche in a cell."""

    url: str
    number: str
    label: str
    shape: str
    status: str
    is_late: bool


@dataclass
class Cell:
    """Those of a row and a column: the first ones, how many there are, the list of all."""

    column: str
    keys: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    count: int = 0
    url: str = ""

    @property
    def more(self):
        return self.count > len(self.lines)


@dataclass
class Matrix:
    """A grid filled: what its title says, its rows of cells, what has no place in it."""

    grid: Grid
    finding: str
    rows: list
    placed: int
    missing: int
    missing_url: str


def matrices(pact, actions, carried):
    """The two matrices of `actions`; `carried` is what the filters say in the address.

    The scales of all are read, then what names the first ones of each cell, and whether they are late.
    """
    places = list(actions.order_by("number_key", "order", "id").values_list("pk", *SCALES))
    found = [fill(grid, pact, places, carried) for grid in GRIDS]
    cells = [cell for one in found for _, row in one.rows for cell in row]
    lines = lines_of(pact, {pk for cell in cells for pk in cell.keys})
    for cell in cells:
        cell.lines = [lines[pk] for pk in cell.keys if pk in lines]
    return found


def lines_of(pact, keys):
    """{key: line} of the fiches whose keys are given."""
    url = row_address("actions:action_detail", pact.pk)
    rows = Action.objects.filter(pk__in=keys).annotate(is_late=late_in(pact)).order_by()
    return {row.pk: line_of(row, url) for row in rows.values_list(*COLUMNS, named=True)}


def fill(grid, pact, places, carried):
    """Put each fiche of `places` (its key, its scales) in its cell of `grid`."""
    to_list = reverse("actions:action_list", args=[pact.pk])
    (across, across_filter), (down, down_filter) = grid.columns, grid.rows
    cells, missing = {}, 0
    for stars in Stars.values:
        for other in Stars.values:
            url = narrowed(to_list, carried, **{down_filter: stars, across_filter: other})
            cells[stars, other] = Cell(grid.column_words[other - 1], url=url)
    at_row, at_column = 1 + SCALES.index(down), 1 + SCALES.index(across)
    for place in places:
        cell = cells.get((place[at_row], place[at_column]))
        if cell is None:
            missing += 1
            continue
        cell.count += 1
        if cell.count <= SHOWN:
            cell.keys.append(place[0])
    best = cells[max(Stars.values), min(Stars.values)].count
    return Matrix(
        grid,
        finding=typography.plural(best, *grid.best) if best else f"Aucune {grid.best[0]}",
        rows=[(grid.row_words[one - 1], [cells[one, other] for other in Stars.values]) for one in reversed(Stars.values)],
        placed=len(places) - missing,
        missing=missing,
        missing_url=narrowed(to_list, carried, manque=grid.key),
    )


def line_of(fiche, fiche_url):
    """What a cell shows of a fiche."""
    return Line(
        url=fiche_url(fiche.pk),
        number=fiche.number,
        label=fiche.short_title or fiche.title,
        shape=STATUS_SHAPES[fiche.status],
        status=fiche.status,
        is_late=fiche.is_late,
    )
