"""Outlines: what is taken, what is refused and in which words, how they are thinned, how the animator gives them."""

import json
import math

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pti import outlines
from pti.enums import Role
from pti.models import Territory
from pti.outlines import POINTS, Flat, clean_outline, count_points, polygons_in, read_file, thin
from tests.factories.pti import PactFactory, person

RING = [[0, 47], [1, 47], [1, 48], [0, 48], [0, 47]]
SQUARE = {"type": "Polygon", "coordinates": [RING]}


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


def circle(points, radius=1.0):
    turn = 2 * math.pi / points
    ring = [[radius * math.cos(turn * one), radius * math.sin(turn * one)] for one in range(points)]
    return [[*ring, ring[0]]]


@pytest.mark.parametrize(
    "told",
    [
        SQUARE,
        feature(SQUARE, nom="Lochois"),
        collection(feature(SQUARE)),
        collection(feature(SQUARE, code="243700754"), feature(circle(8))),
        collection(feature(circle(8)), feature(SQUARE, nom="TOURS Métropole")),
        {"type": "MultiPolygon", "coordinates": [[RING]]},
        {"type": "Polygon", "coordinates": [RING[:-1]]},  # closed for them
        {"type": "Polygon", "coordinates": [[[*point, 120.5] for point in RING]]},  # the altitude leaves
    ],
)
def test_outline_is_taken_from_what_files_hold(told):
    assert clean_outline(told, ("243700754", "Tours métropole")) == SQUARE


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ([], "type Polygon ou MultiPolygon"),
        ({"type": "Point", "coordinates": [0, 47]}, "type Polygon ou MultiPolygon"),
        ({"type": "Polygon", "coordinates": []}, "type Polygon ou MultiPolygon"),
        ({"type": "Polygon", "coordinates": ["a"]}, "type Polygon ou MultiPolygon"),
        ({"type": "MultiPolygon", "coordinates": 3}, "type Polygon ou MultiPolygon"),
        (feature(None), "type Polygon ou MultiPolygon"),
        (collection(feature(SQUARE), feature(SQUARE)), "plusieurs contours"),
        (collection(), "plusieurs contours"),
        ({"type": "Polygon", "coordinates": [RING[:2]]}, "moins de quatre points"),
        ({"type": "Polygon", "coordinates": [[[0, "x"], *RING]]}, "moins de quatre points"),
        ({"type": "Polygon", "coordinates": [[[0, float("nan")], *RING]]}, "moins de quatre points"),
        ({"type": "Polygon", "coordinates": [[[525000, 6700000], *RING]]}, "Lambert 93"),
        ({"type": "Polygon", "coordinates": [[[0, 10**400], *RING]]}, "Lambert 93"),
        ({"type": "FeatureCollection", "features": 5}, "plusieurs contours"),
        (feature(feature(SQUARE)), "type Polygon ou MultiPolygon"),
        (collection(collection(feature(SQUARE))), "plusieurs contours"),
    ],
)
def test_what_is_no_outline_is_refused_in_french(told, words):
    with pytest.raises(ValidationError, match=words):
        clean_outline(told)
    assert polygons_in(told) == []


def test_thinning_keeps_the_shape_in_few_points():
    heavy = {"type": "MultiPolygon", "coordinates": [circle(5000), circle(60, radius=0.0001)]}
    light = clean_outline(heavy)
    assert light["type"] == "Polygon"
    assert 20 < count_points([light["coordinates"]]) <= POINTS
    assert max(x for x, _ in light["coordinates"][0]) == pytest.approx(1, abs=0.01)
    assert clean_outline(light) == light


def test_many_islets_end_under_the_bound():
    assert 0 < count_points(thin([circle(40, radius=one / 1000) for one in range(1, 60)], most=100)) <= 100


def test_a_heavy_outline_made_to_be_slow_is_thinned_as_soon():
    teeth = [[one / 40_000, (one % 2) * (1 - one / 40_000)] for one in range(40_000)]
    found = thin([[[*teeth, teeth[0]]]])
    assert 4 <= count_points(found) <= POINTS


def test_flat_narrows_the_longitudes():
    flat = Flat([[RING]], width=100, most_height=1000)
    assert (round(flat.width), round(flat.height)) == (100, 148)
    assert flat.point(0, 48) == (0, 0)


@pytest.mark.parametrize(
    ("content", "words"), [(b"{", "ne se lit pas"), (b"[" * 100_000, "ne se lit pas"), (b"\xff\xfe", "ne se lit pas")]
)
def test_file_that_cannot_be_read_is_refused(content, words):
    with pytest.raises(ValidationError, match=words):
        read_file(SimpleUploadedFile("contour.geojson", content))


def test_file_too_big_is_not_read(monkeypatch):
    monkeypatch.setattr(outlines, "MAX_BYTES", 10)
    with pytest.raises(ValidationError, match="fichier simplifié"):
        read_file(SimpleUploadedFile("contour.geojson", b"x" * 11))


@pytest.fixture
def settings_room(client):
    client.force_login(person(Role.ANIMATOR, PactFactory()))
    territory = Territory.objects.create(name="Lochois", code="200071587")

    def post(**sent):
        url = reverse("admin:pti_territory_change", args=[territory.pk])
        kept = {"name": territory.name, "kind": "epci", "code": territory.code, "revision": territory.revision}
        response = client.post(url, kept | sent)
        territory.refresh_from_db()
        return territory, response

    return post


@pytest.mark.ignore_template_errors
def test_animator_pastes_an_outline(settings_room):
    territory, _ = settings_room(outline=json.dumps(feature(SQUARE)))
    assert territory.outline == SQUARE


@pytest.mark.ignore_template_errors
def test_animator_gives_a_file_of_several_places(settings_room):
    told = collection(feature(SQUARE, code="200071587"), feature({"type": "Polygon", "coordinates": circle(9)}, code="1"))
    file = SimpleUploadedFile("epci.geojson", json.dumps(told).encode())
    territory, _ = settings_room(outline="", outline_file=file)
    assert territory.outline == SQUARE


@pytest.mark.ignore_template_errors
@pytest.mark.parametrize(
    "sent",
    [
        {"outline": '{"type": "Point"}'},
        {"outline": "[" * 100_000},
        {"outline": "9" * 5000},
        {"outline_file": SimpleUploadedFile("notes.geojson", b"bonjour")},
    ],
)
def test_a_bad_outline_is_told_beside_its_field_and_nothing_is_stored(settings_room, sent):
    territory, response = settings_room(**sent)
    assert territory.outline is None
    assert [*sent] == [*response.context["adminform"].form.errors]
