"""A second, slow and obvious reading of the duties, day by day, from the domain's text alone.

It shares nothing with the expressions but the numbers of the rule.
"""

from __future__ import annotations

from collections import Counter

from .worlds import Fact, World

ENDLESS = 10**9


class ChildOracle:
    """Answers about children, for one world, one rule and one day."""

    def __init__(self, world: World, rule, as_of: int):
        self.world = world
        self.rule = rule
        self.as_of = as_of
        self.day = min(as_of, rule.until - 1)
        replaced = {fact.supersedes_id for fact in world.facts}
        self.facts = [f for f in world.facts if f.seq not in replaced and f.quantity > 0]
        self.year_of = {c.place_id: c.school_year for c in world.classes}
        self.stage_of = {c.place_id: c.stage for c in world.classes}
        self.school_of = {c.place_id: c.school_id for c in world.classes}

    # What held when

    def of_kind(self, kind: str) -> list[Fact]:
        return [fact for fact in self.facts if fact.kind == kind]

    @staticmethod
    def holds(fact: Fact, day: int) -> bool:
        until = ENDLESS if fact.until_day is None else fact.until_day
        return fact.on_day <= day < until

    @staticmethod
    def lasts(fact: Fact) -> bool:
        """Whether there is any day at all on which the fact holds."""
        return fact.until_day is None or fact.on_day < fact.until_day

    def enrolments(self, child: int) -> list[Fact]:
        """The enrolments that make the child one of this school year, or one whose class is not
        of this year although the child is still enrolled in it."""
        found = []
        for fact in self.of_kind("enrolment"):
            if fact.subject_id != child or not self.lasts(fact):
                continue
            if fact.on_day >= self.rule.until:
                continue
            year = self.year_of.get(fact.place_id, 0)
            if year == self.rule.school_year:
                if self.stage_of[fact.place_id] in self.rule.stages:
                    found.append(fact)
            elif year < self.rule.school_year:
                goes_on = fact.until_day is None or fact.until_day > self.rule.first
                if goes_on:
                    found.append(fact)
        return found

    def latest_enrolment(self, enrolments: list[Fact], day: int) -> Fact | None:
        begun = [fact for fact in enrolments if fact.on_day <= day]
        # Of two that begin on one day, a class of this year comes before any other.
        return max(
            begun,
            key=lambda f: (f.on_day, self.is_class_of_the_year(f), f.place_id or 0, f.seq),
            default=None,
        )

    def class_on(self, enrolments: list[Fact], day: int) -> Fact | None:
        """The enrolment of that day: the latest one, if it has not ended."""
        latest = self.latest_enrolment(enrolments, day)
        return latest if latest is not None and self.holds(latest, day) else None

    def is_class_of_the_year(self, enrolment: Fact) -> bool:
        return self.year_of.get(enrolment.place_id, 0) == self.rule.school_year

    def away_on(self, child: int, day: int) -> bool:
        kinds = self.rule.param("exempt_leave_kinds")
        return any(
            leave.subject_id == child and leave.status in kinds and self.holds(leave, day)
            for leave in self.of_kind("leave")
        )

    def in_post_on(self, person: int, place: int, day: int) -> bool:
        return any(
            post.actor_id == person
            and post.place_id == place
            and post.status in self.rule.param("roles")
            and self.holds(post, day)
            for post in self.of_kind("post.held")
        )

    def belongs_to_the_year(self, fact: Fact) -> bool:
        """In the two summers that two years could claim, the class on the record decides."""
        day, rule = fact.on_day, self.rule
        year = self.year_of.get(fact.place_id, 0)
        if rule.admission_from <= day < rule.first:
            return year == rule.school_year
        if rule.first <= day < rule.next_admission_from:
            return True
        if rule.next_admission_from <= day < rule.until:
            return year <= rule.school_year
        return False

    def class_of_visit(self, visit: Fact, enrolments: list[Fact]) -> Fact | None:
        """In which class the child was when it was visited."""
        there = self.class_on(enrolments, visit.on_day)
        if visit.on_day >= self.rule.first:
            return there
        if there is not None and self.is_class_of_the_year(there):
            return there
        if not enrolments:
            return None
        # A new pupil visited before the first day in the first class.
        first = None
        for day in range(min(e.on_day for e in enrolments), self.rule.until):
            there = self.class_on(enrolments, day)
            if there is not None and self.is_class_of_the_year(there):
                first = there
                break
        if first is None or first.status != "admitted" or first.on_day <= visit.on_day:
            return None
        return first if first.place_id == visit.place_id else None

    # Duties

    def visits_to_children(self) -> dict[int, tuple]:
        """{child: (place, state, reason, number of visits that count)}"""
        children = {f.subject_id for f in self.of_kind("enrolment")}
        answers = {child: self._child(child) for child in children}
        return {child: answer for child, answer in answers.items() if answer is not None}

    def _child(self, child: int) -> tuple | None:
        enrolments = self.enrolments(child)
        current = self.latest_enrolment(enrolments, self.day)
        year = range(self.rule.first, self.rule.until)
        if current is None or all(self.class_on(enrolments, day) is None for day in year):
            return None
        seen = self._visits_seen(child, enrolments, current)
        state, reason = self._state_of_child(child, enrolments, current, seen["good"])
        if state == "met":
            reason = "visited" if seen["here"] else "visited_by_former_class"
        if reason == "not_visited":
            if seen["good"]:
                reason = "visited_not_enough"
            elif seen["out_of_post"]:
                reason = "visitor_not_in_post"
            elif seen["elsewhere"]:
                reason = "visited_elsewhere"
        return current.place_id, state, reason, seen["good"]

    def _visits_seen(self, child: int, enrolments: list[Fact], current: Fact) -> Counter:
        seen = Counter()
        for visit in self.of_kind("visit.held"):
            if visit.subject_id != child or visit.on_day > self.day:
                continue
            if visit.status not in self.rule.param("capacities"):
                continue
            if not self.belongs_to_the_year(visit):
                continue
            enrolment = self.class_of_visit(visit, enrolments)
            if enrolment is None:
                continue
            in_post = self.in_post_on(visit.actor_id, enrolment.place_id, visit.on_day)
            at_home = visit.detail in self.rule.param("allowed_settings")
            seen["good"] += in_post and at_home
            seen["here"] += in_post and at_home and enrolment.seq == current.seq
            seen["elsewhere"] += in_post and not at_home
            seen["out_of_post"] += at_home and not in_post
        return seen

    def _state_of_child(
        self, child: int, enrolments: list[Fact], current: Fact, good: int
    ) -> tuple[str, str]:
        rule = self.rule
        if good >= rule.threshold:
            return "met", "visited"
        if self.as_of < rule.first:
            return "not_due", "not_begun"
        exempt = self._exempt(child, enrolments)
        if exempt:
            return "exempt", exempt
        if self._declined(child):
            return "declined", "declined"
        if not self.is_class_of_the_year(current):
            return "unknown", "no_class"
        if not self._ever_had_a_teacher(current.place_id):
            return "unknown", "no_teacher_recorded"
        gone = self.class_on(enrolments, self.day) is None
        why = "left" if gone else "not_visited"
        if self.as_of >= rule.until:
            return "missed", why
        if not gone and rule.until - self.as_of <= rule.param("at_risk_days"):
            return "at_risk", why
        return "in_progress", why

    def _exempt(self, child: int, enrolments: list[Fact]) -> str:
        enrolled = present = 0
        for day in range(self.rule.first, self.rule.until):
            if self.class_on(enrolments, day) is not None:
                enrolled += 1
                present += not self.away_on(child, day)
        if enrolled < self.rule.param("min_enrolled_days"):
            return "too_short"
        if self.away_on(child, self.day):
            return "away_now"
        if present < self.rule.param("min_enrolled_days"):
            return "away_most_of_the_year"
        return ""

    def _ever_had_a_teacher(self, place: int | None) -> bool:
        return any(
            post.place_id == place
            and post.status in self.rule.param("roles")
            and post.on_day <= self.day
            and self.lasts(post)
            for post in self.of_kind("post.held")
        )

    def _declined(self, child: int) -> bool:
        acknowledged = [
            fact.on_day
            for fact in self.of_kind("visit.declined")
            if fact.subject_id == child
            and self.holds(fact, self.day)
            and (fact.until_day is None or fact.until_day > self.rule.first)
        ]
        if not acknowledged:
            return False
        tried = [
            fact
            for fact in self.of_kind("visit.attempted")
            if fact.subject_id == child
            and fact.on_day <= max(acknowledged)
            and self.belongs_to_the_year(fact)
        ]
        return len(tried) >= self.rule.param("decline_attempts")

    def visits_by_subject_teachers(self) -> dict[int, tuple]:
        """{child: (place, state, reason, number of visits)} for the children visited at all."""
        answers = {}
        for child in {f.subject_id for f in self.of_kind("enrolment")}:
            enrolments = self.enrolments(child)
            current = self.latest_enrolment(enrolments, self.day)
            visits = [
                visit
                for visit in self.of_kind("visit.held")
                if visit.subject_id == child
                and visit.on_day <= self.day
                and visit.status in self.rule.param("capacities")
                and visit.detail in self.rule.param("allowed_settings")
                and self.belongs_to_the_year(visit)
                and self.class_of_visit(visit, enrolments) is not None
            ]
            if current is not None and visits:
                answers[child] = (current.place_id, "not_applicable", "counted", len(visits))
        return answers
