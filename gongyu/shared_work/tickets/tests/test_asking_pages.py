"""The asker's pages: two taps without an account, follow with number and code, nothing betrayed."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from gongyu.shared_work.tickets import actions, limits, receipts
from gongyu.shared_work.tickets.models import Ticket
from gongyu.shared_work.tickets.shapes import Answer
from tests.cast import CAST_MOMENT, sign_in
from tests.contracts.two_worlds import lines_logged

from .conftest import WORDS

pytestmark = pytest.mark.usefixtures("at_the_cast_day")


@pytest.fixture(autouse=True)
def _no_counts_of_earlier_tests():
    cache.clear()


def tell(client, school, **changes):
    address = reverse("tickets:tell", args=[school.pk])
    page = client.get(address).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    return client.post(address, {"key": key, "kind": "class_fees", **changes})


def told_receipt(answer) -> tuple[str, str]:
    page = answer.content.decode()
    return (
        re.search(r'id="number">([^<]+)<', page)[1],
        re.search(r'id="code">([^<]+)<', page)[1],
    )


def test_two_taps_are_enough_and_the_receipt_is_shown_once(cast, client):
    answer = tell(client, cast.school)
    assert answer.status_code == 200
    number, code = told_receipt(answer)
    ticket = Ticket.objects.get()
    assert (ticket.about, ticket.words, ticket.contact) == (cast.school, "", "")
    assert receipts.plain_number(number) == ticket.number
    assert code == receipts.code_for(ticket.token, ticket.code_salt)
    assert "渝中区教委投诉举报办理岗" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert "sessionid" not in client.cookies


def test_with_words_a_class_an_amount_and_a_contact(cast, client):
    tell(
        client, cast.school, about=cast.this_class.pk, words=WORDS, amount="300.50",
        contact="13900001111",
    )  # fmt: skip
    ticket = Ticket.objects.get()
    assert (ticket.about, ticket.words, str(ticket.amount)) == (cast.this_class, WORDS, "300.50")
    assert ticket.is_named


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": ""}, "请选择是哪一类问题"),
        ({"kind": "nonsense"}, "请选择是哪一类问题"),
        ({"amount": "三百块"}, "单位是元"),
        ({"about": "1"}, "请从名单里选择班级"),
        ({"website": "https://example.test"}, "有一栏应当空着"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(cast, client, changes, said):
    answer = tell(client, cast.school, **({"words": WORDS} | changes))
    page = answer.content.decode()
    assert said in page and WORDS in page
    assert not Ticket.objects.exists()


def test_somebody_signed_in_is_as_anonymous_as_anybody(cast, client):
    sign_in(client, cast.class_teacher)
    tell(client, cast.school)
    ticket = Ticket.objects.get()
    step = ticket.steps.get()
    assert (step.post, step.by, step.desk) == (None, "", None)


def test_no_more_than_people_tell_is_taken_from_one_address_and_the_words_stay(cast, client):
    for _each in range(limits.MOST_TOLD):
        limits.note_told("127.0.0.1")
    answer = tell(client, cast.school, words=WORDS)
    assert answer.status_code == 429 and WORDS in answer.content.decode()
    assert not Ticket.objects.exists()


def test_a_school_is_found_by_its_name_its_letters_or_its_district(cast, client):
    for words in ("石板", "sbp"):
        page = client.get(reverse("tickets:choose"), {"q": words}).content.decode()
        assert reverse("tickets:tell", args=[cast.school.pk]) in page
        assert "白岩小学" not in page
    page = client.get(reverse("tickets:district", args=[cast.district.pk])).content.decode()
    assert "石板坡小学" in page and "白岩小学" not in page
    assert "没有找到" in client.get(reverse("tickets:choose"), {"q": "没有"}).content.decode()
    for name, pk in (("district", cast.school.pk), ("tell", cast.district.pk), ("tell", 0)):
        assert client.get(reverse(f"tickets:{name}", args=[pk])).status_code == 404


def test_the_sign_in_page_and_the_school_s_page_lead_here(cast, client):
    assert reverse("tickets:choose") in client.get(reverse("account_login")).content.decode()
    sign_in(client, cast.head)
    page = client.get(reverse("pages:school", args=[cast.school.pk])).content.decode()
    assert reverse("tickets:tell", args=[cast.school.pk]) in page


# Following


def follow(client, number, code, **more):
    return client.post(reverse("tickets:follow"), {"number": number, "code": code, **more})


@pytest.fixture
def receipt(cast, client) -> tuple[str, str]:
    return told_receipt(tell(client, cast.school, words=WORDS, contact="13900001111"))


def test_the_asker_sees_every_step_but_neither_words_nor_persons_nor_notes(cast, receipt):
    ticket, by = Ticket.objects.get(), cast.complaint_handler.actor
    actions.accept(ticket, words="正在核实", at=CAST_MOMENT, by=by)
    actions.note(ticket, words="内部的话", at=CAST_MOMENT, by=by)
    actions.hand_over(ticket, cast.city, words="请市里看", at=CAST_MOMENT, by=by)
    page = follow(Client(), *receipt).content.decode()
    for said in (
        "已受理",
        "正在核实",
        "提出移交给重庆市",
        "渝中区教委投诉举报办理岗",
        "信访工作条例",
    ):
        assert said in page, said
    for kept in (WORDS, "13900001111", "内部的话", "岳明"):
        assert kept not in page, kept


def test_content_or_reopened_without_signing_in(cast, receipt):
    ticket, by = Ticket.objects.get(), cast.complaint_handler.actor
    actions.accept(ticket, at=CAST_MOMENT, by=by)
    actions.answer(ticket, Answer("partly", "已退还一半"), at=CAST_MOMENT, by=by)
    client = Client()
    page = follow(client, *receipt).content.decode()
    assert "部分属实" in page and "已退还一半" in page and "要求继续办理" in page
    answer = follow(client, *receipt, step="reopen", **{"again-words": ""})
    assert "请写一句：哪里还没有解决。" in answer.content.decode()
    answer = follow(client, *receipt, step="reopen", **{"again-words": "还差一半"})
    assert "要求继续办理" in answer.content.decode()
    ticket.refresh_from_db()
    assert (ticket.status, ticket.round) == ("reopened", 2)
    actions.answer(ticket, Answer("substantiated", "全部退还"), at=CAST_MOMENT, by=by)
    follow(client, *receipt, step="say", **{"say-content": ""})
    ticket.refresh_from_db()
    assert ticket.status == "answered"
    follow(client, *receipt, step="say", **{"say-content": "yes", "say-words": "谢谢"})
    ticket.refresh_from_db()
    assert (ticket.status, ticket.is_content) == ("closed", True)


def test_a_step_that_is_no_longer_possible_says_so(receipt):
    answer = follow(Client(), *receipt, step="say", **{"say-content": "yes"})
    assert answer.status_code == 200
    assert Ticket.objects.get().status == "received"


def _plain(answer) -> tuple:
    text = re.sub(r'csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"', "", answer.content.decode())
    return answer.status_code, re.sub(r'name="(number|code)" value="[^"]*"', "", text)


def test_a_wrong_number_and_a_wrong_code_get_the_same_answer(receipt):
    number, code = receipt
    wrong = [_plain(follow(Client(), *pair)) for pair in (("2611000001", code), (number, "aaaa"))]
    assert wrong[0] == wrong[1]
    assert "没有找到" in wrong[0][1]


def test_whoever_tries_too_often_waits_and_the_right_receipt_still_opens(receipt):
    client = Client()
    for _each in range(20):
        assert follow(client, "2611000001", "aaaa-bbbb-cccc").status_code == 200
    assert follow(client, "2611000001", "aaaa-bbbb-cccc").status_code == 429
    assert follow(client, *receipt).status_code == 200


def test_no_address_no_header_and_no_log_line_carries_the_code(cast, receipt, settings):
    number, code = receipt
    client = Client()
    with lines_logged() as lines:
        shown = follow(client, number, code)
        missed = follow(client, number, "wrong-wrong-wrong")
    assert code not in repr(lines) and receipts.plain_code(code) not in repr(lines)
    for answer in (shown, missed):
        assert code not in repr(list(answer.items()))
    assert (
        client.get(reverse("tickets:follow"), {"number": number, "code": code})
        .content.decode()
        .count(code)
        == 0
    )
    assert "tickets/one" in repr(settings.LOGGING["filters"])


def test_a_trial_is_opened_by_no_receipt(cast, client):
    [trial] = actions.start_trials([cast.school], at=CAST_MOMENT, by=cast.district_officer.actor)
    code = receipts.code_for(trial.token, trial.code_salt)
    assert "没有找到" in follow(client, trial.number, code).content.decode()
