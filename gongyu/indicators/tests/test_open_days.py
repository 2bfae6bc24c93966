"""Each exception of the open day has a test of its name: E4–E8, E12, E13, E15, and P13, P14."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gongyu.indicators.duties import current_plan, rule_on
from gongyu.indicators.rule import Window

from .engines import Engine
from .test_other_shapes import a_place
from .worlds import FIRST, UNTIL, Fact, School, World, a_rule

SCHOOL, CAMPUS = 1, 2
RULE = a_rule(
    subject="school",
    fact_kinds=("activity.held",),
    windows=(Window("primary", FIRST, UNTIL, 1), Window("senior", FIRST, UNTIL + 7, 1)),
    params={"activity_kinds": ("open_day",), "min_open_percent": 50, "at_risk_days": 15},
)
AFTER, MIDWAY = UNTIL + 1, FIRST + 40


def held(seq: int, on_day: int, *, kind="activity.held", place=SCHOOL, status="open_day", **more):
    return Fact(seq, kind, "place", SCHOOL, place, on_day, status=status, **more)


def said(facts: list[Fact], as_of: int, *, first=0, until=None, kind="primary") -> tuple | None:
    """What is said of one school: state, reason, open days."""
    world = World(
        facts=facts,
        containments=[
            *a_place(SCHOOL, "school", {}, first, until),
            *a_place(CAMPUS, "campus", {SCHOOL: "school"}, first, until),
        ],
        schools=[School(SCHOOL, kind)],
    )
    rows = Engine([world]).states(RULE, as_of)
    return (rows[0]["state"], rows[0]["reason"], rows[0]["tally"]) if rows else None


def test_one_in_the_semester_meets_it_and_none_misses_it():
    assert said([held(1, FIRST)], AFTER) == ("met", "enough", 1)
    assert said([], AFTER) == ("missed", "none_yet", 0)
    assert said([held(1, FIRST - 1), held(2, UNTIL)], AFTER)[0] == "missed"
    assert said([], UNTIL - 10) == ("at_risk", "none_yet", 0)


def test_e4_e13_every_kind_of_school_in_the_plan_is_asked_and_no_other():
    duty = current_plan().duty("open-day")
    rule = rule_on(duty, date(2026, 11, 4), current_plan())
    kinds = {window.school_kind for window in rule.windows}
    assert {"kindergarten", "primary", "special", "vocational", "twelve_year"} <= kinds
    assert said([], AFTER, kind="kindergarten") is None, "a rule without a window asks nothing"


def test_e5_an_open_day_on_a_campus_is_the_schools():
    assert said([held(1, MIDWAY, place=CAMPUS)], AFTER) == ("met", "enough", 1)


def test_e6_a_stage_with_a_longer_semester_has_until_its_own_end():
    assert said([held(1, UNTIL + 3)], UNTIL + 8, kind="senior") == ("met", "enough", 1)
    assert said([], UNTIL + 3, kind="senior")[0] == "at_risk"
    assert said([], UNTIL + 8, kind="senior")[0] == "missed"


def test_e8_a_day_in_the_vacation_belongs_to_no_semester():
    assert said([held(1, UNTIL + 2)], UNTIL + 5)[2] == 0


def test_e12_p14_what_was_moved_counts_by_what_replaced_it():
    planned = held(1, MIDWAY, kind="activity.planned")
    moved = held(2, MIDWAY, kind="activity.planned", quantity=0, supersedes_id=1)
    later = held(3, UNTIL - 3, kind="activity.planned")
    assert said([planned, moved, later], MIDWAY + 1) == ("in_progress", "planned", 0)
    closed = [held(4, UNTIL - 3, kind="activity.planned", quantity=0, supersedes_id=3)]
    done = [planned, moved, later, *closed, held(5, UNTIL - 3)]
    assert said(done, AFTER) == ("met", "enough", 1)


def test_e12_what_was_cancelled_counts_nothing():
    cancelled = held(2, MIDWAY, kind="activity.planned", quantity=0, supersedes_id=1)
    assert said([held(1, MIDWAY, kind="activity.planned"), cancelled], AFTER)[0] == "missed"


def test_e15_a_parents_meeting_is_no_open_day():
    assert said([held(1, MIDWAY, status="parents_meeting")], AFTER)[0] == "missed"


def test_a_plan_whose_day_passed_without_word_is_unknown_and_never_missed():
    silent = [held(1, MIDWAY, kind="activity.planned")]
    assert said(silent, MIDWAY) == ("in_progress", "planned", 0)
    assert said(silent, MIDWAY + 1) == ("in_progress", "no_word_yet", 0)
    assert said(silent, AFTER) == ("unknown", "no_word_yet", 0)


@pytest.mark.parametrize(
    ("first", "state"), [(FIRST + 45, "missed"), (FIRST + 46, "not_applicable")]
)
def test_p13_a_school_that_opened_is_asked_from_half_a_semester_on(first, state):
    assert said([], AFTER, first=first)[0] == state


@pytest.mark.parametrize(
    ("until", "state"), [(FIRST + 45, "missed"), (FIRST + 44, "not_applicable")]
)
def test_p13_a_school_that_merged_is_asked_if_it_stood_half_a_semester(until, state):
    assert said([], AFTER, until=until)[0] == state
    assert said([], until, until=until)[0] == state, "from its own last day on"


def test_p13_what_a_merged_school_held_while_it_stood_is_met_for_good():
    assert said([held(1, FIRST + 2)], AFTER, until=FIRST + 20) == ("met", "enough", 1)


def test_a_school_that_closed_before_the_semester_is_asked_nothing():
    assert said([], AFTER, until=FIRST) is None


def test_a_corrected_closing_counts_once_and_one_taken_back_not_at_all():
    twice = [held(1, MIDWAY), held(2, MIDWAY, supersedes_id=1)]
    assert said(twice, AFTER) == ("met", "enough", 1)
    back = [*twice, held(3, MIDWAY, quantity=0, supersedes_id=2)]
    assert said(back, AFTER) == ("missed", "none_yet", 0)


class TestWhereThePlanAsksEachCampus:
    """P5: `school_unit = campus`. The school is met when each of its units is."""

    RULE = replace(RULE, params=(*RULE.params, ("school_unit", "campus")))
    SECOND, CLASS = 3, 4

    def said(self, facts: list[Fact], as_of: int = AFTER, *, class_on=None, opens=0) -> tuple:
        under = {SCHOOL: "school"} | ({class_on: "campus"} if class_on else {})
        world = World(
            facts=facts,
            containments=[
                *a_place(SCHOOL, "school", {}, 0, None),
                *a_place(CAMPUS, "campus", {SCHOOL: "school"}, 0, None),
                *a_place(self.SECOND, "campus", {SCHOOL: "school"}, opens, None),
                *a_place(self.CLASS, "class", under, FIRST, UNTIL),
            ],
            schools=[School(SCHOOL, "primary")],
        )
        [row] = Engine([world]).states(self.RULE, as_of)
        return row["state"], row["reason"], row["tally"]

    def test_one_campus_does_not_answer_for_the_other(self):
        one = [held(1, MIDWAY, place=CAMPUS)]
        assert self.said(one, class_on=CAMPUS) == ("missed", "too_few", 1)
        both = [*one, held(2, MIDWAY, place=self.SECOND)]
        assert self.said(both, class_on=CAMPUS) == ("met", "enough", 2)

    def test_the_main_building_is_asked_where_a_class_is_on_no_campus(self):
        both = [held(1, MIDWAY, place=CAMPUS), held(2, MIDWAY, place=self.SECOND)]
        assert self.said(both)[0] == "missed"
        assert self.said([*both, held(3, MIDWAY)]) == ("met", "enough", 3)

    def test_a_campus_that_opened_late_is_not_asked_and_a_plan_of_one_that_lacks_is_said(self):
        one = [held(1, MIDWAY, place=CAMPUS)]
        assert self.said(one, class_on=CAMPUS, opens=FIRST + 46) == ("met", "enough", 1)
        planned = held(2, UNTIL - 20, place=self.SECOND, kind="activity.planned")
        done = held(3, UNTIL - 20, place=CAMPUS, kind="activity.planned")
        assert self.said([*one, planned], MIDWAY + 1, class_on=CAMPUS)[1] == "planned"
        assert self.said([*one, done], MIDWAY + 1, class_on=CAMPUS)[1] == "too_few"
        assert self.said([*one, planned], class_on=CAMPUS) == ("unknown", "no_word_yet", 1)

    def test_a_school_without_campuses_is_asked_as_ever(self):
        world = World(
            facts=[held(1, MIDWAY)],
            containments=a_place(SCHOOL, "school", {}, 0, None),
            schools=[School(SCHOOL, "primary")],
        )
        [row] = Engine([world]).states(self.RULE, AFTER)
        assert (row["state"], row["tally"]) == ("met", 1)


def test_p5_the_plan_in_force_asks_the_legal_school():
    rule = rule_on(current_plan().duty("open-day"), date(2026, 11, 4), current_plan())
    assert rule.param("school_unit") == "legal_school"
