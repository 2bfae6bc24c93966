"""Families as a visit needs them: who may be met, who is a sibling, and where they live."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gongyu.ground.people.models import Child
from gongyu.ground.places.models import Containment, Place
from gongyu.ground.prepared import prepared
from gongyu.shared_work.family_links.carers import (
    CarerChoice,
    Sibling,
    carers_for_contact,
    carers_of_families,
    carers_of_family,
    siblings_of,
)

__all__ = [
    "CarerChoice",
    "Road",
    "Sibling",
    "carers_for_contact",
    "carers_of_families",
    "carers_of_family",
    "roads",
    "siblings_of",
]


@dataclass(frozen=True, slots=True)
class Road:
    """Where a family lives, as far as a route needs it."""

    town: str
    community: str

    @property
    def key(self) -> tuple[str, str]:
        return (self.town, self.community)


def roads(children: Iterable[Child], on: date) -> dict[int, Road | None]:
    """{child id: town and community of the home}, None where no community is known. The home must
    come with the child (select_related); one SQL query for the towns."""
    children = list(children)
    homes = {c.home_id for c in children if c.home_id is not None}
    towns = dict(_towns_of(sorted(homes), on)) if homes else {}
    return {c.pk: _road(c, towns.get(c.home_id, "")) for c in children}


@prepared
def _towns_of(homes: list[int], on: date):
    rows = Containment.objects.on(on).filter(place__among=homes, ancestor_kind=Place.Kind.TOWN)
    return rows.values_list("place_id", "ancestor__name")


def _road(child: Child, town: str) -> Road | None:
    home = child.home
    if home is None or home.kind not in {Place.Kind.COMMUNITY, Place.Kind.TOWN}:
        return None
    if home.kind == Place.Kind.TOWN:
        return Road(home.name, "")
    return Road(town, home.name)
