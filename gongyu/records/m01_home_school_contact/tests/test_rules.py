"""Who may record and read: exactly those who are in the matching list, and nobody who left."""

from datetime import timedelta

from gongyu.ground.access.models import Approval
from gongyu.ground.access.queries import actor_for
from gongyu.ground.people.models import Child
from gongyu.ground.staff.models import Post
from gongyu.records.m01_home_school_contact import rules
from gongyu.records.m01_home_school_contact.models import VisitChild
from gongyu.records.m01_home_school_contact.queries import visits_of_child
from gongyu.records.m01_home_school_contact.queries.records import visit_page
from tests.cast import CAST_DAY


def test_may_read_is_exactly_being_in_the_list(cast, record):
    visits = [
        record(),
        record(cast.subject_teacher, notes={cast.classmate.pk: ""}, met=(), met_other="妈妈"),
        record(
            cast.class_teacher_elsewhere,
            notes={cast.child_elsewhere.pk: ""},
            met=(),
            met_other="爸爸",
        ),
    ]
    readers = {visit.pk: set() for visit in visits}
    for name, person in cast.people().items():
        seen = set(rules.visits_visible_to(person.actor, CAST_DAY).values_list("pk", flat=True))
        for visit in visits:
            assert rules.may_read_visit(person.actor, visit, CAST_DAY) == (visit.pk in seen), name
            if visit.pk in seen:
                readers[visit.pk].add(name)
    here = {"class_teacher", "head", "moral_education_head"}
    assert list(readers.values()) == [
        here,
        here | {"subject_teacher"},
        {"class_teacher_elsewhere", "head_elsewhere"},
    ]
    assert not rules.visits_visible_to(None, CAST_DAY).exists()


def test_may_record_is_exactly_being_in_the_list(cast):
    for name, person in cast.people().items():
        listed = set(rules.children_to_record(person.actor, CAST_DAY).values_list("pk", flat=True))
        for child in Child.objects.all():
            may = rules.may_record_visit(person.actor, child, CAST_DAY)
            assert may == (child.pk in listed), (name, child.pk)
    assert not rules.may_record_visit(cast.registrar.actor, cast.pupil, CAST_DAY)
    assert not rules.may_record_visit(cast.district_officer.actor, cast.pupil, CAST_DAY)
    assert rules.may_record_visit(cast.class_teacher.actor, cast.pupil, CAST_DAY)


def test_in_summer_may_record_is_still_exactly_being_in_the_list(cast):
    from datetime import date

    august = date(2026, 8, 20)
    Post.objects.update(from_on=date(2026, 8, 1))
    Approval.objects.update(from_on=date(2026, 8, 1))
    cast.this_class.from_on = date(2026, 8, 1)
    cast.this_class.save()
    cast.this_class.containers.update(from_on=date(2026, 8, 1))
    actor = actor_for(cast.class_teacher.user, august)
    listed = set(rules.children_to_record(actor, august).values_list("pk", flat=True))
    assert cast.pupil.pk in listed
    for child in Child.objects.all():
        assert rules.may_record_visit(actor, child, august) == (child.pk in listed)


def test_a_teacher_who_left_the_post_yesterday_sees_nothing(cast, record):
    gone = cast.teacher_who_left_yesterday
    yesterday = CAST_DAY - timedelta(days=1)
    then = actor_for(gone.user, yesterday)
    from gongyu.records.m01_home_school_contact import actions
    from gongyu.records.m01_home_school_contact.shapes import VisitEntry

    visit = actions.record_visit(
        VisitEntry(
            yesterday,
            {cast.pupil_of_parallel_class.pk: ""},
            setting="home",
            met_other="妈妈",
        ),
        on=yesterday,
        key="k",
        by=then,
    )
    assert rules.may_read_visit(then, visit, yesterday)
    assert not rules.visits_visible_to(gone.actor, CAST_DAY).exists()
    assert not rules.children_to_record(gone.actor, CAST_DAY).exists()
    assert not rules.follow_ups_visible_to(gone.actor, CAST_DAY).exists()
    assert not rules.proposals_visible_to(gone.actor, CAST_DAY).exists()
    # The successor reads what was found, for it is the same class.
    assert rules.may_read_visit(cast.class_teacher_of_parallel_class.actor, visit, CAST_DAY)


def test_without_a_standing_approval_nothing_is_seen(cast, record):
    visit = record()
    Approval.objects.filter(staff=cast.class_teacher.staff).update(until_on=CAST_DAY)
    assert not rules.may_read_visit(cast.class_teacher.actor, visit, CAST_DAY)
    assert not rules.may_record_visit(cast.class_teacher.actor, cast.pupil, CAST_DAY)
    assert not rules.may_work_with_class(
        cast.teacher_without_approval.actor, cast.this_class.pk, CAST_DAY
    )


def test_the_new_school_learns_that_there_was_a_visit_and_not_what_was_said(cast, record):
    yesterday = CAST_DAY - timedelta(days=1)
    record(
        visited_on=yesterday,
        notes={cast.child_who_moved_away.pk: ""},
        met=(),
        met_other="奶奶",
    )
    reader = cast.class_teacher_elsewhere.actor
    assert visits_of_child(cast.child_who_moved_away.pk, CAST_DAY, reader) == []
    [row] = visits_of_child(cast.child_who_moved_away.pk, CAST_DAY)
    assert row.visit.visited_on == yesterday
    assert row.visit.get_deferred_fields() >= {"asked", "follows"}
    # And the former class teacher no longer reads a child who is no longer hers; the head does.
    assert not rules.visits_visible_to(cast.class_teacher.actor, CAST_DAY).exists()
    assert rules.visits_visible_to(cast.head.actor, CAST_DAY).exists()


def test_a_siblings_class_teacher_reads_the_note_of_the_own_pupil_alone(cast, record, brother):
    visit = record(notes={cast.pupil.pk: "爱画画", brother.pk: "怕黑"})
    page = visit_page(visit.pk, CAST_DAY, cast.class_teacher_of_parallel_class.actor)
    # The companion was there and reads the own pupil's row; the other child is not named.
    assert [row.note for row in page.rows] == ["怕黑"]
    assert page.others == 1
    assert VisitChild.objects.count() == 2


def test_reasons_and_wishes_are_for_those_who_plan(cast):
    planners = {
        name
        for name, person in cast.people().items()
        if rules.sees_needs(person.actor, cast.this_class.pk, CAST_DAY)
    }
    assert planners == {"class_teacher", "head", "moral_education_head"}
