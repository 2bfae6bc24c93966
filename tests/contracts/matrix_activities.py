"""Activities of the matrix: an open day by slots with a booking, and what its addresses name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from gongyu.ground.people.models import Child
from gongyu.ground.places.models import Place
from gongyu.shared_work.activities import actions as hosting
from gongyu.shared_work.activities.models import Activity, Booking
from gongyu.shared_work.activities.shapes import Plan, SlotPlan
from tests.cast import CAST_DAY, Person

if TYPE_CHECKING:
    from tests.contracts.matrix_world import Things, World


def activity_in(school: Place, school_class: Place, head: Person) -> dict:
    """An open day for one class by slots, invited."""
    nine = datetime(2026, 11, 14, 1, 0, tzinfo=UTC)
    eleven = nine + timedelta(hours=2)
    plan = Plan(
        kind="open_day",
        organiser_id=school.pk,
        title="秋季校园开放日",
        where="学校",
        starts_at=nine,
        ends_at=eleven,
        scope="classes",
        class_ids=(school_class.pk,),
        entry="slots",
        responsible_id=head.staff.pk,
        book_until=nine.date() - timedelta(days=1),
    )
    made = hosting.plan_activity(plan, key="matrix", on=CAST_DAY, by=head.actor)
    hosting.make_slots(made, SlotPlan(nine, eleven, 20, 5, 2), by=head.actor)
    hosting.invite(made, on=CAST_DAY, by=head.actor)
    return {"pk": made.pk}


def booking_of(activity_id: int, child: Child, head: Person) -> dict:
    activity = Activity.objects.get(pk=activity_id)
    first = activity.slots.first().pk
    made: Booking = hosting.book_for_family(activity, child.pk, first, on=CAST_DAY, by=head.actor)
    return {"pk": made.pk}


def _for_class(world: World) -> Things:
    """An activity with a class of its audience, one elsewhere, and a class that is not invited."""
    here, far = (world.activities[label]["pk"] for label in ("here", "elsewhere"))
    cast = world.cast
    return {
        "this class": {"pk": here, "class_id": cast.this_class.pk},
        "class elsewhere": {"pk": far, "class_id": cast.class_elsewhere.pk},
        "mixed up": {"pk": here, "class_id": cast.class_elsewhere.pk},
    }


# What hangs on an activity; what is asked of a school or a class stands with the others.
ACTIVITY_THINGS: dict[str, Callable[[World], Things]] = {
    **dict.fromkeys(
        [
            f"activities:{page}"
            for page in (
                "activity",
                "change",
                "slots",
                "invite",
                "move",
                "cancel",
                "close",
                "correct",
                "bookings",
                "door",
                "bookings-export",
            )
        ],
        lambda world: world.activities,
    ),
    "activities:drop-slot": lambda world: world.slots,
    **dict.fromkeys([f"activities:{page}" for page in ("slips", "link", "book")], _for_class),
    **dict.fromkeys(
        [f"activities:{page}" for page in ("booking", "cancel-booking", "told")],
        lambda world: world.bookings,
    ),
    "activities:family": lambda world: {
        "right token": {"token": world.activity_token},
        "wrong token": {"token": "-".join(["aaaa"] * 6)},
    },
    "activities:at-home": lambda world: world.activities,
}
