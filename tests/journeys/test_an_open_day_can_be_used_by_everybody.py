"""The pages of an open day at both widths: axe finds nothing, nothing runs over, families' are light."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from gongyu.shared_work.activities import actions
from gongyu.shared_work.activities.models import Activity
from gongyu.shared_work.activities.queries.links import new_token
from gongyu.shared_work.activities.shapes import Plan, SlotPlan
from tests.cast import CAST_DAY, Cast
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_every_page_can_be_used_by_everybody import (
    MOST_BYTES,
    axe,  # noqa: F401 - a fixture
    faults,
    page_of,  # noqa: F401 - a fixture
)

pytestmark = pytest.mark.journey
NINE = datetime(2026, 11, 14, 1, 0, tzinfo=UTC)


def _open_day(cast: Cast) -> Activity:
    """Invited, moved once, one family booked and one waiting."""
    by = cast.head.actor
    plan = Plan(
        kind="open_day",
        organiser_id=cast.school.pk,
        title="秋季校园开放日",
        where="教学楼一楼大厅和操场",
        starts_at=NINE,
        ends_at=NINE + timedelta(hours=2),
        scope="school",
        class_ids=(cast.this_class.pk, cast.parallel_class.pk),
        entry="slots",
        responsible_id=cast.head.staff.pk,
        book_until=NINE.date(),
    )
    activity = actions.plan_activity(plan, key="axe", on=CAST_DAY, by=by)
    actions.make_slots(activity, SlotPlan(NINE, NINE + timedelta(minutes=45), 20, 5, 1), by=by)
    actions.invite(activity, on=CAST_DAY, by=by)
    first = activity.slots.first().pk
    for child in (cast.pupil, cast.classmate):
        actions.book_for_family(activity, child.pk, first, on=CAST_DAY, by=by)
    week = timedelta(days=7)
    return actions.move_activity(activity, NINE + week, reason="暴雨预警", on=CAST_DAY, by=by)


def _address_of_the_family(cast: Cast, activity: Activity) -> str:
    link = activity.links.get(carer=cast.grandmother)
    return reverse("activities:family", args=[new_token(link.carer_id, link.salt)])


def _pages(cast: Cast, activity: Activity) -> dict[str, list[str]]:
    mine = (activity.pk, cast.this_class.pk)
    of = {"head": ["activity", "slots", "move", "cancel", "bookings", "door"]}
    found = {
        person: [reverse(f"activities:{name}", args=[activity.pk]) for name in names]
        for person, names in of.items()
    }
    found["head"].append(reverse("activities:school", args=[cast.school.pk]))
    found["head"].append(
        f"{reverse('registers:enter', args=[cast.school.pk])}?kind=contact_mechanism"
    )
    booking = activity.bookings.first()
    found["class_teacher"] = [
        reverse("activities:slips", args=mine),
        reverse("activities:book", args=mine),
        reverse("activities:class", args=[cast.this_class.pk]),
        reverse("activities:booking", args=[booking.pk]),
        _address_of_the_family(cast, activity),
    ]
    return found


@pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_and_nothing_runs_over(page_of, the_cast, axe, width):  # noqa: F811
    activity = _open_day(the_cast)
    found: dict[str, list[str]] = {}
    for person, addresses in _pages(the_cast, activity).items():
        page = page_of(person, width)
        said: list[str] = []
        page.on("console", lambda m, said=said: said.append(m.text) if m.type == "error" else None)
        for address in addresses:
            said.clear()
            page.goto(address)
            if wrong := [*said, *faults(page, axe)]:
                found[address] = wrong
        page.context.close()
    assert found == {}


def test_a_familys_page_is_light_and_works_without_javascript(browser, live_server, the_cast):
    activity = _open_day(the_cast)
    context = browser.new_context(
        viewport=PHONE, base_url=live_server.url, java_script_enabled=False
    )
    page = context.new_page()
    answers: list = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(_address_of_the_family(the_cast, activity), wait_until="networkidle")
    weight = sum(len(gzip.compress(answer.body(), 6)) for answer in answers if answer.ok)
    assert weight <= MOST_BYTES, f"{weight} bytes"
    page.locator("input[name=slot]").first.check()
    page.get_by_role("button", name="换时间").click()
    page.wait_for_load_state()
    assert "09:25" in page.locator("main").inner_text()
    context.close()
