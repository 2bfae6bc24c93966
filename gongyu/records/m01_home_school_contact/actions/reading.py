"""Reading children's pages and taking lists out: each leaves its audit row."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor

from ..queries.records import ExportRow, visits_of_class


@transaction.atomic
def note_reading(
    verb: str, subject: tuple[str, int], *, by: Actor, place_id: int | None = None
) -> None:
    """Somebody opened a page with children's data (`class.read`, `child.read`, `visit.read`)."""
    record(verb, by=by, subject=subject, place_id=place_id)


@transaction.atomic
def export_visits(class_id: int, *, on: date, by: Actor) -> list[ExportRow]:
    """The rows of a class's visits of the school year that the actor may read, for a sheet."""
    rows = visits_of_class(class_id, on, by)
    record(
        "export.make",
        by=by,
        subject=("class", class_id),
        place_id=class_id,
        detail={"what": "visits", "rows": len(rows)},
    )
    return rows
