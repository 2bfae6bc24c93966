"""People who write through the pages while the server is killed, and note what was acknowledged.

A writing counts as acknowledged when its answer has arrived whole; as lost when the server went
away before; lost forms are sent again after the crash, unchanged, as a person would.
"""

from __future__ import annotations

import html
import http.client
import itertools
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import uuid4

import crash_world
from crash_world import Teacher, World

TOKEN = "a" * 32
KEY = re.compile(r'name="key" value="([^"]+)"')
SEEN = re.compile(r'name="seen" value="([0-9a-f]*)"')
RECORD = re.compile(r"/visits/records/(\d+)/")
CHOICE = re.compile(r'value="(time-\d+)"')
LINK = re.compile(r"/visits/answer/([a-z2-7-]+)/")
# So many rows are a job of the worker's; fewer are imported while the page waits.
LARGE, SMALL = 320, 12


class Lost(Exception):
    """The server went away before the answer was whole."""


@dataclass(frozen=True)
class Answer:
    status: int
    where: str
    text: str


@dataclass
class Form:
    """What was sent: enough to send it again, and to find in the database what it must have made."""

    kind: str
    session: str
    path: str
    fields: list[tuple[str, str]]
    about: dict
    file: bytes | None = None


@dataclass
class Notebook:
    """What the writers saw. `acknowledged` are forms whose answer said that they were taken."""

    acknowledged: list[Form] = field(default_factory=list)
    lost: list[Form] = field(default_factory=list)
    refused: Counter = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Browser:
    """One connection with a person's cookies."""

    def __init__(self, port: int, session: str) -> None:
        self.session = session
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def post(self, form: Form) -> Answer:
        kind, body = _encoded(form)
        return self._ask("POST", form.path, body, {"Content-Type": kind})

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict) -> Answer:
        cookies = f"csrftoken={TOKEN}" + (f"; sessionid={self.session}" if self.session else "")
        try:
            self.link.request(method, path, body, {"Cookie": cookies, **headers})
            got = self.link.getresponse()
            text = got.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            self.link.close()
            raise Lost(path) from error
        return Answer(got.status, got.headers.get("Location", ""), text)


def send(browser: Browser, form: Form, notes: Notebook, *, taken: Callable[[Answer], bool]) -> bool:
    """Send a form and note what became of it; True when it was acknowledged. Raises Lost."""
    try:
        answer = browser.post(form)
    except Lost:
        with notes.lock:
            notes.lost.append(form)
        raise
    with notes.lock:
        if answer.status >= 500:
            notes.errors.append(f"{form.kind}: {answer.status} at {form.path}")
        elif taken(answer):
            form.about["where"] = answer.where
            notes.acknowledged.append(form)
            return True
        else:
            notes.refused[form.kind] += 1
    return False


def led_on(answer: Answer) -> bool:
    """Taken forms lead to another page."""
    return answer.status == 302


def slots(teacher: Teacher, world: World) -> Iterator[tuple[int, date, str]]:
    """Visits that can be recorded once each: child, day, outcome."""
    days = (world.today - world.year_from).days
    for back in range(days + 1):
        for outcome in ("held", "not_found", "refused"):
            for child in teacher.children:
                yield child, world.today - timedelta(days=back), outcome


class Plans:
    """What is left to write; it outlives the trials, so that nothing is written twice by design."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.visits = {t.class_id: slots(t, world) for t in world.teachers}
        self.numbers = itertools.count()
        self.moving = itertools.count(1)
        self.register_days = itertools.product(
            [world.year_from + timedelta(days=n) for n in range(-3000, 0)],
            ("visiting_rules", "all_staff_system"),
        )


def record(browser: Browser, teacher: Teacher, plans: Plans, notes: Notebook) -> None:
    """A visit or an attempt, by the form that the page gave."""
    child, day, outcome = next(plans.visits[teacher.class_id])
    held = outcome == "held"
    path = f"/visits/children/{child}/{'record' if held else 'attempt'}/"
    key = KEY.search(browser.get(path).text)
    if key is None:
        notes.refused["form"] += 1
        return
    fields = [("key", key[1]), ("visited_on", day.isoformat())]
    if held:
        fields += [
            ("setting", "home"),
            ("met_other", "外婆"),
            ("asked", f"第{next(plans.numbers)}次"),
        ]
    else:
        fields += [("outcome", outcome)]
    about = {"staff": teacher.staff_id, "key": key[1]}
    send(browser, Form("visit", browser.session, path, fields, about), notes, taken=led_on)


def correct(browser: Browser, teacher: Teacher, plans: Plans, notes: Notebook) -> None:
    """A visit of a child of the class, corrected."""
    child = random.choice(teacher.children)
    found = RECORD.findall(browser.get(f"/visits/children/{child}/").text)
    if not found:
        record(browser, teacher, plans, notes)
        return
    path = f"/visits/records/{found[0]}/correct/"
    page = browser.get(path).text
    key = KEY.search(page)
    if key is None:
        notes.refused["form"] += 1
        return
    day = re.search(r'name="visited_on" value="([^"]+)"', page)[1]
    fields = [("key", key[1]), ("visited_on", day), ("reason", "时间记错")]
    if "met_other" in page:
        words = f"更正{next(plans.numbers)}"
        fields += [("setting", "elsewhere"), ("met_other", "外婆"), ("asked", words)]
    else:
        fields += [("outcome", "not_found")]
    about = {"staff": teacher.staff_id, "key": key[1]}
    form = Form("correction", browser.session, path, fields, about)
    send(browser, form, notes, taken=led_on)


def propose(browser: Browser, teacher: Teacher, plans: Plans, notes: Notebook) -> None:
    """Times for a family; then the family answers by its link, or the teacher takes it back."""
    child = random.choice(teacher.children)
    ahead = plans.world.today + timedelta(days=random.randrange(3, 20))
    fields = [
        ("child", str(child)), ("times_0", f"{ahead}T{random.randrange(8, 20):02}:00"),
        ("message", "想到家里坐坐"), ("answer_by", (ahead - timedelta(days=1)).isoformat()),
    ]  # fmt: skip
    path = f"/visits/classes/{teacher.class_id}/propose/"
    about = {"child": child, "staff": teacher.staff_id}
    form = Form("proposal", browser.session, path, fields, about)
    taken = send(browser, form, notes, taken=lambda got: led_on(got) and "/proposals/" in got.where)
    if not taken:
        return
    pk = form.about["where"].rstrip("/").rpartition("/")[2]
    token = LINK.search(browser.get(f"/visits/proposals/{pk}/").text)
    if token is not None and random.random() < 0.6:
        answer_by_link(browser.link.port, token[1], int(pk), notes)
    away = f"/visits/proposals/{pk}/withdraw/"
    form = Form("withdrawal", browser.session, away, [], {"pk": int(pk)})
    send(browser, form, notes, taken=led_on)


def answer_by_link(port: int, token: str, pk: int, notes: Notebook) -> None:
    """As the family does, without an account."""
    family = Browser(port, "")
    path = f"/visits/answer/{token}/"
    choice = CHOICE.search(family.get(path).text)
    if choice is None:
        notes.refused["form"] += 1
        return
    fields = [("choice", choice[1]), ("setting", "home"), ("words", "谢谢老师")]
    form = Form("answer", "", path, fields, {"pk": pk})
    send(family, form, notes, taken=lambda got: got.status == 200 and "choice" not in got.text)


def register(browser: Browser, plans: Plans, notes: Notebook) -> None:
    """A document of the school that held for one day of former years."""
    day, kind = next(plans.register_days)
    title = f"制度{uuid4().hex}"
    fields = [
        ("kind", kind), ("title", title), ("from_on", day.isoformat()),
        ("last_on", day.isoformat()), ("responsible", str(plans.world.head_id)),
    ]  # fmt: skip
    path = f"/registers/places/{plans.world.school_id}/enter/"
    form = Form("register", browser.session, path, fields, {"title": title})
    send(browser, form, notes, taken=led_on)


def bring_roster(
    browser: Browser, plans: Plans, notes: Notebook, *, large: bool, stop: threading.Event
) -> None:
    """A roster handed in, confirmed, and watched until it is there. The large one moves the same
    children between two classes, again and again; a small one brings new children."""
    number = next(plans.moving)
    year = plans.world.year_from.year
    if large:
        tag = "甲"
        rows = crash_world.pupils(LARGE, number % 2 + 1, year, seed=4000, tag=tag)
    else:
        tag = f"乙{chr(0x4E00 + number)}"
        rows = crash_world.pupils(SMALL, number % 6 + 1, year, seed=5000 + number, tag=tag)
    lines = [",".join(row) for row in [list(crash_world.HEADINGS), *rows]]
    fields = [
        ("school", str(plans.world.school_id)), ("kind", "pupils"), ("covers", "part"),
        ("on", plans.world.today.isoformat()),
    ]  # fmt: skip
    data = "\r\n".join(lines).encode()
    about = {"tag": tag, "rows": len(rows)}
    form = Form("upload", browser.session, "/roster/", fields, about, data)
    if send(browser, form, notes, taken=lambda got: led_on(got) and got.where != "/roster/"):
        _confirm(browser, form.about["where"], about, notes, stop)


def _confirm(
    browser: Browser, page: str, about: dict, notes: Notebook, stop: threading.Event
) -> None:
    text = _wait_while_at_work(browser, page, stop)
    seen = SEEN.search(text)
    if seen is None:
        return
    pk = int(page.strip("/").rpartition("/")[2])
    fields = [("seen", seen[1])]
    form = Form("confirmation", browser.session, f"{page}confirm/", fields, {**about, "pk": pk})
    send(browser, form, notes, taken=led_on)
    if "已导入" in html.unescape(_wait_while_at_work(browser, page, stop)):
        with notes.lock:
            notes.acknowledged.append(
                Form("import", browser.session, page, [], {**about, "pk": pk})
            )


def _wait_while_at_work(browser: Browser, page: str, stop: threading.Event) -> str:
    text = browser.get(page).text
    while 'hx-trigger="every 2s"' in text and not stop.is_set():
        time.sleep(0.1)
        text = browser.get(page).text
    return text


def at_it(deed: Callable[[], None], stop: threading.Event) -> None:
    """Again and again, until the server goes away or the trial is over."""
    try:
        while not stop.is_set():
            deed()
    except (Lost, StopIteration):
        return


def begin(
    world: World, plans: Plans, notes: Notebook, port: int, stop: threading.Event
) -> list[threading.Thread]:
    """All writers at work: class teachers, the head, the registrar."""
    deeds: list[Callable[[], None]] = []
    for place, teacher in enumerate(world.teachers):
        browser = Browser(port, teacher.session)
        what = (record, correct, propose)[place % 3]
        deeds.append(lambda w=what, b=browser, t=teacher: w(b, t, plans, notes))
    head, registrar = Browser(port, world.head), Browser(port, world.registrar)
    deeds.append(lambda: register(head, plans, notes))
    turns = itertools.count(random.randrange(2))
    deeds.append(
        lambda: bring_roster(registrar, plans, notes, large=next(turns) % 2 == 0, stop=stop)
    )
    threads = [threading.Thread(target=at_it, args=(deed, stop), daemon=True) for deed in deeds]
    for thread in threads:
        thread.start()
    return threads


def _encoded(form: Form) -> tuple[str, bytes]:
    fields = [("csrfmiddlewaretoken", TOKEN), *form.fields]
    if form.file is None:
        return "application/x-www-form-urlencoded", urlencode(fields).encode()
    edge = uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    head = 'Content-Disposition: form-data; name="file"; filename="roster.csv"'
    parts.append(f"--{edge}\r\n{head}\r\nContent-Type: text/csv\r\n\r\n".encode() + form.file)
    return f"multipart/form-data; boundary={edge}", b"".join(parts) + f"\r\n--{edge}--\r\n".encode()
