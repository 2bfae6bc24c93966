"""A phone that works without a signal gives nothing away: not to its finder, not to a stranger."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from gongyu.records.m01_home_school_contact.models import Visit
from gongyu.shared_work.offline.actions import close_kit
from gongyu.shared_work.offline.models import Kit
from tests.journeys.on_the_hill import (
    PIN,
    STORED,
    WORDS,
    cable,
    keep,
    phone,
    signed_in,
    turned_on,
    unlock,
    write_a_visit,
)
from tests.journeys.test_every_page_can_be_used_by_everybody import axe, faults

__all__ = ["axe", "cable", "phone"]
pytestmark = pytest.mark.journey


def test_nothing_about_a_child_lies_readable_on_the_phone(phone, cable, the_cast):
    page = turned_on(phone, the_cast)
    cable.cut()
    page.goto(f"{phone.url}/visits/")
    unlock(page)
    write_a_visit(page)
    keep(page)
    stored = page.evaluate(STORED)
    assert len(stored["entries"]) == 1 and stored["kit"][0]["sealed"]
    secrets = ["杨小雨", "郑一凡", "吴秀英", "祖母", WORDS, "中午吃", PIN, "三年级"]
    text = str({k: v for k, v in stored.items() if k != "caches"})
    assert [one for one in secrets if one in text] == []
    kept = stored["caches"]
    assert "/offline/" in kept and all(
        path == "/offline/" or path.startswith("/static/") for path in kept
    )
    assert [one for one in [*secrets, "周晓兰"] if one in str(kept)] == []
    assert stored["local"] == {}
    assert set(stored["session"]) <= {"htmx-current-path-for-history"}
    # Chromium writes down what stands in forms for restoring tabs, every few seconds.
    write_a_visit(page)
    page.wait_for_timeout(4000)
    phone.kill()
    disk = phone.on_the_disk()
    assert "gongyu-offline".encode("utf-16-le") in disk or b"gongyu-offline" in disk
    found = [
        one
        for one in secrets
        for form in (one.encode(), one.encode("utf-16-le"))
        if one != "三年级" and form in disk
    ]
    assert found == []


def test_five_wrong_pins_leave_nothing(phone, cable, the_cast):
    page = turned_on(phone, the_cast)
    page.reload()
    for left in (4, 3, 2, 1):
        unlock(page, "wrong-pin")
        expect(page.get_by_text(f"还可以试 {left} 次")).to_be_visible()
    unlock(page, "wrong-pin")
    expect(page.get_by_text("已经全部删除")).to_be_visible()
    assert page.evaluate(STORED)["kit"] == []
    assert Kit.objects.get().closed_why == "wrong_pin"


def test_a_phone_that_was_closed_from_elsewhere_is_emptied_at_its_next_contact(
    phone, cable, the_cast
):
    page = turned_on(phone, the_cast)
    phone.context.set_offline(True)
    write_a_visit(page)
    keep(page)
    close_kit(Kit.objects.get(), "asked", by=the_cast.class_teacher.actor)
    phone.context.set_offline(False)
    expect(page.get_by_text("已被停用")).to_be_visible()
    stored = page.evaluate(STORED)
    assert (stored["kit"], stored["entries"]) == ([], [])
    assert not Visit.objects.exists()


def test_signing_out_leaves_nothing_and_asks_where_words_would_be_lost(phone, cable, the_cast):
    page = turned_on(phone, the_cast)
    cable.cut()
    page.goto(f"{phone.url}/visits/")
    unlock(page)
    write_a_visit(page)
    keep(page)
    cable.mend()
    page.goto(f"{phone.url}/account/")
    expect(page.get_by_text("1 条没有送出")).to_be_visible()
    asked = []

    def answer(dialog):
        asked.append(dialog.message)
        dialog.dismiss() if len(asked) == 1 else dialog.accept()

    page.on("dialog", answer)
    for number in (1, 2):
        page.evaluate("document.querySelector('details.who:not(.concern)').open = true")
        with page.expect_event("dialog"):
            page.get_by_role("button", name="退出登录").click(no_wait_after=True)
        assert len(asked) == number
    page.wait_for_url(re.compile("/sign-in/"))
    assert len(asked) == 2 and "1 条没有送出" in asked[0]
    stored = page.evaluate(STORED)
    # The answer to signing out cleared everything; asking just now made an empty database.
    assert {**stored, "session": {}} == {"caches": {}, "local": {}, "session": {}}


def test_what_was_not_sent_in_three_days_is_deleted_and_said(phone, cable, the_cast):
    page = turned_on(phone, the_cast)
    cable.cut()
    page.goto(f"{phone.url}/visits/")
    unlock(page)
    write_a_visit(page)
    keep(page)
    page.evaluate(AGED)
    page.goto(f"{phone.url}/visits/")
    expect(page.get_by_text("有 1 条超过 72 小时没能送出")).to_be_visible()
    stored = page.evaluate(STORED)
    assert stored["entries"] == [] and stored["kit"][0]["sealed"] is None
    unlock(page)
    expect(page.get_by_text("学生名单已满 72 小时")).to_be_visible()
    cable.mend()
    # Under the same PIN the class is there again, as soon as the server says that it may be.
    page.get_by_role("button", name="现在送出").click()
    expect(page.get_by_role("button", name="记录 郑一凡")).to_be_visible()


AGED = """async () => {
  const db = await new Promise((ok) => {
    const asked = indexedDB.open("gongyu-offline");
    asked.onsuccess = () => ok(asked.result);
  });
  const change = db.transaction(["kit", "entries"], "readwrite");
  for (const name of ["kit", "entries"]) {
    const store = change.objectStore(name);
    store.getAll().onsuccess = (event) => {
      for (const row of event.target.result) store.put({...row, until: Date.now() - 1000});
    };
  }
  await new Promise((ok) => { change.oncomplete = ok; });
  db.close();
}"""


def test_another_teacher_on_the_same_phone_sends_and_reads_nothing(phone, cable, the_cast):
    page = turned_on(phone, the_cast)
    phone.context.set_offline(True)
    write_a_visit(page)
    keep(page)
    signed_in(phone, the_cast, "class_teacher_of_parallel_class")
    phone.context.set_offline(False)
    expect(page.get_by_text("不是开启离线使用的老师")).to_be_visible()
    assert not Visit.objects.exists()
    page.goto(f"{phone.url}/offline/")
    expect(page.get_by_role("button", name="打开", exact=True)).to_be_visible()
    assert "杨小雨" not in page.content()


def test_a_phone_that_never_turned_it_on_says_honestly_that_there_is_no_network(
    phone, cable, the_cast
):
    page = phone.start()
    signed_in(phone, the_cast)
    page.goto(f"{phone.url}/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    cable.cut()
    page.goto(f"{phone.url}/visits/")
    expect(page.get_by_role("heading", name="现在没有网络")).to_be_visible()
    assert page.evaluate("async () => (await indexedDB.databases()).length") <= 1
    cable.mend()
    page.get_by_role("link", name="再试一次").click()
    expect(page.get_by_role("navigation").first).to_be_visible()


def test_axe_finds_nothing_on_any_screen_and_nothing_runs_over_the_edge(
    phone, cable, the_cast, axe
):
    page = phone.start()
    signed_in(phone, the_cast)
    said: dict[str, list[str]] = {}

    def look(screen: str) -> None:
        if wrong := faults(page, axe):
            said[screen] = wrong

    page.goto(f"{phone.url}/offline/")
    expect(page.get_by_role("button", name="开启可离线使用")).to_be_visible()
    look("turn on")
    page.locator("input[name=pin]").fill("123456")
    page.get_by_role("button", name="开启可离线使用").click()
    expect(page.get_by_text("不能是顺序的数字")).to_be_visible()
    page.locator("input[name=pin]").fill(PIN)
    page.locator("input[name=again]").fill(PIN)
    page.get_by_role("button", name="开启可离线使用").click()
    expect(page.get_by_text("有网络。")).to_be_visible()
    look("home")
    write_a_visit(page)
    page.get_by_label("祖母/外祖母").uncheck()
    page.get_by_role("button", name="存好，有网就送").click()
    expect(page.get_by_text("请至少选一项")).to_be_visible()
    look("form")
    page.get_by_label("祖母/外祖母").check()
    page.locator("textarea[name=asked]").fill("家里收入不高")
    keep(page)
    expect(page.get_by_text("照样保存")).to_be_visible()
    look("a question")
    page.get_by_role("button", name="锁上").click()
    expect(page.get_by_role("button", name="打开", exact=True)).to_be_visible()
    look("locked")
    page.goto(f"{phone.url}/offline/kits/")
    look("kits")
    assert said == {}
