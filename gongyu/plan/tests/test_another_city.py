"""Another city's plan is another folder: nothing in the program knows Chongqing."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import gongyu.plan
from gongyu.plan import PlanError, default_plan_folder, load_plan
from gongyu.plan.folder import version_of
from gongyu.plan.periods import current_period
from gongyu.plan.tests.planting import plant

PACKAGE = Path(gongyu.plan.__file__).parent


def test_a_tiny_plan_of_another_city_loads(tiny):
    plan = load_plan(tiny)

    assert (plan.city, len(plan.duties), len(list(plan.sentences))) == ("青溪市", 3, 2)
    assert plan.duty("open-week").threshold.value_for("kindergarten") == 4
    assert plan.duty("open-week").params == {"min_open_percent": 40, "at_risk_days": 14}
    assert plan.duty("contact-rules").owner_title == "市教育局、学校"
    assert plan.disclosure.public_minimum == 20
    semester = current_period(plan.calendar, "semester", "compulsory", date(2030, 10, 1))
    assert semester.key == "2030-2031-1"


def test_its_measures_sentences_and_duties_are_found_by_name(tiny):
    plan = load_plan(tiny)

    assert plan.measure(1).title == "办好开放周"
    assert [duty.id for duty in plan.duties_of(1, "1.2")] == ["suggestions"]
    assert plan.has_duty("suggestions") and not plan.has_duty("homeroom-visit-each-student")
    with pytest.raises(KeyError):
        plan.measure(2)
    with pytest.raises(KeyError):
        plan.duty("homeroom-visit-each-student")


def test_the_version_changes_with_any_byte(tiny, tmp_path):
    before = load_plan(tiny).version
    other = tmp_path / "other"
    tiny.rename(other)
    assert version_of(other) == before

    plant(other, "week.toml", "一周算一次。", "一周只算一次。")
    assert version_of(other) != before


def test_the_environment_names_another_plan(tiny, monkeypatch):
    monkeypatch.setenv("GONGYU_PLAN", str(tiny))

    assert default_plan_folder() == tiny
    assert load_plan().id == "qingxi-2030"


def test_the_packed_copy_is_used_where_no_repository_is_beside(monkeypatch, tmp_path):
    monkeypatch.delenv("GONGYU_PLAN", raising=False)
    monkeypatch.setattr("gongyu.plan.folder._PACKAGE", tmp_path / "lib" / "gongyu")

    expected = tmp_path / "lib" / "gongyu" / "_plans" / "chongqing-2024"
    assert default_plan_folder() == expected


def test_a_refused_plan_says_every_fault_at_once(tiny):
    plant(tiny, "week.toml", "value = 3", "value = 5")
    plant(tiny, "calendar.toml", "ends_on = 2031-01-17", "ends_on = 2030-01-17")

    with pytest.raises(PlanError, match=r"(?s)calendar\.toml:\d+.*week\.toml:\d+"):
        load_plan(tiny)


def test_the_program_names_neither_the_city_nor_a_duty_of_it():
    ids = [duty.id for duty in load_plan().duties]
    for path in PACKAGE.glob("*.py"):
        text = path.read_text("utf-8").replace("chongqing-2024", "")
        assert "重庆" not in text and "chongqing" not in text.lower(), path.name
        named = [each for each in ids if re.search(rf"[\"']{re.escape(each)}[\"']", text)]
        assert named == [], path.name


def test_the_plan_needs_neither_django_nor_the_rest_of_the_house():
    code = (
        "import sys, gongyu.plan, gongyu.plan.command, gongyu.plan.periods;"
        "gongyu.plan.load_plan();"
        "bad = [m for m in sys.modules if m.split('.')[0] == 'django'"
        " or m.startswith('gongyu.') and not m.startswith('gongyu.plan')];"
        "sys.exit(str(bad) if bad else 0)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
