"""A prepared query answers as the ORM does, for every value and everybody, or refuses to be made."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Count, Exists, OuterRef
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongyu.ground.access.permissions import CHILD_READ, FIGURE_READ, places_with
from gongyu.ground.audit.actors import Actor
from gongyu.ground.people.models import Care, Child, Enrolment, Leave
from gongyu.ground.people.rules import children_visible_to
from gongyu.ground.places.models import Containment, Place, SchoolClass
from gongyu.ground.prepared import StrayMark, keep_fetched, prepared
from gongyu.ground.staff.models import Post, Role
from tests.cast import CAST_DAY, LONG_AGO, Cast, Person


@prepared
def _posts(staff_id: int, on: date):
    return Post.objects.on(on).filter(staff=staff_id).select_related("place", "staff")


@prepared
def _above(places, on: date, *, kind: str = "city"):
    rows = Containment.objects.on(on).filter(place__among=places, ancestor_kind=kind)
    return rows.order_by("place").values_list("place", "ancestor")


@prepared
def _pupils(class_id: int, on: date):
    away = Leave.objects.on(on).filter(child=OuterRef("child"))
    return (
        Enrolment.objects.on(on)
        .filter(school_class=class_id)
        .select_related("child__home", "child__visit_preference", "school_class__school_class")
        .defer("child__id_number", "child__address")
        .annotate(is_away=Exists(away), cares=Count("child__cares"))
        .order_by("child__name", "pk")
    )


@prepared
def _children(actor: Actor, on: date):
    return children_visible_to(actor, on).values_list("pk", flat=True)


@prepared
def _places(actor: Actor, on: date, *, permission: str):
    return places_with(actor, permission, on=on).values_list("place_id", flat=True)


def _people(cast: Cast) -> list[Person]:
    return [each for each in vars(cast).values() if isinstance(each, Person)]


def test_models_come_as_the_orm_makes_them_with_what_was_selected(cast):
    for person in (cast.class_teacher, cast.head, cast.district_officer):
        expected = list(_posts.__wrapped__(person.staff.pk, CAST_DAY))
        found = _posts(person.staff.pk, CAST_DAY)
        assert found == expected
        assert [vars(post.place)["name"] for post in found] == [p.place.name for p in expected]
        with CaptureQueriesContext(connection) as queries:
            assert [p.staff.phone for p in found] == [p.staff.phone for p in expected]
        assert len(queries) == 0
        assert not any(post._state.adding for post in found)


def test_annotations_deferred_columns_and_missing_relations_are_as_in_the_orm(cast):
    expected = list(_pupils.__wrapped__(cast.this_class.pk, CAST_DAY))
    found = _pupils(cast.this_class.pk, CAST_DAY)
    assert found
    assert found == expected
    for one, other in zip(found, expected, strict=True):
        assert (one.is_away, one.cares) == (other.is_away, other.cares)
        assert one.child.get_deferred_fields() == {"id_number", "address"}
        assert (one.child.home is None) == (other.child.home is None)
        assert hasattr(one.child, "visit_preference") == hasattr(other.child, "visit_preference")
        assert one.school_class.school_class.school_year == 2026
        assert one.from_on == other.from_on
    with CaptureQueriesContext(connection) as queries:
        assert found[0].child.address == Child.objects.get(pk=found[0].child_id).address
    assert len(queries) == 2


@pytest.mark.parametrize("number", [0, 1, 2, 30, 400])
def test_lists_of_every_length_are_one_statement(cast, number):
    places = list(Place.objects.order_by("pk").values_list("pk", flat=True))
    asked = (places * 400)[:number]
    expected = Containment.objects.on(CAST_DAY).filter(place__in=asked, ancestor_kind="city")
    expected = list(expected.order_by("place").values_list("place", "ancestor"))
    for given in (asked, set(asked), tuple(asked)):
        assert _above(given, CAST_DAY) == expected


def test_each_asking_reads_anew_and_another_day_is_another_answer(cast):
    staff = cast.class_teacher.staff.pk
    before = _posts(staff, CAST_DAY)
    assert before
    assert _posts(staff, LONG_AGO - timedelta(days=9_000)) == []
    Post.objects.filter(pk=before[0].pk).update(until_on=CAST_DAY)
    assert len(_posts(staff, CAST_DAY)) == len(before) - 1


def test_everybody_gets_the_own_answer_whoever_asked_first(cast):
    seen = []
    for person in [*_people(cast), *reversed(_people(cast))]:
        expected = sorted(children_visible_to(person.actor, CAST_DAY).values_list("pk", flat=True))
        assert sorted(_children(person.actor, CAST_DAY)) == expected
        for permission in (CHILD_READ, FIGURE_READ):
            rows = places_with(person.actor, permission, on=CAST_DAY)
            assert set(_places(person.actor, CAST_DAY, permission=permission)) == {
                row["place_id"] for row in rows
            }
        seen.append(tuple(expected))
    assert len(set(seen)) > 3


def test_two_people_of_one_role_share_the_sql_and_nothing_else(cast):
    one, other = cast.class_teacher.actor, cast.class_teacher_elsewhere.actor
    assert one.query_shape() == other.query_shape()
    assert set(_children(one, CAST_DAY)).isdisjoint(_children(other, CAST_DAY))


def test_nothing_of_a_person_but_numbers_enters_a_kept_query(cast):
    actor = cast.class_teacher.actor
    marked, numbers = Actor.for_query(actor.query_shape(), 31_000)
    assert marked.query_shape() == actor.query_shape()
    assert marked.query_numbers() == numbers
    assert len(numbers) == len(actor.query_numbers())
    known = {"user_id", "name", "staff_id", "posts", "standing", "carer_id"}
    # A field that is added must be made of marks, or of nothing, in `for_query`.
    assert set(Actor.__dataclass_fields__) <= known
    assert marked.name == ""


def test_a_number_that_no_column_holds_finds_nothing(cast):
    assert _posts(10**40, CAST_DAY) == []
    assert _posts(-(10**40), CAST_DAY) == []


def test_what_is_kept_fetched_is_not_asked_for_again(cast):
    child = Child.objects.get(pk=cast.pupil.pk)
    cares = list(Care.objects.filter(child=child).order_by("pk"))
    keep_fetched(child, "cares", cares)
    with CaptureQueriesContext(connection) as queries:
        assert list(child.cares.all()) == cares
    assert len(queries) == 0


def _by_month(on: date):
    found = Place.objects.filter(from_on=on)
    return found.filter(kind="city") if on.month in {7, 8} else found


def _reckons(on: date):
    return Place.objects.filter(from_on=on + timedelta(days=1))


def _begins(name: str):
    return Place.objects.filter(name__startswith=name)


def _reads_a_clock(pk: int):
    return Place.objects.on(timezone.localdate()).filter(pk=pk)


def _prefetches(pk: int):
    return SchoolClass.objects.filter(pk=pk).prefetch_related("place__containers")


def _as_dicts(pk: int):
    return Place.objects.filter(pk=pk).values("name")


def _plain_list(ids: list[int]):
    return Place.objects.filter(pk__in=ids)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("build", "value"),
    [
        (_by_month, CAST_DAY),
        (_reckons, CAST_DAY),
        (_begins, "重庆"),
        (_reads_a_clock, 1),
        (_prefetches, 1),
        (_as_dicts, 1),
        (_plain_list, [1]),
        (_reads_a_clock, True),
        (_reads_a_clock, 1.5),
    ],
)
def test_what_has_no_constant_shape_is_refused(build, value):
    with pytest.raises(StrayMark):
        prepared(build)(value)


def test_a_shape_without_rows_asks_nothing(db):
    nobody = prepared(lambda pk, *, role: Post.objects.filter(pk=pk, role__in=role))
    with CaptureQueriesContext(connection) as queries:
        assert nobody(1, role=()) == []
    assert len(queries) == 0
    assert nobody(1, role=(Role.HEAD,)) == []


@pytest.mark.django_db
def test_a_part_of_a_larger_statement_is_the_query_itself(cast: Cast):
    place = cast.this_class.pk
    sql, params = _above.part([place], CAST_DAY)  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH p (a, b) AS ({sql}) SELECT a, b FROM p", params)
        assert [tuple(row) for row in cursor.fetchall()] == _above([place], CAST_DAY)
    assert _posts.part(2**63, CAST_DAY) is None  # type: ignore[attr-defined]
