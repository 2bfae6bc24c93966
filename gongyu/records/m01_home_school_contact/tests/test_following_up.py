"""A follow-up has an owner and a day, and ends in one of three ways."""

from datetime import timedelta

import pytest

from gongyu.records.m01_home_school_contact import actions, queries, rules
from gongyu.records.m01_home_school_contact.models import FollowUp
from gongyu.records.m01_home_school_contact.queries.work import follow_ups_for
from gongyu.records.m01_home_school_contact.rules import VisitFault
from gongyu.records.m01_home_school_contact.shapes import NextStep
from tests.cast import CAST_DAY


@pytest.fixture
def task(cast, record):
    record(
        next_step=NextStep("借两本书", CAST_DAY + timedelta(days=7), cast.class_teacher.staff.pk)
    )
    return FollowUp.objects.get()


def test_it_waits_for_its_owner(cast, task):
    assert queries.follow_ups_of(cast.class_teacher.staff, CAST_DAY) == [task]
    assert queries.follow_ups_of(cast.head.staff, CAST_DAY) == []


def test_done_is_done_once_and_not_in_the_future(cast, task):
    by = cast.class_teacher.actor
    with pytest.raises(VisitFault) as fault:
        actions.do_follow_up(task, done_on=CAST_DAY + timedelta(days=1), on=CAST_DAY, by=by)
    assert fault.value.field == "done_on"
    actions.do_follow_up(task, done_on=CAST_DAY, on=CAST_DAY, by=by)
    assert queries.follow_ups_of(cast.class_teacher.staff, CAST_DAY) == []
    with pytest.raises(VisitFault):
        actions.drop_follow_up(task, note="不用了", by=by)


def test_handing_over_gives_it_to_somebody_else_and_keeps_the_trail(cast, task):
    fresh = actions.hand_over_follow_up(
        task,
        owner=cast.subject_teacher.staff,
        due_on=CAST_DAY + timedelta(days=9),
        on=CAST_DAY,
        by=cast.class_teacher.actor,
    )
    task.refresh_from_db()
    assert (task.status, fresh.handed_from, fresh.what) == ("handed_over", task, "借两本书")
    assert follow_ups_for(cast.subject_teacher.actor, CAST_DAY) == [fresh]


@pytest.mark.parametrize("fault_field", ["owner", "due_on"])
def test_handing_over_to_oneself_or_into_the_past_is_refused(cast, task, fault_field):
    told = {
        "owner": cast.subject_teacher.staff,
        "due_on": CAST_DAY,
        "on": CAST_DAY,
        "by": cast.class_teacher.actor,
    }
    told[fault_field] = {"owner": cast.class_teacher.staff, "due_on": CAST_DAY - timedelta(days=1)}[
        fault_field
    ]
    with pytest.raises(VisitFault) as fault:
        actions.hand_over_follow_up(task, **told)
    assert fault.value.field == fault_field


def test_dropping_needs_a_word(cast, task):
    with pytest.raises(VisitFault):
        actions.drop_follow_up(task, note=" ", by=cast.class_teacher.actor)
    actions.drop_follow_up(task, note="家里已经买了", by=cast.class_teacher.actor)
    assert FollowUp.objects.get().status == "dropped"


def test_the_owner_and_the_readers_of_the_school_change_it_and_nobody_else(cast, task):
    may = {
        name
        for name, person in cast.people().items()
        if rules.may_change_follow_up(person.actor, task, CAST_DAY)
    }
    assert may == {"class_teacher", "head", "moral_education_head"}


@pytest.mark.parametrize("years", [-1, 1000])
def test_it_is_done_after_the_visit_and_within_the_year(cast, task, years):
    by, day = cast.class_teacher.actor, CAST_DAY.replace(year=CAST_DAY.year + years)
    with pytest.raises(VisitFault):
        actions.do_follow_up(task, done_on=day, on=CAST_DAY, by=by)
    with pytest.raises(VisitFault):
        actions.hand_over_follow_up(
            task, owner=cast.subject_teacher.staff, due_on=day, on=CAST_DAY, by=by
        )
    task.refresh_from_db()
    assert task.status == "open"
