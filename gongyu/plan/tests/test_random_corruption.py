"""Whatever is done to a plan's files, the answer is a list of faults and never a crash."""

import re
import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from gongyu.plan import check_plan
from gongyu.plan.command import check
from gongyu.plan.lines import find_lines
from gongyu.plan.tests.conftest import TINY

FILES = ["plan.toml", "week.toml", "calendar.toml", "policy.txt"]
ORIGINALS = {name: (TINY / name).read_bytes() for name in FILES}
PIECES = [
    b"", b"\n", b"[", b"]", b"[[", b"{", b"}", b'"', b'"""', b"'", b"=", b"#", b",", b".",
    b"true", b"-1", b"0", b"1e400", b"nan", b"99999999999999999999", b"1979-05-27T07:32:00Z",
    b"2024-02-30", b"\xff", b"\x00", b"\\u0000", b"\r\n", b"[[duties]]\n", b"[duties.params]\n",
    b"a.b.c = 1\n", b"id = 1\n", b'"02-29"', b"..", "全覆盖".encode(), b"[{}]", b"[]", b"{}",
]  # fmt: skip


def check_faults_after(changes):
    folder = Path(tempfile.mkdtemp(prefix="gongyu-plan-"))
    try:
        for name, content in {**ORIGINALS, **changes}.items():
            (folder / name).write_bytes(content)
        faults = check_plan(folder)
        text, code = check(folder, as_json=False)
    finally:
        shutil.rmtree(folder)
    assert code == (1 if faults else 0)
    assert text
    for fault in faults:
        assert fault.what and fault.cure
        lines = changes.get(fault.file, ORIGINALS.get(fault.file, b"")).count(b"\n") + 1
        assert 0 <= fault.line <= lines
    return faults


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(FILES),
    cuts=st.lists(
        st.tuples(
            st.integers(0, 3000),
            st.integers(0, 60),
            st.sampled_from(PIECES) | st.binary(max_size=12),
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_bytes_cut_out_and_put_in_are_never_a_crash(name, cuts):
    content = ORIGINALS[name]
    for start, length, piece in cuts:
        start %= len(content) + 1
        content = content[:start] + piece + content[start + length :]

    check_faults_after({name: content})


VALUES = [
    b'""', b'"x"', b"0", b"-5", b"10000000000000000000000", b"1.5", b"nan", b"true", b"[]",
    b"[1]", b'["x"]', b"[[]]", b"{}", b"{ a = 1 }", b"[{}]", b"2024-02-29", b"0001-01-01",
    b"9999-12-31", b"12:00:00", b'"9999-10000"', b'"0000-0001"', b'"02-29"', b'"12-31"', b'".."',
    b'"plan.toml"',
]  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(
    name=st.sampled_from(FILES[:3]),
    changes=st.lists(
        st.tuples(st.integers(0, 500), st.sampled_from(VALUES)), min_size=1, max_size=3
    ),
)
def test_any_value_at_any_key_is_never_a_crash(name, changes):
    lines = ORIGINALS[name].split(b"\n")
    keys = [index for index, line in enumerate(lines) if re.match(rb"\w+ = [^\[{]", line)]
    for position, value in changes:
        index = keys[position % len(keys)]
        lines[index] = lines[index].split(b" = ")[0] + b" = " + value

    check_faults_after({name: b"\n".join(lines)})


@settings(max_examples=200, deadline=None)
@given(
    drops=st.sets(st.integers(0, 120), max_size=6),
    doubles=st.sets(st.integers(0, 120), max_size=6),
    name=st.sampled_from(FILES),
)
def test_lines_left_out_or_written_twice_are_never_a_crash(drops, doubles, name):
    kept = []
    for index, line in enumerate(ORIGINALS[name].split(b"\n")):
        kept += [line] * (0 if index in drops else 2 if index in doubles else 1)

    check_faults_after({name: b"\n".join(kept)})


def test_the_untouched_plan_is_sound():
    assert check_faults_after({}) == []


def test_every_key_is_found_on_its_own_line():
    text = (
        ORIGINALS["week.toml"].decode()
        + '\n"odd key" = [\n  1, # ]\n  { deep = """\nx = 1\n""" },\n]\n'
    )
    lines = find_lines(text)
    rows = text.split("\n")

    assert rows[lines[("duties", 0, "threshold", "value")] - 1] == "value = 3"
    assert rows[lines[("duties", 0, "threshold", "overrides", 0, "value")] - 1] == "value = 4"
    assert rows[lines[("duties", 2, "id")] - 1] == 'id = "suggestions"'
    assert rows[lines[("duties", 2, "reading", "odd key", 1, "deep")] - 1] == '  { deep = """'
    # An unknown key is placed at the table that should have it.
    assert rows[lines[("duties", 1, "nothing")] - 1] == "[[duties]]"
