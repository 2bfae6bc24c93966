"""Posts open and close, and the ledger follows."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from gongyu.ground.audit.models import Entry
from gongyu.ground.ledger.models import Fact
from gongyu.ground.ledger.queries import standing_fact_of
from gongyu.ground.staff import queries
from gongyu.ground.staff.actions import (
    NewPost,
    NewStaff,
    add_staff,
    add_staff_many,
    close_post,
    open_post,
    open_posts,
)
from gongyu.ground.staff.models import Post, Role, Staff
from gongyu.ground.staff.rules import PLACE_KIND_OF, PostRefused
from tests.cast import CAST_DAY, YEAR_FROM

WEEK = timedelta(days=7)


@pytest.fixture
def newcomer(cast):
    return add_staff("石岚", by=cast.registrar.actor)


def test_an_opened_post_is_in_the_ledger_and_in_the_audit(cast, newcomer):
    post = open_post(
        newcomer.pk, cast.this_class.pk, Role.SUBJECT_TEACHER, CAST_DAY,
        by=cast.registrar.actor, subject="数学",
    )  # fmt: skip
    fact = standing_fact_of("staff.post", post.pk)
    assert (fact.kind, fact.status, fact.detail) == ("post.held", "subject_teacher", "")
    assert (fact.place_id, fact.actor_id) == (cast.this_class.pk, newcomer.pk)
    assert (fact.on_date, fact.until_date) == (CAST_DAY, None)
    entry = Entry.objects.filter(verb="post.open").latest("seq")
    assert entry.staff_id == cast.registrar.staff.pk
    assert entry.detail == {"post": post.pk, "role": "subject_teacher", "acting": False}


def test_a_second_regular_class_teacher_is_refused_by_name(cast, newcomer):
    facts, entries = Fact.objects.count(), Entry.objects.count()
    with pytest.raises(PostRefused, match="已有班主任周晓兰"):
        open_post(
            newcomer.pk, cast.this_class.pk, Role.CLASS_TEACHER, CAST_DAY, by=cast.registrar.actor
        )
    assert (Fact.objects.count(), Entry.objects.count()) == (facts, entries)


def test_somebody_may_act_beside_the_class_teacher(cast, newcomer):
    post = open_post(
        newcomer.pk, cast.this_class.pk, Role.CLASS_TEACHER, CAST_DAY,
        by=cast.registrar.actor, acting=True,
    )  # fmt: skip
    assert standing_fact_of("staff.post", post.pk).detail == "acting"
    held = queries.class_teachers_on(cast.this_class.pk, CAST_DAY)
    assert [p.acting for p in held] == [False, True]
    assert queries.class_teacher_on(cast.this_class.pk, CAST_DAY).staff == cast.class_teacher.staff


def test_a_successor_may_start_on_the_day_the_other_no_longer_holds(cast, newcomer):
    close_post(cast.class_teacher.post, CAST_DAY, by=cast.registrar.actor)
    open_post(
        newcomer.pk, cast.this_class.pk, Role.CLASS_TEACHER, CAST_DAY, by=cast.registrar.actor
    )
    before = queries.class_teacher_on(cast.this_class.pk, CAST_DAY - timedelta(days=1))
    assert before.staff == cast.class_teacher.staff
    assert queries.class_teacher_on(cast.this_class.pk, CAST_DAY).staff == newcomer


def test_a_batch_with_two_class_teachers_for_one_class_is_refused_whole(cast, newcomer):
    other = add_staff("冯军", by=cast.registrar.actor)
    close_post(cast.class_teacher.post, CAST_DAY, by=cast.registrar.actor)
    before = Post.objects.count()
    rows = [
        NewPost(who.pk, cast.this_class.pk, Role.CLASS_TEACHER, CAST_DAY + WEEK * n)
        for n, who in enumerate([newcomer, other])
    ]
    with pytest.raises(PostRefused):
        open_posts(rows, by=cast.registrar.actor)
    assert Post.objects.count() == before


def test_the_same_post_twice_is_refused(cast):
    with pytest.raises(PostRefused, match="请勿重复登记"):
        open_post(
            cast.subject_teacher.staff.pk, cast.this_class.pk, Role.SUBJECT_TEACHER, CAST_DAY,
            by=cast.registrar.actor,
        )  # fmt: skip


def test_closing_a_post_supersedes_its_fact(cast, newcomer):
    by = cast.registrar.actor
    post = open_post(newcomer.pk, cast.this_class.pk, Role.SUBJECT_TEACHER, YEAR_FROM, by=by)
    first = standing_fact_of("staff.post", post.pk)
    closed = close_post(post, CAST_DAY, by=by, why="调离")
    fact = standing_fact_of("staff.post", post.pk)
    assert closed.until_on == CAST_DAY
    assert (fact.supersedes_id, fact.until_date) == (first.seq, CAST_DAY)
    assert Fact.objects.get(pk=first.seq).until_date is None
    assert Entry.objects.get(verb="post.close").why == "调离"
    assert queries.posts_of(newcomer.pk, CAST_DAY) == []
    assert queries.posts_of(newcomer.pk, CAST_DAY - timedelta(days=1)) == [closed]


def test_a_post_is_not_closed_twice_nor_before_it_began(cast):
    by = cast.registrar.actor
    with pytest.raises(PostRefused, match="必须晚于这一天"):
        close_post(cast.class_teacher.post, YEAR_FROM, by=by)
    with pytest.raises(PostRefused, match="已于2026年11月4日结束"):
        close_post(cast.teacher_who_left_yesterday.post, CAST_DAY + WEEK, by=by)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_held_at_its_kind_of_place_alone(cast, newcomer, role):
    places = (cast.this_class, cast.school, cast.city_department, cast.district_department)
    for place in places:
        if place.kind == PLACE_KIND_OF[role]:
            continue
        with pytest.raises(PostRefused, match="任职单位应为"):
            open_post(newcomer.pk, place.pk, role, CAST_DAY, by=cast.administrator.actor)


def test_a_city_officer_is_not_of_a_district(cast, newcomer):
    by = cast.administrator.actor
    with pytest.raises(PostRefused, match="不设市教委干部岗位"):
        open_post(newcomer.pk, cast.district_department.pk, Role.CITY_OFFICER, CAST_DAY, by=by)
    with pytest.raises(PostRefused, match="不设区县教委干部岗位"):
        open_post(newcomer.pk, cast.city_department.pk, Role.DISTRICT_OFFICER, CAST_DAY, by=by)
    assert open_post(newcomer.pk, cast.district_department.pk, Role.AUDITOR, CAST_DAY, by=by)


def test_no_post_begins_where_the_class_does_not_exist_yet(cast, newcomer):
    with pytest.raises(PostRefused, match="没有开办"):
        open_post(
            newcomer.pk, cast.this_class.pk, Role.SUBJECT_TEACHER, YEAR_FROM - WEEK,
            by=cast.registrar.actor,
        )  # fmt: skip


def test_the_database_refuses_a_post_that_ends_before_it_begins(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=cast.class_teacher.post.pk).update(until_on=YEAR_FROM)


def test_the_database_refuses_a_role_that_nobody_knows(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=cast.class_teacher.post.pk).update(role="king")


def test_staff_are_found_by_initials_and_their_numbers_are_not_in_the_clear(cast):
    [one] = add_staff_many(
        [NewStaff("石岚", "500103198001010016", "13900000009")], by=cast.registrar.actor
    )
    assert one.initials == "sl"
    assert len(one.id_digest) == 64
    assert "500103198001010016" not in one.id_digest
    assert Staff.objects.get(id_digest=one.id_digest).phone == "13900000009"


def test_the_staff_of_a_school_are_all_who_hold_a_post_in_it_today(cast):
    names = {c.staff.name for c in queries.staff_of_school(cast.school.pk, CAST_DAY)}
    assert cast.class_teacher.staff.name in names
    assert cast.head.staff.name in names
    assert cast.teacher_who_left_yesterday.staff.name not in names
    assert cast.class_teacher_of_secondary_class.staff.name not in names


def test_many_classes_are_answered_in_one_question(cast, django_assert_num_queries):
    ids = [cast.this_class.pk, cast.parallel_class.pk, cast.class_elsewhere.pk]
    with django_assert_num_queries(1):
        found = queries.class_teachers_of(ids, CAST_DAY)
    assert found[cast.parallel_class.pk][0].staff == cast.class_teacher_of_parallel_class.staff
