"""The drawing of the map: outlines on a flat sheet, figures written on them, hatching that never says it alone."""

from dataclasses import dataclass
from html import escape
from itertools import pairwise

from django.utils.safestring import mark_safe

from pti import typography
from pti.outlines import Flat

WIDTH, MOST_HEIGHT, MARGIN = 720, 620, 8
# Room that a name and its figures need, in units of the drawing; under it, the letter of the table stands alone.
LETTER_WIDTH, ROOMY = 7.2, 78
TITLE = ' class="pti-map__name"'
SCANS = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74)


@dataclass(frozen=True)
class Shade:
    """One class of hatching, as the legend names it."""

    css: str
    words: str


def shades_of(places):
    """(shade of each number of late fiches, legend): none, up to half of the worst, more."""
    worst = max((one.late for one in places), default=0)
    half = worst // 2 if worst > 1 else worst
    legend = [Shade("is-none", "aucune fiche en retard")]
    if worst:
        legend.append(Shade("is-some", f"1 à {half} en retard" if half > 1 else "1 en retard"))
    if worst > half:
        legend.append(Shade("is-most", f"{half + 1} en retard et plus"))
    return (lambda late: "is-none" if not late else "is-some" if late <= half else "is-most"), legend


def draw(places, department):
    """(the map of `places` over the `department`, its legend), or nothing when no outline is known."""
    every = [polygon for one in places for polygon in one.polygons]
    if not every:
        return "", []
    flat = Flat(every + department, WIDTH - 2 * MARGIN, MOST_HEIGHT)
    shade, legend = shades_of(places)
    strokes = [path_of(department, flat, "pti-map__whole")] if department else []
    labels = []
    for one in sorted(places, key=lambda place: -spread(largest_ring(place.polygons))):  # the small ones on top
        shape = path_of(one.polygons, flat, f"pti-map__place {shade(one.late)}")
        shape = f"<title>{escape(words_of(one))}</title>{shape}"
        strokes.append(f'<a href="{escape(one.url)}">{shape}</a>' if one.url else f"<g>{shape}</g>")
        labels.append(label_of(one, flat))
    width, height = flat.width + 2 * MARGIN, flat.height + 2 * MARGIN
    return mark_safe(
        f'<svg class="pti-map" viewBox="-{MARGIN} -{MARGIN} {width:.0f} {height:.0f}">{"".join(strokes)}{"".join(labels)}</svg>'
    ), legend


def words_of(place):
    """« Grand Ouest : 5 fiches, 2 en retard »."""
    late = f", {typography.number(place.late)} en retard" if place.late else ""
    return f"{place.letter}. {place.name} : {typography.plural(place.count, 'fiche')}{late}"


def path_of(polygons, flat, css):
    rings = [ring for polygon in polygons for ring in flat.polygon(polygon)]
    line = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring[:-1]) + "z" for ring in rings)
    return f'<path class="{css}" fill-rule="evenodd" d="{line}"/>'


def label_of(place, flat):
    """The name and the figures, where the outline is widest; a small place bears its letter and « fiches / en retard »."""
    x, y, room = widest(place.polygons, flat)
    figures = typography.plural(place.count, "fiche")
    late = f"{typography.number(place.late)} en retard" if place.late else ""
    if room >= ROOMY:
        name = typography.shorten(f"{place.letter}. {place.name}", max(int(room / LETTER_WIDTH), 8))
        lines = [name, figures, late] if late else [name, figures]
    else:
        lines = [place.letter, f"{place.count} / {place.late}"]
    top = y - 8 * (len(lines) - 1) + 4
    spans = "".join(
        f'<tspan x="{x:.1f}" y="{top + 16 * index:.1f}"{TITLE if not index else ""}>{escape(line)}</tspan>'
        for index, line in enumerate(lines)
    )
    return f'<text class="pti-map__label" aria-hidden="true">{spans}</text>'


def widest(polygons, flat):
    """(x, y, length) of the longest stretch inside the largest polygon, looked for on a few level lines."""
    ring = [flat.point(*point) for point in largest_ring(polygons)]
    top, bottom = min(y for _, y in ring), max(y for _, y in ring)
    best = (ring[0][0], ring[0][1], 0.0)
    for rank, share in enumerate(SCANS):
        y = top + share * (bottom - top)
        crossed = sorted(crossings(ring, y))
        for left, right in zip(crossed[::2], crossed[1::2], strict=False):
            # A line nearer to the middle is kept unless another one is clearly longer.
            if right - left > best[2] * (1.15 if rank else 1):
                best = ((left + right) / 2, y, right - left)
    return best


def largest_ring(polygons):
    return max((polygon[0] for polygon in polygons), key=spread)


def spread(ring):
    """The area of the frame of a ring."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return (max(xs) - min(xs)) * (max(ys) - min(ys))


def crossings(ring, y):
    """Where a ring crosses the level `y`."""
    for (ax, ay), (bx, by) in pairwise(ring):
        if (ay > y) != (by > y):
            yield ax + (y - ay) * (bx - ax) / (by - ay)
