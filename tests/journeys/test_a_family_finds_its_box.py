"""A family's box and its parent committee on a cheap phone: opened and answered without a script."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect

from gongyu.ground.notices.models import Delivery
from gongyu.records.m02_parent_committees.models import Voter
from tests.cast import come_in
from tests.contracts.matrix_objects import THINGS
from tests.contracts.matrix_world import HERE, World
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_every_page_can_be_used_by_everybody import AXE, faults

pytestmark = pytest.mark.journey
MOST_BYTES = 100 * 1024


@pytest.fixture
def world(the_cast) -> World:
    """A notice that asks and a committee that asks, in the class of most tests."""
    world = World(the_cast)
    assert world.deliveries
    THINGS["committees:at-home"](world)
    return world


def _cookies(the_cast, live_server, **more: str) -> list[dict]:
    session = come_in(Client(), the_cast.mother).cookies["sessionid"].value
    told = {"sessionid": session, **more}
    return [{"name": k, "value": v, "url": live_server.url} for k, v in told.items()]


def test_a_mother_answers_a_notice_and_her_committee_without_any_script(
    browser: Browser, live_server, the_cast, world
):
    context = browser.new_context(
        viewport=PHONE, base_url=live_server.url, locale="zh-CN", java_script_enabled=False
    )
    context.set_default_timeout(20_000)
    context.add_cookies(_cookies(the_cast, live_server))
    page = context.new_page()
    page.goto("/family/")
    main = page.locator("main")
    expect(main).to_contain_text("查视力要您同意")
    page.get_by_role("navigation").get_by_role("link", name="通知").click()
    page.get_by_role("link", name="查视力要您同意").click()
    page.get_by_role("button", name="同意", exact=True).click()
    expect(main).to_contain_text("您已答复：同意")
    kept = Delivery.objects.get(pk=world.deliveries[HERE]["pk"])
    assert (kept.status, kept.answer, kept.answered_way) == ("answered", 0, "box")
    page.get_by_role("navigation").get_by_role("link", name="这一周").click()
    expect(main).not_to_contain_text("查视力要您同意")
    page.get_by_role("link", name="家委会问：教室窗帘").click()
    page.get_by_label("不同意", exact=True).check()
    page.get_by_role("button", name="不记名答复").click()
    expect(main).to_contain_text("谁也看不到")
    assert Voter.objects.filter(voted=True).count() == 1
    context.close()


@pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_nothing_runs_over_the_edge_and_first_loads_are_light(
    open_page, the_cast, live_server, world, width
):
    axe = AXE.read_text(encoding="utf-8")
    found, weights = {}, {}
    for large in (False, True):
        page = open_page(width)
        more = {"family_big": "1"} if large else {}
        page.context.add_cookies(_cookies(the_cast, live_server, **more))
        bodies: list = []
        page.on("response", lambda answer, kept=bodies: kept.append(answer))
        for path in (
            "/family/", "/family/ways/", "/family/notices/",
            f"/family/notices/{world.deliveries[HERE]['pk']}/",
            "/committees/at-home/", f"/committees/at-home/{the_cast.pupil.pk}/",
        ):  # fmt: skip
            bodies.clear()
            page.goto(path, wait_until="networkidle")
            sizes = [len(gzip.compress(a.body(), 6)) for a in bodies if a.ok]
            weights[path] = max(weights.get(path, 0), sum(sizes))
            if wrong := faults(page, axe):
                found[path, large] = wrong
    assert found == {}
    assert {path: weight for path, weight in weights.items() if weight > MOST_BYTES} == {}
