"""Whether the house is well: the database answers and its tables are there."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import DatabaseError, connection


@dataclass(frozen=True, slots=True)
class Health:
    well: bool
    database: str

    def as_dict(self) -> dict[str, str]:
        return {"status": "ok" if self.well else "failing", "database": self.database}


def health() -> Health:
    """One cheap query; a database that does not answer is a state, not an exception."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM places_place LIMIT 1")
    except DatabaseError:
        return Health(False, "no answer")
    return Health(True, connection.vendor)
