"""A prepared question answers as the queryset does, whatever it is asked, or refuses to be prepared."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from gongyu.ground.places.models import Containment, Place
from gongyu.ground.prepared import NotPreparable, prepared
from gongyu.ground.staff.models import Post, Role
from tests.cast import CAST_DAY, LONG_AGO


@prepared
def _posts(staff_id: int, on: date):
    return Post.objects.on(on).filter(staff_id=staff_id).select_related("place", "staff")


@prepared
def _kinds_of(places, on: date, kind: str):
    rows = Containment.objects.on(on).filter(place__in=places, ancestor_kind=kind)
    return rows.order_by("place").values_list("place", "ancestor")


@prepared
def _at(place_id: int | None):
    return Post.objects.filter(place_id=place_id).order_by("pk")


def test_rows_are_those_of_the_queryset_with_what_they_bring_along(cast):
    for person in (cast.class_teacher, cast.head, cast.district_officer):
        expected = list(_posts.build(person.staff.pk, CAST_DAY))
        found = _posts(person.staff.pk, CAST_DAY)
        assert found == expected
        with CaptureQueriesContext(connection) as queries:
            assert [p.place.name for p in found] == [p.place.name for p in expected]
        assert len(queries) == 0


def test_another_day_is_another_answer(cast):
    assert _posts(cast.class_teacher.staff.pk, CAST_DAY)
    assert _posts(cast.class_teacher.staff.pk, LONG_AGO - timedelta(days=9_000)) == []


@pytest.mark.parametrize("number", [0, 1, 2, 3, 5, 8])
def test_lists_of_every_length_are_asked_about_whole(cast, number):
    places = list(Place.objects.order_by("pk").values_list("pk", flat=True)[:number])
    for given in (places, set(places), tuple(places + places)):
        expected = list(_kinds_of.build(places, CAST_DAY, Place.Kind.CITY))
        assert _kinds_of(given, CAST_DAY, Place.Kind.CITY) == expected


def test_a_long_list_and_none_are_asked_as_ever(cast):
    many = list(Place.objects.values_list("pk", flat=True)) + list(range(10**6, 10**6 + 80))
    assert _kinds_of(many, CAST_DAY, "city") == list(_kinds_of.build(many, CAST_DAY, "city"))
    assert _at(cast.school.pk) == list(Post.objects.filter(place=cast.school).order_by("pk"))
    assert _at(None) == []


def test_the_sql_is_made_once_for_each_shape(cast, monkeypatch):
    _posts(cast.head.staff.pk, CAST_DAY)
    monkeypatch.setattr(_posts, "build", None)
    assert _posts(cast.class_teacher.staff.pk, CAST_DAY)[0].role == Role.CLASS_TEACHER


def test_each_asking_reads_anew(cast):
    before = _posts(cast.class_teacher.staff.pk, CAST_DAY)
    Post.objects.filter(pk=before[0].pk).update(until_on=CAST_DAY)
    assert len(_posts(cast.class_teacher.staff.pk, CAST_DAY)) == len(before) - 1


def _branches(kind: str):
    return Place.objects.filter(kind=kind) if kind.endswith("0 0") else Place.objects.none()


def _changes(name: str):
    return Place.objects.filter(name__startswith=name)


def _leaves_out(pk: int, kind: str):
    return Place.objects.filter(pk=pk)


def _reads_a_clock(pk: int):
    return Place.objects.on(date(2026, 11, 4)).filter(pk=pk)


def _counts_on(on: date):
    return Place.objects.filter(from_on=on + timedelta(days=1))


def _asks_nothing(pk: int):
    return Place.objects.filter(pk=pk).none()


def _is_no_queryset(pk: int):
    return [pk]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("build", "given"),
    [
        (_branches, ("city",)),
        (_changes, ("重庆",)),
        (_leaves_out, (1, "city")),
        (_reads_a_clock, (1,)),
        (_counts_on, (CAST_DAY,)),
        (_asks_nothing, (1,)),
        (_is_no_queryset, (1,)),
        (_changes, (1.5,)),
    ],
)
def test_what_depends_on_more_than_its_values_is_refused(build, given):
    with pytest.raises(NotPreparable):
        prepared(build)(*given)


def test_what_knows_a_variable_around_it_is_refused():
    wanted = Q(kind="city")
    with pytest.raises(NotPreparable):
        prepared(lambda pk: Place.objects.filter(wanted, pk=pk))
