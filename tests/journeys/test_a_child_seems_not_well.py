"""A teacher notices, the class teacher calls, the clock explains itself; and a suspicion is reported."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from gongyu.ground.audit.models import Entry
from gongyu.ground.ledger.models import Fact
from gongyu.records.m01_home_school_contact.models_concerns import Anomaly
from gongyu.shared_work.casework.models import Report
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.signing_in import sign_in_by_hand

pytestmark = pytest.mark.journey


def _open_the_quiet_button(page: Page) -> None:
    page.locator("details.concern > summary").click()


def test_an_anomaly_with_its_clock(open_page, the_cast):
    noticer = open_page(PHONE)
    sign_in_by_hand(noticer, the_cast.subject_teacher)
    noticer.goto(f"/classes/{the_cast.this_class.pk}/")
    _open_the_quiet_button(noticer)
    noticer.get_by_role("link", name="记下孩子的异常").click()
    noticer.get_by_label("哪个孩子").select_option(label="杨小雨")
    noticer.get_by_label("情绪低落或者大起大落").check()
    noticer.get_by_label("看到了什么").fill("课间一个人坐着，不说话")
    noticer.get_by_role("button", name="记下", exact=True).click()
    expect(noticer.get_by_role("heading", level=1)).to_contain_text("杨小雨")
    expect(noticer.locator("main")).not_to_contain_text("记下联系")

    teacher = open_page(PHONE)
    sign_in_by_hand(teacher, the_cast.class_teacher)
    first = teacher.locator("main section.card").first
    expect(first).to_contain_text("孩子有情况，请先看")
    expect(first).to_contain_text("请在 11月4日 21:00 前联系")
    first.get_by_role("link", name="杨小雨").click()
    teacher.get_by_text("怎么算的").click()
    expect(teacher.locator("main")).to_contain_text("11月4日 星期三")
    expect(teacher.locator("main")).to_contain_text(re.compile(r"\d\d:\d\d–21:00"))
    teacher.get_by_label("吴秀英").check()
    teacher.get_by_label("电话", exact=True).check()
    teacher.get_by_label("结果").fill("外婆说昨晚没睡好，今天早点接")
    teacher.get_by_role("button", name="记下联系").click()
    expect(teacher.locator("main")).to_contain_text("外婆说昨晚没睡好")
    assert Anomaly.objects.get().status == "answered"
    teacher.goto("/")
    expect(teacher.locator("main")).not_to_contain_text("孩子有情况，请先看")


def _what_others_see(head: Page, auditor: Page) -> list[str]:
    seen = []
    for page, address in ((head, "/"), (head, "/concerns/"), (auditor, "/")):
        page.goto(address)
        seen.append(page.locator("main").inner_text())
    return seen


def test_a_suspicion_is_reported_in_two_taps_and_leaves_no_ordinary_trace(open_page, the_cast):
    head, auditor = open_page(DESKTOP), open_page(DESKTOP)
    sign_in_by_hand(head, the_cast.head)
    sign_in_by_hand(auditor, the_cast.auditor)
    teacher = open_page(PHONE)
    sign_in_by_hand(teacher, the_cast.class_teacher)
    before = _what_others_see(head, auditor)
    rows = (Entry.objects.count(), Fact.objects.count())

    _open_the_quiet_button(teacher)  # the first tap
    teacher.get_by_role("link", name="怀疑孩子受到伤害").click()  # the second
    expect(teacher.locator("a[href='tel:110']")).to_be_in_viewport()
    for number in ("12309", "12345", "12355", "12338"):
        expect(teacher.locator(f"a[href='tel:{number}']")).to_be_visible()
    expect(teacher.locator("main")).to_contain_text("怀疑就可以报告")
    teacher.get_by_label("110 公安机关").check()
    teacher.get_by_label(re.compile("身体有多处损伤")).check()
    teacher.get_by_label("哪个孩子").fill("杨小雨 三年级1班")
    teacher.get_by_role("button", name="封存").click()
    receipt = teacher.locator("#receipt").inner_text()
    assert re.fullmatch(r"([a-z2-7]{4}-){5}[a-z2-7]{4}", receipt)
    assert Report.objects.get().status == "recorded"

    assert (Entry.objects.count(), Fact.objects.count()) == rows
    assert _what_others_see(head, auditor) == before
    teacher.goto("/")
    expect(teacher.locator("main")).not_to_contain_text("封存")
    teacher.goto("/care/receipt/")
    teacher.get_by_label("回执").fill(receipt)
    teacher.get_by_role("button", name="打开").click()
    expect(teacher.locator("main")).to_contain_text("杨小雨 三年级1班")

    liaison = open_page(PHONE)
    sign_in_by_hand(liaison, the_cast.report_liaison)
    expect(liaison.locator("main")).to_contain_text("1 份报告等您跟进")
    liaison.goto("/care/sealed/")
    liaison.locator("main .rows a").first.click()
    expect(liaison.locator("main")).to_contain_text("周晓兰")
