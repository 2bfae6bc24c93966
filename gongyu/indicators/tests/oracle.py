"""A second, slow and obvious reading of the duties, day by day, from the domain's text alone.

It shares nothing with the expressions but the numbers of the rule.
"""

from __future__ import annotations

from .oracle_children import ChildOracle


class Oracle(ChildOracle):
    """Answers about everything, for one world, one rule and one day."""

    def visits_by_leaders(self) -> dict[tuple[int, int], tuple]:
        """{(person, school): (school, state, reason, number of children visited)}"""
        answers = {}
        for school in self.world.schools:
            people = {
                post.actor_id
                for post in self.of_kind("post.held")
                if post.place_id == school.place_id
                and post.status in self.rule.param("roles")
                and any(self.holds(post, day) for day in range(self.rule.first, self.day + 1))
            }
            for person in people:
                visits = [
                    visit
                    for visit in self.of_kind("visit.held")
                    if visit.actor_id == person
                    and visit.on_day <= self.day
                    and visit.status in self.rule.param("capacities")
                    and visit.detail in self.rule.param("allowed_settings")
                    and self.belongs_to_the_year(visit)
                    and self.school_of.get(visit.place_id) == school.place_id
                    and self.in_post_on(person, school.place_id, visit.on_day)
                ]
                reason = "counted" if visits else "none_yet"
                key = (person, school.place_id)
                answers[key] = (school.place_id, "not_applicable", reason, len(visits))
        return answers

    def entries_of_schools(self, good: str) -> dict[int, tuple]:
        """{school: (school, state, reason, entries in force)}; `good` names the good reason."""
        answers = {}
        kinds = self.rule.param("register_kinds")
        wanted = {window.school_kind for window in self.rule.windows}
        for school in self.world.schools:
            if school.kind not in wanted or not self.stands(school.place_id, self.day):
                continue
            entries = [
                fact
                for fact in self.of_kind(self.rule.param("standing_fact", "register.valid"))
                if fact.place_id == school.place_id
                and fact.detail in kinds
                and fact.on_day <= self.day
            ]
            now = [entry for entry in entries if self.holds(entry, self.day)]
            reviewed = any(
                fact.place_id == school.place_id
                and fact.detail in kinds
                and self.rule.first <= fact.on_day <= self.day
                for fact in self.of_kind("register.reviewed")
            )
            reviewed = reviewed or any(entry.on_day >= self.rule.first for entry in now)
            # A committee is elected, and nobody reviews it.
            reviewed = reviewed or self.rule.param("standing_fact") is not None
            state, reason = self._state_of_entry(entries, now, reviewed, good)
            answers[school.place_id] = (school.place_id, state, reason, len(now))
        return answers

    def _state_of_entry(self, entries, now, reviewed: bool, good: str) -> tuple[str, str]:
        needs_review = self.rule.param("reviewed_each_year", False)
        if now and reviewed:
            return "met", good
        if now and not needs_review:
            return "met", "not_reviewed_this_year"
        reason = "lapsed" if entries else "nothing_registered"
        reason = "not_reviewed_this_year" if now else reason
        if self.as_of < self.rule.first:
            return "not_due", reason
        if not entries:
            return "unknown", reason
        if not now or self.as_of >= self.rule.until:
            return "missed", reason
        days_left = self.rule.until - self.as_of
        near = days_left <= self.rule.param("at_risk_days")
        return ("at_risk" if near else "in_progress"), reason

    def events_of_schools(self) -> dict[int, tuple]:
        """{school: (school, state, reason, activities of the wanted kinds so far)}"""
        answers = {}
        for school in self.world.schools:
            window = next((w for w in self.rule.windows if w.school_kind == school.kind), None)
            if window is None:
                continue
            place = school.place_id
            whole = range(window.first, window.until)
            open_days = [day for day in whole if self.stands(place, day)]
            so_far = [day for day in open_days if day <= self.day]
            if so_far or self.stands(place, self.day):
                answer = self._state_of_events(place, window, open_days)
                answers[place] = (place, *answer)
        return answers

    def _state_of_events(self, place: int, window, open_days: list[int]) -> tuple:
        def days_of(kind: str) -> list[int]:
            return [
                fact.on_day
                for fact in self.of_kind(kind)
                if fact.subject_id == place
                and fact.status in self.rule.param("activity_kinds")
                and window.first <= fact.on_day < window.until
            ]

        held = [day for day in days_of("activity.held") if day <= self.as_of]
        plans = days_of("activity.planned")
        least = len(held)
        if self.rule.param("school_unit") == "campus":
            least, plans = self._of_units(place, window, least, plans)
        silent = [day for day in plans if day < self.as_of]
        # The period of a school that closes in it ends on that school's last day.
        last_day = max(open_days, default=window.until - 1)
        over = self.as_of > last_day
        whole = window.until - window.first
        if least >= window.threshold:
            return "met", "enough", len(held)
        if self.as_of < window.first:
            return "not_due", "not_begun", len(held)
        if len(open_days) / whole < self.rule.param("min_open_percent") / 100:
            return "not_applicable", "opened_too_late", len(held)
        if silent:
            reason = "no_word_yet"
        elif plans and not over:
            reason = "planned"
        else:
            reason = "too_few" if held else "none_yet"
        if over:
            return "unknown" if silent else "missed", reason, len(held)
        near = last_day + 1 - self.as_of <= self.rule.param("at_risk_days")
        return "at_risk" if near else "in_progress", reason, len(held)

    def _of_units(self, school: int, window, least: int, plans: list[int]) -> tuple:
        """The fewest days that one of the school's units held, and the days planned by units that
        lack some. Units are the campuses that stood for half of the period or so, day by day, and
        the main building where there is a class that never stood on a campus."""
        whole = range(window.first, window.until)
        campuses = {
            row.place_id
            for row in self.world.containments
            if row.place_kind == "campus" and row.ancestor_id == school
        }
        units = set()
        for campus in campuses:
            days = [day for day in whole if self._stands_in(campus, school, day)]
            if days and len(days) / len(whole) >= self.rule.param("min_open_percent") / 100:
                units.add(campus)
        if not units:
            return least, plans
        on_campuses = {
            row.place_id
            for row in self.world.containments
            if row.place_kind == "class" and row.ancestor_kind == "campus"
        }
        for row in self.world.containments:
            if row.place_kind == "class" and row.ancestor_id == school:
                stood = any(self._stands_in(row.place_id, school, day) for day in whole)
                if stood and row.place_id not in on_campuses:
                    units.add(school)

        def days_at(kind: str, unit: int) -> list[int]:
            return [
                fact.on_day
                for fact in self.of_kind(kind)
                if (fact.subject_id, fact.place_id) == (school, unit)
                and fact.status in self.rule.param("activity_kinds")
                and window.first <= fact.on_day < window.until
            ]

        numbers = {
            unit: sum(day <= self.as_of for day in days_at("activity.held", unit)) for unit in units
        }
        lacking = [unit for unit, number in numbers.items() if number < window.threshold]
        planned = [day for unit in lacking for day in days_at("activity.planned", unit)]
        return min(numbers.values()), planned

    def _stands_in(self, place: int, ancestor: int, day: int) -> bool:
        return any(
            (row.place_id, row.ancestor_id) == (place, ancestor) and self.holds_row(row, day)
            for row in self.world.containments
        )

    def stands(self, place: int, day: int) -> bool:
        return any(
            row.place_id == row.ancestor_id == place and self.holds_row(row, day)
            for row in self.world.containments
        )

    @staticmethod
    def holds_row(row, day: int) -> bool:
        return row.from_day <= day and (row.until_day is None or day < row.until_day)

    def teachers_of_classes(self) -> dict[int, tuple]:
        """{class: (class, state, reason, days without a class teacher)}"""
        return {place: answer[:4] for place, answer in self._classes().items()}

    def days_without_a_teacher(self) -> dict[int, list[int]]:
        return {place: answer[4] for place, answer in self._classes().items()}

    def _classes(self) -> dict[int, tuple]:
        answers = {}
        for one in self.world.classes:
            if one.school_year != self.rule.school_year or one.stage not in self.rule.stages:
                continue
            days = [
                day
                for day in range(self.rule.first, self.day + 1)
                if self.stands(one.place_id, day)
            ]
            if not days:
                continue
            posts = [
                post
                for post in self.of_kind("post.held")
                if post.place_id == one.place_id and post.status in self.rule.param("roles")
            ]
            empty = [day for day in days if not any(self.holds(post, day) for post in posts)]
            ever = self._ever_had_a_teacher(one.place_id)
            if self.day not in days:
                state, reason = "not_applicable", "class_closed"
            elif days[-1] not in empty:
                state, reason = "met", "gap_before" if empty else "in_post"
            elif not ever:
                state, reason = "unknown", "no_teacher_recorded"
            else:
                state, reason = "missed", "nobody_in_post"
            answers[one.place_id] = (one.place_id, state, reason, len(empty), empty)
        return answers

    # What opens and what closes; what is only counted

    def closures(self) -> dict[int, tuple]:
        """{incident: (place, state, reason, days taken so far)}"""
        opening, *closing = self.rule.fact_kinds
        answers = {}
        for fact in self.of_kind(opening):
            if not self.rule.first <= fact.on_day <= self.day:
                continue
            days = [
                other.on_day
                for kind in closing
                for other in self.of_kind(kind)
                if (other.subject_type, other.subject_id) == (fact.subject_type, fact.subject_id)
                and fact.on_day <= other.on_day <= self.as_of
            ]
            taken = (min(days) if days else self.as_of) - fact.on_day
            state, reason = self._state_of_closure(bool(days), taken)
            answers[fact.subject_id] = (fact.place_id, state, reason, taken)
        return answers

    def _state_of_closure(self, closed: bool, taken: int) -> tuple[str, str]:
        allowed = self.rule.threshold
        if allowed is None:
            return ("met", "closed") if closed else ("in_progress", "open")
        if taken > allowed:
            return "missed", "closed_late" if closed else "overdue"
        if closed:
            return "met", "closed_in_time"
        return ("at_risk" if taken == allowed else "in_progress"), "open"

    def communications(self) -> dict[int, tuple]:
        """{place: (place, state, reason, what was done for families there)}"""
        counts: dict[int, int] = {}
        wanted = self.rule.param("details")
        for kind in self.rule.fact_kinds:
            for fact in self.of_kind(kind):
                if wanted is not None and fact.detail not in wanted:
                    continue
                if fact.place_id is not None and self.rule.first <= fact.on_day <= self.day:
                    counts[fact.place_id] = counts.get(fact.place_id, 0) + 1
        return {place: (place, "not_applicable", "counted", n) for place, n in counts.items()}

    def committees(self) -> dict[int, tuple]:
        """{committee: (place, state, reason, what was done with it in the year so far)}"""
        serving, *counted = self.rule.fact_kinds
        year = range(self.rule.first, self.day + 1)
        known: dict[int, list] = {}
        done: dict[int, int] = {}
        for fact in self.of_kind(serving):
            if fact.place_id is not None and any(self.holds(fact, day) for day in year):
                known.setdefault(fact.subject_id, []).append(fact)
        for kind in counted:
            for fact in self.of_kind(kind):
                if fact.place_id is not None and fact.on_day in year:
                    known.setdefault(fact.subject_id, []).append(fact)
                    done[fact.subject_id] = done.get(fact.subject_id, 0) + 1
        answers = {}
        for committee, facts in known.items():
            newest = max(facts, key=lambda fact: fact.seq)
            times = done.get(committee, 0)
            reason = "counted" if times else "none_yet"
            answers[committee] = (newest.place_id, "not_applicable", reason, times)
        return answers

    # The tree

    def ancestor(self, place: int | None, kind: str) -> int | None:
        """Upwards place by place, from each to the nearest place that it stands under on the day,
        or last stood under, or will first stand under."""
        order = ("class", "campus", "school", "community", "town", "district", "city")
        kinds = {row.place_id: row.place_kind for row in self.world.containments}
        while place is not None and kinds.get(place) in order:
            if kinds[place] == kind:
                return place
            above = order[order.index(kinds[place]) + 1 :]
            place = next((p for level in above if (p := self._stood_under(place, level))), None)
        return None

    def _stood_under(self, place: int, kind: str) -> int | None:
        rows = [
            row
            for row in self.world.containments
            if row.place_id == place and row.ancestor_kind == kind
        ]
        earliest = min((row.from_day for row in rows), default=self.day)
        back = range(self.day, earliest - 1, -1)
        ahead = range(self.day + 1, max((row.from_day for row in rows), default=0) + 1)
        for day in (*back, *ahead):
            for row in rows:
                if self.holds_row(row, day):
                    return row.ancestor_id
        return None
