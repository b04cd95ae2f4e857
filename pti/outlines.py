"""Outlines (« contours ») of territories: GeoJSON checked on the way in, kept light, flattened for a drawing.

An outline is kept as a Polygon or a MultiPolygon in degrees (WGS 84, as RFC 7946 says), of at most `POINTS` points: a map of
a département on a sheet of paper shows no more. What comes in may be heavier, up to `MAX_BYTES`.
"""

import json
import math

from django.core.exceptions import ValidationError

from pti.search import normalise
from pti.shapes import among, closed, listing

MAX_BYTES = 5 * 1024 * 1024
POINTS = 300
# What is thinned with care, which takes the square of it at worst; of a heavier outline, evenly spaced points are kept first.
MOST_THINNED = 1200
DECIMALS = 5
RING = listing(listing({"type": "number"}, minItems=2, maxItems=2), minItems=4)
POLYGON = listing(RING, minItems=1)
# How an outline is kept.
SHAPE = {
    "anyOf": [
        closed({"type": among(["Polygon"]), "coordinates": POLYGON}),
        closed({"type": among(["MultiPolygon"]), "coordinates": listing(POLYGON, minItems=1)}),
    ]
}
NOT_JSON = "Ce texte n’est pas du GeoJSON : il ne se lit pas."
NOT_AN_OUTLINE = "Un contour est un GeoJSON de type Polygon ou MultiPolygon, ou une Feature qui en porte un."
NOT_DEGREES = (
    "Les coordonnées doivent être en degrés, longitude puis latitude (WGS 84). "
    "Un fichier en Lambert 93 se convertit avant d’être déposé."
)
BROKEN = "Un anneau de ce contour a moins de quatre points, ou un point sans ses deux coordonnées."
TOO_BIG = f"Ce contour dépasse {MAX_BYTES // (1024 * 1024)} Mo : prenez un fichier simplifié."


def read_file(file, names=()):
    """The outline in an uploaded GeoJSON file; in a file of several places, the one that bears one of `names`."""
    if file.size > MAX_BYTES:
        raise ValidationError(TOO_BIG)
    try:
        told = json.loads(file.read())
    except (ValueError, RecursionError):
        raise ValidationError(NOT_JSON) from None
    return clean_outline(told, names)


def clean_outline(told, names=()):
    """`told` as it is kept: checked, closed, thinned; refused with a sentence otherwise."""
    polygons = _polygons_of(_geometry_of(told, names))
    polygons = [[_clean_ring(ring) for ring in polygon] for polygon in polygons]
    polygons = thin(polygons)
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def polygons_in(outline):
    """The polygons of a stored outline; none when it cannot be read (an import brings what it brings)."""
    if not outline:
        return []
    try:
        found = outline if _is_kept_form(outline) else clean_outline(outline)
    except ValidationError:
        return []
    return found["coordinates"] if found["type"] == "MultiPolygon" else [found["coordinates"]]


def _is_kept_form(outline):
    """What `clean_outline` gave once, told by cheaper means than cleaning it again: a map reads thousands of points."""
    try:
        polygons = {"Polygon": [outline["coordinates"]], "MultiPolygon": outline["coordinates"]}[outline["type"]]
        rings = [ring for polygon in polygons for ring in polygon]
        points = [point for ring in rings for point in ring]
        values = [value for point in points for value in point]
        shaped = all(polygons) and all(len(ring) > 3 for ring in rings) and {len(point) for point in points} == {2}
        numbers = {type(value) for value in values} <= {int, float} and all(-180 <= value <= 180 for value in values)
        return shaped and numbers and len(points) <= POINTS
    except (TypeError, KeyError):
        return False


def _geometry_of(told, names):
    """The geometry in a geometry, a Feature or a FeatureCollection."""
    kind = _kind_of(told)
    if kind == "FeatureCollection":
        features = told.get("features")
        features = [one for one in features if _kind_of(one) == "Feature"] if isinstance(features, list) else []
        if len(features) != 1:
            features = [one for one in features if _bears(one, names)]
        if len(features) != 1:
            raise ValidationError(
                "Ce fichier contient plusieurs contours et aucun, ou plus d’un, ne porte le code ou le nom de ce territoire."
            )
        told, kind = features[0], "Feature"
    if kind == "Feature":
        told = told.get("geometry")
        kind = _kind_of(told)
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValidationError(NOT_AN_OUTLINE)
    return told


def _kind_of(told):
    return told.get("type") if isinstance(told, dict) else None


def _bears(feature, names):
    """One of the properties is one of `names` (a code, a name)."""
    said = feature.get("properties")
    wanted = {normalise(name) for name in names if name}
    return isinstance(said, dict) and any(
        normalise(str(value)) in wanted for value in said.values() if isinstance(value, str | int)
    )


def _polygons_of(geometry):
    coordinates = geometry.get("coordinates")
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    if not isinstance(polygons, list) or not polygons:
        raise ValidationError(NOT_AN_OUTLINE)
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon or not all(isinstance(ring, list) for ring in polygon):
            raise ValidationError(NOT_AN_OUTLINE)
    return polygons


def _clean_ring(ring):
    """A ring of [longitude, latitude], closed."""
    points = []
    for point in ring:
        if not isinstance(point, list) or len(point) < 2 or not all(_is_number(one) for one in point[:2]):
            raise ValidationError(BROKEN)
        longitude, latitude = point[:2]
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise ValidationError(NOT_DEGREES)
        points.append([round(longitude, DECIMALS), round(latitude, DECIMALS)])
    if points and points[0] != points[-1]:
        points.append(points[0])
    if len(points) < 4:
        raise ValidationError(BROKEN)
    return points


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and -math.inf < value < math.inf


# Thinning (Douglas and Peucker), with the smallest tolerance that keeps few enough points.


def thin(polygons, most=POINTS):
    """`polygons` with at most `most` points in all; islets and holes smaller than a stroke leave first."""
    if count_points(polygons) <= most:
        return polygons
    step = -(-count_points(polygons) // MOST_THINNED)
    polygons = [[_sampled(ring, step) for ring in polygon] for polygon in polygons]
    every = [point for polygon in polygons for ring in polygon for point in ring]
    width = max(x for x, _ in every) - min(x for x, _ in every)
    height = max(y for _, y in every) - min(y for _, y in every)
    tolerance = max(width, height, 1e-6) / 4000
    largest = max(polygons, key=lambda polygon: len(polygon[0]))
    while count_points(polygons) > most:
        thinned = [[_thin_ring(ring, tolerance) for ring in polygon] for polygon in polygons]
        kept = [
            [polygon[0], *(hole for hole in polygon[1:] if len(hole) > 4)]
            for polygon, before in zip(thinned, polygons, strict=True)
            if len(polygon[0]) > 4 or before is largest
        ]
        polygons, largest = kept or [largest[:1]], max(kept, key=lambda polygon: len(polygon[0]), default=largest)
        tolerance *= 1.6
    return polygons


def count_points(polygons):
    return sum(len(ring) for polygon in polygons for ring in polygon)


def _sampled(ring, step):
    """One point in `step` of a closed ring, its shape kept as long as it has ten points."""
    step = min(step, len(ring) // 5)
    return [*ring[:-1:step], ring[-1]] if step > 1 else ring


def _thin_ring(ring, tolerance):
    """A closed ring, cut in two at the point farthest from its first one."""
    if len(ring) <= 4:
        return ring
    x, y = ring[0]
    far = max(range(len(ring)), key=lambda index: (ring[index][0] - x) ** 2 + (ring[index][1] - y) ** 2)
    thinned = _thin_line(ring[: far + 1], tolerance) + _thin_line(ring[far:], tolerance)[1:]
    return thinned if len(thinned) >= 4 else [ring[0], ring[len(ring) // 3], ring[2 * len(ring) // 3], ring[0]]


def _thin_line(points, tolerance):
    """The points that stand farther than `tolerance` from the line between their kept neighbours."""
    kept, waiting = {0, len(points) - 1}, [(0, len(points) - 1)]
    while waiting:
        start, end = waiting.pop()
        (ax, ay), (bx, by) = points[start], points[end]
        dx, dy = bx - ax, by - ay
        length = math.hypot(dx, dy) or 1e-12
        worst, at = 0.0, None
        for index in range(start + 1, end):
            px, py = points[index]
            distance = abs(dx * (ay - py) - (ax - px) * dy) / length
            if distance > worst:
                worst, at = distance, index
        if at is not None and worst > tolerance:
            kept.add(at)
            waiting += [(start, at), (at, end)]
    return [points[index] for index in sorted(kept)]


class Flat:
    """Degrees flattened on a sheet `width` wide: equirectangular, the longitudes narrowed at the middle latitude."""

    def __init__(self, polygons, width, most_height):
        every = [point for polygon in polygons for ring in polygon for point in ring]
        self.west, self.north = min(x for x, _ in every), max(y for _, y in every)
        east, south = max(x for x, _ in every), min(y for _, y in every)
        self.narrow = math.cos(math.radians((self.north + south) / 2))
        across, down = max((east - self.west) * self.narrow, 1e-9), max(self.north - south, 1e-9)
        self.scale = min(width / across, most_height / down)
        self.width, self.height = across * self.scale, down * self.scale

    def point(self, longitude, latitude):
        return (longitude - self.west) * self.narrow * self.scale, (self.north - latitude) * self.scale

    def polygon(self, polygon):
        return [[self.point(*point) for point in ring] for ring in polygon]
