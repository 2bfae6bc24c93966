"""Move, cancel, close, correct: nothing is lost, and the ledger counts what was held, once."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from gongyu.ground.audit.models import Entry as AuditEntry
from gongyu.shared_work.activities import actions, facts
from gongyu.shared_work.activities.models import Activity, Booking
from gongyu.shared_work.activities.queries.bookings import bookings_page
from gongyu.shared_work.activities.queries.links import family_page
from gongyu.shared_work.activities.queries.lists import activity_page, school_page
from gongyu.shared_work.activities.rules import ActivityFault
from gongyu.shared_work.activities.shapes import Outcome
from tests.cast import CAST_DAY, CAST_MOMENT

from .conftest import AFTER, DAY, START, token_of
from .test_planning import facts_of

TOLD = Outcome(35, "count", "希望多开放食堂。")


@pytest.fixture
def afterwards():
    with time_machine.travel(AFTER, tick=False):
        yield


def close(activity, cast, outcome=TOLD):
    with time_machine.travel(AFTER, tick=False):
        return actions.close_activity(activity, outcome, by=cast.head.actor)


def test_closing_proves_that_it_was_held_and_takes_the_plan_back(cast, open_day):
    close(open_day, cast)
    fact = facts_of(open_day, "activity.held").get()
    assert (fact.subject_id, fact.on_date, fact.status) == (cast.school.pk, DAY, "open_day")
    assert fact.attrs == {"families": 35}
    assert not facts_of(open_day, "activity.planned").exists()


def test_what_families_said_is_encrypted_and_read_by_the_schools_leaders(cast, open_day):
    close(open_day, cast)
    with connection.cursor() as cursor:
        cursor.execute("SELECT said FROM activities_closing")
        assert "食堂".encode() not in bytes(cursor.fetchone()[0])
    page = activity_page(cast.head.actor, open_day.pk, CAST_DAY, AFTER)
    assert page.closing.said == "希望多开放食堂。" and page.keeps
    assert not activity_page(cast.class_teacher.actor, open_day.pk, CAST_DAY, AFTER).keeps


def test_nothing_is_closed_before_it_began(cast, open_day):
    with pytest.raises(ActivityFault):
        actions.close_activity(open_day, TOLD, by=cast.head.actor)
    assert not facts_of(open_day, "activity.held").exists()


def test_what_nobody_planned_is_entered_afterwards_and_closed(cast, planned):
    back = timedelta(days=30)
    activity = planned(
        starts_at=START - back,
        ends_at=START - back + timedelta(hours=2),
        entry="open",
        book_until=None,
    )
    actions.close_activity(activity, Outcome(12, "list"), by=cast.head.actor)
    assert facts_of(activity, "activity.held").get().on_date == DAY - back


def test_a_correction_keeps_what_was_told_before_and_supersedes(cast, open_day):
    close(open_day, cast)
    with pytest.raises(ActivityFault) as fault:
        actions.correct_closing(open_day, Outcome(30, "list"), reason=" ", by=cast.head.actor)
    assert fault.value.field == "reason"
    actions.correct_closing(open_day, Outcome(30, "list"), reason="数错了", by=cast.head.actor)
    assert [c.families for c in open_day.closings.order_by("pk")] == [35, 30]
    assert [c.stands for c in open_day.closings.order_by("pk")] == [False, True]
    fact = facts_of(open_day, "activity.held").get()
    assert fact.attrs == {"families": 30} and fact.supersedes_id is not None


def test_a_closing_that_is_taken_back_counts_nothing(cast, open_day):
    close(open_day, cast)
    taken = actions.take_back_closing(open_day, reason="记错了，那天没有办", by=cast.head.actor)
    assert taken.status == "cancelled"
    assert not facts_of(open_day, "activity.held").exists()


def test_cancelling_needs_a_reason_keeps_the_record_and_calls_the_bookings_off(cast, open_day):
    token = token_of(open_day, cast.grandmother)
    booking = actions.book_by_link(token, None, on=CAST_DAY)
    with pytest.raises(ActivityFault) as fault:
        actions.cancel_activity(open_day, reason="", by=cast.head.actor)
    assert fault.value.field == "reason"
    actions.cancel_activity(open_day, reason="流感停课", by=cast.head.actor)
    booking.refresh_from_db()
    assert (booking.status, booking.to_tell) == ("called_off", True)
    assert not facts_of(open_day, "activity.planned").exists()
    page = family_page(token, CAST_DAY, CAST_MOMENT)
    assert page.activity.status == "cancelled" and page.activity.reason == "流感停课"
    assert [
        line.booking for line in bookings_page(open_day, cast.class_teacher.actor, CAST_DAY).to_tell
    ]
    assert AuditEntry.objects.get(verb="activity.cancel").why == "流感停课"


def test_moving_links_both_and_takes_slots_bookings_turns_and_links_along(cast, open_day):
    first, second = open_day.slots.all()
    token = token_of(open_day, cast.grandmother)
    actions.book_by_link(token, second.pk, on=CAST_DAY)
    by = cast.class_teacher.actor
    actions.book_for_family(open_day, cast.classmate.pk, first.pk, on=CAST_DAY, by=by)
    waits = actions.book_for_family(
        open_day, cast.pupil_of_parallel_class.pk, first.pk, on=CAST_DAY, by=cast.head.actor
    )
    later = START + timedelta(days=7, hours=1)
    fresh = actions.move_activity(
        open_day, later, reason="暴雨预警", on=CAST_DAY, by=cast.head.actor
    )
    open_day.refresh_from_db()
    assert (open_day.status, open_day.reason, fresh.replaces) == ("moved", "暴雨预警", open_day)
    assert fresh.status == "invited" and fresh.starts_at == later
    assert [s.starts_at for s in fresh.slots.all()] == [
        s.starts_at + timedelta(days=7, hours=1) for s in (first, second)
    ]
    kept = Booking.objects.filter(activity=fresh).order_by("turn")
    assert [(b.status, b.turn, b.to_tell) for b in kept] == [
        ("booked", 1, True),
        ("booked", 2, True),
        ("waiting", 3, True),
    ]
    waits.refresh_from_db()
    assert waits.status == "carried_over"
    page = family_page(token, CAST_DAY, CAST_MOMENT)
    assert (
        page.activity == fresh
        and page.moved
        and page.booking.slot.starts_at == second.starts_at + timedelta(days=7, hours=1)
    )
    actions.cancel_booking(kept[1], by=by)
    assert Booking.objects.get(activity=fresh, turn=3).status == "booked", "the queue goes on"
    assert not facts_of(open_day, "activity.planned").exists()
    assert facts_of(fresh, "activity.planned").get().on_date == fresh.held_on


def test_it_is_moved_once_and_to_a_day_to_come(cast, open_day):
    with pytest.raises(ActivityFault) as fault:
        actions.move_activity(
            open_day, START - timedelta(days=30), reason="雨", on=CAST_DAY, by=cast.head.actor
        )
    assert fault.value.field == "starts_at"
    later = START + timedelta(days=7)
    actions.move_activity(open_day, later, reason="雨", on=CAST_DAY, by=cast.head.actor)
    with pytest.raises(ActivityFault):
        actions.move_activity(
            open_day, later + timedelta(days=1), reason="雨", on=CAST_DAY, by=cast.head.actor
        )
    assert Activity.objects.count() == 2


def test_the_list_of_a_school_says_whose_turn_it_is(cast, open_day, planned):
    page = school_page(cast.school, DAY, AFTER)
    assert [line.activity for line in page.to_close] == [open_day]
    page = school_page(cast.school, CAST_DAY, CAST_MOMENT)
    assert [line.activity for line in page.coming] == [open_day] and not page.to_close
    close(open_day, cast)
    page = school_page(cast.school, DAY, AFTER)
    assert [line.families for line in page.past] == [35]


def test_facts_name_only_codes_counts_and_places(cast, open_day):
    close(open_day, cast)
    from gongyu.ground.ledger.models import Fact

    for fact in Fact.objects.filter(source_model=facts.SOURCE):
        assert fact.subject_type == "place" and set(fact.attrs) <= {"families"}
