"""The class on the phone: who first and why, by which road, and in few queries."""

from datetime import date, timedelta

import pytest

from gongyu.ground.people.models import Bar, Care, Child, Enrolment, Leave, Relation
from gongyu.records.m01_home_school_contact import actions, queries
from gongyu.records.m01_home_school_contact.models import Decline
from gongyu.records.m01_home_school_contact.needs import REASONS, History, rank, reasons
from gongyu.records.m01_home_school_contact.queries.work import school_progress
from gongyu.records.m01_home_school_contact.shapes import NextStep
from gongyu.shared_work.family_links.carers import carers_of_family, siblings_of
from tests.cast import CAST_DAY, YEAR_FROM, YESTERDAY


def row_of(cast, child, on=CAST_DAY):
    overview = queries.class_overview(cast.this_class.pk, on)
    return next(row for row in overview.rows if row.child == child)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, ("never_visited",)),
        ({"last_held_on": YEAR_FROM}, ()),
        ({"last_held_on": YEAR_FROM, "asked_on": CAST_DAY}, ("family_asked",)),
        ({"last_held_on": CAST_DAY, "asked_on": YEAR_FROM}, ()),
        ({"last_held_on": YEAR_FROM, "carer_changed_on": CAST_DAY}, ("carer_changed",)),
        ({"last_held_on": YEAR_FROM, "carer_changed_on": CAST_DAY + timedelta(days=1)}, ()),
        (
            {"last_held_on": YEAR_FROM, "joined_on": CAST_DAY, "joined_midway": True},
            ("new_in_class",),
        ),
        ({"last_held_on": YEAR_FROM, "joined_on": CAST_DAY}, ()),
        ({"last_held_on": YEAR_FROM, "last_attempt_on": CAST_DAY}, ("failed_attempt",)),
        ({"last_held_on": YEAR_FROM, "open_follow_ups": 1}, ("follow_up_open",)),
    ],
)
def test_a_reason_holds_from_its_cause_until_the_visit_that_answers_it(known, expected):
    assert reasons(History(**known), CAST_DAY) == expected


def test_the_order_of_reasons_is_the_order_of_need():
    keys = list(REASONS)
    ranked = [rank((key,)) for key in keys]
    assert ranked == sorted(ranked)
    assert rank(("family_asked", "never_visited")) < rank(("family_asked",))


def test_the_most_needed_come_first_and_visited_ones_last(cast, record):
    actions.set_preference(cast.classmate, asked_on=CAST_DAY, by=cast.class_teacher.actor)
    names = [r.child for r in queries.class_overview(cast.this_class.pk, CAST_DAY).rows]
    assert names == [cast.classmate, cast.pupil]
    record(notes={cast.classmate.pk: ""}, met=(cast.classmates_mother.pk,))
    overview = queries.class_overview(cast.this_class.pk, CAST_DAY)
    assert [r.child for r in overview.to_visit] == [cast.pupil]
    assert [r.child for r in overview.visited] == [cast.classmate]


def test_whoever_left_the_class_is_not_on_the_list(cast):
    overview = queries.class_overview(cast.this_class.pk, CAST_DAY)
    assert {row.child for row in overview.rows} == {cast.pupil, cast.classmate}
    overview = queries.class_overview(cast.this_class.pk, YESTERDAY)
    assert cast.child_who_moved_away in {row.child for row in overview.rows}


def test_a_visit_elsewhere_is_told_and_home_is_still_to_be_visited(cast, record):
    record(setting="elsewhere")
    row = row_of(cast, cast.pupil)
    assert (row.state, row.met_elsewhere) == ("to_visit", True)


def test_a_leaders_visit_is_not_the_class_teachers(cast, record):
    record(cast.head)
    assert row_of(cast, cast.pupil).state == "to_visit"


def test_a_visit_of_last_year_leaves_the_child_to_be_visited(cast, record):
    record()
    assert row_of(cast, cast.pupil).state == "visited"
    Enrolment.objects.filter(child=cast.pupil).update(until_on=None)
    last_year = row_of(cast, cast.pupil).last_held
    assert last_year.visited_on == CAST_DAY


def test_a_child_from_another_school_is_not_yet_visited_by_us(cast, record):
    Enrolment.objects.filter(child=cast.child_elsewhere).update(until_on=CAST_DAY)
    record(
        cast.class_teacher_elsewhere,
        visited_on=YESTERDAY,
        notes={cast.child_elsewhere.pk: ""},
        met=(),
        met_other="妈妈",
    )
    Enrolment.objects.create(
        child=cast.child_elsewhere,
        school=cast.school,
        school_class=cast.this_class,
        from_on=CAST_DAY,
        how_in="transferred",
    )
    row = row_of(cast, cast.child_elsewhere)
    assert (row.state, row.visited_by_former_teacher) == ("to_visit", True)
    assert "new_in_class" in row.reasons


def test_leave_and_decline_are_shown_apart_and_are_not_to_visit(cast, record):
    Leave.objects.create(child=cast.classmate, kind="long_illness", from_on=YEAR_FROM)
    record(outcome="refused", visited_on=YESTERDAY)
    record(outcome="refused")
    overview = queries.class_overview(cast.this_class.pk, CAST_DAY)
    assert [r.child for r in overview.away] == [cast.classmate]
    assert [r.state for r in overview.to_visit] == ["decline_waiting"]
    actions.acknowledge_decline(Decline.objects.get(), on=CAST_DAY, by=cast.head.actor)
    overview = queries.class_overview(cast.this_class.pk, CAST_DAY)
    assert overview.to_visit == [] and [r.child for r in overview.declined] == [cast.pupil]


def test_a_changed_carer_and_an_open_follow_up_are_reasons(cast, record):
    early = date(2026, 9, 10)
    step = NextStep("借书", early, cast.class_teacher.staff.pk)
    record(visited_on=early, setting="elsewhere", next_step=step)
    assert row_of(cast, cast.pupil).reasons == ("follow_up_open",)
    Care.objects.create(
        child=cast.pupil, carer=cast.classmates_mother, relation="relative", from_on=CAST_DAY
    )
    assert row_of(cast, cast.pupil).reasons == ("carer_changed", "follow_up_open")


def test_families_are_grouped_along_roads_and_the_unplaced_stand_apart(cast):
    Child.objects.filter(pk=cast.classmate.pk).update(home=None)
    groups = queries.class_overview(cast.this_class.pk, CAST_DAY).roads
    assert [(g.road.key if g.road else None) for g in groups] == [
        ("七星岗街道", "兴隆街社区"),
        None,
    ]
    assert [r.child for r in groups[1].rows] == [cast.classmate]


def test_siblings_are_shown_but_not_through_somebody_who_is_barred(cast, brother):
    here = {s.name for s in row_of(cast, cast.pupil).siblings}
    assert here == {"杨小风", "杨小雪"}
    Care.objects.filter(child=cast.sister).exclude(carer=cast.barred_father).delete()
    Bar.objects.filter(child=cast.sister).delete()
    # Only the father, whom the pupil must not meet, ties the sister to the pupil now.
    assert {s.name for s in siblings_of([cast.pupil.pk], CAST_DAY)[cast.pupil.pk]} == {"杨小风"}


def test_whoever_is_barred_from_one_sibling_is_not_offered_for_the_family(cast, brother):
    Care.objects.create(
        child=brother, carer=cast.barred_father, relation=Relation.FATHER, from_on=YEAR_FROM
    )
    family = carers_of_family([cast.pupil.pk, brother.pk], CAST_DAY)
    assert cast.barred_father.pk not in {c.carer_id for c in family}
    assert family[0].carer_id == cast.grandmother.pk


def test_the_number_of_queries_does_not_grow_with_the_class(
    cast, record, brother, django_assert_max_num_queries
):
    record(next_step=NextStep("借书", CAST_DAY, cast.class_teacher.staff.pk))
    for number in range(12):
        child = Child.objects.create(name=f"孩子{number}", home=cast.community)
        Enrolment.objects.create(
            child=child,
            school=cast.school,
            school_class=cast.this_class,
            from_on=YEAR_FROM,
            how_in="promoted",
        )
        Care.objects.create(
            child=child, carer=cast.grandmother, relation="other", is_daily_carer=True,
            from_on=YEAR_FROM,
        )  # fmt: skip
    with django_assert_max_num_queries(13):
        overview = queries.class_overview(cast.this_class.pk, CAST_DAY)
        assert overview.total == 14
        assert [group.rows for group in overview.roads]


def test_a_schools_progress_counts_children_and_keeps_leaders_apart(
    cast, record, django_assert_max_num_queries
):
    record()
    record(cast.head, notes={cast.classmate.pk: ""}, met=(), met_other="妈妈")
    with django_assert_max_num_queries(4):
        progress = school_progress(cast.school.pk, CAST_DAY)
    assert (progress.children, progress.visited) == (3, 1)
    assert (progress.by_leaders, progress.by_subject_teachers) == (1, 0)
    teachers = [c.class_teacher for c in progress.classes]
    assert teachers == ["周晓兰", "谭丽"]
