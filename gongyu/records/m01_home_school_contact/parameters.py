"""The plan's parameters that this measure works by; each has its source in the plan's readings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from django.conf import settings

from gongyu.plan import load_plan

FIRST_CONTACT = "P18"


@dataclass(frozen=True, slots=True)
class ContactClock:
    """How the reminder to contact a carer is counted: `days` further working days after the first
    that counts (0: the same day), within the hours of a day in which families are called. `source`
    is the document it rests on: a reminder of ours is no red line of the plan."""

    days: int
    from_hour: time
    until_hour: time
    decision: str
    source: str


def contact_clock() -> ContactClock:
    """The reading of 第一时间 in the plan that is in force here."""
    reading = load_plan(settings.PLAN_FOLDER).reading(FIRST_CONTACT)
    found = reading.parameters
    return ContactClock(
        days=found["first_contact_days"],
        from_hour=time.fromisoformat(found["contact_from"]),
        until_hour=time.fromisoformat(found["contact_until"]),
        decision=reading.decision,
        source=reading.source.title,
    )
