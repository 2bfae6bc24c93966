"""A school's campuses under its own figure: the duty is the school's, each campus is shown below."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from gongyu.ground.ledger.queries import standing_facts
from gongyu.ground.places.models import Place, School
from gongyu.ground.places.queries import below
from gongyu.plan.model import Duty

from .periods import period_of_school
from .plan import current_plan


@dataclass(frozen=True, slots=True)
class CampusLine:
    """What took place on one campus (or at the school's main seat) in the period."""

    name: str
    events: int


def campus_lines(place: Place, duty: Duty, period_key: str) -> list[CampusLine]:
    """One line for the main seat and for each campus of the period; none for a school with one
    seat, and none for duties that no place can be named for. Four SQL queries."""
    kinds = duty.params.get("activity_kinds")
    school = School.objects.filter(place=place).first()
    if school is None or not kinds:
        return []
    period = period_of_school(current_plan(), school.kind, duty.period.kind, period_key)
    campuses = list(below(place.pk, Place.Kind.CAMPUS, period.last_on)) if period else []
    if not campuses:
        return []
    facts = standing_facts().filter(
        kind__in=duty.facts,
        status__in=kinds,
        subject_type="place",
        subject_id=place.pk,
        quantity__gt=0,
        on_date__gte=period.first_on,
        on_date__lte=period.last_on,
    )
    held = Counter(facts.values_list("place_id", flat=True))
    return [CampusLine(each.name, held[each.pk]) for each in (place, *campuses)]
