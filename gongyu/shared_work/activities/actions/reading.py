"""Reading lists of families and taking sheets out: each leaves its audit row."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place

from ..models import Activity
from ..queries.bookings import BookingsPage, bookings_page
from ..queries.lists import SchoolPage, school_page


@transaction.atomic
def note_reading(
    verb: str, subject: tuple[str, int], *, by: Actor, place_id: int | None = None
) -> None:
    """Somebody opened a page with families on it (`booking.read`)."""
    record(verb, by=by, subject=subject, place_id=place_id)


@transaction.atomic
def export_bookings(activity: Activity, *, on: date, by: Actor) -> BookingsPage:
    """The bookings that the actor may read, for a sheet."""
    page = bookings_page(activity, by, on)
    record(
        "export.make",
        by=by,
        subject=("activity", activity.pk),
        place_id=activity.school_id,
        detail={"what": "bookings", "rows": page.families + len(page.waiting)},
    )
    return page


@transaction.atomic
def export_activities(school: Place, *, on: date, moment: datetime, by: Actor) -> SchoolPage:
    """A school's activities, for a sheet."""
    page = school_page(school, on, moment)
    rows = len(page.to_close) + len(page.coming) + len(page.past)
    record(
        "export.make",
        by=by,
        subject=("school", school.pk),
        place_id=school.pk,
        detail={"what": "activities", "rows": rows},
    )
    return page
