"""Every page at both widths: axe finds nothing, nothing runs over the edge, first loads are light."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.test import Client

from gongyu.indicators.jobs import refresh_if_behind
from gongyu.pages.tests.pages_of_the_house import PAGES, address
from tests.cast import CAST_DAY, sign_in
from tests.contracts.sources import ROOT
from tests.journeys.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.journey
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
MOST_BYTES = 100 * 1024
# On a wide page a chart and its library come too; a phone's page never waits for one.
LIGHT = ("class_teacher", "subject_teacher")


def faults(page, axe: str) -> list[str]:
    """What axe finds on the page, and whether the page is wider than its window."""
    # Through the debugger, because the page's own policy rightly refuses a foreign script.
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": axe})
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    session.detach()
    said = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        said.append("wider than the window")
    return said


@pytest.fixture
def page_of(open_page, live_server, the_cast):
    """`page_of(person, width)` is a page of somebody who is signed in already."""

    def open_one(person: str, width: dict):
        page = open_page(width)
        session = sign_in(Client(), getattr(the_cast, person)).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return page

    return open_one


@pytest.fixture(scope="session")
def axe() -> str:
    if not Path(AXE).exists():
        pytest.skip("axe-core is not installed (python -m gongyu.ground.design.front_end --force)")
    return AXE.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(page_of, the_cast, axe, width):
    refresh_if_behind(CAST_DAY)
    found: dict[str, list[str]] = {}
    for person in dict.fromkeys(person for person, _, _ in PAGES):
        page = page_of(person, width)
        said: list[str] = []
        page.on("console", lambda m, said=said: said.append(m.text) if m.type == "error" else None)
        for name, of in [(n, of) for who, n, of in PAGES if who == person]:
            said.clear()
            page.goto(address(the_cast, name, of))
            if wrong := [*said, *faults(page, axe)]:
                found[f"{name} {person}"] = wrong
        page.context.close()
    assert found == {}


def test_the_first_load_of_a_teachers_page_is_light(page_of, the_cast):
    refresh_if_behind(CAST_DAY)
    for person in LIGHT:
        page = page_of(person, PHONE)
        answers: list = []
        page.on("response", lambda answer, answers=answers: answers.append(answer))
        page.goto("/", wait_until="networkidle")
        bodies = [answer.body() for answer in answers if answer.ok]
        weight = sum(len(gzip.compress(body, 6)) for body in bodies)
        assert len(bodies) >= 3, "the page, its style and its script"
        assert weight <= MOST_BYTES, f"{person}: {weight} bytes"
