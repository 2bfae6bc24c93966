"""Of which kinds of places a duty says anything at all."""

from __future__ import annotations

from gongyu.ground.places.models import Place
from gongyu.plan.model import Duty

# A clue belongs to a desk and to no school: below a district nothing is said of it, not even none.
DESK_SUBJECTS = frozenset({"clue"})


def speaks_of(place: Place, duty: Duty) -> bool:
    """Whether the duty says anything of a place of this kind."""
    at_a_desk = place.kind in (Place.Kind.CITY, Place.Kind.DISTRICT)
    return at_a_desk or duty.subject not in DESK_SUBJECTS


def speaks_below(place: Place, duty: Duty) -> bool:
    """Whether the duty says anything of what stands directly below the place: nothing below a school
    of what schools do as a whole, nothing anywhere of what the city does."""
    if duty.subject == "city":
        return False
    if duty.subject in DESK_SUBJECTS:
        return place.kind == Place.Kind.CITY
    return duty.subject != "school" or place.kind != Place.Kind.SCHOOL


def says_ledger_number(place: Place) -> bool:
    """Whether a figure of this place says up to which fact of the whole city it was computed. Inside
    a school it does not: the number grows with a complaint about that very school as well."""
    return place.kind in (Place.Kind.CITY, Place.Kind.DISTRICT)
