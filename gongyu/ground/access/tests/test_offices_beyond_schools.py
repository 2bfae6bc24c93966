"""Children's directors, complaint handlers, districts' officers: appointed above, by nobody else."""

from __future__ import annotations

import pytest
from django.urls import reverse

from gongyu.ground.access.models import Approval
from gongyu.ground.access.queries import actor_for
from gongyu.ground.access.queries_offices import kept_place, office_listed
from gongyu.ground.access.rules import approvable
from gongyu.ground.access.rules_offices import OFFICES
from gongyu.ground.places.models import Place
from gongyu.ground.staff.models import Post, Role
from tests.cast import CAST_DAY, YESTERDAY, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_cast_day")]


def newcomer(*, sure: str = "1") -> dict:
    typed = {"staff": "new", "name": "田小禾", "phone": "13900000001"}
    return {**typed, "from_on": CAST_DAY.isoformat()} | ({"sure": sure} if sure else {})


def holders(role: str, place: Place, day=CAST_DAY) -> set[str]:
    posts = Post.objects.on(day).filter(place=place, role=role)
    return set(posts.values_list("staff__name", flat=True))


def listed(client, role: str, query: str = "") -> list[str]:
    page = client.get(reverse("access:offices", args=[role]) + query)
    return [row.place.name for row in page.context["found"].rows]


def test_a_village_gets_another_children_director_who_waits_for_an_approval(cast, client):
    sign_in(client, cast.district_officer)
    village = cast.community
    page = reverse("access:appoint", args=["children_director", village.pk])
    asked = client.post(page, newcomer(sure="")).content.decode()
    assert "龚素" in asked and "还须在“查阅授权”中授权" in asked
    assert client.post(page, newcomer()).status_code == 302
    assert holders(Role.CHILDREN_DIRECTOR, village, YESTERDAY) == {"龚素"}
    assert holders(Role.CHILDREN_DIRECTOR, village) == {"田小禾"}
    new = Post.objects.get(staff__name="田小禾")
    waiting = approvable(actor_for(cast.district_officer.user, CAST_DAY), CAST_DAY)
    assert new.staff_id in {case.staff_id for case in waiting}
    back = reverse("access:take-back-office", args=["children_director", village.pk, new.pk])
    assert client.post(back, {"why": "登错了村", "sure": "1"}).status_code == 302
    assert holders(Role.CHILDREN_DIRECTOR, village) == {"龚素"}


def test_villages_without_a_director_are_listed_and_found_by_what_they_stand_under(cast, client):
    sign_in(client, cast.district_officer)
    village = cast.community
    assert village.name in listed(client, "children_director")
    assert cast.other_community.name not in listed(client, "children_director")
    assert listed(client, "children_director", "?vacant=on") == [
        name for name in listed(client, "children_director") if name != village.name
    ]
    Post.objects.filter(pk=cast.children_director.post.pk).update(until_on=CAST_DAY)
    assert village.name in listed(client, "children_director", "?vacant=on")
    above = Place.objects.get(placed_here__place=village, placed_here__until_on=None)
    assert village.name in listed(client, "children_director", f"?q={above.name}")
    assert listed(client, "children_director", "?q=没有这个村") == []


def test_a_handler_is_added_beside_those_who_are_there(cast, client):
    sign_in(client, cast.district_officer)
    desk = cast.district_department
    page = reverse("access:appoint", args=["complaint_handler", desk.pk])
    assert client.post(page, newcomer()).status_code == 302
    assert holders(Role.COMPLAINT_HANDLER, desk) == {"岳明", "田小禾"}
    close = reverse(
        "access:close-office", args=["complaint_handler", desk.pk, cast.complaint_handler.post.pk]
    )
    end = {"until_on": CAST_DAY.isoformat(), "why": "调离", "sure": "1"}
    assert client.post(close, end).status_code == 302
    assert holders(Role.COMPLAINT_HANDLER, desk) == {"田小禾"}


def test_the_city_appoints_the_districts_officers_and_no_district_does(cast, client):
    page = reverse("access:appoint", args=["district_officer", cast.district_department.pk])
    sign_in(client, cast.district_officer)
    assert client.post(page, newcomer()).status_code == 404
    sign_in(client, cast.city_officer)
    assert client.post(page, newcomer()).status_code == 302
    assert holders(Role.DISTRICT_OFFICER, cast.district_department) == {"唐文", "田小禾"}
    # The department of the city has none of them, and is not offered either.
    wrong = reverse("access:appoint", args=["district_officer", cast.city_department.pk])
    assert client.get(wrong).status_code == 404
    assert "重庆市教育委员会" not in listed(client, "district_officer")


def test_without_an_own_approval_a_district_keeps_no_office(cast, client):
    Approval.objects.filter(staff=cast.district_officer.staff).update(until_on=CAST_DAY)
    sign_in(client, cast.district_officer)
    for role in ("head", "children_director", "complaint_handler"):
        assert listed(client, role) == []
    page = reverse("access:appoint", args=["complaint_handler", cast.district_department.pk])
    assert client.post(page, newcomer()).status_code == 404


def test_what_is_listed_is_what_may_be_kept(cast):
    """For everybody and every office: the list and the door of a place say the same."""
    places = list(Place.objects.on(CAST_DAY))
    seen = 0
    for person in cast.people().values():
        actor = person.actor
        for office in OFFICES.values():
            rows = office_listed(actor, office, "", False, CAST_DAY)
            kept = {p.pk for p in places if kept_place(actor, office, p.pk, CAST_DAY)}
            assert {row.place.pk for row in rows} == kept, (person, office.role)
            seen += len(kept)
    assert seen > 10


def test_nobody_ends_the_own_post(cast, client):
    Post.objects.filter(pk=cast.complaint_handler.post.pk).update(staff=cast.district_officer.staff)
    sign_in(client, cast.district_officer)
    desk = cast.district_department.pk
    page = reverse(
        "access:close-office", args=["complaint_handler", desk, cast.complaint_handler.post.pk]
    )
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("role", ["registrar", "administrator", "nobody", "city_officer"])
def test_other_posts_are_no_offices(cast, client, role):
    sign_in(client, cast.city_officer)
    assert client.get(reverse("access:offices", args=[role])).status_code == 404
