"""A school year of home visits under way: held, tried in vain, declined, corrected, still open."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from gongyu.ground.staff.models import Post, Role
from gongyu.records.m01_home_school_contact import facts
from gongyu.records.m01_home_school_contact.models import FollowUp, Visit, VisitChild

from .families import Seat
from .schools import DemoSchool
from .staffing import Staffing

ASKED = (
    "想知道孩子在校吃饭和午休的情况。", "希望作业量稳定一些，孩子睡得早。",
    "孩子说想参加合唱队，问怎么报名。",
    "外婆想知道手机上的通知怎么看。", "担心孩子上学路上过公路的安全。", "希望老师多鼓励他开口发言。",
    "想了解周末可以去哪里借书。", "爸爸妈妈在外地，希望每周能和老师通一次电话。",
)  # fmt: skip
FOLLOWS = (
    "和生活老师一起看看午休安排。", "请语文老师推荐两本合适的书。", "下周班会讲一次过路安全。",
    "给家里一份纸质的联系卡。", "约好期中后再通一次电话。", "帮孩子报名合唱队。",
)  # fmt: skip
NOTES = ("喜欢拼图，话不多。", "会帮奶奶做饭。", "最近爱看科学书。", "和弟弟一起写作业。", "")


@dataclass(slots=True)
class Visiting:
    """What was drawn and is not yet stored; `met` says whom each visit met."""

    visits: list[Visit] = field(default_factory=list)
    children: list[VisitChild] = field(default_factory=list)
    met: list[tuple[Visit, int]] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)


class Visitor:
    """Draws visits class by class; some schools are far on, some have hardly begun."""

    def __init__(self, draw: random.Random, year_from: date, today: date):
        self._draw, self._from, self._today = draw, year_from, today
        self.made = Visiting()

    def visit_school(self, school: DemoSchool, seats: dict[int, list[Seat]], staffing: Staffing):
        """Each class by its own pace around the school's."""
        pace = self._draw.uniform(0.22, 0.86)
        for school_class in school.classes:
            own = min(0.98, max(0.03, self._draw.gauss(pace, 0.12)))
            posts = staffing.class_teacher[school_class.pk]
            for seat in seats[school_class.pk]:
                self._one_child(seat, posts, own)
            for post in staffing.subject_teacher.get(school_class.pk, ()):
                for seat in self._draw.sample(seats[school_class.pk], k=min(2, len(seats))):
                    self._visit([seat], post, self._day(), "subject_teacher")
        for role in (Role.HEAD, Role.SCHOOL_LEADER):
            post = staffing.leaders[school.place.pk][role]
            everyone = [seat for c in school.classes for seat in seats[c.pk]]
            for seat in self._draw.sample(
                everyone, k=min(self._draw.randrange(0, 4), len(everyone))
            ):
                self._visit([seat], post, self._day(), "leader")

    def _one_child(self, seat: Seat, posts: list[Post], share: float) -> None:
        draw = self._draw.random()
        if draw < share:
            day = self._day(summer=seat.enrolment.how_in == "admitted")
            post = next((p for p in posts if p.holds_on(day)), None)
            if post is not None:
                setting = "home" if self._draw.random() < 0.93 else "elsewhere"
                self._visit([seat], post, day, "class_teacher", setting)
        elif draw < share + 0.03 and posts[-1].holds_on(self._today):
            self.attempt(seat, posts[-1], self._day(), self._draw.choice(["not_found", "refused"]))

    def _day(self, *, summer: bool = False) -> date:
        if summer and self._draw.random() < 0.25:
            return self._from - timedelta(days=self._draw.randrange(1, 50))
        days = max(1, (self._today - self._from).days)
        return self._from + timedelta(days=self._draw.randrange(days))

    def attempt(self, seat: Seat, post: Post, day: date, outcome: str) -> Visit:
        """A visit that met nobody, or that the family did not want."""
        return self._visit([seat], post, day, "class_teacher", "", outcome)

    def _visit(
        self, seats: list[Seat], post: Post, day: date, capacity: str, setting: str = "home",
        outcome: str = "held",
    ) -> Visit:  # fmt: skip
        held = outcome == "held"
        visit = Visit(
            visited_on=day, visitor=post.staff, post=post, outcome=outcome, setting=setting,
            asked=self._draw.choice(ASKED) if held else "",
            follows=self._draw.choice(FOLLOWS) if held and self._draw.random() < 0.4 else "",
            key=str(uuid.UUID(int=self._draw.getrandbits(128))), recorded_by=post.staff,
            recorded_at=timezone.make_aware(datetime.combine(day, time(20, 10))),
        )  # fmt: skip
        self.made.visits.append(visit)
        for seat in seats:
            self.made.children.append(
                VisitChild(
                    visit=visit, child=seat.child, class_place_id=seat.enrolment.school_class_id,
                    school_id=seat.enrolment.school_id, post=post, capacity=capacity,
                    note=self._draw.choice(NOTES) if held else "",
                )
            )  # fmt: skip
        if held:
            carers = [carer for carer, _, _, daily in seats[0].family.cares if daily]
            self.made.met += [(visit, carer) for carer in carers[:1]]
            if visit.follows:
                self._follow_up(visit, seats[0], post)
        return visit

    def _follow_up(self, visit: Visit, seat: Seat, post: Post) -> None:
        due = visit.visited_on + timedelta(days=self._draw.randrange(7, 21))
        done = due - timedelta(days=1) if self._draw.random() < 0.8 else None
        is_done = done is not None and done <= self._today
        self.made.follow_ups.append(
            FollowUp(
                visit=visit, child=seat.child, school_id=seat.enrolment.school_id,
                owner=post.staff, due_on=due, what=visit.follows,
                status="done" if is_done else "open", done_on=done if is_done else None,
                changed_at=visit.recorded_at,
            )
        )  # fmt: skip


def visit_facts(made: Visiting) -> list:
    """The ledger facts of all visits, in the order in which they were recorded."""
    return [facts.of_child(row.visit, row) for row in made.children]
