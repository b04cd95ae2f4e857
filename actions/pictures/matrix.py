"""« Matrice »: where the fiches stand between two scales of one to three stars; one query, bounded cells."""

from dataclasses import dataclass, field

from django.urls import reverse

from actions.enums import Stars
from actions.looks import STATUS_SHAPES
from actions.pictures.ways import narrowed
from pti import typography

SHOWN = 8
COLUMNS = (
    "pk",
    "number",
    "title",
    "short_title",
    "status",
    "impact",
    "complexity",
    "priority",
    "financial_incidence",
)


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


def read_fiches(actions):
    """The fiches that the filters keep, with the four scales."""
    return list(actions.order_by("number_key", "order", "id").values_list(*COLUMNS, named=True))


def matrices(pact, actions, late, carried):
    """The two matrices of `actions`, those of `late` marked; `carried` is what the filters say in the address."""
    rows = read_fiches(actions)
    return [fill(grid, pact, rows, late, carried) for grid in GRIDS]


def fill(grid, pact, fiches, late, carried):
    """Put each of `fiches` in its cell of `grid`."""
    to_list = reverse("actions:action_list", args=[pact.pk])
    fiche_url = reverse("actions:action_detail", args=[pact.pk, 0]).removesuffix("0/")
    (across, across_filter), (down, down_filter) = grid.columns, grid.rows
    cells, missing = {}, 0
    for stars in Stars.values:
        for other in Stars.values:
            url = narrowed(to_list, carried, **{down_filter: stars, across_filter: other})
            cells[stars, other] = Cell(grid.column_words[other - 1], url=url)
    for fiche in fiches:
        cell = cells.get((getattr(fiche, down), getattr(fiche, across)))
        if cell is None:
            missing += 1
            continue
        cell.count += 1
        if len(cell.lines) < SHOWN:
            cell.lines.append(line_of(fiche, fiche_url, fiche.pk in late))
    best = cells[max(Stars.values), min(Stars.values)].count
    return Matrix(
        grid,
        finding=typography.plural(best, *grid.best) if best else f"Aucune {grid.best[0]}",
        rows=[(grid.row_words[one - 1], [cells[one, other] for other in Stars.values]) for one in reversed(Stars.values)],
        placed=len(fiches) - missing,
        missing=missing,
        missing_url=narrowed(to_list, carried, manque=grid.key),
    )


def line_of(fiche, fiche_url, is_late):
    """What a cell shows of a fiche."""
    return Line(
        url=f"{fiche_url}{fiche.pk}/",
        number=fiche.number,
        label=fiche.short_title or fiche.title,
        shape=STATUS_SHAPES[fiche.status],
        status=fiche.status,
        is_late=is_late,
    )
