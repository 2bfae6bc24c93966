"""Two classes become one, the school gets another head, and a holiday is entered, each by hand."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from gongyu.ground.access.models import Approval
from gongyu.ground.access.permissions import CHILD_READ, CODE_PRINT_VILLAGE, may
from gongyu.ground.audit.actors import Actor, HeldPost
from gongyu.ground.holidays.queries import deadline
from gongyu.ground.people.models import Enrolment
from gongyu.ground.staff.models import Post, Role
from tests.cast import CAST_DAY
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.signing_in import sign_in_by_hand

pytestmark = pytest.mark.journey


def _next(page: Page) -> None:
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.get_by_role("heading", name="核对后确认")).to_be_visible()


def _sure(page: Page) -> None:
    page.get_by_role("button", name="确认办理").click()
    expect(page.get_by_role("status")).to_be_visible()


def test_a_registrar_merges_two_classes_on_a_phone(open_page, the_cast):
    page = open_page(PHONE)
    sign_in_by_hand(page, the_cast.registrar)
    children = Enrolment.objects.on(CAST_DAY).filter(school=the_cast.school).count()
    page.goto(f"/keeping/schools/{the_cast.school.pk}/classes/")
    page.get_by_role("link", name="并班 三年级1班").click()
    page.get_by_label("并入班级").select_option(label="三年级2班")
    _next(page)
    expect(page.locator("main")).to_contain_text("任职同日结束")
    page.get_by_role("button", name="返回修改").click()
    expect(page.get_by_label("并入班级")).to_have_value(str(the_cast.parallel_class.pk))
    _next(page)
    _sure(page)
    expect(page.locator("main")).to_contain_text("已撤销")
    there = Enrolment.objects.on(CAST_DAY).filter(school_class=the_cast.parallel_class)
    assert there.count() == children
    # The teacher of the class that is no more finds no pupils there.
    teacher = open_page(PHONE)
    sign_in_by_hand(teacher, the_cast.class_teacher)
    expect(teacher.locator("main")).not_to_contain_text(the_cast.pupil.name)


def test_a_district_appoints_a_head_and_approves_what_the_head_reads(open_page, the_cast):
    page = open_page(DESKTOP)
    sign_in_by_hand(page, the_cast.district_officer)
    page.get_by_role("link", name="任职登记").click()
    page.get_by_role("link", name="更换或代理 石板坡小学").click()
    page.get_by_label("由谁担任").select_option(label="黄志强（副校长）")
    _next(page)
    expect(page.locator("main")).to_contain_text("何敏")
    _sure(page)
    post = Post.objects.get(staff=the_cast.school_leader.staff, role=Role.HEAD)
    new_head = Actor(
        None,
        "黄志强",
        post.staff_id,
        (HeldPost(post.pk, Role.HEAD, post.place_id, post.place_id, "school"),),
    )
    Approval.objects.filter(staff=post.staff_id).delete()
    assert not may(new_head, CHILD_READ, the_cast.school.pk, CAST_DAY)
    page.get_by_role("link", name="查阅授权").first.click()
    row = page.get_by_role("row", name="黄志强")
    row.locator("summary").first.click()
    row.get_by_role("button", name="确认授权").click()
    expect(page.get_by_role("status")).to_contain_text("已授权黄志强")
    assert may(new_head, CHILD_READ, the_cast.school.pk, CAST_DAY)


def test_a_village_gets_a_childrens_director_who_prints_codes(open_page, the_cast):
    page = open_page(PHONE)
    sign_in_by_hand(page, the_cast.district_officer)
    page.goto("/offices/")
    page.get_by_role("link", name="儿童主任", exact=True).click()
    page.get_by_role("link", name=f"更换或代理 {the_cast.community.name}").click()
    page.get_by_label("由谁担任").select_option(value="new")
    page.get_by_label("新人员姓名").fill("田小禾")
    page.get_by_label("新人员手机号").fill("13900000001")
    _next(page)
    expect(page.locator("main")).to_contain_text("龚素")
    _sure(page)
    expect(page.get_by_role("status")).to_contain_text("已登记：田小禾")
    post = Post.objects.get(staff__name="田小禾")
    held = HeldPost(post.pk, post.role, post.place_id, post.place_id, "community")
    director = Actor(None, "田小禾", post.staff_id, (held,))
    place = the_cast.community.pk
    assert not may(director, CODE_PRINT_VILLAGE, place, CAST_DAY)
    page.goto("/approvals/")
    row = page.get_by_role("row", name="田小禾")
    row.locator("summary").first.click()
    row.get_by_role("button", name="确认授权").click()
    expect(page.get_by_role("status")).to_contain_text("已授权田小禾")
    assert may(director, CODE_PRINT_VILLAGE, place, CAST_DAY)


def test_the_city_enters_a_holiday_and_a_deadline_moves(open_page, the_cast):
    page = open_page(DESKTOP)
    sign_in_by_hand(page, the_cast.city_officer)
    page.get_by_role("link", name="放假安排").click()
    page.get_by_role("link", name="2027").click()
    expect(page.locator("main")).to_contain_text("2027 年的放假安排还没有收录")
    before = deadline(CAST_DAY, 1)
    page.get_by_role("link", name="登记放假安排").click()
    page.get_by_label("日期").fill(before.day.isoformat())
    page.get_by_label("节日或事由").fill("本地活动日")
    page.get_by_label("依据").fill("市政府通知〔2026〕8号")
    _next(page)
    _sure(page)
    assert deadline(CAST_DAY, 1).day > before.day
    page.locator("summary", has_text="取消").click()
    page.get_by_role("button", name="确认取消").click()
    expect(page.get_by_role("status")).to_contain_text("已取消")
    assert deadline(CAST_DAY, 1).day == before.day
