"""Families on a phone: in by a code without a script, the week of two schools, one yes and one no."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.families.models import SignInCode
from gongyu.ground.notices.channels import shown
from gongyu.ground.people.actions import add_care
from gongyu.ground.people.models import Carer, Relation
from gongyu.shared_work.consents import queries as consents
from tests.cast import CAST_DAY, LONG_AGO, Cast, come_in, sign_in
from tests.contracts.matrix_world import World
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_every_page_can_be_used_by_everybody import AXE, faults

pytestmark = pytest.mark.journey
MOST_BYTES = 100 * 1024


@pytest.fixture
def bare_page(browser: Browser, live_server, the_cast):
    """A cheap phone whose browser runs no scripts."""
    context = browser.new_context(
        viewport=PHONE, base_url=live_server.url, locale="zh-CN", java_script_enabled=False
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def _come_in(page: Page, carer: Carer) -> None:
    page.goto("/family/")
    page.get_by_label("手机号").fill(carer.phone)
    page.get_by_role("button", name="发给我").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("填短信里的数字")
    words = shown.last_to(carer.phone, "code").words.split("，")[0]
    page.get_by_label("短信里的6位数字").fill("".join(c for c in words if c.isdigit()))
    page.get_by_role("button", name="进入", exact=True).click()
    expect(page.get_by_role("navigation")).to_contain_text("这一周")


def _second_guardian(cast: Cast) -> Carer:
    father = Carer.objects.create(name="郑强")
    add_care(
        cast.classmate, father, Relation.FATHER, LONG_AGO,
        is_guardian=True, is_daily_carer=False, by=SYSTEM,
    )  # fmt: skip
    return father


def _photos(page: Page):
    return page.locator("section.card", has_text="拍照和录像")


def test_a_guardian_of_two_schools_answers_corrects_and_leaves_without_any_script(
    bare_page, the_cast
):
    world = World(the_cast)
    assert world.proposals and world.activities
    page = bare_page
    _come_in(page, the_cast.mother)
    main = page.locator("main")
    expect(main).to_contain_text(the_cast.school.name)
    expect(main).to_contain_text(the_cast.secondary_school.name)
    expect(main).to_contain_text("等您回一句")
    page.get_by_role("link", name="周晓兰老师家访").click()
    page.locator("input[name=choice]").first.check()
    page.get_by_role("button", name="告诉老师").click()
    expect(main).to_contain_text("谢谢，已经告诉老师了")
    page.get_by_role("link", name="孩子的资料").click()
    page.get_by_role("link", name=the_cast.pupil.name).click()
    page.get_by_role("link", name="哪里不对，请学校更正").click()
    page.get_by_label("住址").check()
    page.get_by_label("应当是什么？").fill("搬到了隔壁那栋楼。")
    page.get_by_role("button", name="告诉学校").click()
    expect(main).to_contain_text("请在11月25日")
    page.get_by_role("button", name="大字").click()
    expect(page.locator("body.large-print")).to_be_visible()
    page.get_by_role("button", name="退出，换一个人").click()
    expect(main).to_contain_text("这部手机上什么也没有留下")
    page.goto("/family/")
    expect(page.get_by_role("heading", level=1)).to_have_text("家长从这里进")


def test_consent_is_given_by_one_guardian_and_refused_by_the_other(
    open_page, bare_page, the_cast, live_server
):
    father = _second_guardian(the_cast)
    _come_in(bare_page, the_cast.classmates_mother)
    bare_page.get_by_role("link", name="同意").click()
    _photos(bare_page).get_by_role("button", name="同意", exact=True).click()
    expect(_photos(bare_page)).to_contain_text("现在：可以")
    assert consents.holds("photos", the_cast.classmate, CAST_DAY)
    # The other one has no telephone: the class teacher prints a code and hands it over.
    teacher = sign_in(Client(), the_cast.class_teacher)
    teacher.post(
        f"/families/codes/{the_cast.this_class.pk}/",
        {"chosen": [f"{the_cast.classmate.pk}-{father.pk}"]},
    )
    teacher.post(f"/families/codes/{SignInCode.objects.get(carer=father).pk}/handed/")
    other = open_page(PHONE)
    session = come_in(Client(), father, by_number=False).cookies["sessionid"].value
    other.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    other.goto("/family/consents/")
    _photos(other).get_by_role("button", name="不同意", exact=True).click()
    expect(_photos(other)).to_contain_text("监护人说法不一")
    assert not consents.holds("photos", the_cast.classmate, CAST_DAY)
    bare_page.reload()
    expect(_photos(bare_page)).to_contain_text("现在：不可以")


@pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_nothing_runs_over_the_edge_and_first_loads_are_light(
    open_page,
    the_cast,
    live_server,
    width,
):
    assert World(the_cast).activities
    axe = AXE.read_text(encoding="utf-8")
    child = the_cast.pupil.pk
    found, weights = {}, {}
    for large in (False, True):
        page = open_page(width)
        session = come_in(Client(), the_cast.mother).cookies["sessionid"].value
        cookies = [{"name": "sessionid", "value": session, "url": live_server.url}]
        if large:
            cookies.append({"name": "family_big", "value": "1", "url": live_server.url})
        page.context.add_cookies(cookies)
        bodies: list = []
        page.on("response", lambda answer, kept=bodies: kept.append(answer))
        for path in (
            "/family/", "/family/children/", f"/family/children/{child}/",
            f"/family/children/{child}/correct/", f"/family/looked/{child}/", "/family/consents/",
            "/family/tips/", "/family/help/", "/family/calendar/", "/family/not-me/",
        ):  # fmt: skip
            bodies.clear()
            page.goto(path, wait_until="networkidle")
            weights[path] = max(
                weights.get(path, 0),
                sum(len(gzip.compress(a.body(), 6)) for a in bodies if a.ok),
            )
            if wrong := faults(page, axe):
                found[path, large] = wrong
    assert found == {}
    assert {path: weight for path, weight in weights.items() if weight > MOST_BYTES} == {}
