"""The mix of a working day, for locust: who asks for what, and how often.

Read by locust in its own environment; knows nothing of Django. Every answer that is not the one
that the page gives (a refusal, a sign-in page, an error) counts as a failure.

How often follows from how many people there are, by our own estimate, in requests of a working day:
2.7 million families hear 2.8 messages a week (the year on paper in `ground/notices/tests`) and open
nearly each once, 1.5 million, and answer a third, 0.5; every tenth looks into its own pages, three of
them, 0.8; phones ask for a calendar, 0.1; a family is asked about a visit once a year, but in October
and March ten times as often, 0.3. 110 000 class teachers ask twelve times, 1.3. 27 000 leaders of
schools ask for ten pages, 0.3; a few hundred officers for 0.02, of which there are here four times as
many, because theirs are the dearest pages. In two hundred: families 128, teachers 54, leaders 12,
officers and the plan 6.
"""

from __future__ import annotations

import itertools
import json
import os
import random
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

from locust import FastHttpUser, constant_throughput, task

WORLD = json.loads(Path(os.environ["LOAD_WORLD"]).read_text("utf-8"))
TODAY = date.fromisoformat(WORLD["today"])
EACH = float(os.environ["LOAD_EACH"])
# Before the measuring everything is read once and nothing written, so that nothing is used up.
WARM = bool(os.environ.get("LOAD_WARM"))
TOKEN = "b" * 32
OUTCOMES = ("held", "not_found", "refused")

SCHOOLS = [row for row in WORLD["leaders"] if row["role"] == "head"]
DISTRICTS = [row for row in WORLD["officers"] if row["role"] == "district_officer"]
CITY = [row for row in WORLD["officers"] if row["role"] == "city_officer"]
FIGURES: dict[int, list[dict]] = {}
for figure in WORLD["figures"]:
    FIGURES.setdefault(figure["place"], []).append(figure)
# Half of the links of visits are only opened; the others are answered, once each.
OPENED, ANSWERED = WORLD["links"][::2], iter(WORLD["links"][1::2])
# Every notice is answered once; whoever opens one may have answered before.
CONFIRMED = iter(WORLD["notices"])
FED = [row for row in WORLD["families"] if row["feed"]]


def _slots():
    """Visits that can be recorded once each: teacher, child, day, outcome; spread over classes."""
    for back, outcome in itertools.product(range(40), OUTCOMES):
        for place in range(60):
            for teacher in WORLD["teachers"]:
                if place < len(teacher["visited"]):
                    yield teacher, teacher["visited"][place], back, outcome


SLOTS = _slots()
NUMBERS = itertools.count()


class Day(FastHttpUser):
    """One of many people, another one with each request. Weights are per two hundred requests."""

    wait_time = constant_throughput(EACH)

    def ask(
        self, kind: str, path: str, session: str, data: dict | None = None, *, leads_on=False
    ) -> None:
        cookies = f"csrftoken={TOKEN}" + (f"; sessionid={session}" if session else "")
        headers = {"Cookie": cookies, "Accept-Encoding": "gzip"}
        method = "GET" if data is None else "POST"
        body = None if data is None else {**data, "csrfmiddlewaretoken": TOKEN}
        with self.client.request(
            method, path, name=kind, data=body, headers=headers, allow_redirects=False,
            catch_response=True,
        ) as answer:  # fmt: skip
            where = (answer.headers or {}).get("location") or ""
            expected = 302 if leads_on else 200
            if answer.status_code != expected or "/accounts/" in where or "/sign-in" in where:
                answer.failure(f"{answer.status_code} {where}")
        # Each request with its own cookies: one connection serves many people, as a proxy does.
        self.client.cookiejar.clear()

    # Class teachers: 54 of two hundred.
    @task(10)
    def teachers_home(self):
        self.ask("teacher: home", "/", random.choice(WORLD["teachers"])["session"])

    @task(6)
    def teachers_class(self):
        one = random.choice(WORLD["teachers"])
        self.ask("teacher: class", f"/classes/{one['class']}/", one["session"])

    @task(8)
    def teachers_visits(self):
        one = random.choice(WORLD["teachers"])
        self.ask("teacher: class visits", f"/visits/classes/{one['class']}/", one["session"])

    @task(6)
    def teachers_child(self):
        one = random.choice(WORLD["teachers"])
        self.ask("teacher: child", f"/children/{random.choice(one['children'])}/", one["session"])

    @task(4)
    def teachers_history(self):
        one = random.choice(WORLD["teachers"])
        child = random.choice(one["children"])
        self.ask("teacher: child visits", f"/visits/children/{child}/", one["session"])

    @task(5)
    def record_form(self):
        one = random.choice(WORLD["teachers"])
        child = random.choice(one["children"])
        self.ask("teacher: visit form", f"/visits/children/{child}/record/", one["session"])

    @task(5)
    def record(self):
        if WARM:
            return self.record_form()
        teacher, child, back, outcome = next(SLOTS)
        day = (TODAY - timedelta(days=back)).isoformat()
        data = {"key": str(uuid4()), "visited_on": day}
        if outcome == "held":
            words = f"孩子睡得晚{next(NUMBERS)}"
            data |= {"setting": "home", "met_other": "外婆", "asked": words}
            # Where there are brothers and sisters the form asks which of them were visited.
            data[f"children_{child}"] = "on"
        else:
            data |= {"outcome": outcome}
        path = f"/visits/children/{child}/{'record' if outcome == 'held' else 'attempt'}/"
        return self.ask("teacher: RECORD VISIT", path, teacher["session"], data, leads_on=True)

    @task(3)
    def draft(self):
        one = random.choice(WORLD["teachers"])
        path = f"/visits/children/{random.choice(one['children'])}/draft/"
        data = {"asked": f"草稿{next(NUMBERS)}", "setting": "home"}
        self.ask("teacher: KEEP DRAFT", path, one["session"], data, leads_on=True)

    @task(3)
    def choose_child(self):
        one = random.choice(WORLD["teachers"])
        # Whoever has one class is led straight to it.
        self.ask("teacher: choose child", "/visits/record/", one["session"], leads_on=True)

    @task(2)
    def follow_ups(self):
        one = random.choice(WORLD["teachers"])
        self.ask("teacher: follow-ups", "/visits/follow-ups/", one["session"])

    @task(2)
    def look_for(self):
        one = random.choice(WORLD["teachers"])
        words = {"q": random.choice("王李张刘陈杨黄赵")}
        self.ask("teacher: SEARCH", "/search/", one["session"], words)

    # Leaders of schools: 12.
    @task(4)
    def leaders_home(self):
        self.ask("head: home", "/", random.choice(WORLD["leaders"])["session"])

    @task(4)
    def leaders_school(self):
        one = random.choice(WORLD["leaders"])
        self.ask("head: school", f"/schools/{one['place']}/", one["session"])

    @task(2)
    def leaders_figure(self):
        self._figure("head", random.choice(SCHOOLS), "")

    @task(2)
    def leaders_rows(self):
        self._figure("head", random.choice(SCHOOLS), "rows/")

    # Officers, and whoever reads the plan: 6.
    @task(1)
    def districts_home(self):
        self.ask("district: home", "/", random.choice(DISTRICTS)["session"])

    @task(1)
    def districts_board(self):
        one = random.choice(DISTRICTS)
        self.ask("district: board", f"/districts/{one['place']}/", one["session"])

    @task(1)
    def districts_figure(self):
        self._figure("district", random.choice(DISTRICTS), "")

    @task(1)
    def districts_rows(self):
        self._figure("district", random.choice(DISTRICTS), "rows/")

    @task(1)
    def city_home(self):
        self.ask("city: home", "/", random.choice(CITY)["session"])

    @task(1)
    def city_or_plan(self):
        random.choice([self.city_board, self.city_figure, self.plan])()

    def city_board(self):
        self.ask("city: board", "/city/", random.choice(CITY)["session"])

    def city_figure(self):
        self._figure("city", random.choice(CITY), "")

    def plan(self):
        self.ask("anybody: plan", "/plan/", random.choice(WORLD["leaders"])["session"])

    # Families behind a message's link, without signing in: 92.
    @task(56)
    def family_opens_notice(self):
        one = random.choice(WORLD["notices"])
        self.ask("family: notice's link", f"/n/{one['message']}/{one['token']}/", "")

    @task(20)
    def family_answers_notice(self):
        one = None if WARM else next(CONFIRMED, None)
        if one is None:
            return self.family_opens_notice()
        path = f"/n/{one['message']}/{one['token']}/"
        data = {"answer": f"{one['delivery']}.0"}
        return self.ask("family: ANSWER NOTICE", path, "", data, leads_on=True)

    @task(14)
    def family_opens(self):
        self.ask("family: visit's link", f"/visits/answer/{random.choice(OPENED)}/", "")

    @task(2)
    def family_answers(self):
        token = None if WARM else next(ANSWERED, None)
        if token is None:
            return self.family_opens()
        data = {"choice": "ask_other", "words": "星期六下午都在家"}
        return self.ask("family: ANSWER VISIT", f"/visits/answer/{token}/", "", data)

    # Families in their own pages: 36.
    @task(14)
    def family_week(self):
        self.ask("family: week", "/family/", random.choice(WORLD["families"])["session"])

    @task(8)
    def family_box(self):
        self.ask("family: box", "/family/notices/", random.choice(WORLD["families"])["session"])

    @task(6)
    def family_notice(self):
        one = random.choice(WORLD["families"])
        self.ask("family: notice", f"/family/notices/{one['delivery']}/", one["session"])

    @task(4)
    def family_record(self):
        one = random.choice(WORLD["families"])
        child = random.choice(one["children"])
        self.ask("family: child", f"/family/children/{child}/", one["session"])

    @task(4)
    def family_feed(self):
        self.ask("family: feed", f"/family/feed/{random.choice(FED)['feed']}.ics", "")

    def _figure(self, who: str, one: dict, rest: str) -> None:
        figure = random.choice(FIGURES[one["place"]])
        path = f"/figures/{figure['duty']}/{figure['period']}/{one['place']}/{rest}"
        self.ask(f"{who}: figure {'rows' if rest else ''}".strip(), path, one["session"])
