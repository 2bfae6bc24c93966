"""The offices that the district and the city keep: who appoints and ends, and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from gongyu.ground.access.models import Approval
from gongyu.ground.access.permissions import CHILD_READ, may
from gongyu.ground.access.queries import actor_for
from gongyu.ground.access.rules import approvable
from gongyu.ground.audit.models import Entry
from gongyu.ground.ledger.queries import standing_fact_of
from gongyu.ground.staff.models import Post, Role
from tests.cast import CAST_DAY, YESTERDAY, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_cast_day")]

TOMORROW = CAST_DAY + timedelta(days=1)


def appoint(cast) -> str:
    return reverse("access:appoint", args=["head", cast.school.pk])


def newcomer(**more) -> dict:
    typed = {
        "staff": "new",
        "name": "田小禾",
        "phone": "13900000001",
        "from_on": CAST_DAY.isoformat(),
    }
    return {**typed, **more}


def heads_on(cast, day) -> list[str]:
    posts = Post.objects.on(day).filter(place=cast.school, role=Role.HEAD).order_by("acting")
    return list(posts.values_list("staff__name", flat=True))


def test_only_the_officer_of_the_district_keeps_its_heads(cast, client):
    post = cast.head.post.pk
    pages = [
        appoint(cast),
        reverse("access:close-office", args=["head", cast.school.pk, post]),
        reverse("access:take-back-office", args=["head", cast.school.pk, post]),
    ]
    for name, person in cast.people().items():
        sign_in(client, person)
        answers = {page: client.get(page).status_code for page in pages}
        assert set(answers.values()) == {200 if name == "district_officer" else 404}, name


def test_the_list_has_the_schools_of_the_own_district_and_finds_them(cast, client):
    sign_in(client, cast.district_officer)
    page = reverse("access:offices", args=["head"])

    def listed(query: str = "") -> list[str]:
        return [row.place.name for row in client.get(page + query).context["found"].rows]

    assert listed() == ["石板坡小学", "七星岗中学"]
    assert listed("?q=qxg") == listed("?q=七星岗中") == ["七星岗中学"]
    assert listed("?vacant=on") == []
    Post.objects.filter(pk=cast.head.post.pk).update(until_on=CAST_DAY)
    assert listed("?vacant=on") == ["石板坡小学"]
    assert "有 1 所学校今天没有登记校长" in client.get(page).content.decode()
    assert listed("?page=99&q=" + "长" * 60) == ["石板坡小学", "七星岗中学"]


def test_without_an_own_approval_the_officer_keeps_no_heads(cast, client):
    Approval.objects.filter(staff=cast.district_officer.staff).update(until_on=CAST_DAY)
    sign_in(client, cast.district_officer)
    assert client.get(reverse("access:offices", args=["head"])).context["found"].total == 0
    assert client.post(appoint(cast), newcomer(sure="1")).status_code == 404


def test_a_new_head_follows_upon_the_present_and_waits_for_an_approval(cast, client):
    sign_in(client, cast.district_officer)
    shown = client.post(appoint(cast), newcomer()).content.decode()
    assert "何敏" in shown
    assert "还须在“查阅授权”中授权" in shown
    assert heads_on(cast, CAST_DAY) == ["何敏"]
    assert (
        client.post(appoint(cast), newcomer(sure="1", basis="渝中教委〔2026〕9号")).status_code
        == 302
    )
    assert (heads_on(cast, YESTERDAY), heads_on(cast, CAST_DAY)) == (["何敏"], ["田小禾"])
    new = Post.objects.get(staff__name="田小禾")
    assert standing_fact_of("staff.post", new.pk).on_date == CAST_DAY
    assert standing_fact_of("staff.post", cast.head.post.pk).until_date == CAST_DAY
    assert not may(actor_for(cast.head.user, CAST_DAY), CHILD_READ, cast.school.pk, CAST_DAY)
    assert not Approval.objects.filter(staff=new.staff).exists()
    waiting = approvable(actor_for(cast.district_officer.user, CAST_DAY), CAST_DAY)
    assert new.staff_id in {case.staff_id for case in waiting}
    verbs = Entry.objects.filter(user_id=cast.district_officer.user.pk)
    assert sorted(verbs.values_list("verb", flat=True)) == ["post.close", "post.open", "staff.add"]


def test_somebody_acts_beside_the_head_who_stays(cast, client):
    sign_in(client, cast.district_officer)
    days = {"acting": "on", "until_on": TOMORROW.isoformat()}
    assert client.post(appoint(cast), newcomer(**days, sure="1")).status_code == 302
    assert heads_on(cast, CAST_DAY) == ["何敏", "田小禾"]
    assert heads_on(cast, TOMORROW) == ["何敏"]


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"from_on": "2015-09-01"}, "from_on", "必须晚于这一天"),
        ({"from_on": "2206-09-01"}, "from_on", "请核对年份"),
        ({"until_on": TOMORROW.isoformat()}, "until_on", "正式任职不填结束日期"),
        ({"phone": "1"}, "phone", "请填写11位手机号"),
        ({"acting": "on", "until_on": "2026-11-01"}, "until_on", "结束日必须晚于开始日"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_changes(
    cast, client, change, field, words
):
    sign_in(client, cast.district_officer)
    answer = client.post(appoint(cast), {**newcomer(), **change, "sure": "1"})
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    assert "田小禾" in answer.content.decode()
    assert heads_on(cast, CAST_DAY) == ["何敏"]


def test_the_head_of_today_and_oneself_are_refused(cast, client):
    sign_in(client, cast.district_officer)
    same = {"staff": cast.head.staff.pk, "from_on": CAST_DAY.isoformat(), "sure": "1"}
    assert "已是校长" in str(client.post(appoint(cast), same).context["form"].errors["staff"])
    # Whoever is chosen must be offered: the officer is not, and is not let in as a newcomer either.
    mine = {**same, "staff": cast.district_officer.staff.pk}
    assert client.post(appoint(cast), mine).status_code == 422
    assert heads_on(cast, CAST_DAY) == ["何敏"]


def test_a_post_ends_on_a_day_and_a_slip_gives_the_school_back_to_its_head(cast, client):
    sign_in(client, cast.district_officer)
    client.post(appoint(cast), newcomer(sure="1"))
    new = Post.objects.get(staff__name="田小禾")
    back = reverse("access:take-back-office", args=["head", cast.school.pk, new.pk])
    assert client.post(back, {"why": "选错了学校", "sure": "1"}).status_code == 302
    assert heads_on(cast, TOMORROW) == ["何敏"]
    close = reverse("access:close-office", args=["head", cast.school.pk, cast.head.post.pk])
    end = {"until_on": TOMORROW.isoformat(), "why": "退休", "sure": "1"}
    assert client.post(close, end).status_code == 302
    assert (heads_on(cast, CAST_DAY), heads_on(cast, TOMORROW)) == (["何敏"], [])


def test_a_post_that_is_no_heads_is_not_the_districts(cast, client):
    sign_in(client, cast.district_officer)
    for post, school in (
        (cast.registrar.post, cast.school),
        (cast.head_elsewhere.post, cast.school_elsewhere),
        (cast.head_elsewhere.post, cast.school),
    ):
        page = reverse("access:close-office", args=["head", school.pk, post.pk])
        assert client.post(page, {"until_on": TOMORROW, "sure": "1"}).status_code == 404
