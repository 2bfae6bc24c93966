"""Small random worlds: a few schools, classes, children and teachers with everything that happens.

Days are plain numbers and the school year is short, so that reading it day by day is quick.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gongyu.indicators.rule import Rule, Window

from . import happenings
from .world_rows import Containment, Fact, School, SchoolClass, World

FIRST, UNTIL = 1000, 1090
ADMISSION, NEXT_ADMISSION = 980, 1070
YEAR = 2025
HOME, CLASS_TEACHER, LEADER, SUBJECT = "home", "class_teacher", "leader", "subject_teacher"

# Ids of one world lie below this, so that many worlds lie side by side in one table.
ROOM = 100_000

Pick = Callable[[int, int], int]


PARAMS = {
    "admission_from": "07-01",
    "allowed_settings": (HOME,),
    "at_risk_days": 15,
    "capacities": (CLASS_TEACHER,),
    "decline_attempts": 2,
    "exempt_leave_kinds": ("suspended", "long_illness"),
    "min_enrolled_days": 12,
    "post_on_the_day": True,
    "roles": (CLASS_TEACHER,),
}


def a_rule(shape: str = "count_in_period", subject: str = "child", **changes) -> Rule:
    """The rule of a world's short year; `params` are laid over the ordinary ones."""
    params = {**PARAMS, **changes.pop("params", {})}
    rule = Rule(
        duty="a-duty",
        shape=shape,
        subject=subject,
        judged=True,
        period_key="2025-2026",
        school_year=YEAR,
        first=FIRST,
        until=UNTIL,
        admission_from=ADMISSION,
        next_admission_from=NEXT_ADMISSION,
        threshold=1,
        fact_kinds=("visit.held",),
        stages=("primary",),
        windows=(Window("primary", FIRST, UNTIL, 1),),
        params=tuple(sorted(params.items())),
    )
    return replace(rule, **changes)


def build_world(pick: Pick, number: int = 0) -> World:
    """A world whose choices all come from `pick(least, most)`; its ids start at number * ROOM."""
    return _Builder(pick, number * ROOM).build()


class _Builder:
    def __init__(self, pick: Pick, base: int):
        self.pick = pick
        self.base = base
        self.ids = base
        self.world = World()
        self.rows: list[Fact] = []
        self.staff = [base + 90_000 + i for i in range(6)]

    def new_id(self) -> int:
        self.ids += 1
        return self.ids

    def maybe(self, chances: int) -> bool:
        """True once in so many times."""
        return self.pick(1, chances) == 1

    def one_of(self, things):
        return things[self.pick(0, len(things) - 1)]

    def build(self) -> World:
        self.places()
        for one in self.world.classes:
            self.posts_of_class(one)
        for school in self.world.schools:
            self.leaders_and_registers(school.place_id)
            self.activities_of(school.place_id)
        children = [self.base + 50_000 + i for i in range(self.pick(2, 5))]
        for child in children:
            self.enrolments_of(child)
            self.leaves_of(child)
            self.visits_of(child)
        self.sibling_visit(children)
        happenings.incidents(self)
        happenings.clues(self)
        happenings.contacts(self, children)
        happenings.committees(self)
        happenings.notices(self)
        self.number_facts()
        self.corrections()
        return self.world

    # Places: two towns in two districts, one of which may give way to a third in mid-year.

    def places(self) -> None:
        city, *districts = [self.new_id() for _ in range(4)]
        self.contain(city, "city", [])
        change = self.pick(FIRST + 10, UNTIL - 10) if self.maybe(3) else None
        self.contain(districts[0], "district", [(city, "city", 0, None)])
        self.contain(districts[1], "district", [(city, "city", 0, change)], until=change)
        if change:
            self.contain(districts[2], "district", [(city, "city", change, None)], first=change)
        for index in range(2):
            town = self.new_id()
            over = [(districts[index], "district", 0, None), (city, "city", 0, None)]
            if index == 1 and change:
                over[0] = (districts[1], "district", 0, change)
                over.append((districts[2], "district", change, None))
            self.contain(town, "town", over)
            for _ in range(self.pick(1, 2)):
                self.school([(town, "town", 0, None), *over])

    def contain(self, place, kind, over, first=0, until=None) -> None:
        """`over` lists (ancestor, kind, from, until); each is cut to the place's own days."""
        for ancestor, ancestor_kind, since, to in [(place, kind, first, until), *over]:
            start = max(since, first)
            end = to if until is None else min(until, to or until)
            if end is None or start < end:
                self.world.containments.append(
                    Containment(place, kind, ancestor, ancestor_kind, start, end)
                )

    def school(self, over) -> None:
        school = self.new_id()
        first = self.one_of([0, 0, 0, FIRST + 20, FIRST + 50])
        until = self.one_of([None, None, None, UNTIL - 30, FIRST + 25])
        until = until if until is None or until > first else None
        self.contain(school, "school", over, first, until)
        kind = self.one_of(["primary", "primary", "kindergarten"])
        self.world.schools.append(School(school, kind))
        # Campuses have ids of their own sort, so that an activity can be told to be on one.
        campuses = []
        for number in range(self.one_of([0, 0, 0, 1, 2])):
            opens = self.one_of([0, 0, FIRST + 20, FIRST + 60])
            if until is None or max(opens, first) < until:
                campuses.append(school + 30_000 + 1_000 * number)
                over_it = [(school, "school", 0, None), *over]
                self.contain(campuses[-1], "campus", over_it, max(opens, first), until)
        for _ in range(self.pick(1, 2)):
            place = self.new_id()
            year = self.one_of([YEAR, YEAR, YEAR, YEAR - 1, YEAR + 1])
            stage = self.one_of(["primary", "primary", "primary", "primary", "senior"])
            begins = ADMISSION if year == YEAR else FIRST - 400 + 365 * (year - YEAR + 1)
            ends = self.one_of([None, UNTIL, UNTIL - 15, FIRST + 40])
            ends = ends if ends is None or ends > begins else None
            above = [(school, "school", 0, None), *over]
            if campuses and not self.maybe(3):
                above.insert(0, (self.one_of(campuses), "campus", 0, None))
            self.contain(place, "class", above, begins, ends)
            self.world.classes.append(SchoolClass(place, school, year, stage, 1))

    # What happened

    def add(self, kind, subject_type, subject_id, place_id, on_day, **more) -> None:
        self.rows.append(Fact(0, kind, subject_type, subject_id, place_id, on_day, **more))

    def day(self, first: int = ADMISSION - 5, last: int = UNTIL + 5) -> int:
        return self.pick(first, last)

    def end_after(self, day: int) -> int | None:
        return None if self.maybe(2) else day + self.pick(0, 60)

    def posts_of_class(self, one: SchoolClass) -> None:
        if self.maybe(8):
            return  # Nobody ever wrote down who teaches this class.
        day = self.one_of([ADMISSION, FIRST, FIRST, self.day()])
        for turn in range(self.pick(1, 3)):
            until = self.end_after(day)
            self.post(one.place_id, CLASS_TEACHER, day, until, acting=turn > 0 and self.maybe(2))
            if until is None:
                break
            day = until + self.pick(0, 10) if not self.maybe(4) else until - self.pick(0, 5)

    def post(self, place, role, day, until, acting=False) -> None:
        if until is not None and until < day:
            until = day
        self.add(
            "post.held",
            "place",
            place,
            place,
            day,
            until_day=until,
            actor_id=self.one_of(self.staff),
            status=role,
            detail="acting" if acting else "",
        )

    def leaders_and_registers(self, school: int) -> None:
        for _ in range(self.pick(0, 2)):
            day = self.day()
            role = self.one_of(["head", "school_leader"])
            self.post(school, role, day, self.end_after(day))
        for kind in ("visiting_rules", "all_staff_system", "complaint_channel"):
            for _ in range(self.pick(0, 2)):
                day = self.day(FIRST - 100, UNTIL)
                until = self.end_after(day)
                self.add(
                    "register.valid", "place", school, school, day, until_day=until, detail=kind
                )
            if self.maybe(2):
                day = self.day(FIRST - 100, UNTIL)
                self.add("register.reviewed", "place", school, school, day, detail=kind)

    def activities_of(self, school: int) -> None:
        """Held or only planned, by the school itself or on a campus of its own."""
        for _ in range(self.one_of([0, 0, 1, 1, 2, 3])):
            kind = self.one_of(["activity.held", "activity.held", "activity.planned"])
            place = self.one_of([school, school, school + 30_000, school + 31_000])
            status = self.one_of(["open_day", "open_day", "parents_meeting"])
            day = self.day(FIRST - 5, UNTIL + 5)
            self.add(kind, "place", school, place, day, status=status)

    def class_or_not(self) -> int | None:
        places = [one.place_id for one in self.world.classes]
        if self.maybe(15):
            return self.one_of([None, self.world.schools[0].place_id])
        return self.one_of(places)

    def enrolments_of(self, child: int) -> None:
        day = self.one_of([FIRST, FIRST, FIRST, FIRST - 5, self.day(), FIRST - 300])
        status = self.one_of(["admitted", "admitted", "promoted"])
        for _ in range(self.pick(1, 3)):
            until = None if self.maybe(3) else day + self.pick(0, 70)
            self.add(
                "enrolment",
                "child",
                child,
                self.class_or_not(),
                day,
                until_day=until,
                status=status,
            )
            if until is None and not self.maybe(4):
                break
            day = (until or day) + self.pick(0, 15)
            status = self.one_of(["transferred", "moved_class", "returned", "admitted"])

    def leaves_of(self, child: int) -> None:
        for _ in range(self.one_of([0, 0, 0, 1, 2])):
            day = self.day()
            kind = self.one_of(["suspended", "long_illness", "abroad"])
            self.add("leave", "child", child, None, day, until_day=self.end_after(day), status=kind)

    def visits_of(self, child: int) -> None:
        for _ in range(self.pick(0, 3)):
            self.visit(child, self.day(), self.likely_visitor())
        for _ in range(self.one_of([0, 0, 1, 2, 3])):
            place, why = self.class_or_not(), self.one_of(["not_found", "refused"])
            self.add("visit.attempted", "child", child, place, self.day(), status=why)
        if self.maybe(4):
            day = self.day()
            until = self.one_of([UNTIL, UNTIL, None, day + 20, FIRST])
            if until is None or until >= day:
                self.add(
                    "visit.declined", "child", child, None, day, until_day=until, status="declined"
                )

    def likely_visitor(self) -> tuple[int | None, int, str]:
        """(place, person, capacity), most often somebody in post there."""
        posts = [row for row in self.rows if row.kind == "post.held"]
        if posts and not self.maybe(5):
            post = self.one_of(posts)
            if post.status == CLASS_TEACHER:
                return post.place_id, post.actor_id, CLASS_TEACHER
            of_school = [c.place_id for c in self.world.classes if c.school_id == post.place_id]
            place = self.one_of(of_school) if of_school else None
            return place, post.actor_id, LEADER
        capacity = self.one_of([CLASS_TEACHER, LEADER, SUBJECT])
        return self.class_or_not(), self.one_of(self.staff), capacity

    def visit(self, child: int, day: int, visitor: tuple) -> None:
        place, person, capacity = visitor
        mine = [r for r in self.rows if r.kind == "enrolment" and r.subject_id == child]
        # Mostly the class teacher of the child's own class comes.
        own = [
            row
            for row in self.rows
            if row.kind == "post.held"
            and row.status == CLASS_TEACHER
            and row.place_id in {m.place_id for m in mine}
        ]
        if own and not self.maybe(3):
            post = self.one_of(own)
            place, person, capacity = post.place_id, post.actor_id, CLASS_TEACHER
        setting = self.one_of([HOME, HOME, HOME, "elsewhere"])
        told = {"actor_id": person, "status": capacity, "detail": setting}
        self.add("visit.held", "child", child, place, day, **told)

    def sibling_visit(self, children: list[int]) -> None:
        day, visitor = self.day(), self.likely_visitor()
        for child in children[: self.pick(0, 2)]:
            self.visit(child, day, visitor)

    # The order in which facts were written down has nothing to do with when they happened.

    def number_facts(self) -> None:
        waiting = list(self.rows)
        while waiting:
            row = waiting.pop(self.pick(0, len(waiting) - 1))
            self.world.facts.append(replace(row, seq=self.next_seq()))

    def next_seq(self) -> int:
        return self.base + 1 + len(self.world.facts)

    def corrections(self) -> None:
        for _ in range(self.pick(0, 3)):
            replaced = {fact.supersedes_id for fact in self.world.facts}
            still = [fact for fact in self.world.facts if fact.seq not in replaced]
            old = self.one_of(still)
            self.world.facts.append(
                replace(self.corrected(old), seq=self.next_seq(), supersedes_id=old.seq)
            )

    def corrected(self, old: Fact) -> Fact:
        what = self.pick(1, 5)
        if what == 1:
            return replace(old, quantity=0)
        if what == 2:
            shift = self.pick(-10, 10)
            until = None if old.until_day is None else old.until_day + shift
            return replace(old, on_day=old.on_day + shift, until_day=until)
        if what == 3 and old.kind in happenings.LASTING:
            return replace(old, until_day=old.on_day + self.pick(0, 60))
        if what == 4 and old.kind == "visit.held":
            return replace(old, detail=self.one_of([HOME, "elsewhere"]))
        if what == 5 and old.kind in ("enrolment", "visit.held"):
            return replace(old, place_id=self.class_or_not())
        return replace(old, quantity=1)
