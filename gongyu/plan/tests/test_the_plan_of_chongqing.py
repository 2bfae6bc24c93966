"""The plan that is in force: whole, exact, and with no red line of its own making."""

import re
from collections import Counter
from datetime import date

import pytest

from gongyu.plan import check_plan, default_plan_folder, load_plan
from gongyu.plan.vocabulary import DOCUMENT_KINDS_FOR_THRESHOLDS, SUBJECTS


@pytest.fixture(scope="module")
def plan():
    return load_plan()


def test_the_plan_is_sound():
    assert check_plan(default_plan_folder()) == []


def test_it_has_129_duties_over_13_measures_and_the_goals(plan):
    assert len(plan.duties) == 129
    assert [measure.number for measure in plan.measures] == list(range(14))


def test_each_of_the_55_sentences_has_a_duty(plan):
    sentences = {sentence.id for sentence in plan.sentences}

    assert len(sentences) == 55
    assert {duty.sentence.id for duty in plan.duties} == sentences


def test_the_sentences_are_those_of_the_text_counted_anew(plan):
    # Counted without the plan's own list: each numbered paragraph, and the one on the goals.
    counted = 0
    for line in plan.text.split("\n"):
        if re.match(r"\d+\.", line):
            body = line.split("。", 1)[1]
            counted += body.rsplit("(责任部门", 1)[0].count("。")
        elif line.startswith("坚持育人为本"):
            counted += line.count("。")

    assert counted == 55


def test_every_quote_is_an_exact_piece_of_its_sentence(plan):
    for duty in plan.duties:
        assert duty.quote in duty.sentence.text, duty.id
        assert duty.sentence.text in plan.text, duty.id


def test_the_classes_are_counted(plan):
    # The raw list had N 13, R 29, C 37: four numbers had no document (see the plan's README).
    assert Counter(duty.class_code for duty in plan.duties) == {
        "N": 9, "R": 32, "O": 9, "C": 38, "T": 12, "P": 29,
    }  # fmt: skip


def test_the_plan_has_seven_numbers_of_its_own(plan):
    found = {duty.id: (duty.threshold.value, duty.threshold.unit) for duty in plan.numbers}

    assert found == {
        "open-day": (1, "times"),
        "homeroom-visit-each-student": (1, "times"),
        "ps-school-coverage": (100, "percent"),
        "ps-community-coverage": (90, "percent"),
        "practice-each-semester": (1, "times"),
        "fe-guidance-2": (2, "times"),
        "joint-conference-half-year": (1, "times"),
    }
    assert all(duty.threshold.source == plan.source and duty.label for duty in plan.numbers)


def test_kindergartens_have_three_guidance_activities_by_the_regulation(plan):
    threshold = plan.duty("fe-guidance-2").threshold

    assert threshold.value_for("kindergarten") == 3
    assert threshold.value_for("compulsory") == threshold.value_for(None) == 2
    (override,) = threshold.overrides
    assert (override.source.kind, override.article) == ("regulation", "第二十二条")
    assert [words for _each, words in threshold.override_texts] == ["不少于3次"]


def test_a_number_is_worded_as_official_papers_word_it(plan):
    said = {duty.id: duty.threshold.text for duty in plan.duties if duty.threshold}

    assert said["fe-guidance-2"] == "不少于2次"
    assert {"100%", "不低于90%"} <= set(said.values())
    assert not [words for words in said.values() if "≥" in words]


def test_no_threshold_stands_without_a_document(plan):
    thresholds = [duty.threshold for duty in plan.duties if duty.threshold]

    assert len(thresholds) == 9
    assert {each.source.kind for each in thresholds} <= set(DOCUMENT_KINDS_FOR_THRESHOLDS)
    assert all(each.article for each in thresholds)


def test_what_is_only_counted_has_no_threshold(plan):
    assert [duty.id for duty in plan.duties if duty.threshold and not duty.is_judged] == []


def test_no_number_of_children_in_need_has_a_threshold(plan):
    in_need = [duty for duty in plan.duties if SUBJECTS[duty.subject].in_need]

    assert in_need
    assert [duty.id for duty in in_need if duty.threshold] == []


def test_thirteen_departments_issued_it_in_this_order(plan):
    signatures = plan.text.split("请结合实际,抓好贯彻落实。")[1]

    places = [signatures.index(department.title) for department in plan.departments]

    assert len(places) == 13
    assert places == sorted(places)


def test_readings_and_exceptions_are_all_there(plan):
    assert [reading.id for reading in plan.readings] == [f"P{n}" for n in range(1, 24)]
    assert [rule.code for rule in plan.exceptions] == [f"E{n}" for n in range(1, 21)]
    assert all(reading.parameters and reading.source for reading in plan.readings)


def test_the_home_visit_has_the_parameters_of_its_readings(plan):
    params = plan.duty("homeroom-visit-each-student").params

    assert params["allowed_settings"] == ("home",)
    assert params["capacities"] == ("class_teacher",)
    assert params["min_enrolled_days"] == 30
    assert params["decline_attempts"] == 2
    assert params["admission_from"] == "07-01"
    assert params["at_risk_days"] == 60
    assert params["exempt_leave_kinds"] == ("suspended", "long_illness", "taught_at_home", "abroad")


def test_a_plan_cannot_be_changed_once_it_is_read(plan):
    with pytest.raises(TypeError):
        plan.duty("open-day").params["min_open_percent"] = 1


def test_kindergartens_count_in_the_measures_that_the_reading_names(plan):
    counted = set(plan.duty("open-day").params["kindergartens_count_in"])

    for duty in plan.duties:
        if duty.measure in counted and duty.stages:
            assert "kindergarten" in duty.stages, duty.id
        if duty.measure == 4:
            assert "kindergarten" not in duty.stages, duty.id


def test_only_the_visits_and_what_they_stand_on_are_built(plan):
    assert {duty.id for duty in plan.built_duties} >= {
        "homeroom-visit-each-student", "leader-leads-visits", "subject-teacher-visits",
        "home-visit-system", "homeroom-and-subject-duties", "all-staff-system",
    }  # fmt: skip
    assert all(duty.facts for duty in plan.built_duties)


def test_the_published_calendar_is_told_from_the_estimated(plan):
    semesters = plan.calendar.semesters
    certain = [each for each in semesters if not each.estimated]

    assert {each.school_year for each in certain} == {"2025-2026"}
    assert all(each.source and "kindergarten" not in each.stage_groups for each in certain)
    assert all(each.source is None for each in semesters if each.estimated)


def test_days_off_and_the_working_weekends_of_2026(plan):
    calendar = plan.calendar

    assert calendar.days_off[date(2026, 10, 1)] == "国庆节"
    assert date(2026, 10, 10) in calendar.working_weekends
    assert date(2026, 10, 8) not in calendar.days_off
    assert calendar.holiday_years == {2024, 2025, 2026}


def test_what_is_tallied_by_place_is_never_called_a_family(plan):
    told = {duty.id: duty.counted_title for duty in plan.duties}
    assert told["guide-chores"] == told["contact-content-principles"] == "班级或学校"
    assert told["homeroom-visit-each-student"] == told["subject-teacher-visits"] == "学生"
    assert "家庭" not in {told[duty] for duty in told if duty.startswith("guide-")}
