"""Files that lie about where their cells stand, or whose cells cannot be told apart: each is refused
with its place where there is one, and none takes the server down."""

import io
import subprocess
import sys
import zipfile

import openpyxl
import pytest
import xlsxwriter

from gongyu.ground.people.roster.faults import Fault, FileRefused
from gongyu.ground.people.roster.marking import marked
from gongyu.ground.people.roster.workbook import read_workbook

SHEET = "xl/worksheets/sheet1.xml"
# The native reader fills the whole rectangle up to the farthest cell: these ask for 0.5 to 150 TB.
FAR = {
    "four letters": b'<c r="ZZZZ9999999"><v>1</v></c>',
    "twelve letters": b'<c r="ZZZZZZZZZZZZ1"><v>1</v></c>',
    "small letters": b'<c r="xfd1048576"><v>1</v></c>',
    "single quotes": b"<c r='XFD1048576'><v>1</v></c>",
    "spaces": b'<c r = "XFD1048576"><v>1</v></c>',
    "a sign in an attribute": b'<c s=">" r="XFD1048576"><v>1</v></c>',
}


def workbook(cell: bytes = b"", row: bytes = b"7", kept_as: str = SHEET) -> bytes:
    """A small workbook with one more row, its sheet kept under another name if asked."""
    plain, made = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(plain) as book:
        sheet = book.add_worksheet("名册")
        sheet.write_row(0, 0, ["姓名", "班级"])
        sheet.merge_range(1, 1, 2, 1, "2班")
        sheet.write(1, 0, "张三")
        sheet.write(2, 0, "李四")
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == SHEET:
                more = b'<row r="' + row + b'">' + cell + b"</row></sheetData>"
                name, data = kept_as, data.replace(b"</sheetData>", more)
            if name.endswith("workbook.xml.rels"):
                data = data.replace(b"worksheets/sheet1.xml", kept_as[3:].encode())
            new.writestr(name, data)
    return made.getvalue()


LIARS = {name: workbook(cell) for name, cell in FAR.items()}
LIARS["a far row"] = workbook(b"<c><v>1</v></c>", row=b"4294967290")
LIARS["another suffix"] = workbook(b'<c r="XFD1048576"><v>1</v></c>', kept_as="xl/sheet1.dat")
LIARS["another folder"] = workbook(b'<c r="XFD1048576"><v>1</v></c>', kept_as="xl/theme/s.xml")


def test_a_cell_that_stands_nowhere_ends_no_process(tmp_path):
    for name, data in LIARS.items():
        (tmp_path / name).write_bytes(data)
    # In a process of its own: a reader that aborts would take the tests with it.
    code = (
        "import sys, pathlib, django; django.setup()\n"
        "from gongyu.ground.people.roster.faults import FileRefused\n"
        "from gongyu.ground.people.roster.workbook import read_workbook\n"
        "for path in map(pathlib.Path, sys.argv[1:]):\n"
        "    try: read_workbook(path.read_bytes())\n"
        "    except FileRefused as refused: print(path.name, refused.fault.code, sep=':')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *(tmp_path / name for name in LIARS)],
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines() == [f"{name}:file_broken" for name in LIARS]


def test_merged_cells_and_words_come_back_from_the_other_process():
    [sheet] = read_workbook(workbook()).sheets
    assert sheet.rows == [["姓名", "班级"], ["张三", "2班"], ["李四", ""]]
    assert sheet.notes.merged == ((1, 2, 1, 1),)


def test_what_is_no_number_is_marked_like_any_other_cell():
    data = workbook(b'<c r="A7"><v>NaN</v></c><c r="B7"><v>1e999</v></c>')
    fault = Fault("name_shape", "不是姓名", "改正", sheet="名册", row=7, column="A")
    page = openpyxl.load_workbook(io.BytesIO(marked(data, [fault])))["名册"]
    assert [page["A7"].value, page["B7"].value] == ["nan", "inf"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('姓名,班级\n张三,2班\n"李四,2班\n王五,2班\n', "file_quotes"),
        ('姓名,班级\n张三,2班\n"李"四,2班\n', "file_quotes"),
        ("姓名,班级\n张三,2班\n李\x00四,2班\n", "file_binary"),
    ],
)
def test_a_text_that_cannot_be_cut_into_cells_names_its_row(text, code):
    with pytest.raises(FileRefused) as caught:
        read_workbook(text.encode())
    assert (caught.value.fault.code, caught.value.fault.row) == (code, 3)


def test_a_cell_without_an_end_names_its_row():
    with pytest.raises(FileRefused) as caught:
        read_workbook(("姓名,班级\n张三,2班\n" + "李" * 250_000).encode())
    assert "第 3 行" in caught.value.fault.reason


def test_a_sheet_too_large_says_so():
    with pytest.raises(FileRefused) as caught:
        read_workbook(workbook(b'<c r="XFD1048576"><v>1</v></c>'))
    assert caught.value.fault.code == "file_too_big"
