"""Families book by their link, siblings in one; the queue moves in order; staff enter by hand."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from gongyu.ground.audit.models import Entry as AuditEntry
from gongyu.ground.people.actions import bar_carer
from gongyu.ground.people.models import Care
from gongyu.shared_work.activities import actions
from gongyu.shared_work.activities.actions import LinkClosed
from gongyu.shared_work.activities.models import Booking, BookingChild
from gongyu.shared_work.activities.queries.bookings import bookings_page, candidates
from gongyu.shared_work.activities.queries.links import family_page
from gongyu.shared_work.activities.rules import ActivityFault
from tests.cast import CAST_DAY, CAST_MOMENT

from .conftest import AFTER, DAY, family_of, slots_of, token_of


@pytest.fixture
def families(cast, planned):
    """Five families, an open day with two slots for one family each, and a token for each."""
    found = [family_of(name, cast.this_class) for name in "甲乙丙丁戊"]
    activity = planned()
    slots_of(activity, cast.head.actor)
    actions.invite(activity, on=CAST_DAY, by=cast.head.actor)
    return activity, [token_of(activity, carer) for _children, carer in found]


def book(token, slot_id):
    return actions.book_by_link(token, slot_id, on=CAST_DAY)


def test_a_place_is_taken_and_the_next_family_waits(families):
    activity, tokens = families
    first, _second = activity.slots.all()
    assert book(tokens[0], first.pk).status == "booked"
    waiting = book(tokens[1], first.pk)
    assert (waiting.status, waiting.slot, waiting.wanted) == ("waiting", None, first)
    first.refresh_from_db()
    assert first.taken == 1
    assert AuditEntry.objects.filter(verb="booking.make").count() == 2


def test_brothers_and_sisters_of_two_classes_come_in_one_booking(cast, planned):
    children, carer = family_of("双", cast.this_class, cast.parallel_class)
    activity = planned()
    slots_of(activity, cast.head.actor)
    actions.invite(activity, on=CAST_DAY, by=cast.head.actor)
    booking = book(token_of(activity, carer), activity.slots.first().pk)
    assert {row.child for row in booking.children.all()} == set(children)
    assert activity.slots.first().taken == 1, "a family takes one place"


def test_a_second_tap_is_the_same_booking_and_another_time_is_a_change(families):
    activity, tokens = families
    first, second = activity.slots.all()
    made = book(tokens[0], first.pk)
    assert book(tokens[0], first.pk) == made
    with pytest.raises(ActivityFault, match="已经约过"):
        book(tokens[0], second.pk)
    assert Booking.objects.count() == 1


def test_the_queue_moves_in_its_order_when_a_place_frees(families):
    activity, tokens = families
    first, second = activity.slots.all()
    book(tokens[0], first.pk)
    book(tokens[1], second.pk)
    third, fourth, fifth = (
        book(t, s) for t, s in zip(tokens[2:], (first.pk, None, first.pk), strict=True)
    )
    actions.cancel_by_link(tokens[0], on=CAST_DAY)
    third.refresh_from_db()
    assert (third.status, third.slot, third.to_tell) == ("booked", first, True)
    actions.cancel_by_link(tokens[1], on=CAST_DAY)
    fourth.refresh_from_db()
    assert (fourth.status, fourth.slot) == ("booked", second), "whoever takes any takes the second"
    fifth.refresh_from_db()
    assert fifth.status == "waiting"
    assert AuditEntry.objects.filter(verb="booking.move_up").count() == 2
    assert [s.taken for s in activity.slots.all()] == [1, 1]


def test_whoever_takes_any_time_gets_the_first_that_is_free(families):
    activity, tokens = families
    assert book(tokens[0], None).slot == activity.slots.first()


def test_changing_the_time_gives_the_former_place_to_who_waits(families):
    activity, tokens = families
    first, second = activity.slots.all()
    moving = book(tokens[0], first.pk)
    waiting = book(tokens[1], first.pk)
    changed = actions.change_by_link(tokens[0], second.pk, on=CAST_DAY)
    waiting.refresh_from_db()
    assert (changed.pk, changed.slot, waiting.slot) == (moving.pk, second, first)


def test_a_change_to_a_full_time_keeps_the_place_one_has(families):
    activity, tokens = families
    first, second = activity.slots.all()
    book(tokens[0], first.pk)
    book(tokens[1], second.pk)
    with pytest.raises(ActivityFault, match="还给您留着"):
        actions.change_by_link(tokens[0], second.pk, on=CAST_DAY)
    assert [s.taken for s in activity.slots.all()] == [1, 1]


def test_whoever_cancelled_may_book_again(families):
    activity, tokens = families
    slot = activity.slots.first()
    book(tokens[0], slot.pk)
    cancelled = actions.cancel_by_link(tokens[0], on=CAST_DAY)
    again = book(tokens[0], slot.pk)
    assert cancelled.status == "cancelled" and again.status == "booked" and again != cancelled


def test_more_places_are_given_to_who_waits(cast, families):
    activity, tokens = families
    for token in tokens[:2]:
        book(token, None)
    third, fourth = book(tokens[2], None), book(tokens[3], activity.slots.first().pk)
    slots_of(activity, cast.head.actor, count=1, host="操场")
    third.refresh_from_db()
    fourth.refresh_from_db()
    assert third.slot.host == "操场" and fourth.status == "waiting"


def test_staff_enter_for_a_family_without_a_phone_with_its_siblings(cast, planned):
    children, _carer = family_of("爷", cast.this_class, cast.parallel_class)
    activity = planned()
    slots_of(activity, cast.head.actor)
    actions.invite(activity, on=CAST_DAY, by=cast.head.actor)
    by = cast.class_teacher.actor
    offered = {c.child_id: c for c in candidates(activity, cast.this_class.pk, CAST_DAY)}
    assert children[1].name in offered[children[0].pk].siblings
    slot = activity.slots.first().pk
    booking = actions.book_for_family(activity, children[0].pk, slot, on=CAST_DAY, by=by)
    assert booking.made_by == "staff" and booking.children.count() == 2
    assert children[0].pk not in {
        c.child_id for c in candidates(activity, cast.this_class.pk, CAST_DAY)
    }
    with pytest.raises(ActivityFault) as fault:
        actions.book_for_family(activity, cast.child_elsewhere.pk, slot, on=CAST_DAY, by=by)
    assert fault.value.field == "child"


def test_the_database_refuses_a_child_that_is_booked_twice(families):
    activity, tokens = families
    row = book(tokens[0], None).children.get()
    other = book(tokens[1], None)
    with pytest.raises(IntegrityError), transaction.atomic():
        BookingChild.objects.create(
            booking=other, activity=activity, child=row.child, class_place=row.class_place
        )


def test_a_family_books_until_the_last_day_and_staff_until_it_begins(cast, families):
    activity, tokens = families
    slot = activity.slots.first().pk
    with pytest.raises(ActivityFault, match="过了"):
        actions.book_by_link(tokens[0], slot, on=DAY)
    child = cast.classmate.pk
    assert (
        actions.book_for_family(activity, child, slot, on=DAY, by=cast.head.actor).slot_id == slot
    )
    with time_machine.travel(AFTER, tick=False), pytest.raises(ActivityFault):
        actions.book_for_family(activity, child, slot, on=DAY, by=cast.head.actor)


def test_a_link_opens_nothing_for_a_stranger_a_barred_carer_or_one_who_no_longer_cares(
    cast, open_day
):
    token = token_of(open_day, cast.grandmother)
    assert family_page(token, CAST_DAY, CAST_MOMENT).children == ["杨*雨"]
    assert family_page("aaaa-" * 6, CAST_DAY, CAST_MOMENT) is None
    assert family_page(token, DAY + timedelta(days=8), AFTER) is None
    care = Care.objects.get(carer=cast.grandmother, child=cast.pupil)
    bar_carer(cast.pupil, cast.grandmother, CAST_DAY, "告诫书", by=cast.head.actor)
    assert family_page(token, CAST_DAY, CAST_MOMENT) is None
    with pytest.raises(LinkClosed):
        book(token, open_day.slots.first().pk)
    cast.pupil.bars.filter(carer=cast.grandmother).delete()
    care.until_on = CAST_DAY
    care.save()
    assert family_page(token, CAST_DAY, CAST_MOMENT) is None


def test_a_class_teacher_sees_the_own_families_and_the_true_place_in_the_queue(cast, planned):
    (_here, mine), (_there, other) = (
        family_of("己", cast.this_class),
        family_of("庚", cast.parallel_class),
    )
    activity = planned()
    slots_of(activity, cast.head.actor, count=1)
    actions.invite(activity, on=CAST_DAY, by=cast.head.actor)
    slot = activity.slots.get().pk
    actions.book_for_family(activity, cast.classmate.pk, slot, on=CAST_DAY, by=cast.head.actor)
    book(token_of(activity, other), slot)
    book(token_of(activity, mine), slot)
    page = bookings_page(activity, cast.class_teacher.actor, CAST_DAY)
    assert [line.family.names for line in page.waiting] == ["己一"]
    assert [line.place for line in page.waiting] == [2]
    assert page.families == 1
    whole = bookings_page(activity, cast.head.actor, CAST_DAY)
    assert [line.family.names for line in whole.waiting] == ["庚一", "己一"]


def test_whom_somebody_must_tell_is_listed_until_told(cast, families):
    activity, tokens = families
    slot = activity.slots.first().pk
    book(tokens[0], slot)
    waiting = book(tokens[1], slot)
    actions.cancel_by_link(tokens[0], on=CAST_DAY)
    waiting.refresh_from_db()
    page = bookings_page(activity, cast.class_teacher.actor, CAST_DAY)
    assert [line.booking for line in page.to_tell] == [waiting]
    actions.note_told(waiting, by=cast.class_teacher.actor)
    assert bookings_page(activity, cast.class_teacher.actor, CAST_DAY).to_tell == []
