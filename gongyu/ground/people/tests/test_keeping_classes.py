"""Classes and campuses between two rosters: who keeps them, what a change does, what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from gongyu.ground.audit.models import Entry
from gongyu.ground.ledger.queries import standing_fact_of
from gongyu.ground.people.actions import leave_class
from gongyu.ground.people.models import Enrolment
from gongyu.ground.places.models import Containment, Place, SchoolClass
from gongyu.ground.staff.models import Post
from tests.cast import CAST_DAY, YEAR_FROM, YEAR_UNTIL, YESTERDAY, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_cast_day")]

KEEPERS = {"head", "registrar"}
TOMORROW = CAST_DAY + timedelta(days=1)


def url(cast, page: str, place: Place | None = None) -> str:
    return reverse(f"keeping:{page}", args=[cast.school.pk, *([place.pk] if place else [])])


def merging(cast, **more) -> dict:
    return {"into": cast.parallel_class.pk, "on": TOMORROW.isoformat(), **more}


def test_the_school_s_head_and_registrar_enter_and_for_others_there_is_nothing(cast, client):
    pages = [url(cast, page) for page in ("classes", "open-class", "open-campus")]
    pages += [
        url(cast, page, cast.this_class) for page in ("rename-place", "close-place", "merge-class")
    ]
    for name, person in cast.people().items():
        sign_in(client, person)
        answers = {page: client.get(page).status_code for page in pages}
        assert set(answers.values()) == {200 if name in KEEPERS else 404}, (name, answers)


def test_a_class_of_another_school_is_not_there_in_this_one(cast, client):
    sign_in(client, cast.registrar)
    for page in ("rename-place", "close-place", "merge-class"):
        address = url(cast, page, cast.class_elsewhere)
        assert client.post(address, {"name": "别人的班", "sure": "1"}).status_code == 404
    elsewhere = merging(cast, into=cast.class_elsewhere.pk, sure="1")
    refused = client.post(url(cast, "merge-class", cast.this_class), elsewhere)
    assert "请从给出的选项中选择" in str(refused.context["form"].errors["into"])


def test_the_page_shows_each_class_with_its_teacher_and_size(cast, client):
    sign_in(client, cast.registrar)
    page = client.get(url(cast, "classes")).context["page"]
    here = {row.place.name: (row.class_teacher, row.children, row.state) for row in page.classes}
    children = Enrolment.objects.on(CAST_DAY).filter(school_class=cast.this_class).count()
    assert here[cast.this_class.name] == ("周晓兰", children, "now")
    assert page.running == len(here) == 2


def test_a_class_begins_with_the_next_number_and_runs_to_the_school_years_end(cast, client):
    sign_in(client, cast.registrar)
    typed = {"grade": "primary:3", "from_on": TOMORROW.isoformat()}
    shown = client.post(url(cast, "open-class"), typed)
    assert "三年级3班" in shown.content.decode()
    assert SchoolClass.objects.filter(school=cast.school).count() == 2
    assert client.post(url(cast, "open-class"), {**typed, "sure": "1"}).status_code == 302
    made = SchoolClass.objects.get(school=cast.school, number=3)
    assert (made.place.name, made.place.from_on, made.place.until_on) == (
        "三年级3班", TOMORROW, YEAR_UNTIL,
    )  # fmt: skip
    assert Containment.objects.on(TOMORROW).filter(place=made.pk, ancestor=cast.district).exists()
    again = client.post(url(cast, "open-class"), {**typed, "number": "3", "sure": "1"})
    assert again.status_code == 422
    assert "已由三年级3班使用" in again.content.decode()


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"grade": ""}, "grade", "请选择一项"),
        ({"grade": "junior:8"}, "grade", "请从给出的选项中选择"),
        ({"number": "0"}, "number", "不能小于1"),
        ({"number": "三"}, "number", "请填写整数"),
        ({"from_on": "2206-09-01"}, "from_on", "请核对年份"),
    ],
)
def test_a_class_that_cannot_be_is_refused_at_its_field(cast, client, change, field, words):
    sign_in(client, cast.registrar)
    typed = {"grade": "primary:3", "from_on": TOMORROW.isoformat(), "name": "向日葵班"}
    answer = client.post(url(cast, "open-class"), {**typed, **change, "sure": "1"})
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    assert "向日葵班" in answer.content.decode()
    assert SchoolClass.objects.filter(school=cast.school).count() == 2


def test_a_class_gets_another_name_and_the_audit_keeps_the_one_it_had(cast, client):
    sign_in(client, cast.head)
    address = url(cast, "rename-place", cast.this_class)
    for wrong, words in (
        (cast.this_class.name, "与现在的相同"),
        (cast.parallel_class.name, "本校已有"),
        ("   ", "请填写这一项"),
    ):
        answer = client.post(address, {"name": wrong, "sure": "1"})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert client.post(address, {"name": "三年级向阳班", "sure": "1"}).status_code == 302
    cast.this_class.refresh_from_db()
    assert (cast.this_class.name, cast.this_class.initials) == ("三年级向阳班", "snjxyb")
    entry = Entry.objects.get(verb="place.rename")
    assert (entry.detail["before"], entry.detail["after"]) == ("三年级1班", "三年级向阳班")


def test_merging_moves_every_child_ends_the_posts_and_closes_the_class(cast, client):
    sign_in(client, cast.registrar)
    address = url(cast, "merge-class", cast.this_class)
    before = set(
        Enrolment.objects.on(TOMORROW)
        .filter(school_class=cast.this_class)
        .values_list("child", flat=True)
    )
    there = Enrolment.objects.on(TOMORROW).filter(school_class=cast.parallel_class).count()
    shown = client.post(address, merging(cast)).content.decode()
    assert f"{there + len(before)}名学生" in shown
    assert "任职同日结束" in shown
    assert Enrolment.objects.on(TOMORROW).filter(school_class=cast.this_class).exists()

    assert client.post(address, merging(cast, sure="1")).status_code == 302
    after = Enrolment.objects.on(TOMORROW).filter(school_class=cast.parallel_class)
    assert before < set(after.values_list("child", flat=True))
    assert after.count() == there + len(before)
    assert not Enrolment.objects.on(TOMORROW).filter(school_class=cast.this_class).exists()
    # Yesterday is as it was.
    assert Enrolment.objects.on(CAST_DAY).filter(school_class=cast.this_class).count() == len(
        before
    )
    cast.this_class.refresh_from_db()
    assert cast.this_class.until_on == TOMORROW
    assert not Post.objects.on(TOMORROW).filter(place=cast.this_class).exists()
    assert list(cast.this_class.successors.all()) == [cast.parallel_class]
    moved = after.get(child=cast.pupil)
    assert standing_fact_of("people.Enrolment", moved.pk).on_date == TOMORROW
    verbs = set(Entry.objects.filter(user_id=cast.registrar.user.pk).values_list("verb", flat=True))
    assert verbs == {"enrolment.open", "enrolment.close", "post.close", "place.close"}
    # What was done cannot be done again, and the class only stands to be read.
    assert client.post(address, merging(cast, sure="1")).status_code == 422


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"on": YEAR_FROM.isoformat()}, "on", "必须晚于三年级1班的开班日"),
        ({"on": YEAR_UNTIL.isoformat()}, "on", "在2027年9月1日不开班"),
        ({"into": ""}, "into", "请选择一项"),
    ],
)
def test_a_merger_that_cannot_be_is_refused_whole(cast, client, change, field, words):
    sign_in(client, cast.registrar)
    rows = list(Enrolment.objects.order_by("pk").values_list())
    answer = client.post(
        url(cast, "merge-class", cast.this_class), {**merging(cast), **change, "sure": "1"}
    )
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    assert list(Enrolment.objects.order_by("pk").values_list()) == rows


def test_a_child_who_is_to_leave_later_stands_in_the_way_of_a_merger(cast, client):
    leave_class(
        cast.pupil.enrolments.get(), TOMORROW + timedelta(days=7), "left", by=cast.registrar.actor
    )
    sign_in(client, cast.registrar)
    answer = client.post(url(cast, "merge-class", cast.this_class), merging(cast, sure="1"))
    assert "有1名学生已登记在此后离班" in str(answer.context["form"].errors["on"])
    assert cast.classmate.enrolments.count() == 1


def test_a_class_with_children_is_not_closed_and_an_empty_one_takes_its_posts_along(cast, client):
    sign_in(client, cast.registrar)
    address = url(cast, "close-place", cast.this_class)
    typed = {"until_on": TOMORROW.isoformat(), "why": "调整", "sure": "1"}
    refused = client.post(address, typed)
    assert "请先办理并班" in str(refused.context["form"].errors["until_on"])
    for seat in Enrolment.objects.on(CAST_DAY).filter(school_class=cast.this_class):
        leave_class(seat, TOMORROW, "left", by=cast.registrar.actor)
    assert client.post(address, typed).status_code == 302
    cast.this_class.refresh_from_db()
    assert cast.this_class.until_on == TOMORROW
    assert not Post.objects.on(TOMORROW).filter(place=cast.this_class).exists()
    assert Post.objects.on(CAST_DAY).filter(place=cast.this_class).exists()


def test_a_campus_begins_holds_a_class_and_closes_only_when_empty(cast, client):
    sign_in(client, cast.head)
    typed = {"name": "枇杷山校区", "from_on": CAST_DAY.isoformat(), "sure": "1"}
    assert client.post(url(cast, "open-campus"), typed).status_code == 302
    campus = Place.objects.get(kind=Place.Kind.CAMPUS)
    new = {"grade": "primary:1", "from_on": CAST_DAY.isoformat(), "campus": campus.pk, "sure": "1"}
    assert client.post(url(cast, "open-class"), new).status_code == 302
    made = SchoolClass.objects.get(grade=1).place
    assert Containment.objects.on(CAST_DAY).filter(place=made, ancestor=campus).exists()
    address = url(cast, "close-place", campus)
    refused = client.post(address, {"until_on": TOMORROW.isoformat(), "sure": "1"})
    assert "还有1个班（一年级1班）" in str(refused.context["form"].errors["until_on"])
    done = {"until_on": TOMORROW.isoformat(), "sure": "1"}
    assert client.post(url(cast, "close-place", made), done).status_code == 302
    later = {"until_on": (TOMORROW + timedelta(days=1)).isoformat(), "sure": "1"}
    assert client.post(address, later).status_code == 302
    campus.refresh_from_db()
    assert campus.until_on == date(2026, 11, 6)


def test_a_class_is_not_closed_before_it_began(cast, client):
    sign_in(client, cast.registrar)
    for seat in Enrolment.objects.on(CAST_DAY).filter(school_class=cast.this_class):
        leave_class(seat, YESTERDAY, "left", by=cast.registrar.actor)
    answer = client.post(
        url(cast, "close-place", cast.this_class),
        {"until_on": YEAR_FROM.isoformat(), "sure": "1"},
    )
    assert answer.status_code == 422
    cast.this_class.refresh_from_db()
    assert cast.this_class.until_on == YEAR_UNTIL
