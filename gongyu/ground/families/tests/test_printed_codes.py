"""Codes on paper: who prints for whom, handing over, and what becomes of a slip."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry
from gongyu.ground.families import actions, codes, queries
from gongyu.ground.families.models import NumberDoubt, SignInCode
from gongyu.ground.families.queries import codes_page
from gongyu.ground.families.rules import (
    CodeRefused,
    doubts_visible_to,
    may_see_doubt,
    open_doubts,
)
from gongyu.ground.notices.actions import choose_way
from gongyu.ground.notices.ways import ways_of
from gongyu.ground.people.actions import end_care
from gongyu.ground.people.actions_carers import change_phone
from gongyu.ground.people.models import Care
from tests.cast import CAST_DAY, CAST_MOMENT, check_view_matches_list, come_in, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_cast_day")]


def printed(client: Client, place, *pairs) -> list[str]:
    """Tick these (child, carer) and print; the digits on the slips."""
    keys = [f"{child.pk}-{carer.pk}" for child, carer in pairs]
    page = client.post(reverse("codes:place", args=[place.pk]), {"chosen": keys})
    return re.findall(r'sum-value">([\d ]+)<', page.content.decode())


def entered(client: Client, digits: str):
    return client.post("/family/sign-in/printed/", {"code": digits})


def test_a_class_teacher_prints_hands_over_and_the_grandmother_comes_in(cast, client):
    teacher = sign_in(Client(), cast.class_teacher)
    [digits] = printed(teacher, cast.this_class, (cast.pupil, cast.grandmother))
    assert re.fullmatch(r"\d{4} \d{4} \d{4}", digits)
    code = SignInCode.objects.get()
    teacher.post(reverse("codes:handed", args=[code.pk]))
    code.refresh_from_db()
    assert (code.handed_by, code.handed_at) == (cast.class_teacher.staff, CAST_MOMENT)
    assert entered(client, digits).url == "/family/"
    assert client.session["family"] == {
        "carer": cast.grandmother.pk,
        "number": "",
        "own": False,
        "seen": int(CAST_MOMENT.timestamp() // 60),
    }
    assert {"code.list", "code.print", "code.hand_over", "code.use"} <= set(
        Entry.objects.values_list("verb", flat=True)
    )
    assert entered(Client(), digits).status_code == 422


def test_a_slip_lets_in_for_two_weeks_and_a_new_one_makes_it_void(cast):
    teacher = sign_in(Client(), cast.class_teacher)
    [first] = printed(teacher, cast.this_class, (cast.pupil, cast.grandmother))
    [second] = printed(teacher, cast.this_class, (cast.pupil, cast.grandmother))
    assert entered(Client(), first).status_code == 422
    with time_machine.travel(CAST_MOMENT + codes.PRINTED_LASTS, tick=False):
        assert entered(Client(), second).status_code == 422
    with time_machine.travel(CAST_MOMENT + codes.PRINTED_LASTS - timedelta(days=1), tick=False):
        assert entered(Client(), second).status_code == 302


def test_a_lost_slip_is_made_void(cast):
    teacher = sign_in(Client(), cast.class_teacher)
    [digits] = printed(teacher, cast.this_class, (cast.pupil, cast.mother))
    code = SignInCode.objects.get()
    teacher.post(reverse("codes:end", args=[code.pk]))
    assert entered(Client(), digits).status_code == 422
    answer = teacher.post(reverse("codes:handed", args=[code.pk]), follow=True)
    assert "已经作废" in answer.content.decode()


def test_the_director_of_the_village_prints_for_those_who_live_there(cast, client):
    director = sign_in(Client(), cast.children_director)
    page = director.get(reverse("codes:place", args=[cast.community.pk])).content.decode()
    assert cast.pupil.name in page and cast.grandmother.name in page
    # Neither a school nor a number stands there.
    assert cast.school.name not in page and cast.grandmother.phone not in page
    [digits] = printed(director, cast.community, (cast.sister, cast.grandmother))
    assert entered(client, digits).status_code == 302


def test_a_barred_carer_is_not_offered_and_gets_no_code(cast):
    teacher = sign_in(Client(), cast.class_teacher)
    page = teacher.get(reverse("codes:place", args=[cast.this_class.pk]))
    assert cast.barred_father.name not in page.content.decode()
    assert printed(teacher, cast.this_class, (cast.pupil, cast.barred_father)) == []
    with pytest.raises(CodeRefused):
        actions.print_codes(
            cast.this_class,
            [(cast.pupil.pk, cast.barred_father.pk)],
            on=CAST_DAY,
            at=CAST_MOMENT,
            by=cast.class_teacher.actor,
        )


def test_nobody_prints_for_another_class_village_or_without_an_approval(cast):
    for person, place in (
        (cast.class_teacher, cast.parallel_class),
        (cast.class_teacher, cast.community),
        (cast.children_director, cast.this_class),
        (cast.children_director, cast.other_community),
        (cast.children_director_elsewhere, cast.community),
        (cast.head, cast.this_class),
        (cast.teacher_who_left_yesterday, cast.parallel_class),
        (cast.district_officer, cast.community),
    ):
        client = sign_in(Client(), person)
        assert client.get(reverse("codes:place", args=[place.pk])).status_code == 404


def test_printing_for_nobody_says_what_to_do(cast):
    teacher = sign_in(Client(), cast.class_teacher)
    page = teacher.post(reverse("codes:place", args=[cast.this_class.pk]), {})
    assert page.status_code == 422
    assert "请先勾选照护人" in page.content.decode()


def test_a_slip_lets_nobody_in_who_cares_no_longer(cast):
    teacher = sign_in(Client(), cast.class_teacher)
    [digits] = printed(teacher, cast.this_class, (cast.classmate, cast.classmates_mother))
    end_care(Care.objects.get(carer=cast.classmates_mother), CAST_DAY, by=SYSTEM)
    assert entered(Client(), digits).status_code == 422


def test_guessing_printed_codes_has_to_wait(client):
    answers = [entered(client, "123412341234").status_code for _ in range(21)]
    assert answers == [422] * 20 + [429]


def test_whoever_got_the_message_by_mistake_says_so_and_the_number_is_set_aside(cast, client):
    code = actions.ask_for_code(cast.mother.phone_digest, at=CAST_MOMENT)
    link = reverse("families:enter", args=[codes.token_from(code.salt)])
    page = client.post(link, {"step": "not-me"})
    assert "谢谢您告诉我们" in page.content.decode()
    assert queries.carers_at(cast.mother.phone_digest, CAST_DAY) == []
    assert queries.numbers_set_aside([cast.mother.pk, cast.grandmother.pk]) == {cast.mother.pk}
    assert client.post(link, {"step": "enter"}).status_code == 404
    for person in (cast.class_teacher, cast.registrar):
        work = sign_in(Client(), person).get(reverse("codes:numbers")).content.decode()
        assert cast.mother.name in work and "收到登录短信的人" in work
    far = sign_in(Client(), cast.class_teacher_elsewhere).get(reverse("codes:numbers"))
    assert cast.mother.name not in far.content.decode()


def test_whoever_came_in_says_not_me_and_is_out_at_once_with_every_session(cast, client):
    come_in(client, cast.mother)
    other = come_in(Client(), cast.mother, own_phone=True)
    client.post("/family/not-me/")
    assert client.session.get("family") is None
    assert other.get("/family/not-me/").status_code == 302
    assert NumberDoubt.objects.get().said == "signed_in"


def test_a_checked_number_works_again_and_a_changed_one_needs_no_check(cast):
    for carer in (cast.mother, cast.grandmother):
        NumberDoubt.objects.create(
            carer=carer, phone_digest=carer.phone_digest, said="number", said_at=CAST_MOMENT
        )
    registrar = sign_in(Client(), cast.registrar)
    doubt = NumberDoubt.objects.get(carer=cast.mother)
    registrar.post(reverse("codes:keep-number", args=[doubt.pk]))
    assert queries.carers_at(cast.mother.phone_digest, CAST_DAY) == [cast.mother]
    assert open_doubts().count() == 1
    change_phone(cast.grandmother, cast.pupil, "13800009999", "", by=cast.registrar.actor)
    assert not open_doubts().exists()


def test_a_slip_that_reached_somebody_else_is_void_and_seen(cast, client):
    teacher = sign_in(Client(), cast.class_teacher)
    printed(teacher, cast.this_class, (cast.pupil, cast.grandmother))
    code = SignInCode.objects.get()
    link = reverse("families:enter", args=[codes.token_from(code.salt)])
    client.post(link, {"step": "not-me"})
    assert "拿到打印码的人" in teacher.get(reverse("codes:numbers")).content.decode()
    assert client.post(link, {"step": "enter"}).status_code == 404


def test_the_rule_and_the_list_of_doubts_agree_for_the_whole_cast(cast):
    for carer in (cast.mother, cast.classmates_mother):
        NumberDoubt.objects.create(
            carer=carer, phone_digest=carer.phone_digest, said="number", said_at=CAST_MOMENT
        )
    check_view_matches_list(
        cast,
        everything=NumberDoubt.objects.all(),
        may_view=lambda actor, doubt: may_see_doubt(actor, doubt, CAST_DAY),
        visible_to=lambda actor: doubts_visible_to(actor, CAST_DAY),
    )


def test_codes_are_forgotten_a_month_after_they_opened_nothing_more(cast):
    old = actions.ask_for_code("x" * 64, at=CAST_MOMENT - timedelta(days=31))
    kept = actions.ask_for_code("x" * 64, at=CAST_MOMENT - timedelta(days=30))
    assert actions.forget_codes(CAST_MOMENT, by=SYSTEM) == 1
    assert list(SignInCode.objects.values_list("pk", flat=True)) == [kept.pk]
    assert old.pk != kept.pk
    assert actions.forget_codes(CAST_MOMENT, by=SYSTEM) == 0


def first_way(carer) -> str:
    return ways_of([carer.pk], CAST_MOMENT)[carer.pk][0].path


def ring_first(client: Client, place, child, carer, way: str):
    told = {"chosen": f"{child.pk}-{carer.pk}", "way": way}
    return client.post(reverse("codes:ring-first", args=[place.pk]), told, follow=True)


def test_a_class_teacher_lets_notices_call_somebody_who_reads_no_messages(cast):
    teacher = sign_in(Client(), cast.class_teacher)
    assert first_way(cast.mother) == "sms"
    page = ring_first(teacher, cast.this_class, cast.pupil, cast.mother, "voice")
    assert "通知李梅先打电话" in page.content.decode()
    assert first_way(cast.mother) == "voice"
    entry = Entry.objects.get(verb="notice.choose_way")
    assert (entry.subject_id, entry.user_id) == (cast.mother.pk, cast.class_teacher.user.pk)
    ring_first(teacher, cast.this_class, cast.pupil, cast.mother, "sms")
    assert first_way(cast.mother) == "sms"


def test_who_chose_another_way_is_left_with_it_and_nobody_else_is_reached(cast):
    teacher = sign_in(Client(), cast.class_teacher)
    choose_way(cast.mother.pk, "email", "m@example.com", at=CAST_MOMENT, by=SYSTEM)
    page = ring_first(teacher, cast.this_class, cast.pupil, cast.mother, "voice")
    assert "自己选了别的方式" in page.content.decode() and first_way(cast.mother) == "email"
    # A child of another class, a carer who is barred, and plain nonsense are all nobody here.
    for child, carer in (
        (cast.pupil_of_parallel_class, cast.classmates_mother),
        (cast.pupil, cast.barred_father),
    ):
        page = ring_first(teacher, cast.this_class, child, carer, "voice")
        assert "名单变了" in page.content.decode()
    assert (
        ring_first(teacher, cast.parallel_class, cast.pupil, cast.mother, "sms").status_code == 404
    )
    assert first_way(cast.mother) == "email"


def test_where_nobody_carries_calls_none_is_promised(cast, monkeypatch):
    monkeypatch.setattr("gongyu.ground.notices.ways.paths_carried", lambda: frozenset({"sms"}))
    teacher = sign_in(Client(), cast.class_teacher)
    page = teacher.get(reverse("codes:place", args=[cast.this_class.pk])).content.decode()
    assert "李梅" in page and "改为先打电话</button>" not in page
    page = ring_first(teacher, cast.this_class, cast.pupil, cast.mother, "voice").content.decode()
    assert "没有开通电话" in page and "记下了" not in page
    assert first_way(cast.mother) == "sms"


def test_several_are_called_first_at_once_or_nobody_and_the_ticks_stay(cast):
    teacher = sign_in(Client(), cast.class_teacher)
    address = reverse("codes:ring-first", args=[cast.this_class.pk])
    lines = codes_page(cast.this_class, CAST_DAY, CAST_MOMENT).lines
    keys = [carer.key for line in lines for carer in line.carers if carer.may_ring_first]
    assert len(keys) > 1
    choose_way(cast.mother.pk, "email", "m@example.com", at=CAST_MOMENT, by=SYSTEM)
    page = teacher.post(address, {"chosen": keys, "way": "voice"})
    assert page.status_code == 422
    assert "李梅的通知方式" in page.content.decode()
    assert page.content.decode().count(" checked>") == len(keys)
    mothers = f"{cast.pupil.pk}-{cast.mother.pk}"
    others = [key for key in keys if not key.endswith(f"-{cast.mother.pk}")]
    assert mothers in keys and all(first_way_of(key) == "sms" for key in others)
    assert teacher.post(address, {"chosen": others, "way": "voice"}).status_code == 302
    assert all(first_way_of(key) == "voice" for key in others)
    assert teacher.post(address, {"way": "voice"}).status_code == 422


def first_way_of(key: str) -> str:
    pk = int(key.split("-")[1])
    return ways_of([pk], CAST_MOMENT)[pk][0].path
