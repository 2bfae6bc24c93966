"""Puts a random world into the application's database, its day numbers as dates."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime

from gongyu.ground.ledger.models import Fact
from gongyu.ground.places.models import Containment, Place, School, SchoolClass

from .worlds import World

RECORDED = datetime(2026, 3, 1, 8, tzinfo=UTC)


def as_date(day: int | None) -> date | None:
    return None if day is None else date.fromordinal(max(day, 1))


def store(world: World) -> None:
    """All rows of the world, with its own ids."""
    own = {row.place_id: row for row in world.containments if row.place_id == row.ancestor_id}
    Place.objects.bulk_create(
        Place(
            pk=place_id,
            kind=row.place_kind,
            code=str(place_id),
            name=f"地点{place_id}",
            from_on=as_date(row.from_day),
            until_on=as_date(row.until_day),
        )
        for place_id, row in own.items()
    )
    Containment.objects.bulk_create(
        Containment(
            place_id=row.place_id,
            place_kind=row.place_kind,
            ancestor_id=row.ancestor_id,
            ancestor_kind=row.ancestor_kind,
            from_on=as_date(row.from_day),
            until_on=as_date(row.until_day),
        )
        for row in world.containments
    )
    School.objects.bulk_create(School(place_id=s.place_id, kind=s.kind) for s in world.schools)
    SchoolClass.objects.bulk_create(
        SchoolClass(**asdict(one), number=number) for number, one in enumerate(world.classes, 1)
    )
    Fact.objects.bulk_create(_fact(row) for row in world.facts)


def _fact(row) -> Fact:
    columns = asdict(row)
    return Fact(
        on_date=as_date(columns.pop("on_day")),
        until_date=as_date(columns.pop("until_day")),
        source_model="world",
        source_id=row.seq,
        recorded_at=RECORDED,
        **columns,
    )
