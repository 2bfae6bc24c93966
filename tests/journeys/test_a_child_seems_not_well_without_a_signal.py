"""On the hill a child seems not well: the note waits and arrives once; words of harm say 110 at once."""

from __future__ import annotations

import os
import re

import pytest
from django.utils.timezone import localtime
from playwright.sync_api import Page, expect

from gongyu.records.m01_home_school_contact.actions import note_anomaly
from gongyu.records.m01_home_school_contact.concern_shapes import NoteEntry
from gongyu.records.m01_home_school_contact.models_concerns import Anomaly
from gongyu.shared_work.casework.models import Report
from gongyu.shared_work.offline.models import Receipt
from tests.cast import CAST_MOMENT
from tests.journeys.conftest import DESKTOP
from tests.journeys.on_the_hill import (
    STORED,
    cable,
    keep,
    phone,
    signed_in,
    turned_on,
    unlock,
)
from tests.journeys.test_every_page_can_be_used_by_everybody import axe, faults

__all__ = ["axe", "cable", "phone"]
pytestmark = pytest.mark.journey
SEEN = "课间一个人坐着，不说话"


def write_a_note(page: Page, words: str = SEEN) -> None:
    line = page.get_by_role("listitem").filter(has_text="杨小雨").last
    line.get_by_role("button", name=re.compile("^有情况")).click()
    page.get_by_label("情绪低落或者大起大落").check()
    page.locator("textarea[name=words]").fill(words)


def send(page: Page) -> None:
    page.get_by_role("button", name="现在送出").click()


def picture(page: Page, name: str) -> None:
    """For whoever wants to look: GONGYU_PICTURES names a folder."""
    if folder := os.environ.get("GONGYU_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_note_typed_without_a_network_arrives_once_and_its_clock_runs_from_the_phone(
    phone, cable, the_cast
):
    page = turned_on(phone, the_cast)
    cable.cut()
    page.goto(f"{phone.url}/concerns/")
    unlock(page)
    picture(page, "home-360")
    write_a_note(page)
    page.locator("input[name=noticed_at]").fill("2026-11-04T09:20")
    picture(page, "note-360")
    keep(page)
    expect(page.get_by_text("杨小雨 记下异常 11月4日 09:20")).to_be_visible()
    assert SEEN not in str(page.evaluate(STORED)["entries"])
    phone.kill()
    page = phone.start()
    page.goto(f"{phone.url}/")
    unlock(page)
    cable.mend()
    signed_in(phone, the_cast)
    cable.swallow("/send/")
    send(page)
    expect(page.get_by_text("稍后会再送")).to_be_visible()
    cable.swallow("")
    send(page)
    expect(page.get_by_text("等网络。")).to_have_count(0)
    anomaly = Anomaly.objects.get()
    assert (anomaly.words, Receipt.objects.count()) == (SEEN, 1)
    assert f"{localtime(anomaly.noticed_at):%m-%d %H:%M}" == "11-04 09:20"
    assert f"{localtime(anomaly.due_at):%m-%d %H:%M}" == "11-04 21:00"
    assert page.evaluate(STORED)["entries"] == []


def test_words_of_harm_say_110_at_once_and_lead_to_the_way_to_report(phone, cable, the_cast, axe):
    page = turned_on(phone, the_cast)
    cable.cut()
    page.goto(f"{phone.url}/concerns/")
    unlock(page)
    write_a_note(page)
    urgent = page.get_by_role("alert").filter(has_text="请直接打 110")
    expect(urgent).to_have_count(0)
    page.locator("textarea[name=words]").fill("手臂上有伤痕")
    # Before anything is kept or sent, and without a network.
    expect(urgent).to_be_visible()
    for number in ("110", "12309", "12345", "12355", "12338"):
        expect(urgent.locator(f"a[href='tel:{number}']")).to_be_visible()
    picture(page, "harm-360")
    assert faults(page, axe) == []
    page.get_by_role("button", name="存好，有网就送").click()
    expect(urgent.get_by_text("不是这样的，再点一次")).to_be_visible()
    expect(page.locator("textarea[name=words]")).to_have_value("手臂上有伤痕")
    # Other words are asked about anew.
    page.locator("textarea[name=words]").fill("手臂上有伤痕，说是摔的")
    page.get_by_role("button", name="存好，有网就送").click()
    expect(urgent.get_by_text("不是这样的，再点一次")).to_be_visible()
    keep(page)
    expect(urgent).to_be_visible()
    picture(page, "harm-home-360")

    cable.mend()
    signed_in(phone, the_cast)
    send(page)
    expect(page.get_by_text("等网络。")).to_have_count(0)
    expect(urgent).to_be_visible()
    picture(page, "harm-sent-360")
    page.set_viewport_size(DESKTOP)
    picture(page, "harm-sent-1440")
    assert Anomaly.objects.count() == 1 and not Report.objects.exists()
    urgent.get_by_role("link", name=re.compile("看怎么报告")).click()
    expect(page.get_by_role("heading", name="怀疑孩子受到伤害")).to_be_visible()


def test_the_way_to_report_is_never_kept_on_the_phone_and_the_number_is(phone, cable, the_cast):
    page = turned_on(phone, the_cast)
    page.goto(f"{phone.url}/care/")
    expect(page.get_by_role("heading", name="怀疑孩子受到伤害")).to_be_visible()
    assert not [path for path in page.evaluate(STORED)["caches"] if "care" in path.split("/")]
    page.locator("textarea[name=words]").fill("在教室门口看到的")
    cable.cut()
    page.get_by_role("button", name="封存").click()
    page.wait_for_timeout(500)
    assert page.evaluate(STORED)["entries"] == []
    page.goto(f"{phone.url}/care/")
    expect(page.locator("a[href='tel:110']")).to_be_visible()
    picture(page, "locked-360")
    cable.mend()
    page.wait_for_timeout(500)
    assert not Report.objects.exists() and not Anomaly.objects.exists()


def test_the_same_noted_elsewhere_is_shown_and_the_teacher_decides(phone, cable, the_cast):
    page = turned_on(phone, the_cast)
    cable.cut()
    page.goto(f"{phone.url}/concerns/")
    unlock(page)
    write_a_note(page)
    page.locator("input[name=noticed_at]").fill("2026-11-04T09:20")
    keep(page)
    entry = NoteEntry(the_cast.pupil.pk, "mood", CAST_MOMENT, "在桌前写的")
    note_anomaly(entry, at=CAST_MOMENT, key="desk", by=the_cast.class_teacher.actor)
    cable.mend()
    send(page)
    expect(page.get_by_text("您已经在别处记过了")).to_be_visible()
    picture(page, "conflict-360")
    assert Anomaly.objects.count() == 1
    page.get_by_role("button", name="用这里写的更正那一条").click()
    expect(page.get_by_text("都送到了")).to_be_visible()
    old, new = Anomaly.objects.order_by("pk")
    assert (old.status, old.words, new.words) == ("retracted", "在桌前写的", SEEN)


def test_a_moment_to_come_or_long_ago_is_said_without_the_server(phone, cable, the_cast):
    page = turned_on(phone, the_cast)
    cable.cut()
    page.goto(f"{phone.url}/concerns/")
    unlock(page)
    write_a_note(page)
    for moment, words in [
        ("2026-11-05T09:00", "时间不能晚于现在"),
        ("2026-10-30T09:00", "超过 72 小时的"),
        ("", "请填写时间"),
    ]:
        page.locator("input[name=noticed_at]").fill(moment)
        page.get_by_role("button", name="存好，有网就送").click()
        expect(page.get_by_text(words)).to_be_visible()
    assert page.evaluate(STORED)["entries"] == []
