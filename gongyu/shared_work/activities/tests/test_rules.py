"""Who sees which activity and which booking: the rule and the list agree for the whole cast."""

from types import SimpleNamespace

from django.db import OperationalError

from gongyu.shared_work.activities import actions, rules
from gongyu.shared_work.activities.models import Activity, Booking
from gongyu.shared_work.activities.patience import MOST_TRIES, is_busy, patiently
from gongyu.shared_work.activities.states import ACTIVITY, BOOKING
from tests.cast import CAST_DAY, check_view_matches_list

from .conftest import token_of


def test_whoever_may_view_an_activity_finds_it_in_the_list_and_nobody_else(cast, open_day, planned):
    planned("one class", scope="classes", class_ids=(cast.parallel_class.pk,))
    check_view_matches_list(
        cast,
        everything=Activity.objects.all(),
        may_view=lambda actor, it: rules.may_read_activity(actor, it, CAST_DAY),
        visible_to=lambda actor: rules.activities_visible_to(actor, CAST_DAY),
    )


def test_whoever_may_view_a_booking_finds_it_in_the_list_and_nobody_else(cast, open_day):
    actions.book_by_link(token_of(open_day, cast.grandmother), None, on=CAST_DAY)
    actions.book_for_family(
        open_day, cast.pupil_of_parallel_class.pk, None, on=CAST_DAY, by=cast.head.actor
    )
    check_view_matches_list(
        cast,
        everything=Booking.objects.select_related("activity"),
        may_view=lambda actor, it: rules.may_read_booking(actor, it, CAST_DAY),
        visible_to=lambda actor: rules.bookings_visible_to(actor, CAST_DAY),
    )


def test_the_schools_leaders_keep_activities_and_class_teachers_their_families_bookings(cast):
    def those(rule, place):
        people = cast.people().items()
        return {name for name, p in people if rule(p.actor, place.pk, CAST_DAY)}

    leaders = {"head", "moral_education_head", "school_leader"}
    assert those(rules.may_keep_activities, cast.school) == leaders
    assert those(rules.may_keep_bookings, cast.this_class) == leaders | {"class_teacher"}


def test_every_status_that_is_not_an_end_has_an_owner_and_a_clock():
    for table in (ACTIVITY, BOOKING):
        for status, row in table.items():
            ends = not [to for to in row["to"].values() if to != status] or status == "closed"
            assert ends or (row["owner"] and row["clock"]), status
            assert set(row["to"].values()) <= set(table)


def test_a_busy_database_is_asked_again_and_a_broken_one_is_not(monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    # A name in the module, not the connection itself, which all later tests share.
    outside = SimpleNamespace(in_atomic_block=False)
    monkeypatch.setattr("gongyu.shared_work.activities.patience.connection", outside)
    tries = []

    def deed(error):
        tries.append(error)
        if len(tries) < MOST_TRIES:
            raise OperationalError(error)
        return "done"

    assert patiently(deed)("database is locked") == "done"
    assert len(tries) == MOST_TRIES
    tries.clear()
    try:
        patiently(deed)("disk is full")
    except OperationalError as error:
        assert not is_busy(error)
    assert len(tries) == 1
