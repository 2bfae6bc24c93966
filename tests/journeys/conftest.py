"""A real Chromium before a real server, for a person's whole task."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
import time_machine
from playwright.sync_api import Browser, Page, sync_playwright

from tests.cast import CAST_MOMENT, Cast, build_cast

# Playwright runs an event loop of its own in this thread; Django's guard means other cases.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
FLAGS = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not on this machine (apt-get install chromium)")
    # Chromium's own sandbox refuses root.
    flags = [*FLAGS, "--no-sandbox"] if os.getuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def the_cast(transactional_db) -> Iterator[Cast]:
    """The cast, stored for good, on the cast's day; the clock runs on from there."""
    with time_machine.travel(CAST_MOMENT, tick=True):
        yield build_cast()


@pytest.fixture
def open_page(browser, live_server, the_cast) -> Iterator:
    """`open_page(width)` gives a page of a fresh browser context at the server's address."""
    contexts = []

    def open_one(viewport: dict = DESKTOP) -> Page:
        context = browser.new_context(
            viewport=viewport, base_url=live_server.url, locale="zh-CN", accept_downloads=True
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
