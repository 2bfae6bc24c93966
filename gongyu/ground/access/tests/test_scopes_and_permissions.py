"""What a post reaches, and what an approval opens within that."""

from datetime import timedelta

import pytest

from gongyu.ground.access import permissions
from gongyu.ground.access.models import Approval
from gongyu.ground.access.permissions import may, places_with, roles_with
from gongyu.ground.access.scopes import places_reached, reaches
from gongyu.ground.places.models import Place
from gongyu.ground.staff.models import Role
from tests.cast import CAST_DAY, CAST_MOMENT, YEAR_FROM, YESTERDAY


def test_a_class_teacher_reaches_the_class_and_nothing_else(cast):
    actor = cast.class_teacher.actor
    assert reaches(actor, cast.this_class.pk, Role.CLASS_TEACHER, on=CAST_DAY)
    assert not reaches(actor, cast.parallel_class.pk, on=CAST_DAY)
    assert not reaches(actor, cast.school.pk, on=CAST_DAY)
    assert set(places_reached(actor, on=CAST_DAY).values_list("place_id", flat=True)) == {
        cast.this_class.pk
    }


def test_an_officer_of_a_district_reaches_all_below_it_and_not_the_neighbour(cast):
    actor = cast.district_officer.actor
    assert reaches(actor, cast.this_class.pk, on=CAST_DAY)
    assert not reaches(actor, cast.class_elsewhere.pk, on=CAST_DAY)
    assert not reaches(actor, cast.city.pk, on=CAST_DAY)
    classes = places_reached(actor, kind=Place.Kind.CLASS, on=CAST_DAY)
    assert {row["place_id"] for row in classes} == {
        cast.this_class.pk,
        cast.parallel_class.pk,
        cast.secondary_class.pk,
    }


def test_another_role_of_the_same_person_does_not_lend_its_reach(cast):
    assert not reaches(cast.head.actor, cast.school.pk, Role.CLASS_TEACHER, on=CAST_DAY)


def test_nobody_and_nowhere_are_out_of_reach(cast):
    assert not reaches(None, cast.school.pk, on=CAST_DAY)
    assert not reaches(cast.head.actor, None, on=CAST_DAY)
    assert not may(None, permissions.CHILD_READ, cast.school.pk, CAST_DAY)
    assert not places_with(None, permissions.CHILD_READ, on=CAST_DAY)


def test_a_teacher_who_left_yesterday_may_no_more(cast):
    actor = cast.teacher_who_left_yesterday.actor
    assert actor.posts == ()
    assert not may(actor, permissions.CHILD_READ, cast.parallel_class.pk, CAST_DAY)


def test_a_post_without_an_approval_opens_no_child(cast):
    actor = cast.teacher_without_approval.actor
    assert may(actor, permissions.SEARCH, cast.this_class.pk, CAST_DAY)
    assert not may(actor, permissions.CHILD_READ, cast.this_class.pk, CAST_DAY)
    assert may(actor, permissions.CHILD_READ, cast.this_class.pk, YESTERDAY)


def test_a_withdrawn_approval_opens_nothing(cast):
    Approval.objects.filter(staff=cast.class_teacher.staff).update(withdrawn_at=CAST_MOMENT)
    assert not may(cast.class_teacher.actor, permissions.CHILD_READ, cast.this_class.pk, CAST_DAY)


def test_an_approval_for_another_school_opens_nothing_here(cast):
    Approval.objects.filter(staff=cast.class_teacher.staff).update(place=cast.secondary_school)
    assert not may(cast.class_teacher.actor, permissions.CHILD_READ, cast.this_class.pk, CAST_DAY)


def test_an_approval_for_another_purpose_opens_nothing(cast):
    Approval.objects.filter(staff=cast.class_teacher.staff).update(
        purpose=Approval.Purpose.SUPERVISION
    )
    assert not may(cast.class_teacher.actor, permissions.CHILD_READ, cast.this_class.pk, CAST_DAY)


def test_officers_and_administrators_never_read_a_child(cast):
    for role in (Role.DISTRICT_OFFICER, Role.CITY_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR):
        assert role not in roles_with(permissions.CHILD_READ)
        assert role not in roles_with(permissions.FIGURE_ROWS)
    assert Role.ADMINISTRATOR not in roles_with(permissions.APPROVAL_GIVE)


@pytest.mark.parametrize("day", [YEAR_FROM, CAST_DAY, CAST_DAY + timedelta(days=400)])
def test_may_is_true_exactly_for_the_places_with_the_permission(cast, day):
    all_permissions = sorted(set().union(*permissions.PERMISSIONS.values()))
    places = list(Place.objects.values_list("pk", flat=True))
    for person in cast.people().values():
        for permission in all_permissions:
            listed = set(
                places_with(person.actor, permission, on=day).values_list("place_id", flat=True)
            )
            single = {p for p in places if may(person.actor, permission, p, day)}
            assert single == listed, (person.user.username, permission)
