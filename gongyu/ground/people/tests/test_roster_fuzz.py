"""Whatever is in a file, reading answers: pupils without faults, or faults without pupils."""

from __future__ import annotations

from datetime import date, datetime, time
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from gongyu.ground.people.roster import reading, sandbox, workbook
from gongyu.ground.people.roster.entries import Roster
from gongyu.ground.people.roster.headers import table
from gongyu.ground.people.roster.inspection import Inspection
from gongyu.ground.people.roster.specimens import xlsx
from gongyu.ground.people.roster.workbook import Sheet

from .rosters import HEADINGS, csv_text, number, pupil, read, sheet

GOOD_XLSX = sheet(pupil("张三"), pupil("李四"))
GOOD_CSV = csv_text(pupil("张三"), pupil("李四")).encode("gb18030")

_headings = st.sampled_from(
    [
        *HEADINGS,
        *(word for words in table()["pupil"].values() for word in words),
        *("成员1姓名", "成员1关系", "成员2联系电话", "实际照护人电话", "民族", "备注", "序号", ""),
    ]
)
_cells = st.one_of(
    st.sampled_from(
        [
            "张三",
            "李 四",
            "男",
            "三年级2班",
            "3.2",
            "2017-05-20",
            "13800001111",
            "爷爷13800001111",
            "合计",
            "共 3 人",
            "是",
            "√",
            "5.00103E+17",
            "#N/A",
            "=1+1",
            number(),
            "",
            "无",
            "姓名",
        ]
    ),
    st.text(max_size=30),
    st.floats(),
    st.integers(-(10**20), 10**20),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.none(),
)


def check_answer(roster: Roster, rows: int) -> None:
    assert not (roster.pupils and roster.fault_count)
    assert roster.needs_mapping or roster.entries or roster.fault_count
    for fault in roster.faults:
        assert 0 <= fault.row <= rows
        assert fault.reason and fault.cure
        assert len(str(fault)) < 1000


@settings(max_examples=300, deadline=None)
@given(
    st.lists(_headings, min_size=1, max_size=12),
    st.lists(st.lists(_cells, max_size=12), max_size=12),
)
def test_no_table_of_cells_is_too_strange(headings, rows):
    cells: list[list[str | float | date | datetime | time | None]] = [list(headings), *rows]
    book = workbook.Workbook("xlsx", [Sheet("三年级2班", cells)], Inspection().system_1904)
    with mock.patch.object(reading, "read_workbook", lambda data: book):
        check_answer(read(b"-"), len(cells))


@st.composite
def _mutated(draw, good: bytes) -> bytes:
    data = bytearray(good)
    for at, how, byte in draw(
        st.lists(
            st.tuples(st.integers(0, len(good) - 1), st.sampled_from("rdi"), st.integers(0, 255)),
            min_size=1,
            max_size=12,
        )
    ):
        if how == "r" and at < len(data):
            data[at] = byte
        elif how == "d":
            del data[at : at + byte % 16]
        else:
            data[at:at] = bytes([byte])
    return bytes(data)


@settings(max_examples=300, deadline=None)
@given(_mutated(GOOD_XLSX))
def test_no_damage_to_an_xlsx_stops_the_reader(data):
    check_answer(read(data), 60_000)


@settings(max_examples=300, deadline=None)
@given(_mutated(GOOD_CSV))
def test_no_damage_to_a_csv_stops_the_reader(data):
    check_answer(read(data), 60_000)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_noise_stops_the_reader(data):
    check_answer(read(data), 60_000)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), min_size=6, max_size=6), min_size=1, max_size=8))
def test_what_is_written_by_a_spreadsheet_is_read_row_by_row(rows):
    rows = [[cell.replace("\x00", "") for cell in row] for row in rows]
    check_answer(read(xlsx(rows, headings=HEADINGS)), len(rows) + 1)


def test_an_xls_whose_sizes_lie_ends_its_own_process_and_not_ours():
    # The header claims a directory far beyond the file; the native reader would ask for gigabytes.
    head = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    head[24:34] = bytes.fromhex("3e00 0300 feff 0900 0600".replace(" ", ""))
    head[44:48] = head[72:76] = b"\xff\xff\xff\x7f"
    [fault] = read(bytes(head) + bytes(4096)).refused
    assert fault.code == "file_broken"


def test_the_sandbox_gives_days_and_words_back_as_they_were():
    told = sandbox._cell(sandbox._told(date(2017, 5, 20)))
    assert told == date(2017, 5, 20)
    assert sandbox._cell(sandbox._told(datetime(2017, 5, 20, 8, 30))) == datetime(
        2017, 5, 20, 8, 30
    )
    assert sandbox._told("张三") == "张三"
