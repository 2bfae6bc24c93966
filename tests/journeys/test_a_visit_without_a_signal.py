"""A class teacher on the hill: no network, a browser that is killed, answers that are lost."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from gongyu.ground.staff.models import Post
from gongyu.records.m01_home_school_contact.actions import record_visit
from gongyu.records.m01_home_school_contact.models import Visit
from gongyu.records.m01_home_school_contact.shapes import VisitEntry
from gongyu.shared_work.offline.models import Kit, Receipt
from tests.cast import CAST_DAY, Cast, sign_in
from tests.journeys.cable import Cable
from tests.journeys.own_browser import OwnBrowser
from tests.journeys.test_every_page_can_be_used_by_everybody import axe, faults

__all__ = ["axe"]
pytestmark = pytest.mark.journey
PIN = "kua-山-2026"
WORDS = "外婆问孩子中午吃得好不好"


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


def test_an_offline_visit_is_replayed_once_after_the_browser_was_killed(phone, cable, the_cast):
    page = turned_on(phone, the_cast)
    cable.cut()
    # Any page of the house opens as the shell; the PIN opens the class.
    page.goto(f"{phone.url}/visits/")
    unlock(page)
    expect(page.get_by_text("现在没有网络。写好的先存在本机")).to_be_visible()
    expect(page.get_by_role("heading", name="石板坡小学")).to_be_visible()
    write_a_visit(page)
    keep(page)
    expect(page.get_by_text("等网络。")).to_be_visible()
    phone.kill()

    page = phone.start()
    page.goto(f"{phone.url}/")
    expect(page.get_by_text("1 条没有送出")).to_be_visible()
    unlock(page)
    expect(page.get_by_text("等网络。")).to_be_visible()
    assert not Visit.objects.exists()

    cable.mend()
    page.get_by_role("button", name="现在送出").click()
    # Sessions end with the browser; the words wait until the teacher has signed in again.
    expect(page.get_by_text("登录已过期")).to_be_visible()
    signed_in(phone, the_cast)
    page.get_by_role("button", name="现在送出").click()
    expect(page.get_by_text("都送到了")).to_be_visible()
    page.goto(f"{phone.url}/offline/")
    unlock(page)
    expect(page.get_by_text("有网络。")).to_be_visible()

    [visit] = Visit.objects.all()
    assert (visit.asked, visit.visited_on) == (WORDS, CAST_DAY)
    assert list(visit.met.all()) == [the_cast.grandmother]
    assert Receipt.objects.count() == 1
    assert page.evaluate(STORED)["entries"] == []


def test_an_answer_that_was_lost_makes_no_second_visit(phone, cable, the_cast):
    page = turned_on(phone, the_cast)
    write_a_visit(page)
    cable.swallow("/send/")
    keep(page)
    # The server has it, and the phone does not know.
    expect(page.get_by_text("稍后会再送")).to_be_visible()
    expect(page.get_by_text("等网络。")).to_be_visible()
    cable.swallow("")
    page.get_by_role("button", name="现在送出").click()
    expect(page.get_by_text("有网络。")).to_be_visible()
    expect(page.get_by_text("等网络。")).to_have_count(0)
    assert Visit.objects.count() == Receipt.objects.count() == 1
    assert page.evaluate(STORED)["entries"] == []


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
    for _try in range(2):
        page.evaluate("document.querySelector('details.who').open = true")
        page.get_by_role("button", name="退出登录").click()
        page.wait_for_timeout(500)
    page.wait_for_url(re.compile("sign-in|/$"))
    assert len(asked) == 2 and "1 条没有送出" in asked[0]
    stored = page.evaluate(STORED)
    # The answer to signing out cleared everything; asking just now made an empty database.
    assert {**stored, "session": {}} == {"caches": {}, "local": {}, "session": {}}


def test_when_the_post_ended_the_class_is_gone_and_what_was_done_before_still_arrives(
    phone, cable, the_cast
):
    page = turned_on(phone, the_cast)
    cable.cut()
    page.goto(f"{phone.url}/visits/")
    unlock(page)
    write_a_visit(page)
    page.locator("input[name=visited_on]").fill("2026-11-03")
    keep(page)
    Post.objects.filter(pk=the_cast.class_teacher.post.pk).update(until_on=CAST_DAY)
    cable.mend()
    page.get_by_role("button", name="现在送出").click()
    expect(page.get_by_text("已从本机删除")).to_be_visible()
    assert page.evaluate(STORED)["kit"] == []
    assert Visit.objects.get().post == the_cast.class_teacher.post


def test_a_conflict_is_shown_and_the_teacher_decides(phone, cable, the_cast):
    page = turned_on(phone, the_cast)
    cable.cut()
    page.goto(f"{phone.url}/visits/")
    unlock(page)
    write_a_visit(page)
    keep(page)
    online = VisitEntry(CAST_DAY, {the_cast.pupil.pk: ""}, setting="home", met_other="外婆")
    record_visit(online, on=CAST_DAY, key="online", by=the_cast.class_teacher.actor)
    cable.mend()
    page.get_by_role("button", name="现在送出").click()
    expect(page.get_by_text("您已经在别处记过了")).to_be_visible()
    assert Visit.objects.count() == 1
    page.get_by_role("button", name="用这里写的更正那一条").click()
    expect(page.get_by_text("都送到了")).to_be_visible()
    old, new = Visit.objects.order_by("pk")
    assert (old.status, new.asked) == ("replaced", WORDS)


def test_what_is_half_written_survives_a_killed_browser(phone, cable, the_cast):
    page = turned_on(phone, the_cast)
    cable.cut()
    page.goto(f"{phone.url}/visits/")
    unlock(page)
    write_a_visit(page, "写到一半的话")
    page.wait_for_timeout(1500)
    phone.kill()
    page = phone.start()
    page.goto(f"{phone.url}/")
    unlock(page)
    expect(page.get_by_text("没写完，还不会送出")).to_be_visible()
    page.get_by_role("button", name="打开修改").click()
    expect(page.locator("textarea[name=asked]")).to_have_value("写到一半的话")
    expect(page.get_by_label("祖母/外祖母")).to_be_checked()


def test_an_online_form_that_cannot_be_sent_loses_nothing(phone, cable, the_cast):
    page = turned_on(phone, the_cast)
    page.goto(f"{phone.url}/visits/children/{the_cast.pupil.pk}/record/")
    page.locator("textarea[name=asked]").fill(WORDS)
    cable.cut()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("没有网络，没有送出")).to_be_visible()
    expect(page.locator("textarea[name=asked]")).to_have_value(WORDS)
    cable.mend()
    page.get_by_role("checkbox", name=re.compile("吴秀英")).check()
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile("/visits/classes/"))
    assert Visit.objects.get().asked == WORDS


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


def test_it_goes_by_itself_when_the_network_comes_back(phone, cable, the_cast):
    page = turned_on(phone, the_cast)
    phone.context.set_offline(True)
    write_a_visit(page)
    keep(page)
    expect(page.get_by_text("等网络。")).to_be_visible()
    assert not Visit.objects.exists()
    phone.context.set_offline(False)
    expect(page.get_by_text("都送到了")).to_be_visible()
    assert Visit.objects.count() == 1


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
