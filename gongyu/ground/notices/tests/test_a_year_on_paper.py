"""A school year of notices for 2 000 families, in seconds: the real rules and the real planning, with
deliveries and messages as plain rows in memory. (The same planning in the database, over providers
that fail, is in `test_weeks.py` and `test_schedules.py`.)
"""

from __future__ import annotations

import heapq
import os
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

import pytest

from gongyu.ground.notices.clock import after_quiet, is_quiet, week_of
from gongyu.ground.notices.models import Notice
from gongyu.ground.notices.parameters import AGAIN_AFTER, weekly_budget
from gongyu.ground.notices.rules_path import first_station, is_full
from gongyu.ground.notices.shapes import Way
from gongyu.ground.notices.work.planning import Plan, _decide
from gongyu.ground.notices.work.world import World

from .sending_year import is_vacation, notices_of_a_day
from .town import UNTIL, YEAR, Town, moment

pytestmark = pytest.mark.without_database

FAMILIES = int(os.environ.get("GONGYU_FAMILIES", "0")) or 2000
CLASS_SIZE = 40


@dataclass(slots=True)
class Thing:
    pk: int
    name: str = ""


@dataclass(slots=True, eq=False)
class Row:
    """A delivery on paper."""

    pk: int
    notice: Notice
    carer_id: int
    family_id: int
    status: str
    next_at: datetime | None
    children: list[int]
    answers_at: datetime | None = None
    tried: set = field(default_factory=set)


class Paper:
    """The year: a heap of moments at which something is due."""

    def __init__(self, families: int, seed: int) -> None:
        self.draw, self.numbers = random.Random(seed), count(1)
        # What the school sends is drawn apart: a rule that rings once less must not be tried on a
        # year with other dangers.
        self.sends = random.Random(seed)
        self.heap: list[tuple] = []
        self.rang: list[tuple[datetime, int, str]] = []
        self.weeks: dict[date, Counter] = defaultdict(Counter)
        self.rows: list[Row] = []
        self._people(families)

    def _people(self, families: int) -> None:
        draw, numbers = self.draw, self.numbers
        self.carers: dict[int, list[tuple[int, bool]]] = {}
        self.ways: dict[int, list[Way]] = {}
        self.lead: dict[int, int] = {}
        self.by_class: dict[int, list[int]] = defaultdict(list)
        self.dead: set[int] = set()
        places = max(1, families * 17 // 10 // CLASS_SIZE)
        classes = [Thing(next(numbers), f"{n}班") for n in range(places)]
        children = []
        for _family in range(families):
            grown = [next(numbers) for _each in range(draw.choice([1, 1, 2, 2, 3]))]
            for carer in grown:
                silent = draw.random() < 0.02
                self.ways[carer] = [] if silent else [Way("sms", "", ""), Way("voice", "", "")]
                if draw.random() < 0.02:
                    self.dead.add(carer)
            for _each in range(draw.choice([1, 1, 1, 2, 2, 3])):
                child = next(numbers)
                children.append(child)
                self.carers[child] = [(carer, True) for carer in grown]
                self.lead[child] = grown[0]
                self.by_class[draw.choice(classes).pk].append(child)
        school, office = Thing(next(numbers), "学校"), Thing(next(numbers), "教委")
        self.town = Town(school, office, classes, [Thing(pk) for pk in children])
        self.families = sorted(set(self.lead.values()))

    def send(self, new, at: datetime) -> None:
        notice = Notice(
            pk=next(self.numbers), kind=new.kind, basis=new.basis, until_on=new.until_on,
            status="open",
        )  # fmt: skip
        found = new.child_ids or [c for pk in new.class_ids for c in self.by_class[pk]]
        told: dict[int, list[int]] = defaultdict(list)
        for child in found:
            told[self.lead[child]].append(child)
        budget, week = weekly_budget().value, self.weeks[week_of(at)]
        for lead, children in told.items():
            status, then = first_station(
                notice.kind, must_reach=notice.must_reach, at=at, until_on=notice.until_on,
                full=is_full(week[lead], budget),
            )  # fmt: skip
            row = Row(next(self.numbers), notice, lead, lead, status, then, children)
            if notice.asks and self.draw.random() < 0.7:
                # Of danger people let each other know within the hour, of the rest within days.
                slow = 1 if notice.kind == "safety" else 60
                row.answers_at = at + timedelta(minutes=slow * self.draw.randrange(5, 96))
            self.rows.append(row)
            self._wake(row)

    def _wake(self, row: Row) -> None:
        if row.status in {"due", "waiting"}:
            # The job looks every ten minutes here; a real one looks every two seconds.
            minute = row.next_at.replace(second=0, microsecond=0)
            late = minute + timedelta(minutes=10 - minute.minute % 10)
            heapq.heappush(self.heap, (late, row.pk, row))

    def run_until(self, at: datetime) -> None:
        while self.heap and self.heap[0][0] <= at:
            moment_, together = self.heap[0][0], []
            while self.heap and self.heap[0][0] == moment_:
                row = heapq.heappop(self.heap)[2]
                if row.status in {"due", "waiting"} and row.next_at <= moment_:
                    together.append(row)
            self._plan(together, moment_)

    def _plan(self, rows: list[Row], at: datetime) -> None:
        todo = []
        for row in {row.pk: row for row in rows}.values():
            if row.answers_at is not None and row.answers_at <= at and row.status == "due":
                row.status = "answered"
            else:
                todo.append(row)
        week = self.weeks[week_of(at)]
        world = World(
            at,
            {row.pk: row.children for row in todo},
            self.carers,
            self.ways,
            {row.pk: row.tried for row in todo},
            {row.family_id: week[row.family_id] for row in todo},
        )
        plan = Plan(at, rung=world.rung)
        for row in sorted(todo, key=lambda row: (row.carer_id, row.pk)):
            _decide(row, world, plan)
        by_pk = {row.pk: row for row in todo}
        for (status, next_at), ids in plan.moves.items():
            for pk in ids:
                by_pk[pk].status, by_pk[pk].next_at = status, next_at
        for (carer, path, _alone), several in plan.lanes.items():
            self._message(carer, path, several, at)
        for row in todo:
            self._wake(row)

    def _message(self, carer: int, path: str, rows: list[Row], at: datetime) -> None:
        """One message over a provider that is down now and then, to a number that may be dead."""
        for row in rows:
            row.tried.add((carer, path))
        kind = "safety" if rows[0].notice.kind == "safety" else "other"
        week = self.weeks[week_of(at)]
        week[rows[0].family_id] += 1
        if carer in self.dead:
            for row in rows:
                to_know = row.notice.kind == "to_know"
                row.status, row.next_at = ("waiting" if to_know else "due"), at
            return
        sent_at, tries = at, 0
        while self.draw.random() < 0.2 and tries < len(AGAIN_AFTER):
            sent_at += timedelta(seconds=AGAIN_AFTER[tries])
            sent_at, tries = (sent_at if kind == "safety" else after_quiet(sent_at)), tries + 1
        self.rang.append((sent_at, rows[0].family_id, kind))

    def year(self) -> Iterator[date]:
        day = YEAR
        while day < UNTIL:
            sends = notices_of_a_day(self.town, day, self.sends)
            for hour, minute, new, _key in sorted(sends, key=lambda one: one[:2]):
                self.run_until(moment(day, hour, minute))
                self.send(new, moment(day, hour, minute))
            day += timedelta(days=1)
            yield day
        self.run_until(moment(UNTIL, 0) + timedelta(days=30))


def _families_and_seeds() -> list[tuple[int, int]]:
    """The year in full, and smaller schools in years with other notices and other dangers."""
    return [(FAMILIES, 2026), *((min(FAMILIES, 150), seed) for seed in range(2, 12, 2))]


@pytest.mark.parametrize(("families", "seed"), _families_and_seeds())
def test_families_have_a_quiet_year_and_nobody_is_forgotten(families, seed, capsys):
    paper = Paper(families, seed)
    days = sum(1 for _day in paper.year())
    assert days == (UNTIL - YEAR).days
    assert [one for one in paper.rang if one[2] != "safety" and is_quiet(one[0])] == []
    assert any(is_quiet(at) for at, _family, kind in paper.rang if kind == "safety")

    heard: dict[date, Counter] = defaultdict(Counter)
    in_danger: dict[date, set[int]] = defaultdict(set)
    for at, family, kind in paper.rang:
        heard[week_of(at)][family] += 1
        if kind == "safety":
            in_danger[week_of(at)].add(family)
    # Only danger goes beyond the budget; what the law wants known waits for a week with room.
    beyond = [
        (week, family, rung)
        for week, of in heard.items()
        for family, rung in of.items()
        if rung > weekly_budget().value and family not in in_danger[week]
    ]
    assert beyond == []
    counts = sorted(
        heard[week][family] for week in heard if not is_vacation(week) for family in paper.families
    )
    p95 = counts[int(len(counts) * 0.95)]
    # How often there is danger is drawn: judged in the full year alone.
    assert p95 <= 5 or families < FAMILIES, f"{p95} a week at the 95th percentile"
    assert counts[len(counts) // 2] >= 1

    must = [row for row in paper.rows if row.notice.must_reach]
    ends = Counter("answered" if row.answers_at else row.status for row in must)
    assert set(ends) <= {"answered", "to_hand"} and ends["to_hand"] and ends["answered"]
    # A message is one for all that is due: far fewer sound than are sent.
    assert len(paper.rang) < len(paper.rows)
    with capsys.disabled():
        print(
            f"\n{len(paper.families)} families, {len(paper.rows)} deliveries, {len(paper.rang)} "
            f"sounding: {sum(counts) / len(counts):.2f} a week and family, p95 {p95}, at most "
            f"{counts[-1]}; must reach {len(must)}: {ends['answered']} answered, "
            f"{ends['to_hand']} with a named person."
        )
