"""A home visit, from the proposal to the city's number and back down to its row."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from gongyu.indicators.jobs import refresh_if_behind
from gongyu.records.m01_home_school_contact.models import Proposal, Visit
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.signing_in import sign_in_by_hand

pytestmark = pytest.mark.journey
DUTY = "homeroom-visit-each-student"


def _number_of(page) -> int:
    """How many children the city board says are visited."""
    link = page.locator(f"a[href*='/figures/{DUTY}/']").first
    link.click()
    page.wait_for_load_state()
    words = page.locator("[data-state=met] [data-count]").first.inner_text()
    return int(re.sub(r"\D", "", words))


def test_from_the_proposal_to_the_number_of_the_city(open_page, the_cast):
    refresh_if_behind()
    officer = open_page(DESKTOP)
    sign_in_by_hand(officer, the_cast.city_officer)
    officer.goto("/city/")
    before = _number_of(officer)

    teacher = open_page(PHONE)
    sign_in_by_hand(teacher, the_cast.class_teacher)
    teacher.goto(f"/visits/classes/{the_cast.this_class.pk}/")
    teacher.get_by_role("checkbox", name=re.compile("杨小雨")).check()
    teacher.get_by_role("button", name="给勾选的家庭提时间").click()
    teacher.get_by_role("button", name="提出时间").click()
    proposal = Proposal.objects.get()

    teacher.goto(f"/visits/proposals/{proposal.pk}/")
    teacher.get_by_role("button", name=re.compile("链接")).first.click()
    link = re.search(r"https?://\S+/visits/answer/\S+/", teacher.inner_text("main"))[0]
    assert "杨勇" not in teacher.inner_text("main"), "the barred father is offered nothing"

    family = open_page(PHONE)
    family.goto(link)
    family.get_by_role("radio").first.check()
    family.get_by_role("radio", name=re.compile("家")).first.check()
    family.get_by_role("button", name="告诉老师").click()
    expect(family.locator("main, body").first).to_contain_text("老师")
    proposal.refresh_from_db()
    assert proposal.status == "chosen"

    teacher.goto(f"/visits/children/{the_cast.pupil.pk}/record/")
    teacher.get_by_role("checkbox", name=re.compile("吴秀英")).check()
    teacher.get_by_role("radio", name="家中").check()
    teacher.get_by_label(re.compile("想法")).fill("外婆问:孩子中午吃得好不好?")
    teacher.get_by_role("button", name="保存", exact=True).click()
    assert Visit.objects.get().outcome == "held"

    refresh_if_behind()
    officer.goto("/city/")
    assert _number_of(officer) == before + 1
