"""Each way of breaking a plan is refused with its file, line, key and cure."""

import pytest

from gongyu.plan import PlanError, check_plan, load_plan
from gongyu.plan.tests.planting import line_of, plant

from .faults_to_plant import FAULTS


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_is_refused_with_its_place_and_cure(tiny, fault):
    plant(tiny, fault.file, fault.old, fault.new)

    faults = check_plan(tiny)

    assert (fault.file, line_of(tiny, fault.file, fault.on), fault.key) in [
        (found.file, found.line, found.key) for found in faults
    ], f"found only {faults}"
    assert all(found.what and found.cure for found in faults)
    with pytest.raises(PlanError) as refusal:
        load_plan(tiny)
    assert refusal.value.faults == tuple(faults)


def test_the_cure_of_a_misspelt_key_names_the_right_one(tiny):
    plant(tiny, "week.toml", 'label = "开放周"', 'lable = "开放周"')

    assert "label" in next(fault.cure for fault in check_plan(tiny) if fault.key == "lable")


def test_one_fault_brings_no_others(tiny):
    plant(
        tiny, "week.toml", "[duties.params]\nat_risk_days = 14", "[duties.params]\nat_risk_days = 0"
    )

    assert [fault.key for fault in check_plan(tiny)] == ["params.at_risk_days"]


def test_a_sentence_without_a_duty_is_refused_where_it_stands(tiny):
    text = (tiny / "week.toml").read_text("utf-8")
    (tiny / "week.toml").write_text(text[: text.index('[[duties]]\nid = "suggestions"')], "utf-8")
    plant(tiny, "plan.toml", "duties = 3", "duties = 2")

    faults = check_plan(tiny)

    assert [(f.file, f.line, f.key) for f in faults] == [
        ("plan.toml", line_of(tiny, "plan.toml", "鼓励家长提出建议。"), "sentences")
    ]
    assert "week.toml" in faults[0].cure


def test_a_measure_of_the_text_that_the_plan_forgets_is_found(tiny):
    text = (tiny / "policy.txt").read_text("utf-8")
    (tiny / "policy.txt").write_text(text + "\n2.再办一件事。做好这件事。", "utf-8")

    assert [fault.key for fault in check_plan(tiny)] == ["measures"]


def test_no_number_of_children_in_need_is_ever_a_target(tiny):
    plant(
        tiny,
        "week.toml",
        'subject = "school"\nstages = ["kindergarten", "compulsory"]',
        'subject = "pairing"',
    )

    whats = [fault.what for fault in check_plan(tiny) if fault.key == "threshold"]

    assert whats == ["困境儿童、个案和结对的数量不得设目标"]


@pytest.mark.parametrize("letter", ["R", "O", "C", "P"])
def test_what_is_only_counted_cannot_have_a_threshold(tiny, letter):
    plant(tiny, "week.toml", 'class = "N"', f'class = "{letter}"')

    assert "threshold" in [fault.key for fault in check_plan(tiny)]


def test_a_numeric_duty_without_a_threshold_is_refused(tiny):
    plant(tiny, "week.toml", 'class = "C"', 'class = "N"')

    assert "threshold" in [fault.key for fault in check_plan(tiny)]


def test_the_engine_can_say_which_evaluators_exist(tiny):
    known = {"count_in_period": "count_in_period", "tally": "tally"}

    faults = check_plan(tiny, evaluators=known)

    assert [(fault.file, fault.key) for fault in faults] == [("week.toml", "shape")]


def test_a_file_that_nobody_names_is_refused(tiny):
    (tiny / "more.toml").write_text("measure = 2\n", "utf-8")

    assert [(fault.file, fault.line) for fault in check_plan(tiny)] == [("more.toml", 0)]


@pytest.mark.parametrize("name", ["plan.toml", "calendar.toml", "week.toml", "policy.txt"])
def test_a_missing_file_is_a_fault(tiny, name):
    (tiny / name).unlink()

    assert (name, "没有这个文件") in [(fault.file, fault.what) for fault in check_plan(tiny)]


@pytest.mark.parametrize("name", ["plan.toml", "calendar.toml", "week.toml", "policy.txt"])
def test_a_file_in_another_encoding_is_refused_on_its_line(tiny, name):
    (tiny / name).write_bytes(b"\n\n" + "青溪".encode("gb18030"))

    assert (name, 3, "不是 UTF-8 编码") in [(f.file, f.line, f.what) for f in check_plan(tiny)]


@pytest.mark.parametrize("name", ["plan.toml", "calendar.toml", "week.toml", "policy.txt"])
def test_a_byte_order_mark_is_named_and_not_called_bad_toml(tiny, name):
    (tiny / name).write_bytes(b"\xef\xbb\xbf" + (tiny / name).read_bytes())

    assert (name, 1, "文件开头有 BOM") in [(f.file, f.line, f.what) for f in check_plan(tiny)]


def test_broken_toml_is_refused_on_its_line(tiny):
    plant(tiny, "week.toml", "value = 3", "value = = 3")

    line = line_of(tiny, "week.toml", "value = = 3")
    assert [(fault.file, fault.line) for fault in check_plan(tiny)] == [("week.toml", line)]


def test_brackets_without_end_are_refused_and_not_a_crash(tiny):
    (tiny / "week.toml").write_text("a = " + "[" * 50_000, "utf-8")

    assert [fault.file for fault in check_plan(tiny)] == ["week.toml"]


def test_a_folder_that_is_not_there_is_a_fault(tmp_path):
    assert [fault.what for fault in check_plan(tmp_path / "nowhere")] == ["没有这个文件夹"]
