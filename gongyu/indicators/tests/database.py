"""Puts a random world into the application's database, its day numbers as dates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, date, datetime

from django.db import connection

from gongyu.ground.ledger.models import Fact
from gongyu.ground.places.models import Containment, Place, School, SchoolClass

from .worlds import World

RECORDED = datetime(2026, 3, 1, 8, tzinfo=UTC)


def as_date(day: int | None) -> date | None:
    return None if day is None else date.fromordinal(max(day, 1))


def store(world: World) -> None:
    """All rows of the world, with its own ids."""
    store_places(world)
    add_facts(world.facts)


def store_places(world: World) -> None:
    """The places of the world, with its own ids."""
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


def add_facts(rows: Iterable) -> None:
    """Facts with numbers of their own."""
    Fact.objects.bulk_create(_fact(row) for row in rows)
    count_on_from_the_last_fact()


def count_on_from_the_last_fact() -> None:
    """PostgreSQL must be told of numbers that it has not given itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('ledger_fact', 'seq'), MAX(seq)) "
                "FROM ledger_fact"
            )


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
