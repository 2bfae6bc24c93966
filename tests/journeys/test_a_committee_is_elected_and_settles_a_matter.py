"""A committee: named, elected in secret on a phone, a matter to zero balance, and one that is refused."""

from __future__ import annotations

import io
import re

import pytest
import qrcode
import time_machine
from django.test import Client
from PIL import Image
from playwright.sync_api import Page, expect

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.people.actions import add_care, enrol
from gongyu.ground.people.models import Carer, Child
from gongyu.records.m02_parent_committees import tokens
from gongyu.records.m02_parent_committees.models import (
    Election,
    FamilyLink,
    Matter,
    Urn,
    Voter,
)
from tests.cast import LONG_AGO, YEAR_FROM, Cast, sign_in
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.signing_in import sign_in_by_hand

pytestmark = pytest.mark.journey
COUNTING = "2026-11-19 10:00:00+08:00"
ANSWERED = "2026-11-27 10:00:00+08:00"


def _families(cast: Cast) -> list[Carer]:
    """Six more families in the class."""
    mothers = []
    for number in range(6):
        mother = Carer.objects.create(name=f"龙婷{number}")
        child = Child.objects.create(name=f"龙飞{number}")
        enrol(child, cast.this_class, YEAR_FROM, by=SYSTEM)
        add_care(
            child, mother, "mother", LONG_AGO, is_guardian=True, is_daily_carer=True, by=SYSTEM
        )
        mothers.append(mother)
    return mothers


def _address(carer: Carer) -> str:
    link = FamilyLink.objects.get(carer=carer)
    token = tokens.family_token(link.class_place_id, link.child_id, link.carer_id, link.salt)
    return f"/committees/family/{token}/"


def _signed_in(open_page, live_server, person) -> Page:
    page = open_page(DESKTOP)
    session = sign_in(Client(), person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return page


def _call(teacher: Page, cast: Cast) -> None:
    """The class teacher founds a committee, calls an election, and prints the slips."""
    teacher.goto("/committees/")
    teacher.get_by_role("button", name=re.compile("设立.*三年级1班")).first.click()
    teacher.get_by_role("link", name="发起选举").click()
    teacher.get_by_label("名额").fill("2")
    teacher.get_by_role("button", name="保存").click()
    expect(teacher.locator("main")).to_contain_text("提名中")
    teacher.goto(f"/committees/classes/{cast.this_class.pk}/slips/")
    teacher.get_by_role("button", name="生成链接").click()
    expect(teacher.locator("main svg").first).to_be_visible()


def _name(page: Page, mothers: list[Carer]) -> None:
    """One mother stands, and names another who says yes on her own phone."""
    page.goto(_address(mothers[0]))
    page.get_by_label("想对大家说的一句话").fill("愿意跑腿")
    page.get_by_role("button", name="我自己参选").click()
    expect(page.locator("main")).to_contain_text("已列为候选人")
    page.get_by_label("您提名哪位家长").fill(mothers[1].name)
    page.get_by_role("button", name="提名这位家长").click()
    expect(page.locator("main")).to_contain_text("不会说是谁提的")


def _vote(page: Page, carer: Carer, name: str) -> None:
    page.goto(_address(carer))
    page.get_by_label(re.compile(name)).check()
    page.get_by_role("button", name="投票", exact=True).click()
    expect(page.locator("main")).to_contain_text("谁也看不到")


def _payment_code() -> bytes:
    out = io.BytesIO()
    qrcode.make("wxp://f2f0AbCdEfGhIj").get_image().convert("RGB").save(out, "JPEG")
    return out.getvalue()


def _receipt() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 400), "#eeeeee").save(out, "JPEG")
    return out.getvalue()


def _picture(name: str, content: bytes) -> dict:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def test_a_committee_is_elected_in_secret(open_page, live_server, the_cast):
    cast = the_cast
    mothers = _families(cast)
    teacher = open_page(DESKTOP)
    sign_in_by_hand(teacher, cast.class_teacher)
    _call(teacher, cast)
    phone = open_page(PHONE)
    _name(phone, mothers)
    election = Election.objects.get()
    teacher.goto(f"/committees/elections/{election.pk}/")
    teacher.get_by_role("button", name="就是这位").click()
    phone.goto(_address(mothers[1]))
    phone.get_by_role("button", name="我愿意").click()
    expect(phone.locator("main")).to_contain_text("已列为候选人")
    teacher.reload()
    teacher.get_by_text("开始投票", exact=True).first.click()
    teacher.locator(".confirm-box button").click()
    expect(teacher.locator("main")).to_contain_text("0 / 8")

    for carer in mothers[:5]:
        _vote(phone, carer, mothers[0].name)
    # The grandmother, whose daughter lives far away, votes for the family; the second try is told.
    _vote(phone, cast.grandmother, mothers[1].name)
    phone.goto(_address(cast.grandmother))
    expect(phone.locator("main")).to_contain_text("您家这一票已经投了")
    assert Voter.objects.filter(voted=True).count() == 6
    teacher.reload()
    expect(teacher.locator("main")).to_contain_text("6 / 8")
    expect(teacher.locator("main")).not_to_contain_text("计票以后")

    with time_machine.travel(COUNTING, tick=True):
        teacher = _signed_in(open_page, live_server, cast.class_teacher)
        teacher.goto(f"/committees/elections/{election.pk}/")
        teacher.get_by_text("计票", exact=True).first.click()
        teacher.locator(".confirm-box button").click()
        expect(teacher.locator("main")).to_contain_text("5 票")
        phone.goto(_address(mothers[3]))
        expect(phone.locator("main")).to_contain_text("当选")
        assert not Urn.objects.exists()
        _a_matter(open_page, live_server, cast, mothers, teacher, phone)


def _a_matter(open_page, live_server, cast, mothers, teacher: Page, phone: Page) -> None:
    """What the notice forbids comes back with its sentence; another goes to zero balance."""
    committee = Election.objects.get().committee
    teacher.goto(f"/committees/{committee.pk}/")
    teacher.get_by_text("办理").first.click()
    teacher.get_by_role("button", name=re.compile("打印委员单子")).first.click()
    slip = teacher.locator("p.small", has_text="/committees/member/").inner_text()
    member = open_page(PHONE)
    member.goto(slip)
    _refused(member)
    member.get_by_label("做什么").fill("秋游当天的大巴")
    member.get_by_label("为什么需要").fill("")
    member.get_by_role("button", name="提交").click()
    expect(member.locator("main")).to_contain_text("征求意见中")
    for carer in mothers[:5]:
        phone.goto(_address(carer))
        phone.get_by_label("同意", exact=True).check()
        phone.get_by_role("button", name="不记名答复").click()
        expect(phone.locator("main")).to_contain_text("您家已经答复了")
    with time_machine.travel(ANSWERED, tick=True):
        member.goto(slip)
        member.get_by_role("button", name="统计家长的答复").click()
        member.get_by_role("link", name="记下一共收了多少").click()
        member.get_by_label("一共收了多少元").fill("900")
        member.get_by_role("button", name="提交").click()
        _settled(member)
        phone.goto(_address(mothers[4]))
        expect(phone.locator("main")).to_contain_text("已结清公开")
        expect(phone.locator("main")).to_contain_text("同意 5 户")
        expect(phone.get_by_role("link", name="看票据")).to_be_visible()
    assert Matter.objects.get().status == "settled"


def _refused(member: Page) -> None:
    member.get_by_role("link", name="提一件事").click()
    member.get_by_label("一次集体活动的用品").check()
    member.get_by_label("做什么").fill("本学期班费")
    member.get_by_label("为谁").fill("自愿参加的同学")
    member.get_by_label("为什么需要").fill("方便大家")
    member.get_by_label("总共最多多少元").fill("1200")
    member.get_by_label(re.compile("完全自愿")).check()
    member.get_by_role("button", name="提交").click()
    expect(member.get_by_role("alert").first).to_contain_text("违规收取班费")
    expect(member.get_by_label("为谁")).to_have_value("自愿参加的同学")
    assert not Matter.objects.exists()


def _settled(member: Page) -> None:
    """A payment code is refused, a receipt is not; the balance must be zero."""
    member.get_by_role("link", name="记一笔支出").click()
    for name, content, words in (
        ("code.jpg", _payment_code(), "收款码"),
        ("receipt.jpg", _receipt(), "票据已公开"),
    ):
        member.get_by_label("买了什么").fill("大巴")
        member.get_by_label("金额").fill("800")
        member.get_by_label("票据照片").set_input_files(_picture(name, content))
        member.get_by_role("button", name="提交").click()
        expect(member.locator("main")).to_contain_text(words)
    member.get_by_role("link", name="结清").click()
    member.get_by_label("退还给家长").fill("50")
    member.get_by_role("button", name="提交").click()
    expect(member.locator("main")).to_contain_text("余额不是零")
    member.get_by_label("退还给家长").fill("100")
    member.get_by_role("button", name="提交").click()
    expect(member.locator("main")).to_contain_text("余额为零")
