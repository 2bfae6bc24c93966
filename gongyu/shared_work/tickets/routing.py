"""Where a ticket is led by its kind and the place concerned: past the school, to the desk above."""

from __future__ import annotations

from datetime import date

from gongyu.ground.places import queries as places
from gongyu.ground.places.models import Place

from .kinds import family_of


def desk_for(kind: str, about_id: int, on: date) -> Place:
    """The nearest desk of the kind's level above the place; the city's where there is none, so that
    no ticket is without one."""
    return places.ancestor(about_id, family_of(kind).desk, on) or places.city()
