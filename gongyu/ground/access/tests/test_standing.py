"""What a request reads once decides as the database does, and the next request reads anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from gongyu.ground.access.middleware import actor_of_the_request
from gongyu.ground.access.models import Approval
from gongyu.ground.access.permissions import CHILD_READ, PERMISSIONS, may, places_with
from gongyu.ground.access.queries import actor_of_request
from gongyu.ground.places.models import Place
from tests.cast import CAST_DAY, CAST_MOMENT, YEAR_FROM, Cast, Person, sign_in

EVERYTHING = sorted({each for held in PERMISSIONS.values() for each in held})


def _people(cast: Cast) -> list[Person]:
    return [each for each in vars(cast).values() if isinstance(each, Person)]


def _all_agree(cast: Cast, people: list[Person]) -> int:
    """How many doors open; asserts that standing and database open the same."""
    places, opened = list(Place.objects.values_list("pk", flat=True)), 0
    for person in people:
        plain, standing = person.actor, actor_of_request(person.user)
        assert standing == plain
        for permission in EVERYTHING:
            allowed = {p for p in places if may(plain, permission, p, CAST_DAY)}
            assert {p for p in places if may(standing, permission, p, CAST_DAY)} == allowed
            rows = places_with(standing, permission, on=CAST_DAY)
            assert set(rows.values_list("place_id", flat=True)) == allowed
            opened += len(allowed)
    return opened


def test_standing_opens_what_the_database_opens_to_everybody(cast, at_the_cast_day):
    assert _all_agree(cast, _people(cast)) > 100


def test_an_approval_for_a_part_opens_that_part(cast, at_the_cast_day):
    Approval.objects.filter(staff=cast.head.staff).update(place=cast.this_class)
    assert _all_agree(cast, [cast.head]) > 0
    actor = actor_of_request(cast.head.user)
    assert may(actor, CHILD_READ, cast.this_class.pk, CAST_DAY)
    assert not may(actor, CHILD_READ, cast.parallel_class.pk, CAST_DAY)


def test_another_day_than_the_requests_is_asked_of_the_database(cast, at_the_cast_day):
    actor = actor_of_request(cast.class_teacher.user)
    Approval.objects.filter(staff=cast.class_teacher.staff).update(until_on=CAST_DAY)
    assert may(actor, CHILD_READ, cast.this_class.pk, CAST_DAY - timedelta(days=1))
    assert not may(actor, CHILD_READ, cast.this_class.pk, CAST_DAY + timedelta(days=1))


def test_doors_ask_the_database_once(cast, at_the_cast_day):
    actor = actor_of_request(cast.class_teacher.user)
    assert may(actor, CHILD_READ, cast.this_class.pk, CAST_DAY)
    with CaptureQueriesContext(connection) as queries:
        assert may(actor, CHILD_READ, cast.this_class.pk, CAST_DAY)
        places_with(actor, CHILD_READ, on=CAST_DAY)
    assert len(queries) == 0


def _withdraw(person: Person) -> None:
    Approval.objects.filter(staff=person.staff).update(withdrawn_at=CAST_MOMENT)


def _lapse(person: Person) -> None:
    Approval.objects.filter(staff=person.staff).update(from_on=YEAR_FROM, until_on=CAST_DAY)


def _end_post(person: Person) -> None:
    type(person.post).objects.filter(staff=person.staff).update(until_on=CAST_DAY)


@pytest.mark.parametrize("taken", [_withdraw, _lapse, _end_post])
def test_what_is_taken_away_is_gone_at_the_next_request(cast, at_the_cast_day, taken):
    client = sign_in(Client(), cast.class_teacher)
    address = f"/classes/{cast.this_class.pk}/"
    assert client.get(address).status_code == 200
    taken(cast.class_teacher)
    assert client.get(address).status_code == 404


def test_a_closed_account_is_signed_out_at_the_next_request(cast, at_the_cast_day):
    client = sign_in(Client(), cast.class_teacher)
    assert client.get("/").status_code == 200
    type(cast.class_teacher.user).objects.filter(staff=cast.class_teacher.staff).update(
        is_active=False
    )
    answer = client.get("/")
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"] or "sign-in" in answer["Location"]


def test_a_session_that_was_ended_is_over_at_the_next_request(cast, at_the_cast_day):
    client = sign_in(Client(), cast.class_teacher)
    assert client.get("/").status_code == 200
    Session.objects.all().delete()
    assert client.get("/").status_code == 302


def test_each_request_has_a_standing_of_its_own(cast, at_the_cast_day):
    seen = []
    asked = actor_of_the_request(lambda request: seen.append(request.actor) or HttpResponse())
    for _ in range(2):
        request = RequestFactory().get("/")
        request.user = cast.class_teacher.user
        asked(request)
    assert seen[0].standing is not seen[1].standing
