"""Moves, hand-overs between schools and leaves: shown first, done from a day, told to the ledger."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from gongyu.ground.audit.models import Entry
from gongyu.ground.ledger.models import Fact
from gongyu.ground.ledger.queries import standing_fact_of
from gongyu.ground.people.facts import ENROLMENT_SOURCE, LEAVE_SOURCE
from gongyu.ground.people.models import Child, Enrolment, Leave
from gongyu.ground.people.queries import class_on
from gongyu.ground.people.roster.known import CHILD_ID, CHILD_REGISTRY
from gongyu.ground.people.rules import children_visible_to
from gongyu.ground.people.rules_keeping import MISSES_A_DAY
from gongyu.ground.secrets.fields import digest
from tests.cast import CAST_DAY, YEAR_FROM, YESTERDAY, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_cast_day")]

TODAY = CAST_DAY.isoformat()
TOMORROW = CAST_DAY + timedelta(days=1)
NUMBER = "500103201705200021"


@pytest.fixture
def registrar(cast, client):
    return sign_in(client, cast.registrar)


@pytest.fixture
def numbered(cast):
    """The child of the other district, with an ID number and a registry number."""
    child = cast.child_elsewhere
    child.id_number, child.id_digest = NUMBER, digest(CHILD_ID, NUMBER)
    child.registry_number = f"G{NUMBER}"
    child.registry_digest = digest(CHILD_REGISTRY, f"G{NUMBER}")
    child.save()
    return child


def of(name: str, child: Child, *more: int) -> str:
    return reverse(f"keeping:{name}", args=[child.pk, *more])


def here(child: Child, on=CAST_DAY):
    row = class_on(child.pk, on)
    return row and row.school_class


def deeds(cast) -> list[str]:
    rows = Entry.objects.filter(user_id=cast.registrar.user.pk).exclude(verb="child.read")
    return list(rows.order_by("seq").values_list("verb", flat=True))


def test_a_move_is_shown_first_and_done_after_the_second_yes(cast, registrar):
    typed = {"school_class": cast.parallel_class.pk, "from_on": TODAY}
    shown = registrar.post(of("move", cast.pupil), typed).content.decode()
    assert "三年级1班" in shown
    assert "三年级2班" in shown
    assert "2026年11月4日" in shown
    assert here(cast.pupil) == cast.this_class

    answer = registrar.post(of("move", cast.pupil), {**typed, "sure": "1"})
    assert answer.url == of("child", cast.pupil)
    assert here(cast.pupil) == cast.parallel_class
    assert here(cast.pupil, YESTERDAY) == cast.this_class
    old, new = Enrolment.objects.filter(child=cast.pupil).order_by("from_on")
    assert standing_fact_of(ENROLMENT_SOURCE, new.pk).place_id == cast.parallel_class.pk
    assert standing_fact_of(ENROLMENT_SOURCE, old.pk).until_date == CAST_DAY
    assert deeds(cast) == ["enrolment.close", "enrolment.open"]


def test_after_the_move_the_old_class_teacher_reads_the_child_no_more(cast, registrar):
    seen = children_visible_to(cast.class_teacher.actor, CAST_DAY)
    assert cast.pupil in seen
    typed = {"school_class": cast.parallel_class.pk, "from_on": TODAY, "sure": "1"}
    registrar.post(of("move", cast.pupil), typed)
    assert cast.pupil not in seen.all()
    new = cast.class_teacher_of_parallel_class.actor
    assert cast.pupil in children_visible_to(new, CAST_DAY)


def test_boarding_and_the_school_s_number_go_along_inside_the_school(cast, registrar):
    Enrolment.objects.filter(child=cast.pupil).update(boarding=True, pupil_number="0312")
    typed = {"school_class": cast.parallel_class.pk, "from_on": TODAY, "sure": "1"}
    registrar.post(of("move", cast.pupil), typed)
    row = class_on(cast.pupil.pk, CAST_DAY)
    assert (row.boarding, row.pupil_number) == (True, "0312")


@pytest.mark.parametrize(
    ("where", "day", "field", "words"),
    [
        ("parallel_class", YEAR_FROM.isoformat(), "from_on", "必须晚于到现在班级的日期"),
        ("parallel_class", "2027-09-01", "from_on", "不开班"),
        ("parallel_class", "0226-11-04", "from_on", "请核对年份"),
        ("this_class", TODAY, "school_class", "选"),
        ("class_elsewhere", TODAY, "school_class", "选"),
    ],
)
def test_a_move_that_cannot_be_is_refused_at_its_field(cast, registrar, where, day, field, words):
    typed = {"school_class": getattr(cast, where).pk, "from_on": day}
    for sure in ({}, {"sure": "1"}):
        answer = registrar.post(of("move", cast.pupil), {**typed, **sure})
        assert answer.status_code == 422
        assert words in str(answer.context["form"].errors[field])
        assert answer.context["form"]["from_on"].value() == day
    assert here(cast.pupil) == cast.this_class
    assert deeds(cast) == []


def test_sending_a_move_twice_moves_once(cast, registrar):
    typed = {"school_class": cast.parallel_class.pk, "from_on": TODAY, "sure": "1"}
    registrar.post(of("move", cast.pupil), typed)
    assert registrar.post(of("move", cast.pupil), typed).status_code == 422
    assert Enrolment.objects.filter(child=cast.pupil).count() == 2


def find(client, school, name: str, number: str):
    return client.post(
        reverse("keeping:receive", args=[school.pk]), {"name": name, "number": number}
    )


@pytest.mark.parametrize("number", [NUMBER, f"G{NUMBER}", f" {NUMBER[:6]} {NUMBER[6:]} "])
def test_a_child_named_exactly_is_found_with_the_school_and_nothing_else(
    cast, registrar, numbered, number
):
    answer = find(registrar, cast.school, numbered.name, number)
    text = answer.content.decode()
    assert "万州区白岩小学" in text
    assert "三年级1班" not in text.split("<form")[0]
    entry = Entry.objects.get(verb="child.find")
    assert (entry.subject_id, entry.place_id) == (numbered.pk, cast.school.pk)
    assert NUMBER not in str(entry.detail)


@pytest.mark.parametrize(
    ("name", "number"),
    [("袁满", NUMBER[:-1] + "3"), ("袁", NUMBER), ("袁满满", NUMBER), ("杨小雨", NUMBER)],
)
def test_what_is_not_exact_shows_nothing_and_leaves_a_row(cast, registrar, numbered, name, number):
    answer = find(registrar, cast.school, name, number)
    assert "没有查到" in answer.content.decode()
    assert "白岩" not in answer.content.decode()
    assert "found" not in answer.context
    assert Entry.objects.get(verb="child.find").subject_id is None


def test_whoever_guesses_too_often_is_stopped_for_the_day(cast, registrar, numbered):
    for each in range(MISSES_A_DAY):
        find(registrar, cast.school, numbered.name, f"50010320170520{each:04d}")
    answer = find(registrar, cast.school, numbered.name, NUMBER)
    assert answer.status_code == 422
    assert "白岩" not in answer.content.decode()


def receiving(client, cast, child, **more):
    token = find(client, cast.school, child.name, NUMBER).context["receiving"]["token"].value()
    typed = {"token": token, "school_class": cast.this_class.pk, "from_on": TODAY, **more}
    return client.post(reverse("keeping:receive-enrol", args=[cast.school.pk]), typed)


def test_a_child_is_handed_over_on_a_day_and_the_old_enrolment_ends(cast, registrar, numbered):
    shown = receiving(registrar, cast, numbered).content.decode()
    assert "白岩小学" in shown
    assert here(numbered) == cast.class_elsewhere
    receiving(registrar, cast, numbered, sure="1")
    assert here(numbered) == cast.this_class
    assert here(numbered, YESTERDAY) == cast.class_elsewhere
    old = Enrolment.objects.get(child=numbered, until_on__isnull=False)
    assert (old.until_on, old.how_out) == (CAST_DAY, "transferred")
    assert class_on(numbered.pk, CAST_DAY).how_in == "transferred"
    assert numbered in children_visible_to(cast.registrar.actor, CAST_DAY)
    assert numbered not in children_visible_to(cast.head_elsewhere.actor, CAST_DAY)
    assert deeds(cast) == ["child.find", "child.find", "enrolment.close", "enrolment.open"]


def test_a_token_serves_only_its_finder_and_its_school(cast, client, numbered):
    sign_in(client, cast.registrar)
    token = find(client, cast.school, "袁满", NUMBER).context["receiving"]["token"].value()
    typed = {"token": token, "school_class": cast.this_class.pk, "from_on": TODAY, "sure": "1"}
    page = reverse("keeping:receive-enrol", args=[cast.school.pk])
    sign_in(client, cast.head)
    assert client.post(page, typed).status_code == 404
    sign_in(client, cast.head_of_secondary_school)
    other = reverse("keeping:receive-enrol", args=[cast.secondary_school.pk])
    assert client.post(other, typed).status_code == 404
    sign_in(client, cast.registrar)
    assert client.post(page, {**typed, "token": token[:-2] + "xx"}).status_code == 404
    assert client.post(page, {**typed, "token": ""}).status_code == 404
    assert here(numbered) == cast.class_elsewhere


def test_a_day_before_the_child_came_to_the_old_school_is_refused(cast, registrar, numbered):
    answer = receiving(registrar, cast, numbered, from_on=YEAR_FROM.isoformat(), sure="1")
    assert answer.status_code == 422
    assert "转入日期必须晚于这一天" in str(answer.context["form"].errors["from_on"])
    assert here(numbered) == cast.class_elsewhere


def test_a_child_of_the_own_school_is_not_received_again(cast, registrar):
    Child.objects.filter(pk=cast.pupil.pk).update(id_digest=digest(CHILD_ID, NUMBER))
    text = find(registrar, cast.school, cast.pupil.name, NUMBER).content.decode()
    assert "已在本校就读" in text


def test_a_child_who_left_is_out_of_reach_and_the_leaving_can_be_taken_back(cast, registrar):
    typed = {"how_out": "transferred", "until_on": TODAY, "sure": "1"}
    answer = registrar.post(of("leave-school", cast.pupil), typed)
    assert answer.url == reverse("keeping:school", args=[cast.school.pk])
    assert here(cast.pupil) is None
    assert registrar.get(of("child", cast.pupil)).status_code == 404
    row = Enrolment.objects.get(child=cast.pupil)
    assert standing_fact_of(ENROLMENT_SOURCE, row.pk).until_date == CAST_DAY

    page = reverse("keeping:reopen", args=[cast.school.pk, row.pk])
    assert page in registrar.get(answer.url).content.decode()
    registrar.post(page, {"why": "选错学生", "sure": "1"})
    assert here(cast.pupil) == cast.this_class
    assert standing_fact_of(ENROLMENT_SOURCE, row.pk).until_date is None
    assert deeds(cast) == ["enrolment.close", "enrolment.reopen"]


def test_a_leaving_after_which_another_school_received_the_child_stays(cast, registrar):
    row = cast.child_who_moved_away.enrolments.get(school=cast.school)
    page = reverse("keeping:reopen", args=[cast.school.pk, row.pk])
    assert page not in registrar.get(f"/keeping/schools/{cast.school.pk}/").content.decode()
    answer = registrar.post(page, {"why": "误登", "sure": "1"})
    assert "已有新的学籍" in str(answer.context["form"].non_field_errors())
    other = reverse("keeping:reopen", args=[cast.secondary_school.pk, row.pk])
    assert registrar.post(other, {"why": "误登", "sure": "1"}).status_code == 404


def test_a_child_received_by_mistake_goes_back_where_it_was(cast, registrar, numbered):
    receiving(registrar, cast, numbered, sure="1")
    row = class_on(numbered.pk, CAST_DAY)
    page = of("take-back-enrolment", numbered, row.pk)
    assert "白岩小学" in registrar.post(page, {"why": "同名"}).content.decode()
    answer = registrar.post(page, {"why": "同名", "sure": "1"})
    assert answer.url == reverse("keeping:school", args=[cast.school.pk])
    assert here(numbered) == cast.class_elsewhere
    assert class_on(numbered.pk, CAST_DAY).until_on is None
    taken_back = Fact.objects.filter(source_model=ENROLMENT_SOURCE, source_id=row.pk)
    assert list(taken_back.order_by("seq").values_list("quantity", flat=True)) == [1, 0]


def test_the_first_day_is_corrected_and_the_row_before_follows(cast, registrar):
    typed = {"school_class": cast.parallel_class.pk, "from_on": TODAY, "sure": "1"}
    registrar.post(of("move", cast.pupil), typed)
    row = class_on(cast.pupil.pk, CAST_DAY)
    page = of("correct-start", cast.pupil, row.pk)
    true_day = CAST_DAY - timedelta(days=3)
    registrar.post(page, {"from_on": true_day.isoformat(), "why": "日期写错", "sure": "1"})
    assert here(cast.pupil, true_day) == cast.parallel_class
    assert here(cast.pupil, true_day - timedelta(days=1)) == cast.this_class
    assert standing_fact_of(ENROLMENT_SOURCE, row.pk).on_date == true_day
    for wrong in (YEAR_FROM, true_day):
        answer = registrar.post(page, {"from_on": wrong.isoformat(), "why": "日期写错"})
        assert answer.context["form"].errors["from_on"]


def leave_of(child: Child) -> Leave:
    return Leave.objects.get(child=child)


def test_a_leave_starts_ends_earlier_than_planned_and_the_ledger_follows(cast, registrar):
    planned = CAST_DAY + timedelta(days=60)
    typed = {"kind": "suspended", "from_on": TODAY, "until_on": planned.isoformat()}
    registrar.post(of("start-leave", cast.pupil), {**typed, "sure": "1"})
    row = leave_of(cast.pupil)
    assert standing_fact_of(LEAVE_SOURCE, row.pk).until_date == planned
    registrar.post(
        of("end-leave", cast.pupil, row.pk), {"until_on": TOMORROW.isoformat(), "sure": "1"}
    )
    fact = standing_fact_of(LEAVE_SOURCE, row.pk)
    assert (fact.status, fact.on_date, fact.until_date) == ("suspended", CAST_DAY, TOMORROW)
    assert deeds(cast) == ["leave.start", "leave.end"]


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"from_on": TODAY}, "kind", "请选择类别"),
        ({"kind": "abroad", "from_on": "2026-08-31"}, "from_on", "没有学籍"),
        ({"kind": "abroad", "from_on": TODAY, "until_on": TODAY}, "until_on", "必须晚于"),
        ({"kind": "abroad", "from_on": "来年"}, "from_on", "请填写日期"),
    ],
)
def test_a_leave_that_cannot_be_is_refused_at_its_field(cast, registrar, typed, field, words):
    for sure in ({}, {"sure": "1"}):
        answer = registrar.post(of("start-leave", cast.pupil), {**typed, **sure, "basis": "教字"})
        assert answer.status_code == 422
        assert words in str(answer.context["form"].errors[field])
        assert "教字" in answer.content.decode()
    assert not Leave.objects.exists()


def test_a_leave_does_not_overlap_another_nor_end_before_it_starts(cast, registrar):
    Leave.objects.create(child=cast.pupil, kind="abroad", from_on=CAST_DAY)
    typed = {"kind": "suspended", "from_on": TOMORROW.isoformat()}
    answer = registrar.post(of("start-leave", cast.pupil), typed)
    assert "已有休学或长假记录" in str(answer.context["form"].errors["from_on"])
    page = of("end-leave", cast.pupil, leave_of(cast.pupil).pk)
    answer = registrar.post(page, {"until_on": TODAY})
    assert "必须晚于开始日期" in str(answer.context["form"].errors["until_on"])


def test_a_leave_entered_by_mistake_counts_no_more(cast, registrar):
    typed = {"kind": "abroad", "from_on": TODAY, "sure": "1"}
    registrar.post(of("start-leave", cast.pupil), typed)
    row = leave_of(cast.pupil)
    registrar.post(of("take-back-leave", cast.pupil, row.pk), {"why": "登错学生", "sure": "1"})
    assert not Leave.objects.exists()
    assert standing_fact_of(LEAVE_SOURCE, row.pk).quantity == 0
    assert Entry.objects.get(verb="leave.take_back").why == "登错学生"


def test_no_page_of_keeping_shows_a_name_in_its_address(cast, registrar, numbered):
    answer = receiving(registrar, cast, numbered, sure="1")
    assert NUMBER not in answer.url
    assert "袁" not in answer.url


def test_the_pages_ask_the_database_few_questions(cast, registrar, django_assert_max_num_queries):
    for page in (
        of("child", cast.pupil),
        of("move", cast.pupil),
        reverse("keeping:school", args=[cast.school.pk]),
        reverse("access:posts", args=[cast.school.pk]),
    ):
        with django_assert_max_num_queries(30):
            assert registrar.get(page).status_code == 200
