"""What journeys without a signal share: a phone, its cable, and what a teacher does there."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.cast import CAST_DAY, Cast, sign_in
from tests.journeys.cable import Cable
from tests.journeys.own_browser import OwnBrowser

PIN = "kua-山-2026"
WORDS = "外婆问孩子中午吃得好不好"
# Everything that the browser keeps for Gongyu, bytes read as text.
STORED = """async () => {
  const plain = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value)
    ? new TextDecoder().decode(value) : value instanceof Object
    ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)])) : value;
  const found = {caches: {}, local: {...localStorage}, session: {...sessionStorage}};
  const db = await new Promise((ok) => {
    const asked = indexedDB.open("gongyu-offline");
    asked.onsuccess = () => ok(asked.result);
  });
  for (const name of [...db.objectStoreNames]) {
    found[name] = await new Promise((ok) => {
      const asked = db.transaction(name).objectStore(name).getAll();
      asked.onsuccess = () => ok(asked.result.map(plain));
    });
  }
  db.close();
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found.caches[new URL(request.url).pathname] = await (await cache.match(request)).text();
    }
  }
  return found;
}"""


@pytest.fixture
def cable(live_server, the_cast):
    found = Cable((live_server.thread.host, live_server.thread.port))
    yield found
    if not found.is_cut:
        found.cut()


@pytest.fixture
def phone(browser, cable, tmp_path):
    own = OwnBrowser(browser.browser_type, tmp_path / "profile", cable.url)
    yield own
    if own.process is not None:
        own.kill()


def signed_in(phone: OwnBrowser, cast: Cast, person: str = "class_teacher") -> None:
    phone.sign_in(sign_in(Client(), getattr(cast, person)).cookies["sessionid"].value)


def turned_on(phone: OwnBrowser, cast: Cast) -> Page:
    """A page of a phone on which the teacher just turned work without a network on."""
    page = phone.start()
    signed_in(phone, cast)
    page.goto(f"{phone.url}/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(f"{phone.url}/offline/")
    page.locator("input[name=pin]").fill(PIN)
    page.locator("input[name=again]").fill(PIN)
    page.get_by_role("button", name="开启可离线使用").click()
    expect(page.get_by_text("有网络。")).to_be_visible()
    return page


def unlock(page: Page, pin: str = PIN) -> None:
    page.locator("input[name=pin]").fill(pin)
    page.get_by_role("button", name="打开", exact=True).click()


def write_a_visit(page: Page, words: str = WORDS) -> None:
    line = page.get_by_role("listitem").filter(has_text="杨小雨").last
    line.get_by_role("button", name=re.compile("^记录")).click()
    page.locator("input[name=visited_on]").fill(CAST_DAY.isoformat())
    page.get_by_label("祖母/外祖母").check()
    page.locator("textarea[name=asked]").fill(words)


def keep(page: Page) -> None:
    page.get_by_role("button", name="存好，有网就送").click()
    expect(page.get_by_text("已存在本机")).to_be_visible()
