"""Fiches as cells: what the workbook says of a fiche of the base and of the rows inside it."""

from dataclasses import dataclass, field

from actions.forms.rows import written as written_target
from actions.models import Action
from actions.sheets.columns import FICHES, INDICATORS, LEADS, MILESTONES, TARGET
from pti.fields import readable

# What a spreadsheet holds in one cell, less the mark.
CELL_LIMIT = 32_000
CUT = " […]"
YES, NO = "oui", "non"


@dataclass
class Line:
    """One line of a sheet: the uid of its row, its words by heading, its number in the file when it comes from one."""

    uid: str = ""
    cells: dict = field(default_factory=dict)
    number: int = 0
    removed: bool = False


@dataclass
class Fiche:
    """One fiche and the lines inside it, by the prefix of their sheet."""

    line: Line
    inside: dict = field(default_factory=dict)


def fiches_of(pact):
    """The fiches of `pact` in the order of the document, with all that a workbook says of them."""
    rows = Action.objects.filter(pact=pact).order_by("order", "number_key", "id")
    return rows.prefetch_related(
        "themes", "territories", "schemes", "other_axes", "leads", "milestones", "indicators__targets", "indicators__measures"
    )


def fiche_cells(action, vocabulary):
    """`action` as the workbook says it."""
    line = Line(str(action.uid), {column.head: said(action, column, vocabulary) for column in FICHES.columns})
    leads = sorted((one for one in action.leads.all() if not one.is_life_row), key=lambda one: (one.order, one.pk))
    indicators = sorted(action.indicators.all(), key=lambda one: (one.order, one.pk))
    inside = {
        LEADS.prefix: [lead_line(one, vocabulary) for one in leads],
        MILESTONES.prefix: [milestone_line(one) for one in action.milestones.all()],
        INDICATORS.prefix: [indicator_line(one) for one in indicators],
    }
    return Fiche(line, inside)


def said(action, column, vocabulary):
    """One field of a fiche, in words."""
    if column.reader == "axis":
        return vocabulary.axes.get(action.axis_id, "")
    if column.field in vocabulary.many:
        names = vocabulary.many[column.field]
        return "; ".join(names[row.pk] for row in getattr(action, column.field).all() if row.pk in names)
    value = getattr(action, column.field)
    if column.reader == "rich":
        return shortened(readable(value))
    if column.reader in {"yes_no", "unsure"}:
        return "" if value is None else YES if value else NO
    return "" if value is None else shortened(str(value))


def shortened(text):
    """A text too long for a cell is cut, and stays whole in the base as long as its cell is left alone."""
    return text if len(text) <= CELL_LIMIT else text[: CELL_LIMIT - len(CUT)] + CUT


def lead_line(lead, vocabulary):
    who = vocabulary.organisations.get(lead.organisation_id) or vocabulary.schemes.get(lead.scheme_id) or ""
    cells = {"Rôle": lead.get_role_display(), "Organisme ou plan": who, "Tel qu’écrit": lead.text}
    return Line(str(lead.uid), cells | {"Pressenti": YES if lead.is_tentative else NO})


def milestone_line(milestone):
    return Line(str(milestone.uid), {"Jalon": milestone.label, "Date prévue": milestone.planned_text})


def indicator_line(indicator):
    cells = {
        "Indicateur": indicator.name,
        "Nature": indicator.get_kind_display(),
        "Unité": indicator.unit,
        "Départ": indicator.baseline_raw,
    }
    targets = {f"{TARGET}{one.year}": written_target(one) for one in indicator.targets.all() if one.year}
    return Line(str(indicator.uid), cells | targets)
