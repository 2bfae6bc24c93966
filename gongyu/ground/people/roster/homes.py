"""From the names of towns and communities to the city's own units, as of a day."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date

from gongyu.ground.places.models import Containment, Place
from gongyu.ground.places.queries import ancestor

from .entries import PupilEntry

# Units are listed as 东方广场社区居民委员会 and 土门村村民委员会; sheets say 东方广场社区, 土门村.
_ENDING = re.compile(r"(居民委员会|村民委员会|居委会|村委会|社区居委会)$")


def short(name: str) -> str:
    return _ENDING.sub("", name)


def homes_of(pupils: list[PupilEntry], school: Place, on: date) -> dict[tuple[str, str], int]:
    """(town, community) as written → the one unit that bears these names.

    Names are sought in the school's district first, then in the whole city; two units of one name
    are no answer, and a pair without an answer is left out.
    """
    wanted = {(p.town, p.community) for p in pupils if p.town or p.community}
    if not wanted:
        return {}
    district = ancestor(school.pk, Place.Kind.DISTRICT, on)
    units = _Units(on, district.pk if district else None)
    found = {}
    for pair in wanted:
        unit = units.find(*pair)
        if unit is not None:
            found[pair] = unit
    return found


class _Units:
    def __init__(self, on: date, district_id: int | None):
        kinds = (Place.Kind.TOWN, Place.Kind.COMMUNITY)
        above = Containment.objects.on(on).filter(place_kind__in=kinds)
        ancestors = above.filter(ancestor_kind__in=(Place.Kind.TOWN, Place.Kind.DISTRICT))
        self.town_of: dict[int, int] = {}
        self.near: set[int] = set()
        for place_id, kind, ancestor_id in ancestors.values_list(
            "place_id", "ancestor_kind", "ancestor_id"
        ):
            if kind == Place.Kind.TOWN:
                self.town_of[place_id] = ancestor_id
            elif ancestor_id == district_id:
                self.near.add(place_id)
        self.by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
        rows = Place.objects.on(on).filter(kind__in=kinds).values_list("kind", "name", "pk")
        for kind, name, pk in rows:
            self.by_name[kind, short(name)].append(pk)

    def find(self, town: str, community: str) -> int | None:
        towns = self.by_name.get((Place.Kind.TOWN, short(town)), []) if town else []
        if not community:
            return self._only(towns)
        options = self.by_name.get((Place.Kind.COMMUNITY, short(community)), [])
        if town:
            inside = [pk for pk in options if self.town_of.get(pk) in towns]
            return self._only(inside) or self._only(towns)
        return self._only(options)

    def _only(self, options: list[int]) -> int | None:
        near = [pk for pk in options if pk in self.near]
        chosen = near or options
        return chosen[0] if len(chosen) == 1 else None
