"""An open day of the cast's school, with slots, invited or not; and families of its classes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.people.actions import add_care, enrol
from gongyu.ground.people.models import Carer, Child
from gongyu.ground.places.models import Place
from gongyu.shared_work.activities import actions
from gongyu.shared_work.activities.models import Activity
from gongyu.shared_work.activities.queries import links
from gongyu.shared_work.activities.shapes import Plan, SlotPlan
from tests.cast import CAST_DAY, CAST_MOMENT, LONG_AGO, YEAR_FROM, Cast

CHONGQING = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 14)
START = datetime(2026, 11, 14, 9, 0, tzinfo=CHONGQING)
AFTER = datetime(2026, 11, 14, 18, 0, tzinfo=CHONGQING)


@pytest.fixture(autouse=True)
def on_the_cast_day():
    with time_machine.travel(CAST_MOMENT, tick=False):
        yield


def plan_of(cast: Cast, **changes) -> Plan:
    """Nine to eleven on the second Saturday of November, for both classes, by slots."""
    told = {
        "kind": "open_day",
        "organiser_id": cast.school.pk,
        "title": "秋季校园开放日",
        "where": "学校",
        "starts_at": START,
        "ends_at": START + timedelta(hours=2),
        "scope": "school",
        "class_ids": (cast.this_class.pk, cast.parallel_class.pk),
        "entry": "slots",
        "book_until": DAY - timedelta(days=1),
        "responsible_id": cast.moral_education_head.staff.pk,
        **changes,
    }
    return Plan(**told)


@pytest.fixture
def planned(cast) -> Callable[..., Activity]:
    def make(key: str = "one form", **changes) -> Activity:
        return actions.plan_activity(
            plan_of(cast, **changes), key=key, on=CAST_DAY, by=cast.head.actor
        )

    return make


def slots_of(activity: Activity, by, *, capacity=1, minutes=20, gap=5, count=2, host=""):
    """`count` slots from the beginning on."""
    length = timedelta(minutes=minutes * count + gap * (count - 1))
    plan = SlotPlan(activity.starts_at, activity.starts_at + length, minutes, gap, capacity, host)
    return actions.make_slots(activity, plan, by=by)


@pytest.fixture
def open_day(cast, planned) -> Activity:
    """Invited, with two slots for one family each."""
    activity = planned()
    slots_of(activity, cast.head.actor)
    return actions.invite(activity, on=CAST_DAY, by=cast.head.actor)


def family_of(name: str, *classes: Place) -> tuple[list[Child], Carer]:
    """A mother with one child in each of these classes."""
    carer = Carer.objects.create(name=f"{name}妈妈")
    children = []
    for number, place in enumerate(classes):
        child = Child.objects.create(name=f"{name}{'一二三'[number]}", initials="x")
        enrol(child, place, YEAR_FROM, by=SYSTEM)
        add_care(child, carer, "mother", LONG_AGO, is_guardian=True, is_daily_carer=True, by=SYSTEM)
        children.append(child)
    return children, carer


def token_of(activity: Activity, carer: Carer) -> str:
    link = activity.links.get(carer=carer)
    return links.new_token(carer.pk, link.salt)
