"""The posts of a school: who keeps them, what a change does, and what is refused where."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from gongyu.ground.access.models import Approval
from gongyu.ground.access.permissions import CHILD_READ, may
from gongyu.ground.access.queries import actor_for
from gongyu.ground.audit.models import Entry
from gongyu.ground.ledger.queries import standing_fact_of
from gongyu.ground.staff.actions import close_post
from gongyu.ground.staff.coverage import class_covers
from gongyu.ground.staff.models import Post, Role, Staff
from gongyu.ground.staff.queries import class_teacher_on
from tests.cast import CAST_DAY, YEAR_FROM, YESTERDAY, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_cast_day")]

KEEPERS = {"head", "registrar"}
TOMORROW = CAST_DAY + timedelta(days=1)
WEEK = timedelta(days=7)


def pages(cast) -> list[str]:
    school, place = cast.school.pk, cast.this_class.pk
    post = cast.class_teacher.post.pk
    return [
        reverse("access:posts", args=[school]),
        reverse("access:posts-history", args=[school]),
        reverse("access:open-post", args=[school]),
        reverse("access:posts-class", args=[school, place]),
        reverse("access:hand-over", args=[school, place]),
        reverse("access:acting", args=[school, place]),
        reverse("access:close-post", args=[school, post]),
        reverse("access:take-back-post", args=[school, post]),
    ]


def hand_over(cast) -> str:
    return reverse("access:hand-over", args=[cast.school.pk, cast.this_class.pk])


def newcomer(**more) -> dict:
    return {"staff": "new", "name": "田小禾", "phone": "139 0000 0001", **more}


def test_the_school_s_head_and_registrar_enter_and_for_others_there_is_nothing(cast, client):
    for name, person in cast.people().items():
        sign_in(client, person)
        answers = {page: client.get(page).status_code for page in pages(cast)}
        assert set(answers.values()) == {200 if name in KEEPERS else 404}, (name, answers)


def test_a_class_or_post_of_another_school_is_not_there_in_this_one(cast, client):
    sign_in(client, cast.head)
    theirs = cast.class_teacher_elsewhere.post.pk
    for page in (
        reverse("access:posts-class", args=[cast.school.pk, cast.class_elsewhere.pk]),
        reverse("access:hand-over", args=[cast.school.pk, cast.class_elsewhere.pk]),
        reverse("access:close-post", args=[cast.school.pk, theirs]),
    ):
        assert client.post(page, {"until_on": CAST_DAY, "sure": "1"}).status_code == 404
    assert Post.objects.get(pk=theirs).until_on is None


def test_a_class_is_handed_over_in_two_steps_on_the_day(cast, client):
    sign_in(client, cast.registrar)
    typed = newcomer(on=CAST_DAY.isoformat(), basis="校务会决定")
    shown = client.post(hand_over(cast), typed)
    assert "周晓兰" in shown.content.decode()
    assert "田小禾" in shown.content.decode()
    assert not Staff.objects.filter(name="田小禾").exists()

    answer = client.post(hand_over(cast), {**typed, "sure": "1"})
    assert answer.status_code == 302
    now, before = (class_teacher_on(cast.this_class.pk, day) for day in (CAST_DAY, YESTERDAY))
    assert (now.staff.name, before.staff.name) == ("田小禾", "周晓兰")
    assert standing_fact_of("staff.post", before.pk).until_date == CAST_DAY
    assert standing_fact_of("staff.post", now.pk).on_date == CAST_DAY
    verbs = Entry.objects.filter(user_id=cast.registrar.user.pk).values_list("verb", flat=True)
    assert sorted(verbs) == ["post.close", "post.open", "staff.add"]


def test_who_handed_the_class_over_today_reads_no_child_of_it_today(cast, client):
    sign_in(client, cast.head)
    client.post(hand_over(cast), newcomer(on=CAST_DAY.isoformat(), sure="1"))
    actor = actor_for(cast.class_teacher.user, CAST_DAY)
    assert not may(actor, CHILD_READ, cast.this_class.pk, CAST_DAY)


def test_a_newcomer_with_the_telephone_of_a_colleague_is_the_colleague(cast, client):
    sign_in(client, cast.registrar)
    for place in (cast.this_class, cast.parallel_class):
        page = reverse("access:hand-over", args=[cast.school.pk, place.pk])
        client.post(page, newcomer(on=TOMORROW.isoformat(), sure="1"))
    assert Staff.objects.filter(name="田小禾").count() == 1
    assert Post.objects.filter(staff__name="田小禾").count() == 2


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"on": YEAR_FROM.isoformat()}, "on", "交接日期必须晚于这一天"),
        ({"on": "2206-11-04"}, "on", "请核对年份"),
        ({"on": ""}, "on", "请选择日期"),
        ({"phone": "12345"}, "phone", "请填写11位手机号"),
        ({"name": ""}, "name", "请填写姓名"),
        ({"staff": ""}, "staff", "已填写新教职工姓名"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_the_rest_is_kept(
    cast, client, change, field, words
):
    sign_in(client, cast.registrar)
    posts = Post.objects.count()
    answer = client.post(hand_over(cast), {**newcomer(on=CAST_DAY, basis="校务会"), **change})
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    assert "校务会" in answer.content.decode()
    assert Post.objects.count() == posts


def test_the_one_who_leads_the_class_cannot_take_it_over(cast, client):
    sign_in(client, cast.registrar)
    mine = {"staff": cast.class_teacher.staff.pk, "on": CAST_DAY.isoformat()}
    answer = client.post(hand_over(cast), mine)
    assert "已是班主任" in str(answer.context["form"].errors["staff"])


def test_nobody_opens_a_post_for_oneself(cast, client):
    for person in (cast.registrar, cast.head):
        sign_in(client, person)
        mine = {"staff": person.staff.pk, "on": CAST_DAY.isoformat()}
        for sure in ({}, {"sure": "1"}):
            answer = client.post(hand_over(cast), {**mine, **sure})
            assert "不能为本人登记任职" in str(answer.context["form"].errors["staff"])
    assert class_teacher_on(cast.this_class.pk, CAST_DAY).staff == cast.class_teacher.staff


def test_a_newcomer_who_is_oneself_by_telephone_is_refused_and_nothing_is_added(cast, client):
    from gongyu.ground.secrets.fields import digest

    me = cast.registrar.staff
    Staff.objects.filter(pk=me.pk).update(phone_digest=digest("staff.phone", "13900000001"))
    people = Staff.objects.count()
    sign_in(client, cast.registrar)
    typed = newcomer(name=me.name, on=CAST_DAY.isoformat(), sure="1")
    assert client.post(hand_over(cast), typed).status_code == 422
    assert Staff.objects.count() == people


def test_somebody_acts_from_a_day_until_a_day(cast, client):
    sign_in(client, cast.registrar)
    page = reverse("access:acting", args=[cast.school.pk, cast.this_class.pk])
    days = {"from_on": CAST_DAY.isoformat(), "until_on": (CAST_DAY + WEEK).isoformat()}
    typed = {"staff": cast.subject_teacher.staff.pk, **days}
    assert client.post(page, {**typed, "sure": "1"}).status_code == 302
    post = Post.objects.get(acting=True)
    assert (post.place, post.from_on, post.until_on) == (
        cast.this_class, CAST_DAY, CAST_DAY + WEEK,
    )  # fmt: skip
    assert standing_fact_of("staff.post", post.pk).detail == "acting"
    refused = client.post(page, {**typed, "until_on": CAST_DAY.isoformat()})
    assert "结束日必须晚于开始日" in str(refused.context["form"].errors["until_on"])


def test_a_registrar_opens_no_post_above_the_classes_and_ends_none(cast, client):
    page = reverse("access:open-post", args=[cast.school.pk])
    typed = newcomer(role=Role.MORAL_EDUCATION_HEAD, from_on=CAST_DAY.isoformat(), sure="1")
    sign_in(client, cast.registrar)
    assert client.post(page, typed).status_code == 422
    close = reverse("access:close-post", args=[cast.school.pk, cast.school_leader.post.pk])
    assert client.get(close).status_code == 404

    sign_in(client, cast.head)
    assert client.post(page, typed).status_code == 302
    assert Post.objects.get(staff__name="田小禾").place == cast.school
    assert client.get(close).status_code == 200


def test_nobody_ends_the_own_post_and_a_head_s_post_is_not_the_school_s(cast, client):
    for person in (cast.head, cast.registrar):
        sign_in(client, person)
        for post in (person.post, cast.head.post):
            page = reverse("access:close-post", args=[cast.school.pk, post.pk])
            assert client.post(page, {"until_on": CAST_DAY, "sure": "1"}).status_code == 404
    assert not Post.objects.filter(role=Role.HEAD, until_on=CAST_DAY).exists()


def test_a_new_post_brings_no_approval_with_it(cast, client):
    sign_in(client, cast.head)
    page = reverse("access:open-post", args=[cast.school.pk])
    client.post(
        page,
        {
            "role": Role.SUBJECT_TEACHER,
            "school_class": cast.this_class.pk,
            "subject": "数学",
            "from_on": CAST_DAY.isoformat(),
            "sure": "1",
            **newcomer(),
        },
    )
    post = Post.objects.get(staff__name="田小禾")
    assert (post.place, post.subject) == (cast.this_class, "数学")
    assert not Approval.objects.filter(staff=post.staff).exists()


def test_a_slip_is_taken_back_and_the_teacher_before_goes_on(cast, client):
    sign_in(client, cast.registrar)
    client.post(hand_over(cast), newcomer(on=CAST_DAY.isoformat(), sure="1"))
    wrong = class_teacher_on(cast.this_class.pk, CAST_DAY)
    page = reverse("access:take-back-post", args=[cast.school.pk, wrong.pk])
    assert "周晓兰" in client.post(page, {"why": "选错班级"}).content.decode()
    client.post(page, {"why": "选错班级", "sure": "1"})
    assert class_teacher_on(cast.this_class.pk, CAST_DAY) == cast.class_teacher.post
    assert standing_fact_of("staff.post", wrong.pk).quantity == 0
    assert standing_fact_of("staff.post", cast.class_teacher.post.pk).until_date is None
    assert Entry.objects.get(verb="post.take_back").why == "选错班级"


def test_a_post_of_long_standing_is_no_slip(cast, client):
    sign_in(client, cast.registrar)
    page = reverse("access:take-back-post", args=[cast.school.pk, cast.class_teacher.post.pk])
    answer = client.post(page, {"why": "误登", "sure": "1"})
    assert answer.status_code == 422
    assert Post.objects.filter(pk=cast.class_teacher.post.pk).exists()


def test_the_page_shows_gaps_of_the_last_weeks_and_a_class_without_teacher(cast, client):
    close_post(cast.class_teacher.post, CAST_DAY - WEEK, by=cast.head.actor)
    sign_in(client, cast.head)
    page = client.get(reverse("access:posts", args=[cast.school.pk]))
    assert page.context["page"].vacant == 1
    text = page.content.decode()
    assert "10月28日至今" in text
    client.post(hand_over(cast), newcomer(on=CAST_DAY.isoformat(), sure="1"))
    covers = {cover.place: cover for cover in class_covers(cast.school.pk, CAST_DAY)}
    assert not covers[cast.this_class].is_vacant
    assert [(gap.first, gap.last) for gap in covers[cast.this_class].gaps] == [
        (CAST_DAY - WEEK, YESTERDAY)
    ]


def test_a_page_of_five_thousand_digits_is_the_first_one(cast, client):
    address = reverse("access:posts-history", args=[cast.school.pk])
    assert sign_in(client, cast.head).get(address, {"page": "9" * 5000}).status_code == 200
