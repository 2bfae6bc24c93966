"""Draws the icons of the installed app from the seedling of `favicon.svg`, as PNG and without help.

A shape is a filled rounded square and lines of one thickness; each point's cover is its distance to
the nearest line, so that edges are smooth.
"""

from __future__ import annotations

import re
import struct
import zlib
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

Point = tuple[float, float]
SVG = "{http://www.w3.org/2000/svg}"
# How finely a curve is followed: more pieces than anybody sees at the largest size.
PIECES = 24


def draw(svg: Path, size: int, *, maskable: bool = False) -> bytes:
    """The PNG of `size` pixels. A maskable one fills its square to the edge and keeps the drawing
    within the middle four fifths, as launchers cut it to any shape."""
    root = ElementTree.fromstring(svg.read_text(encoding="utf-8"))  # noqa: S314 - a file of ours
    box = float(root.get("viewBox", "").split()[2])
    ground, group = root.find(f"{SVG}rect"), root.find(f"{SVG}g")
    share = 0.72 if maskable else 1.0
    scale, shift = size / box * share, size * (1 - share) / 2
    rows = _ground(size, ground, 0.0 if maskable else float(ground.get("rx", "0")) * size / box)
    half = float(group.get("stroke-width")) * scale / 2
    for path in group.iter(f"{SVG}path"):
        colour = _colour(path.get("stroke") or group.get("stroke"))
        lines = [
            tuple((x * scale + shift, y * scale + shift) for x, y in line)
            for line in _lines(path.get("d"))
        ]
        _stroke(rows, lines, half, colour)
    return _png(rows, size)


def _ground(size: int, rect: ElementTree.Element, radius: float) -> list[bytearray]:
    red, green, blue = _colour(rect.get("fill"))
    rows = []
    for y in range(size):
        row = bytearray(bytes((red, green, blue, 255)) * size)
        for x in range(size):
            # How far inside a corner's circle; the rest of the square is full.
            dx = max(radius - x - 0.5, x + 0.5 - (size - radius), 0.0)
            dy = max(radius - y - 0.5, y + 0.5 - (size - radius), 0.0)
            if dx and dy:
                row[4 * x + 3] = round(255 * _cover((dx * dx + dy * dy) ** 0.5 - radius))
        rows.append(row)
    return rows


def _stroke(
    rows: list[bytearray], lines: list[tuple[Point, Point]], half: float, colour: tuple
) -> None:
    size = len(rows)
    covers: dict[tuple[int, int], float] = {}
    for (ax, ay), (bx, by) in lines:
        left, right = int(min(ax, bx) - half - 1), int(max(ax, bx) + half + 2)
        top, bottom = int(min(ay, by) - half - 1), int(max(ay, by) + half + 2)
        for y in range(max(top, 0), min(bottom, size)):
            for x in range(max(left, 0), min(right, size)):
                away = _distance((x + 0.5, y + 0.5), (ax, ay), (bx, by))
                cover = _cover(away - half)
                if cover > covers.get((x, y), 0.0):
                    covers[x, y] = cover
    for (x, y), cover in covers.items():
        for part in range(3):
            at = 4 * x + part
            rows[y][at] = round(rows[y][at] * (1 - cover) + colour[part] * cover)


def _distance(point: Point, a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    along = ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    x, y = point[0] - a[0] - along * dx, point[1] - a[1] - along * dy
    return (x * x + y * y) ** 0.5


def _cover(outside: float) -> float:
    """The share of a pixel that is covered when its middle is so far outside an edge."""
    return min(1.0, max(0.0, 0.5 - outside))


def _colour(text: str) -> tuple[int, int, int]:
    digits = text.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def _lines(path: str) -> list[tuple[Point, Point]]:
    """The straight pieces of a path of M, V, c and z, which is all that the seedling needs."""
    lines: list[tuple[Point, Point]] = []
    here = begun = (0.0, 0.0)
    for letter, text in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        told = [float(number) for number in re.findall(r"-?\d*\.?\d+", text)]
        if letter == "M":
            here = begun = (told[0], told[1])
            continue
        if letter == "c":
            for at in range(0, len(told), 6):
                curve = _curve(here, told[at : at + 6])
                lines += list(pairwise(curve))
                here = curve[-1]
            continue
        if letter not in "Vz":
            raise ValueError(f"The drawing has a path step {letter!r} that is not known here.")
        following = begun if letter == "z" else (here[0], told[0])
        lines.append((here, following))
        here = following
    return lines


def _curve(here: Point, told: list[float]) -> list[Point]:
    (x0, y0), (x1, y1, x2, y2, x3, y3) = here, told
    points = []
    for step in range(PIECES + 1):
        t = step / PIECES
        a, b, c = 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3
        points.append((x0 + a * x1 + b * x2 + c * x3, y0 + a * y1 + b * y2 + c * y3))
    return points


def _png(rows: list[bytearray], size: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        whole = kind + body
        return struct.pack(">I", len(body)) + whole + struct.pack(">I", zlib.crc32(whole))

    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    body = zlib.compress(b"".join(b"\x00" + bytes(row) for row in rows), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )
