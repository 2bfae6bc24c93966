"""An open day: slots, siblings in one booking, a waiting list that moves, a storm, and the close."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.test import Client
from playwright.sync_api import Page, expect

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.people.actions import add_care, enrol
from gongyu.ground.people.models import Carer, Child
from gongyu.indicators.jobs import refresh_if_behind
from gongyu.shared_work.activities.models import Activity, Booking
from gongyu.shared_work.activities.queries.links import new_token
from tests.cast import LONG_AGO, YEAR_FROM, Cast, sign_in
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.signing_in import sign_in_by_hand

pytestmark = pytest.mark.journey
AFTERWARDS = "2026-11-22 10:00:00+08:00"


def _twins(cast: Cast) -> Carer:
    """A mother with a child in each of the two classes."""
    mother = Carer.objects.create(name="龙婷")
    for name, place in (("龙飞", cast.this_class), ("龙翔", cast.parallel_class)):
        child = Child.objects.create(name=name, initials="lf")
        enrol(child, place, YEAR_FROM, by=SYSTEM)
        add_care(
            child, mother, "mother", LONG_AGO, is_guardian=True, is_daily_carer=True, by=SYSTEM
        )
    return mother


def _plan(head: Page, cast: Cast) -> Activity:
    """The head plans an open day with one slot for one family, and invites."""
    head.goto(f"/activities/schools/{cast.school.pk}/")
    head.get_by_role("link", name="计划一次活动").click()
    head.get_by_label("校园开放日").check()
    head.get_by_label("名称").fill("秋季校园开放日")
    head.get_by_label("哪一天").fill("2026-11-14")
    head.get_by_label("几点开始").fill("09:00")
    head.get_by_label("几点结束").fill("11:00")
    head.get_by_label("分时段预约").check()
    head.get_by_label("最晚哪天预约").fill("2026-11-13")
    head.get_by_role("button", name="保存").click()
    head.get_by_role("link", name="设时段").click()
    head.get_by_label("最晚几点结束").fill("09:20")
    head.get_by_role("button", name="添加").click()
    head.get_by_role("link", name="设好了").click()
    head.get_by_role("button", name="邀请家长").click()
    expect(head.locator("main")).to_contain_text("各班的邀请单")
    return Activity.objects.get()


def _link(activity: Activity, carer: Carer) -> str:
    link = activity.links.get(carer=carer)
    return f"/activities/family/{new_token(carer.pk, link.salt)}/"


def _choose(family: Page, address: str, nth: int = 0) -> None:
    family.goto(address)
    family.locator("input[name=slot]").nth(nth).check()
    family.get_by_role("button", name=re.compile("就约这个时间|换时间")).click()


def _signed_in(open_page, live_server, person) -> Page:
    """A page of somebody who has signed in already; a second factor is enrolled once."""
    page = open_page(DESKTOP)
    session = sign_in(Client(), person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return page


def _enter_by_hand(teacher: Page, cast: Cast) -> None:
    """The class teacher writes down what a family without a phone said; the place is taken."""
    teacher.goto(f"/activities/classes/{cast.this_class.pk}/")
    teacher.get_by_role("link", name="替没有手机的家庭约").click()
    teacher.get_by_label("郑一凡").check()
    teacher.locator("input[name=slot]").first.check()
    teacher.get_by_role("button", name="约好", exact=True).click()
    expect(teacher.locator("main")).to_contain_text("已排队")


def _move(head: Page, activity: Activity) -> None:
    head.goto(f"/activities/{activity.pk}/")
    head.get_by_role("link", name="改期", exact=True).click()
    head.get_by_label("改到哪一天").fill("2026-11-21")
    head.get_by_label("为什么改期").fill("当天有暴雨预警")
    head.get_by_role("button", name="保存").click()
    expect(head.locator("main")).to_contain_text("原定 11月14日")


def _close(head: Page, activity: Activity) -> None:
    head.goto("/")
    expect(head.locator("main")).to_contain_text("秋季校园开放日还没有收尾")
    head.goto(f"/activities/{activity.pk}/close/")
    head.get_by_label("到场多少个家庭").fill("26")
    head.get_by_role("button", name="保存").click()
    expect(head.locator("main")).to_contain_text("26 家")


def _reads_the_number(officer: Page, cast: Cast) -> None:
    officer.goto(f"/figures/open-day/2026-2027-1/{cast.city.pk}/")
    expect(officer.locator("li[data-state=met] [data-count]").first).to_have_text("1")
    officer.get_by_role("link", name="看明细").click()
    expect(officer.locator("main")).to_contain_text(cast.school.name)


def test_siblings_a_waiting_list_a_storm_and_the_citys_number(open_page, live_server, the_cast):
    mother = _twins(the_cast)
    head = open_page(DESKTOP)
    sign_in_by_hand(head, the_cast.head)
    activity = _plan(head, the_cast)

    twins = open_page(PHONE)
    _choose(twins, _link(activity, mother))
    expect(twins.locator("main")).to_contain_text("已约好")
    assert Booking.objects.get().children.count() == 2, "one place for brother and sister"

    waiting = open_page(PHONE)
    _choose(waiting, _link(activity, the_cast.grandmother))
    expect(waiting.locator("main")).to_contain_text("正在排队")
    assert waiting.evaluate("document.documentElement.scrollWidth <= innerWidth")

    teacher = open_page(PHONE)
    sign_in_by_hand(teacher, the_cast.class_teacher)
    _enter_by_hand(teacher, the_cast)

    twins.get_by_role("button", name="来不了，取消预约").click()
    expect(twins.locator("main")).to_contain_text("您什么时候方便")
    waiting.reload()
    expect(waiting.locator("main")).to_contain_text("已约好")
    teacher.goto(f"/activities/classes/{the_cast.this_class.pk}/")
    expect(teacher.locator("main")).to_contain_text("请告诉这些家庭")
    teacher.get_by_role("button", name=re.compile("已告诉")).first.click()

    _move(head, activity)
    waiting.reload()
    expect(waiting.locator("main")).to_contain_text("改期了：当天有暴雨预警")
    expect(waiting.locator("main")).to_contain_text("11月21日")

    with time_machine.travel(AFTERWARDS, tick=True):
        fresh = Activity.objects.get(replaces=activity)
        _close(_signed_in(open_page, live_server, the_cast.head), fresh)
        refresh_if_behind()
        _reads_the_number(_signed_in(open_page, live_server, the_cast.city_officer), the_cast)
