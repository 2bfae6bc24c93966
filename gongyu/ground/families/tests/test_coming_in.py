"""A carer comes in by a code sent to the number in the roster, by a link, or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry
from gongyu.ground.calendar.clock import now
from gongyu.ground.families import codes, queries
from gongyu.ground.families.models import SignInCode
from gongyu.ground.notices.channels import shown
from gongyu.ground.people.actions import add_care, bar_carer, end_care, lift_bar
from gongyu.ground.people.actions_carers import change_phone
from gongyu.ground.people.models import Bar, Care, Carer
from tests.cast import CAST_DAY, CAST_MOMENT, come_in, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_cast_day")]

SIGN_IN, CODE = "/family/sign-in/", "/family/sign-in/code/"
UNKNOWN = "13912345678"


@pytest.fixture
def ask(client, django_capture_on_commit_callbacks):
    """Type a number; answers what the page said. What is left to the worker is done at once."""

    def asked(phone: str, on: Client = client):
        with django_capture_on_commit_callbacks(execute=True):
            return on.post(SIGN_IN, {"phone": phone}, follow=True)

    return asked


def sent(carer: Carer) -> str:
    """The digits in the latest message to the carer's number."""
    found = shown.last_to(carer.phone, "code")
    return "".join(c for c in found.words.split("，")[0] if c.isdigit()) if found else ""


def inside(client: Client) -> bool:
    return client.session.get("family") is not None


def test_a_grandmother_comes_in_with_the_digits_that_were_sent(cast, client, ask):
    page = ask("138 0000 0001")
    assert "6位数字" in page.content.decode()
    answer = client.post(CODE, {"code": sent(cast.grandmother)})
    assert (answer.status_code, answer.url) == (302, "/family/")
    assert client.session["family"]["carer"] == cast.grandmother.pk
    entry = Entry.objects.get(verb="family.sign_in")
    assert (entry.actor_name, entry.user_id, entry.staff_id) == ("家长", None, None)
    assert entry.detail == {"by_carer": cast.grandmother.pk}


def test_full_width_digits_and_blanks_are_digits(cast, client, ask):
    ask("１３８００００ ０００１")
    wide = "".join(chr(ord(c) + 0xFEE0) for c in sent(cast.grandmother))
    client.post(CODE, {"code": f"{wide[:3]} {wide[3:]}"})
    assert inside(client)


def test_what_only_looks_like_a_digit_is_a_wrong_code(cast, client, ask):
    ask(cast.grandmother.phone)
    assert client.post(CODE, {"code": "²²²²²²"}).status_code == 422
    assert not inside(client)


def test_known_unknown_and_barred_numbers_get_the_same_answer_and_the_same_work(cast, client, ask):
    said, work = set(), set()
    for phone in (cast.mother.phone, UNKNOWN, cast.barred_father.phone):
        asking = Client()
        with CaptureQueriesContext(connection) as queries_made:
            # Without the worker: what it does does not keep the page waiting.
            answer = asking.post(SIGN_IN, {"phone": phone})
        work.add(tuple(q["sql"].split(" ")[0] for q in queries_made))
        page = asking.get(answer.url).content.decode()
        said.add(page[page.index("<main") : page.index("csrfmiddlewaretoken", page.index("<main"))])
    assert len(said) == 1
    assert len(work) == 1


def test_only_whoever_sees_a_child_is_sent_anything(cast, ask):
    for phone in (UNKNOWN, cast.barred_father.phone):
        ask(phone)
        assert shown.last_to(phone) is None
    ask(cast.mother.phone)
    assert shown.last_to(cast.mother.phone).kind == "code"


def test_a_wrong_code_says_so_keeps_what_was_asked_and_five_wrong_ones_close_it(cast, client, ask):
    ask(cast.mother.phone)
    right = sent(cast.mother)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(codes.MOST_WRONG):
        answer = client.post(CODE, {"code": wrong})
        assert answer.status_code == 422
        assert "进不去" in answer.content.decode()
    assert client.post(CODE, {"code": right}).status_code == 422
    assert not inside(client)


def test_a_code_opens_once_and_for_ten_minutes(cast, client, ask):
    ask(cast.mother.phone)
    first = sent(cast.mother)
    with time_machine.travel(CAST_MOMENT + codes.SENT_LASTS, tick=False):
        assert client.post(CODE, {"code": first}).status_code == 422
    client.post(CODE, {"code": first})
    assert inside(client)
    other = Client()
    ask(cast.mother.phone, other)
    assert other.post(CODE, {"code": first}).status_code == 422
    assert not inside(other)


def test_a_code_opens_nothing_for_another_number(cast, client, ask):
    ask(cast.mother.phone)
    ask(cast.grandmother.phone)
    client.post(CODE, {"code": sent(cast.mother)})
    assert not inside(client)


def test_asking_too_often_is_answered_the_same_for_every_number(cast, ask):
    for phone in (cast.mother.phone, UNKNOWN):
        pages = [ask(phone, Client()) for _ in range(6)]
        assert [page.status_code for page in pages] == [200] * 5 + [422]
        assert "要得太勤了" in pages[-1].content.decode()


def test_a_number_typed_wrong_is_explained_and_kept(client):
    answer = client.post(SIGN_IN, {"phone": "1380000"})
    assert answer.status_code == 422
    assert "完整的号码" in answer.content.decode()
    assert 'value="1380000"' in answer.content.decode()


def test_a_link_is_opened_without_being_used_up_and_enters_once(cast, client, ask):
    ask(cast.mother.phone)
    link = shown.last_to(cast.mother.phone).link
    assert link.startswith("http://testserver/family/enter/")
    for _ in range(3):
        assert client.get(link).status_code == 200
    assert not inside(client)
    client.post(link, {"step": "enter", "own_phone": "on"})
    assert client.session["family"]["own"] is True
    assert Client().post(link, {"step": "enter"}).status_code == 404


def test_guessed_links_are_not_found_and_then_have_to_wait(client):
    guessed = reverse("families:enter", args=["-".join(["aaaa"] * 6)])
    answers = [client.get(guessed).status_code for _ in range(22)]
    assert answers == [404] * 20 + [429] * 2


def test_several_carers_of_one_number_say_who_is_here(cast, client, ask):
    change_phone(cast.grandmother, cast.pupil, cast.mother.phone, "", by=SYSTEM)
    cast.grandmother.refresh_from_db()
    ask(cast.mother.phone)
    answer = client.post(CODE, {"code": sent(cast.mother)})
    assert answer.url == "/family/sign-in/who/"
    page = client.get(answer.url).content.decode()
    assert "吴*英" in page and "李*" in page
    assert cast.grandmother.name not in page
    assert client.post(answer.url, {"carer": cast.classmates_mother.pk}).status_code == 422
    client.post(answer.url, {"carer": cast.grandmother.pk})
    assert client.session["family"]["carer"] == cast.grandmother.pk


def test_nobody_chooses_without_a_code(client):
    assert client.get("/family/sign-in/who/").url == "/family/sign-in/"


def test_on_a_shared_phone_a_quarter_of_an_hour_without_a_tap_ends_it(cast, client):
    come_in(client, cast.mother)
    with time_machine.travel(CAST_MOMENT + timedelta(minutes=14), tick=False):
        assert client.get("/family/not-me/").status_code == 200
    with time_machine.travel(CAST_MOMENT + timedelta(minutes=29), tick=False):
        assert client.get("/family/not-me/").status_code == 302
        assert not inside(client)


def test_the_own_phone_stays_for_days(cast, client):
    come_in(client, cast.mother)
    client.post("/family/own-phone/")
    with time_machine.travel(CAST_MOMENT + timedelta(days=29), tick=False):
        assert client.get("/family/not-me/").status_code == 200
    with time_machine.travel(CAST_MOMENT + timedelta(days=60), tick=False):
        assert client.get("/family/not-me/").status_code == 302


def test_one_after_another_on_one_phone_leaves_nothing_of_the_first(cast, client, ask):
    come_in(client, cast.mother)
    client.session["leftover"] = "x"
    client.post("/family/sign-out/")
    assert not inside(client)
    ask(cast.grandmother.phone)
    client.post(CODE, {"code": sent(cast.grandmother)})
    assert client.session["family"]["carer"] == cast.grandmother.pk


def test_custody_changed_today_holds_at_the_next_request(cast, client):
    come_in(client, cast.classmates_mother)
    assert client.get("/family/not-me/").status_code == 200
    end_care(Care.objects.get(carer=cast.classmates_mother), CAST_DAY, by=SYSTEM)
    assert client.get("/family/not-me/").status_code == 302


def test_one_brother_or_sister_is_visible_and_the_other_not(cast):
    bar_carer(cast.sister, cast.mother, CAST_DAY, "裁定", by=SYSTEM)
    family = queries.family_of(cast.mother.pk, CAST_DAY)
    assert family.child_ids == (cast.pupil.pk,)
    assert queries.family_of(cast.mother.pk, CAST_DAY - timedelta(days=1)).child_ids == (
        cast.pupil.pk,
        cast.sister.pk,
    )


def test_a_barred_guardian_is_nobody_until_every_day_of_the_bar_is_over(cast, client):
    assert queries.family_of(cast.barred_father.pk, CAST_DAY) is None
    come_in(client, cast.barred_father)
    assert client.get("/family/not-me/").status_code == 302
    lift_bar(Bar.objects.get(child=cast.pupil), CAST_DAY, by=SYSTEM, why="到期")
    assert queries.family_of(cast.barred_father.pk, CAST_DAY).child_ids == (cast.pupil.pk,)


def test_a_number_that_changed_ends_the_session_that_came_by_it(cast, client):
    come_in(client, cast.mother)
    change_phone(cast.mother, cast.pupil, "13800009999", "", by=SYSTEM)
    assert client.get("/family/not-me/").status_code == 302
    assert not inside(client)


def test_whoever_works_here_is_no_family_in_the_same_browser(cast, client):
    come_in(client, cast.mother)
    sign_in(client, cast.class_teacher)
    assert client.get("/family/not-me/").status_code == 302


def test_a_family_asked_three_questions_more_at_most(cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        family = queries.family_of(cast.mother.pk, CAST_DAY, number=cast.mother.phone_digest)
    assert [c.where for c in family.children] == ["石板坡小学 三年级1班", "七星岗中学 八年级1班"]
    assert all(child.is_guardian for child in family.children)


def test_asking_keeps_digests_and_nobody_s_number(cast, ask):
    ask(cast.mother.phone)
    row = SignInCode.objects.get()
    kept = " ".join(str(v) for v in vars(row).values())
    assert cast.mother.phone not in kept
    assert sent(cast.mother) not in {row.code_digest, row.salt}
    assert row.is_open(now())


def test_a_new_guardian_of_today_is_in(cast):
    add_care(cast.classmate, cast.grandmother, "relative", CAST_DAY, by=SYSTEM)
    assert cast.classmate.pk in queries.family_of(cast.grandmother.pk, CAST_DAY).child_ids
