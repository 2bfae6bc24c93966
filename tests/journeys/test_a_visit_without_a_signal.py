"""A class teacher on the hill: no network, a browser that is killed, answers that are lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from gongyu.ground.staff.models import Post
from gongyu.records.m01_home_school_contact.actions import record_visit
from gongyu.records.m01_home_school_contact.models import Visit
from gongyu.records.m01_home_school_contact.shapes import VisitEntry
from gongyu.shared_work.offline.models import Receipt
from tests.cast import CAST_DAY
from tests.journeys.on_the_hill import (
    STORED,
    WORDS,
    cable,
    keep,
    phone,
    signed_in,
    turned_on,
    unlock,
    write_a_visit,
)

__all__ = ["cable", "phone"]
pytestmark = pytest.mark.journey


def test_an_offline_visit_is_replayed_once_after_the_browser_was_killed(phone, cable, the_cast):
    page = turned_on(phone, the_cast)
    cable.cut()
    # Any page of the house opens as the shell; the PIN opens the class.
    page.goto(f"{phone.url}/visits/")
    unlock(page)
    expect(page.get_by_text("现在没有网络。写好的先存在本机")).to_be_visible()
    expect(page.get_by_role("heading", name="石板坡小学")).to_be_visible()
    write_a_visit(page)
    keep(page)
    expect(page.get_by_text("等网络。")).to_be_visible()
    phone.kill()

    page = phone.start()
    page.goto(f"{phone.url}/")
    expect(page.get_by_text("1 条没有送出")).to_be_visible()
    unlock(page)
    expect(page.get_by_text("等网络。")).to_be_visible()
    assert not Visit.objects.exists()

    cable.mend()
    page.get_by_role("button", name="现在送出").click()
    # Sessions end with the browser; the words wait until the teacher has signed in again.
    expect(page.get_by_text("登录已过期")).to_be_visible()
    signed_in(phone, the_cast)
    page.get_by_role("button", name="现在送出").click()
    expect(page.get_by_text("都送到了")).to_be_visible()
    page.goto(f"{phone.url}/offline/")
    unlock(page)
    expect(page.get_by_text("有网络。")).to_be_visible()

    [visit] = Visit.objects.all()
    assert (visit.asked, visit.visited_on) == (WORDS, CAST_DAY)
    assert list(visit.met.all()) == [the_cast.grandmother]
    assert Receipt.objects.count() == 1
    assert page.evaluate(STORED)["entries"] == []


def test_an_answer_that_was_lost_makes_no_second_visit(phone, cable, the_cast):
    page = turned_on(phone, the_cast)
    write_a_visit(page)
    cable.swallow("/send/")
    keep(page)
    # The server has it, and the phone does not know.
    expect(page.get_by_text("稍后会再送")).to_be_visible()
    expect(page.get_by_text("等网络。")).to_be_visible()
    cable.swallow("")
    page.get_by_role("button", name="现在送出").click()
    expect(page.get_by_text("有网络。")).to_be_visible()
    expect(page.get_by_text("等网络。")).to_have_count(0)
    assert Visit.objects.count() == Receipt.objects.count() == 1
    assert page.evaluate(STORED)["entries"] == []


def test_when_the_post_ended_the_class_is_gone_and_what_was_done_before_still_arrives(
    phone, cable, the_cast
):
    page = turned_on(phone, the_cast)
    cable.cut()
    page.goto(f"{phone.url}/visits/")
    unlock(page)
    write_a_visit(page)
    page.locator("input[name=visited_on]").fill("2026-11-03")
    keep(page)
    Post.objects.filter(pk=the_cast.class_teacher.post.pk).update(until_on=CAST_DAY)
    cable.mend()
    page.get_by_role("button", name="现在送出").click()
    expect(page.get_by_text("已从本机删除")).to_be_visible()
    assert page.evaluate(STORED)["kit"] == []
    assert Visit.objects.get().post == the_cast.class_teacher.post


def test_a_conflict_is_shown_and_the_teacher_decides(phone, cable, the_cast):
    page = turned_on(phone, the_cast)
    cable.cut()
    page.goto(f"{phone.url}/visits/")
    unlock(page)
    write_a_visit(page)
    keep(page)
    online = VisitEntry(CAST_DAY, {the_cast.pupil.pk: ""}, setting="home", met_other="外婆")
    record_visit(online, on=CAST_DAY, key="online", by=the_cast.class_teacher.actor)
    cable.mend()
    page.get_by_role("button", name="现在送出").click()
    expect(page.get_by_text("您已经在别处记过了")).to_be_visible()
    assert Visit.objects.count() == 1
    page.get_by_role("button", name="用这里写的更正那一条").click()
    expect(page.get_by_text("都送到了")).to_be_visible()
    old, new = Visit.objects.order_by("pk")
    assert (old.status, new.asked) == ("replaced", WORDS)


def test_what_is_half_written_survives_a_killed_browser(phone, cable, the_cast):
    page = turned_on(phone, the_cast)
    cable.cut()
    page.goto(f"{phone.url}/visits/")
    unlock(page)
    write_a_visit(page, "写到一半的话")
    page.wait_for_timeout(1500)
    phone.kill()
    page = phone.start()
    page.goto(f"{phone.url}/")
    unlock(page)
    expect(page.get_by_text("没写完，还不会送出")).to_be_visible()
    page.get_by_role("button", name="打开修改").click()
    expect(page.locator("textarea[name=asked]")).to_have_value("写到一半的话")
    expect(page.get_by_label("祖母/外祖母")).to_be_checked()


def test_an_online_form_that_cannot_be_sent_loses_nothing(phone, cable, the_cast):
    page = turned_on(phone, the_cast)
    page.goto(f"{phone.url}/visits/children/{the_cast.pupil.pk}/record/")
    page.locator("textarea[name=asked]").fill(WORDS)
    cable.cut()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("没有网络，没有送出")).to_be_visible()
    expect(page.locator("textarea[name=asked]")).to_have_value(WORDS)
    cable.mend()
    page.get_by_role("checkbox", name=re.compile("吴秀英")).check()
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile("/visits/classes/"))
    assert Visit.objects.get().asked == WORDS


def test_it_goes_by_itself_when_the_network_comes_back(phone, cable, the_cast):
    page = turned_on(phone, the_cast)
    phone.context.set_offline(True)
    write_a_visit(page)
    keep(page)
    expect(page.get_by_text("等网络。")).to_be_visible()
    assert not Visit.objects.exists()
    phone.context.set_offline(False)
    expect(page.get_by_text("都送到了")).to_be_visible()
    assert Visit.objects.count() == 1
