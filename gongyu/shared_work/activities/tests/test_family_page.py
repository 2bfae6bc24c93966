"""A family's page: no sign-in, no script, light, and nothing about anybody else."""

import gzip
import re

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from gongyu.shared_work.activities import actions
from gongyu.shared_work.activities.models import Booking
from gongyu.shared_work.activities.shapes import Outcome
from gongyu.shared_work.family_links.limits import MOST_MISSES
from tests.cast import CAST_DAY

from .conftest import AFTER, START, token_of


@pytest.fixture
def page_of(cast, open_day):
    return reverse("activities:family", args=[token_of(open_day, cast.grandmother)])


def text_of(client, url, sent=None):
    answer = client.post(url, sent, follow=True) if sent is not None else client.get(url)
    return answer.content.decode()


def test_a_family_books_changes_and_cancels_without_signing_in(client, open_day, page_of):
    first, second = open_day.slots.all()
    page = text_of(client, page_of)
    assert "杨*雨" in page and "杨小雨" not in page and "您什么时候方便" in page
    assert "请选一个时间" in text_of(client, page_of, {"slot": ""})
    assert "已约好" in text_of(client, page_of, {"slot": first.pk})
    assert "换成哪个时间" in text_of(client, page_of)
    text_of(client, page_of, {"slot": second.pk})
    assert Booking.objects.get().slot == second
    assert "您什么时候方便" in text_of(client, page_of, {"step": "cancel"})
    assert Booking.objects.get().status == "cancelled"


def test_a_full_time_is_offered_as_a_queue_and_the_place_in_it_is_said(
    cast, client, open_day, page_of
):
    first, second = open_day.slots.all()
    by = cast.head.actor
    actions.book_for_family(open_day, cast.classmate.pk, first.pk, on=CAST_DAY, by=by)
    assert "已满，可以排队" in text_of(client, page_of)
    page = text_of(client, page_of, {"slot": first.pk})
    assert "正在排队" in page and "前面还有 0 家" in page
    assert "郑" not in page, "nothing about anybody else"
    text_of(client, page_of, {"slot": second.pk})
    assert Booking.objects.get(slot=second).status == "booked"


def test_whoever_was_quicker_leaves_an_answer_and_the_former_place(cast, client, open_day, page_of):
    first, second = open_day.slots.all()
    text_of(client, page_of, {"slot": first.pk})
    by = cast.head.actor
    actions.book_for_family(open_day, cast.classmate.pk, second.pk, on=CAST_DAY, by=by)
    page = text_of(client, page_of, {"slot": second.pk})
    assert "还给您留着" in page and "已约好" in page


def test_a_cancelled_and_a_moved_activity_say_so_on_the_same_slip(cast, client, open_day, page_of):
    text_of(client, page_of, {"slot": open_day.slots.first().pk})
    later = START.replace(day=21)
    fresh = actions.move_activity(open_day, later, reason="暴雨", on=CAST_DAY, by=cast.head.actor)
    page = text_of(client, page_of)
    assert "改期了：暴雨" in page and "已约好" in page and "11月21日" in page
    actions.cancel_activity(fresh, reason="停课", by=cast.head.actor)
    page = text_of(client, page_of)
    assert "活动取消了：停课" in page and "就约这个时间" not in page


def test_afterwards_the_slip_says_that_it_is_over(cast, client, open_day, page_of):
    with time_machine.travel(AFTER, tick=False):
        assert "网上预约的时间过了" in text_of(client, page_of)
        actions.close_activity(open_day, Outcome(9, "count"), by=cast.head.actor)
        page = text_of(client, page_of)
    assert "已经办过了" in page and "预约的时间" not in page


def test_wrong_links_are_one_page_word_for_word_and_run_out(client, cast, open_day):
    wrong = reverse("activities:family", args=["aaaa-" * 5 + "aaaa"])
    other = reverse("activities:family", args=["bbbb-" * 5 + "bbbb"])
    first, second = client.get(wrong), client.get(other)
    assert first.status_code == second.status_code == 404
    assert first.content == second.content
    for _each in range(MOST_MISSES):
        client.get(wrong)
    assert client.get(wrong).status_code == 429
    right = reverse("activities:family", args=[token_of(open_day, cast.grandmother)])
    assert client.get(right).status_code == 200, "a right link always opens"
    cache.clear()


def test_the_page_is_light_is_not_kept_and_holds_no_name_in_its_address(client, page_of):
    answer = client.get(page_of)
    assert "no-store" in answer["Cache-Control"]
    assert len(gzip.compress(answer.content)) < 20_000
    assert re.fullmatch(r"/activities/family/(?:[a-z2-7]{4}-){5}[a-z2-7]{4}/", page_of)


def test_a_forged_request_from_elsewhere_is_refused(page_of):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(page_of, {"step": "cancel"}).status_code == 403
