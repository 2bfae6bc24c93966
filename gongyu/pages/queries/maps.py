"""Districts as shapes of an SVG, projected once; the map is a sketch and says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import cos, radians

from gongyu.ground.places.queries import MapShape, map_note, map_of_districts

WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Shape:
    """One district as drawn: `outline` is SVG path data, `tone` a class of the map's scale."""

    place_id: int
    name: str
    outline: str
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class DistrictMap:
    """All shapes, the box they stand in, and the note that must be printed under them."""

    shapes: list[Shape]
    view: str
    note: str


def district_map(on: date, words: Mapping[int, str], tones: Mapping[int, str]) -> DistrictMap:
    """The districts of the day. A district without a tone is drawn as having no figure."""
    drawn = map_of_districts(on)
    if not drawn:
        return DistrictMap([], f"0 0 {WIDTH} 10", map_note())
    outlines, height = _projected(tuple((s.code, _hashable(s)) for s in drawn))
    shapes = [
        Shape(
            place_id=shape.place_id,
            name=shape.name,
            outline=outlines[shape.code],
            tone=tones.get(shape.place_id, "none"),
            words=words.get(shape.place_id, ""),
        )
        for shape in drawn
    ]
    return DistrictMap(shapes, f"0 0 {WIDTH} {height}", map_note())


Ring = tuple[tuple[float, float], ...]


def _hashable(shape: MapShape) -> tuple[Ring, ...]:
    geometry = shape.geometry
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    return tuple(tuple((p[0], p[1]) for p in ring) for polygon in polygons for ring in polygon)


@lru_cache(maxsize=4)
def _projected(shapes: tuple[tuple[str, tuple[Ring, ...]], ...]) -> tuple[dict[str, str], int]:
    """Path data for each code, and the drawing's height.

    Equirectangular around the middle latitude: true enough for a sketch of one city.
    """
    points = [point for _, rings in shapes for ring in rings for point in ring]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    squeeze = cos(radians((south + north) / 2))
    scale = WIDTH / ((east - west) * squeeze)

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return (
            round((point[0] - west) * squeeze * scale, 1),
            round((north - point[1]) * scale, 1),
        )

    outlines = {code: _path(map(place, ring) for ring in rings) for code, rings in shapes}
    return outlines, round((north - south) * scale)


def _path(rings: Iterable[Iterable[tuple[float, float]]]) -> str:
    drawn = []
    for ring in rings:
        # A point that lands where the one before it did would only make the page heavier.
        points = list(dict.fromkeys(f"{x:g} {y:g}" for x, y in ring))
        if len(points) > 2:
            drawn.append("M" + "L".join(points) + "z")
    return "".join(drawn)
