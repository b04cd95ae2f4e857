"""The pictures of the fiches in a printed document: matrices from the text, board and map from what was followed that day.

A frozen text keeps what its board and its map draw (`followed`), so that nothing that happens later changes them.
"""

import datetime
from collections import defaultdict

from django.utils.text import capfirst, slugify

from actions.alerts import late_in
from actions.enums import ActionStatus, Stars
from actions.looks import late_words
from actions.models import Action
from actions.models.fiches import number_key
from actions.pictures.map import draw
from actions.pictures.matrix import GRIDS
from actions.pictures.places import PLACES, Place, letter_of
from pti import typography
from pti.models import Territory
from pti.outlines import polygons_in
from pti.printing.nodes import Figure, heading, paragraph, table
from pti.printing.svg import drawable_text, stand_alone
from pti.search import normalise

MAP_STYLE = """
.pti-map__whole{fill:none;stroke:#76878e;stroke-width:3}
.pti-map__place{fill:#fff;stroke:#15262c;stroke-width:1.25;stroke-linejoin:round}
.pti-map__place.is-some{fill:url(#g-some)}
.pti-map__place.is-most{fill:url(#g-most)}
.pti-map__label{font-family:"Source Sans 3";font-size:14px;text-anchor:middle;fill:#15262c}
.pti-map__label{paint-order:stroke;stroke:#fff;stroke-width:5px;stroke-linejoin:round}
.pti-map__name{font-weight:600}
"""
HATCHING = "".join(
    f'<pattern id="{name}" width="{step}" height="{step}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect fill="#fff" width="{step}" height="{step}"/><rect fill="#d69793" width="{wide}" height="{step}"/></pattern>'
    for name, step, wide in (("g-some", 10, 1.2), ("g-most", 6, 2.2))
)
HATCHED = {"is-none": "sans hachures", "is-some": "hachures larges", "is-most": "hachures serrées"}
NONE = "Aucune"


def fiche_key(row):
    return number_key(row.get("number") or ""), row.get("order") or 0, row["uid"]


def fiche_words(row):
    return f"{row['number']}. {row.get('title', '')}" if row.get("number") else row.get("title", "")


def fiches_followed(pact, on):
    """What the board and the map draw of the day `on`: the status of each fiche, those that are late."""
    rows = Action.objects.filter(pact=pact).order_by("uid")
    late = rows.filter(late_in(pact, on)).values_list("uid", flat=True)
    return {
        "on": on.isoformat(),
        "status": {str(uid): status for uid, status in rows.values_list("uid", "status")},
        "late": [str(uid) for uid in late],
    }


def day_of(seen):
    """« 21 novembre 2026 », without markup."""
    return typography.plain(typography.day(datetime.date.fromisoformat(seen["on"])))


# Matrices --------------------------------------------------------------------------------------------------------------


def priorities(text):
    """The matrices of priorities, where the drafter asks for them: each fiche says its own stars already."""
    if "priorites" not in text.placed:
        return ()
    rows = sorted(text.of("Action"), key=fiche_key)
    return tuple(node for grid in GRIDS for node in matrix_nodes(grid, rows))


def matrix_nodes(grid, rows):
    """One matrix as a table, the same as on the screen; how many fiches have no place in it."""
    cells = {}
    for row in rows:
        cells.setdefault((row.get(grid.rows[0]), row.get(grid.columns[0])), []).append(paragraph(fiche_words(row)))
    missing = sum(len(found) for stars, found in cells.items() if None in stars)
    if missing == len(rows):
        return ()
    lines = [(one, [cells.get((one, other), "") for other in Stars.values]) for one in reversed(Stars.values)]
    body = [(grid.row_words[one - 1], *line) for one, line in lines]
    found = (heading(grid.title, 1), table(("", *grid.column_words), body, widths=(1.4, 3, 3, 3)))
    note = f"{typography.plural(missing, 'fiche')} {grid.missing}."
    return (*found, paragraph(note, "note")) if missing else found


# Board -----------------------------------------------------------------------------------------------------------------


def board(text):
    """How many fiches in each status, and which; nothing where nobody asks for it."""
    seen = text.followed.get("tableau")
    rows = sorted(text.of("Action"), key=fiche_key)
    if seen is None or not rows:
        return ()
    late, columns = set(seen["late"]), defaultdict(list)
    for row in rows:
        columns[seen["status"].get(row["uid"])].append(row)
    lines = [
        (
            capfirst(status.label),
            typography.number(len(columns[status])),
            [paragraph(fiche_words(row) + (" (en retard)" if row["uid"] in late else "")) for row in columns[status]] or NONE,
        )
        for status in ActionStatus
    ]
    caption = f"Fiches par état, au {day_of(seen)}"
    head = ("État", "Nombre", "Fiches")
    return (
        paragraph(f"{late_words(len(late), len(rows))}, au {day_of(seen)}."),
        table(head, lines, caption=caption, widths=(2.4, 1, 8), numbers=(1,)),
    )


# Map -------------------------------------------------------------------------------------------------------------------


def territory_map(text):
    """The territories with their fiches, drawn when outlines are known; the table says the same."""
    seen = text.followed.get("carte")
    if seen is None:
        return ()
    label, territories = best_set(text)
    if not territories:
        return ()
    late, of_place = set(seen["late"]), text_by_place(text)
    places = [place_of(at, row, of_place[row["uid"]], late) for at, row in enumerate(territories)]
    day = day_of(seen)
    return (*drawing(text, places[:PLACES], label, day), *tables(text, territories, places, label, day))


def text_by_place(text):
    """{uid of a territory: uids of the fiches that bear on it}."""
    found = defaultdict(list)
    for row in text.of("Action"):
        for uid in row.get("territories") or []:
            found[uid].append(row["uid"])
    return found


def best_set(text):
    """(label, rows) of the kind of territory that is best drawn: the one that the map of the fiches opens on."""
    whole = set(text.frame.get("departments") or [])
    used = whole | {row.get("territory") for row in text.of("PactTerritory")}
    used |= {uid for row in text.of("Action") for uid in row.get("territories") or []}
    rows = sorted((row for row in map(text.row, used) if row), key=lambda row: (normalise(row.get("name")), row["uid"]))
    sets = defaultdict(list)
    for row in [row for row in rows if row["uid"] not in whole] or rows:
        label = row.get("kind_text") or text.value("Territory", row, "kind")
        sets[slugify(label)].append((label, row))
    ranked = sorted(
        sets.values(), key=lambda found: (-sum(bool(row.get("outline")) for _, row in found), -len(found), found[0][0])
    )
    return (capfirst(ranked[0][0][0]), [row for _, row in ranked[0]]) if ranked else ("", [])


def place_of(at, row, actions, late):
    return Place(
        Territory(name=drawable_text(row.get("name") or "")),
        letter_of(at),
        count=len(actions),
        late=sum(uid in late for uid in actions),
        polygons=polygons_in(row.get("outline")),
    )


def drawing(text, places, label, day):
    """The map with its legend, or nothing when no outline is known."""
    frame = [row for row in map(text.row, text.frame.get("departments") or []) if row]
    department = [polygon for row in frame for polygon in polygons_in(row.get("outline"))]
    svg, legend = draw([one for one in places if one.polygons], department)
    if not svg:
        return ()
    said = ", ".join(f"{one.name} {typography.plural(one.count, 'fiche')}" for one in places if one.count)
    alt = f"Carte des fiches par territoire ({label}), au {day} : {said or 'aucune fiche'}. Le tableau le dit aussi."
    shades = " ; ".join(f"{HATCHED[one.css]} : {one.words}" for one in legend)
    return (
        Figure(
            stand_alone(svg, MAP_STYLE, HATCHING),
            typography.typeset(alt),
            typography.typeset(f"Fiches par territoire, au {day}"),
        ),
        paragraph(f"{capfirst(shades)}. « 5 / 2 » : nombre de fiches, dont en retard.", "note"),
    )


def tables(text, territories, places, label, day):
    """Fiches and late ones of each place, then what no place of this kind bears."""
    lines = [
        (f"{one.letter}. {one.name}", typography.number(one.count) if one.count else NONE,
         typography.number(one.late) if one.late else NONE)
        for one in places
    ]  # fmt: skip
    yield table(
        (label, "Fiches", "En retard"), lines, caption=f"Fiches par territoire, au {day}", widths=(6, 1.5, 1.5), numbers=(1, 2)
    )
    inside = {row["uid"] for row in territories}
    borne = [set(row.get("territories") or []) for row in text.of("Action")]
    everywhere, elsewhere = sum(not one for one in borne), sum(bool(one) and not one & inside for one in borne)
    notes = [f"{typography.plural(everywhere, 'fiche')} sans territoire, sur tout le pacte." if everywhere else ""]
    notes += [f"{typography.plural(elsewhere, 'fiche située', 'fiches situées')} sur un autre découpage." if elsewhere else ""]
    yield paragraph(
        " ".join(filter(None, [*notes, "Une fiche qui porte sur deux territoires est comptée dans chacun."])), "note"
    )
