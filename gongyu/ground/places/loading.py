"""Brings the places of the files into the database: adds, mends, leaves the rest alone.

A place that somebody here has changed bears another source and is never overwritten.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta

from .models import Place, Placement, Succession
from .naming import initials
from .unit_files import DEPARTMENT_SOURCE, Life, source_titles

LOCAL_SOURCE = "本地登记"
_FIELDS = ("name", "until_on", "urban_kind", "source")
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many places a load added and mended, how many placements it wrote, how many places it
    found as they should be and how many it left to their keepers."""

    added: int
    changed: int
    placed: int
    unchanged: int
    kept: int

    @property
    def touched(self) -> bool:
        return bool(self.added or self.changed or self.placed)

    def counts(self) -> dict[str, int]:
        """The five counts by name, for messages and audit rows."""
        return asdict(self)


class UnitsDisagree(Exception):
    """The file dates a unit otherwise than the database: which code, and what to do."""


def store(lives: list[Life]) -> Loaded:
    """Store these places with their placements and successions, in a handful of statements."""
    kinds = {life.kind for life in lives}
    present = {
        (place.kind, place.code, place.from_on): place
        for place in Place.objects.filter(kind__in=kinds)
    }
    ours = {*source_titles().values(), DEPARTMENT_SOURCE}
    kept = {(p.kind, p.code) for p in present.values() if p.source not in ours}
    wanted = [life for life in lives if (life.kind, life.code) not in kept]
    _check_days(wanted, present)

    added, changed = [], []
    for life in wanted:
        place = present.get((life.kind, life.code, life.from_on))
        if place is None:
            added.append(_new_place(life))
        elif any(getattr(place, name) != getattr(life, name) for name in _FIELDS):
            _mend(place, life)
            changed.append(place)
    Place.objects.bulk_create(added, batch_size=_BATCH)
    # A unit that closes must be stored before another may open under its code.
    Place.objects.bulk_update(changed, [*_FIELDS, "initials"], batch_size=400)
    placed = _store_placements(wanted)
    _store_successions(wanted)
    unchanged = len(wanted) - len(added) - len(changed)
    return Loaded(len(added), len(changed), placed, unchanged, len(kept))


def _check_days(wanted: Iterable[Life], present: dict) -> None:
    dated = {(life.kind, life.code, life.from_on) for life in wanted}
    codes = {key[:2] for key in dated}
    for kind, code, from_on in present:
        if (kind, code) in codes and (kind, code, from_on) not in dated:
            raise UnitsDisagree(
                f"{code} stands here from {from_on}, which the file does not know. "
                "Close that unit, or correct its first day, and load again."
            )


def _new_place(life: Life) -> Place:
    return Place(
        kind=life.kind,
        code=life.code,
        name=life.name,
        initials=initials(life.name),
        from_on=life.from_on,
        until_on=life.until_on,
        urban_kind=life.urban_kind,
        source=life.source,
    )


def _mend(place: Place, life: Life) -> None:
    if place.name != life.name:
        place.initials = initials(life.name)
    for name in _FIELDS:
        setattr(place, name, getattr(life, name))


def _by_code() -> dict[str, list[Place]]:
    """All units and departments by code; codes of different kinds never meet."""
    found: dict[str, list[Place]] = defaultdict(list)
    kinds = [Place.Kind.CITY, Place.Kind.DISTRICT, Place.Kind.TOWN]
    kinds += [Place.Kind.COMMUNITY, Place.Kind.DEPARTMENT]
    for place in Place.objects.filter(kind__in=kinds).only("id", "code", "from_on", "until_on"):
        found[place.code].append(place)
    return found


def _holding(places: list[Place], day) -> Place | None:
    return next((place for place in places if place.holds_on(day)), None)


def _store_placements(wanted: list[Life]) -> int:
    """Bring the placements of these places into line; returns how many were written."""
    places = _by_code()
    desired: dict[tuple, Placement] = {}
    for life in wanted:
        child = _holding(places[life.code], life.from_on)
        for stay in life.stays:
            parent = _holding(places.get(stay.parent_code, []), stay.from_on)
            if parent is None:
                raise UnitsDisagree(
                    f"{life.code}: its parent {stay.parent_code} does not exist on "
                    f"{stay.from_on}. Load or open the parent first."
                )
            key = (child.pk, parent.pk, stay.from_on, stay.until_on)
            desired[key] = Placement(
                place_id=key[0], parent_id=key[1], from_on=key[2], until_on=key[3]
            )
    ids = {key[0] for key in desired}
    surplus = []
    kinds = {life.kind for life in wanted}
    stays = Placement.objects.filter(place__kind__in=kinds).values_list(
        "pk", "place_id", "parent_id", "from_on", "until_on"
    )
    for pk, *key in stays:
        if key[0] in ids and desired.pop(tuple(key), None) is None:
            surplus.append(pk)
    for start in range(0, len(surplus), _BATCH):
        Placement.objects.filter(pk__in=surplus[start : start + _BATCH]).delete()
    Placement.objects.bulk_create(desired.values(), batch_size=_BATCH)
    return len(desired)


def _store_successions(wanted: list[Life]) -> None:
    following = [life for life in wanted if life.predecessors]
    if not following:
        return
    places = _by_code()
    successions = []
    for life in following:
        child = _holding(places[life.code], life.from_on)
        eve = life.from_on - timedelta(days=1)
        for code in life.predecessors:
            earlier = _holding(places.get(code, []), eve)
            if earlier is not None and earlier.pk != child.pk:
                successions.append(Succession(place=child, predecessor=earlier))
    Succession.objects.bulk_create(successions, ignore_conflicts=True, batch_size=_BATCH)
