"""A home visit, from the proposal to the city's number and back down to its rows."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from gongyu.ground.people.actions import enrol
from gongyu.ground.people.models import Child
from gongyu.indicators.jobs import refresh_if_behind
from gongyu.records.m01_home_school_contact.actions import record_visit
from gongyu.records.m01_home_school_contact.models import Proposal, Visit
from gongyu.records.m01_home_school_contact.shapes import VisitEntry
from tests.cast import CAST_DAY, YEAR_FROM, Cast
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.signing_in import sign_in_by_hand

pytestmark = pytest.mark.journey
DUTY = "homeroom-visit-each-student"
CLASSMATES, VISITED = 40, 15


def _fill_the_class(cast: Cast) -> None:
    """So many classmates that no number is too small to be shown."""
    by = cast.class_teacher.actor
    for number in range(CLASSMATES):
        child = Child.objects.create(name=f"同学{number}", sex="F", born_on=date(2017, 3, 1))
        enrol(child, cast.this_class, YEAR_FROM, by=cast.registrar.actor)
        if number < VISITED:
            day = CAST_DAY - timedelta(days=number + 1)
            entry = VisitEntry(
                visited_on=day, notes={child.pk: ""}, setting="home", met_other="奶奶"
            )
            record_visit(entry, on=CAST_DAY, key=f"before-{number}", by=by)


def _number_of(page: Page) -> int:
    """How many children the city's number counts as visited, read where it opens."""
    page.goto("/city/")
    page.locator(f"a[href*='/figures/{DUTY}/']").first.click()
    expect(page.get_by_role("link", name="看明细")).to_be_visible()
    return int(page.locator("li[data-state=met] [data-count]").first.inner_text())


def _propose(teacher: Page, cast: Cast) -> str:
    """The teacher picks the child and proposes times; returns the family's one-time link."""
    teacher.goto(f"/visits/classes/{cast.this_class.pk}/")
    teacher.get_by_role("checkbox", name=re.compile("杨小雨")).check()
    teacher.get_by_role("button", name="给勾选的家庭提时间").click()
    teacher.get_by_role("button", name="提出时间").click()
    expect(teacher.get_by_role("heading", level=1)).to_be_visible()
    teacher.goto(f"/visits/proposals/{Proposal.objects.get().pk}/")
    if "/visits/answer/" not in teacher.content():
        teacher.locator("form[action$='/link/'] button").first.click()
    page = teacher.content()
    assert "杨勇" not in page, "the barred father is offered nothing"
    return re.search(r"/visits/answer/[\w-]+/", page)[0]


def _answer(family: Page, link: str) -> None:
    family.goto(link)
    family.locator("input[type=radio][name=choice]").first.check()
    family.locator("input[type=radio][name=setting]").first.check()
    family.get_by_role("button", name="告诉老师").click()
    family.wait_for_load_state()


def test_from_the_proposal_to_the_number_of_the_city_and_down_to_its_rows(open_page, the_cast):
    _fill_the_class(the_cast)
    refresh_if_behind()
    officer = open_page(DESKTOP)
    sign_in_by_hand(officer, the_cast.city_officer)
    before = _number_of(officer)
    assert before == VISITED

    teacher = open_page(PHONE)
    sign_in_by_hand(teacher, the_cast.class_teacher)
    _answer(open_page(PHONE), _propose(teacher, the_cast))
    assert Proposal.objects.get().status == "chosen"

    teacher.goto(f"/visits/children/{the_cast.pupil.pk}/record/")
    teacher.get_by_role("checkbox", name=re.compile("吴秀英")).check()
    teacher.locator("input[name=setting][value=home]").check()
    teacher.locator("textarea[name=asked]").fill("外婆问：孩子中午吃得好不好？")
    teacher.get_by_role("button", name="保存", exact=True).click()
    teacher.wait_for_url(re.compile("/visits/"))
    expect(teacher.get_by_role("navigation").first).to_be_visible()
    assert Visit.objects.filter(outcome="held", children__child=the_cast.pupil).count() == 1

    refresh_if_behind()
    assert _number_of(officer) == before + 1
    officer.get_by_role("link", name="看明细").click()
    expect(officer.locator("main")).to_contain_text(str(before + 1))
