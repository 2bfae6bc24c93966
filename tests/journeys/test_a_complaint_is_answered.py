"""An anonymous complaint: two taps on a phone without an account, the district's answer, a reopening."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE
from tests.journeys.signing_in import sign_in_by_hand

pytestmark = pytest.mark.journey


def _follow(page: Page, number: str, code: str) -> None:
    page.goto("/tickets/follow/")
    page.get_by_label("编号").fill(number)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="看进展").click()


def test_from_two_taps_to_the_answer_and_the_reopening(open_page, the_cast):
    asker = open_page(PHONE)
    asker.goto("/")
    asker.get_by_role("link", name=re.compile("投诉家委会")).click()
    asker.get_by_label("写学校名称里的几个字").fill("石板")
    asker.get_by_role("button", name="找学校").click()
    asker.get_by_role("link", name="石板坡小学").click()
    # From a school's own page or the sheet at its gate, these are the two taps.
    asker.get_by_role("radio", name=re.compile("收班费")).check()
    asker.get_by_role("button", name="递交", exact=True).click()
    expect(asker.get_by_role("heading", level=1)).to_contain_text("收到了")
    number, code = asker.locator("#number").inner_text(), asker.locator("#code").inner_text()
    assert code not in asker.url and asker.context.cookies()[0]["name"] == "csrftoken"

    handler = open_page()
    sign_in_by_hand(handler, the_cast.complaint_handler)
    handler.get_by_role("link", name=re.compile("石板坡小学")).click()
    expect(handler.get_by_text("匿名，没有留")).to_be_visible()
    handler.get_by_role("button", name="受理", exact=True).click()
    expect(handler.get_by_text("已受理，投诉人用编号就看得到。")).to_be_visible()
    handler.get_by_role("radio", name="属实", exact=True).check()
    handler.get_by_label("查了什么、怎样处理").fill("查实，已全部退还")
    handler.get_by_label("已退还（元，没有就空着）").fill("4200")
    handler.get_by_role("button", name="答复投诉人").click()
    expect(handler.get_by_text("已答复。30日内投诉人可以要求继续办理。")).to_be_visible()

    _follow(asker, number, "wrong-wrong-code")
    expect(asker.get_by_text("没有找到")).to_be_visible()
    _follow(asker, number, code)
    expect(asker.get_by_text("查实，已全部退还")).to_be_visible()
    expect(asker.get_by_text("4200")).to_be_visible()
    assert code not in asker.url
    asker.get_by_label("哪里还没有解决").fill("还有两家没有退到")
    asker.get_by_role("button", name="要求继续办理").click()
    expect(asker.get_by_role("heading", level=1)).to_contain_text("要求继续办理")

    handler.goto("/tickets/")
    expect(handler.get_by_text("第 2 轮")).to_be_visible()

    head = open_page()
    sign_in_by_hand(head, the_cast.head)
    assert head.goto("/tickets/").status == 404
