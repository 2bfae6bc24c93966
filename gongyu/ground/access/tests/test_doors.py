"""The door asks for sign-in, says nothing about what it hides, and hands on what it found."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from gongyu.ground.access import doors
from gongyu.ground.staff.models import Role

pytestmark = pytest.mark.urls("gongyu.ground.access.tests.addresses")


def page(request, **kwargs):
    return HttpResponse("inside")


def ask(view, actor, **kwargs):
    request = RequestFactory().get("/children/1/")
    request.user, request.actor = AnonymousUser(), actor
    return view(request, **kwargs)


def test_the_public_door_is_open_to_all():
    assert ask(doors.access(doors.everyone)(page), None).status_code == 200


def test_other_doors_lead_a_stranger_to_sign_in_and_back():
    response = ask(doors.access(doors.signed_in)(page), None)
    assert response.headers["Location"] == "/sign-in/?next=/children/1/"


def test_a_stranger_learns_nothing_of_the_rule():
    def never_asked(request, **kwargs):
        raise AssertionError("The rule is not for strangers.")

    assert ask(doors.access(never_asked)(page), None).status_code == 302


@pytest.mark.parametrize("answer", [False, None])
def test_a_refusal_looks_like_a_wrong_address(cast, answer):
    with pytest.raises(Http404):
        ask(doors.access(lambda request, **kwargs: answer)(page), cast.head.actor)


def test_what_the_rule_found_waits_for_the_view(cast):
    def look(request, pk):
        return cast.pupil if pk == cast.pupil.pk else None

    def show(request, pk):
        return HttpResponse(request.granted.name)

    view = doors.access(look)(show)
    assert ask(view, cast.head.actor, pk=cast.pupil.pk).content.decode() == "杨小雨"


def test_a_role_s_door_opens_to_the_role_alone(cast):
    view = doors.access(doors.role(Role.HEAD, Role.AUDITOR))(page)
    assert ask(view, cast.auditor.actor).status_code == 200
    with pytest.raises(Http404):
        ask(view, cast.class_teacher.actor)


def test_a_guarded_view_tells_its_rule():
    rule = doors.role(Role.HEAD)
    assert doors.access(rule)(page).access_rule is rule


def test_a_number_that_no_database_can_hold_is_a_wrong_address(cast):
    def look(request, pk):
        raise AssertionError("No rule is asked about such a number.")

    with pytest.raises(Http404):
        ask(doors.access(look)(page), cast.head.actor, pk=2**63)
