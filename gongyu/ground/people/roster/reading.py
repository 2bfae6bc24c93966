"""Reads a whole roster: which sheets, which header, which rows, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from .class_names import ClassKey, ClassUnreadable, SchoolFrame, parse_class
from .entries import Roster, SheetReading
from .faults import WARNING, FileRefused
from .headers import PUPILS, STAFF, Header, find_header, guess_header, looks_like_staff, plain
from .lines import Faults, Layout, Line
from .pupils import Reader, cohort_note, read_pupil, says_cohort
from .repetitions import check_pupils, check_staff
from .staff_rows import read_staff
from .values import ValueWrong, is_blank, text_of
from .workbook import Sheet, Workbook, read_workbook

MAX_ENTRIES = 40_000

_CLASS_IN_TITLE = re.compile(
    r"(?:[一二三四五六七八九]年级|初[一二三]|高[一二三]|[小中大]班?|20\d\d级)\s*[(（]?\s*"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*[)）]?\s*班"
)
_TOTAL = re.compile(
    r"^\W*(合计|总计|小计|总人数|人数合计|全班|共计|本班|男生|共)\W*(?:共|人数)?\W*(\d+)?"
)
_FOOTER = re.compile(
    r"^\W*(合计|总计|小计|总人数|人数|共计|共\s*\d+|制表|填表|审核|班主任签|校长签|负责人|联系人[:：]|注[:：]|"
    r"说明[:：]|备注[:：]|日期[:：]|填报|\(?盖章|班主任[:：]|统计)"
)
_NOTE = re.compile(
    r"必填|选填|示例|例如|填写|格式|下拉|文本型|如[:：]|\(例\)|^例[:：]?$|^说明|要求"
)
_NOT_A_ROSTER = re.compile(
    r"说明|填写|问题清单|示例|样表|字典|代码|选项|下拉|参数|sheet\d|汇总|统计", re.IGNORECASE
)
# What a row prepared for a pupil not yet known may hold beside its number.
_PREFILLED = {
    "class",
    "grade",
    "school_code",
    "school_name",
    "campus",
    "sex",
    "boarding",
    "id_kind",
}


@dataclass(frozen=True)
class School:
    """What reading must know of the school; `mapped` is, by kind of roster,
    plain heading → field, "-" for none."""

    code: str
    name: str
    frame: SchoolFrame
    campuses: frozenset[str] = frozenset()
    mapped: dict[str, dict[str, str]] = field(default_factory=dict)


Progress = Callable[[int, int], None]


def read_roster(
    data: bytes, school: School, *, on: date, kind: str = "", progress: Progress | None = None
) -> Roster:
    """The file as entries and faults; nothing of the database is asked.

    `kind` is pupils, staff or "" (then the headings decide). Never raises for what is in the file:
    a file that cannot be read is a roster with one fault that names no row.
    """
    try:
        book = read_workbook(data)
    except FileRefused as refused:
        return Roster(kind or PUPILS, faults=[refused.fault], fault_count=1)
    return _Reading(book, school, on, kind, progress).run()


class _Reading:
    def __init__(
        self, book: Workbook, school: School, on: date, kind: str, progress: Progress | None
    ):
        self.book, self.school, self.on = book, school, on
        self.kind = kind or self._kind()
        self.progress = progress or (lambda done, total: None)
        self.total = sum(len(sheet.rows) for sheet in book.sheets)
        self.done = 0
        self.faults = Faults()
        self.roster = Roster(self.kind)
        self.noted: set[tuple[str, str]] = set()

    def run(self) -> Roster:
        for sheet in self.book.sheets:
            self._sheet(sheet)
        roster = self.roster
        if not roster.entries and not roster.needs_mapping and not self.faults.refusing:
            self.faults.say("no_rows")
        if self.kind == STAFF:
            check_staff(roster.staff, self.faults)
        else:
            check_pupils(roster.pupils, self.faults)
        roster.faults = self.faults.kept
        roster.fault_count = self.faults.refusing
        roster.warning_count = self.faults.warnings
        if roster.fault_count:
            roster.pupils, roster.staff = [], []
        return roster

    def _kind(self) -> str:
        """Staff only if nothing in the file is a roster of pupils."""
        kinds = {_kind_of_sheet(sheet) for sheet in self.book.sheets if sheet.visible}
        return STAFF if STAFF in kinds and PUPILS not in kinds else PUPILS

    def _sheet(self, sheet: Sheet) -> None:
        rows = sheet.rows
        if not any(not is_blank(cell) for row in rows for cell in row):
            return
        if not sheet.visible:
            self.faults.say("sheet_hidden", severity=WARNING, sheet=sheet.name)
            return
        header = find_header(rows, self.kind, self.school.mapped.get(self.kind, {}))
        if header is None:
            self._sheet_without_header(sheet)
            return
        if _kind_of_sheet(sheet) not in {self.kind, ""}:
            self.faults.say("sheet_of_other_kind", severity=WARNING, sheet=sheet.name)
            return
        self._columns_used_twice(sheet, header)
        _fill_merged(sheet, header)
        self._rows(sheet, header)

    def _sheet_without_header(self, sheet: Sheet) -> None:
        guess = guess_header(sheet.rows)
        beside = len(self.book.sheets) > 1
        if beside and (guess is None or _NOT_A_ROSTER.search(sheet.name)):
            self.faults.say("sheet_without_table", severity=WARNING, sheet=sheet.name)
            return
        self.roster.needs_mapping = True
        columns = guess.columns if guess else []
        row = guess.row + 1 if guess else 0
        self.roster.sheets.append(SheetReading(sheet.name, row, columns))

    def _columns_used_twice(self, sheet: Sheet, header: Header) -> None:
        """Two columns of one field are one if they never differ; else nobody knows which counts."""
        first: dict[str, object] = {}
        kept = []
        for column in header.columns:
            other = first.setdefault(column.field, column) if column.field else column
            if other is not column:
                body = sheet.rows[header.row + 1 :]
                if any(_differ(row, other.index, column.index) for row in body):
                    self.faults.say(
                        "column_twice",
                        sheet=sheet.name,
                        row=header.row + 1,
                        column=column,
                        header=column.header,
                    )
                continue
            kept.append(column)
        header.columns = kept

    def _rows(self, sheet: Sheet, header: Header) -> None:
        reading = SheetReading(sheet.name, header.row + 1, header.columns)
        self.roster.sheets.append(reading)
        columns = header.fields
        layout = Layout(sheet.name, columns, self.faults, sheet.notes.errors)
        reader = self._reader(sheet, header)
        titles = {c.index: plain(c.header) for c in header.columns}
        said_total = None
        for index in range(header.row + 1, len(sheet.rows)):
            cells = sheet.rows[index]
            self._tick()
            kind = _kind_of_row(cells, columns, titles, first=index == header.row + 1)
            if kind != "entry":
                reading.rows_skipped += kind != "empty"
                said_total = _said_total(cells) if kind == "footer" else said_total
                continue
            line = Line(layout, index + 1, cells)
            reading.rows_read += 1
            self._entry(line, reader)
            if len(self.roster.entries) > MAX_ENTRIES:
                self.faults.say("rows_too_many", sheet=sheet.name, row=index + 1, limit=MAX_ENTRIES)
                break
        if said_total is not None and said_total != reading.rows_read:
            self.faults.say(
                "total_differs",
                severity=WARNING,
                sheet=sheet.name,
                said=said_total,
                read=reading.rows_read,
            )
        self._say_hidden(sheet, header)

    def _entry(self, line: Line, reader: Reader) -> None:
        if self.kind == STAFF:
            self.roster.staff.extend(read_staff(line, reader))
            return
        entry = read_pupil(line, reader)
        if entry is None:
            return
        self.roster.pupils.append(entry)
        label = line.texts.get("class", "") or line.texts.get("grade", "")
        if self._first("class", label) and says_cohort(label):
            line.warn(
                "cohort_read",
                "class" if line.texts.get("class") else "grade",
                **cohort_note(label, entry.class_key),
            )
        campus = line.texts.get("campus", "")
        known = entry.campus or campus in {self.school.name, "本部", "校本部"}
        if not known and self._first("campus", campus):
            line.warn("campus_unknown", "campus")
        name = line.text("school_name")
        if self._first("school_name", name) and name != self.school.name:
            line.warn("school_name_differs", "school_name", name=self.school.name)

    def _first(self, field: str, value: str) -> bool:
        """Whether this value of the field is seen for the first time: it is said once."""
        if not value or (field, value) in self.noted:
            return False
        self.noted.add((field, value))
        return True

    def _tick(self) -> None:
        self.done += 1
        if self.done % 500 == 0:
            self.progress(self.done, self.total)

    def _reader(self, sheet: Sheet, header: Header) -> Reader:
        return Reader(
            frame=self.school.frame,
            on=self.on,
            school_code=self.school.code,
            school_name=self.school.name,
            campuses=self.school.campuses,
            sheet_class=self._class_of_sheet(sheet, header),
            sheet_name=sheet.name,
            system_1904=self.book.system_1904,
            doubtful_floats=_doubtful_floats(sheet.rows, header),
        )

    def _class_of_sheet(self, sheet: Sheet, header: Header) -> ClassKey | None:
        """The class named by the sheet's own name, or by the title above the header."""
        candidates = [sheet.name]
        for row in sheet.rows[: header.row]:
            title = " ".join(cell for cell in row if isinstance(cell, str))
            candidates += _CLASS_IN_TITLE.findall(title)
        for text in candidates:
            for tried in (text, *_CLASS_IN_TITLE.findall(text)):
                try:
                    return parse_class(tried, "", replace(self.school.frame))
                except ClassUnreadable:
                    continue
        return None

    def _say_hidden(self, sheet: Sheet, header: Header) -> None:
        hidden = sorted(
            row
            for row in sheet.notes.hidden_rows
            if header.row + 1 < row <= len(sheet.rows)
            and not all(is_blank(c) for c in sheet.rows[row - 1])
        )
        if hidden:
            shown = "、".join(map(str, hidden[:10])) + ("…" if len(hidden) > 10 else "")
            self.faults.say(
                "hidden_rows", severity=WARNING, sheet=sheet.name, count=len(hidden), rows=shown
            )


def _kind_of_sheet(sheet: Sheet) -> str:
    """pupils, staff, or "" when the headings fit neither for certain."""
    if looks_like_staff(sheet.rows):
        return STAFF
    header = find_header(sheet.rows, PUPILS, {})
    own = {"class", "grade", "registry_number", "born_on"}
    return PUPILS if header is not None and own & set(header.fields) else ""


# Merged over several rows these mean every one of them; a name or a number never does.
_SHARED = {
    "class",
    "grade",
    "campus",
    "school_code",
    "school_name",
    "town",
    "community",
    "boarding",
}


def _fill_merged(sheet: Sheet, header: Header) -> None:
    """A class written once beside its forty pupils stands in the first row alone."""
    shared = {column.index for field, column in header.fields.items() if field in _SHARED}
    rows = sheet.rows
    for top, bottom, left, right in sheet.notes.merged:
        if top <= header.row or left != right or left not in shared or top >= len(rows):
            continue
        value = rows[top][left] if left < len(rows[top]) else ""
        for row in rows[top + 1 : bottom + 1]:
            if left < len(row) and is_blank(row[left]) and not all(is_blank(c) for c in row):
                row[left] = value


def _differ(row: list, one: int, other: int) -> bool:
    first, second = (row[i] if i < len(row) else "" for i in (one, other))
    return not is_blank(second) and first != second


def _kind_of_row(cells: list, columns: dict, titles: dict[int, str], *, first: bool) -> str:
    """entry, or why the row is none: empty, header (again), footer, note, prefilled."""
    at = columns["name"].index
    name = cells[at] if at < len(cells) else ""
    if isinstance(name, str) and name.strip():
        return _kind_of_named_row(name, at, cells, titles, first=first)
    if all(is_blank(cell) for cell in cells):
        return "empty"
    if any(isinstance(cell, str) and _FOOTER.match(cell) for cell in cells[:4]):
        return "footer"
    telling = [column for field, column in columns.items() if field not in _PREFILLED]
    if any(c.index < len(cells) and not is_blank(cells[c.index]) for c in telling):
        filled = sum(1 for cell in cells if not is_blank(cell))
        return "note" if first and filled == 1 else "entry"
    texts = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
    return "note" if texts else "prefilled"


def _kind_of_named_row(
    name: str, at: int, cells: list, titles: dict[int, str], *, first: bool
) -> str:
    title = titles[at]
    if name.lstrip()[:1] == title[:1] and plain(name) == title and _is_header_again(cells, titles):
        return "header"
    if _FOOTER.match(name):
        return "footer"
    start = next((cell for cell in cells if not is_blank(cell)), "")
    if isinstance(start, str) and not start.isdigit() and _FOOTER.match(start):
        return "footer"
    if first and (_NOTE.search(name) or (isinstance(start, str) and _NOTE.search(start))):
        return "note"
    return "entry"


def _is_header_again(cells: list, titles: dict[int, str]) -> bool:
    same = sum(
        1
        for at, title in titles.items()
        if at < len(cells) and isinstance(cells[at], str) and plain(cells[at]) == title
    )
    return same * 2 > len(titles)


def _said_total(cells: list) -> int | None:
    """The number of pupils that a total row claims, if it is plain."""
    for at, cell in enumerate(cells):
        if not isinstance(cell, str) or not cell.strip():
            continue
        match = re.search(r"(?:合计|总计|共计?|总人数)\D{0,6}(\d{1,5})\s*人?", cell)
        if match:
            return int(match[1])
        if _TOTAL.match(cell):
            rest = [c for c in cells[at + 1 :] if not is_blank(c)]
            try:
                found = re.fullmatch(r"共?(\d{1,5})人?", text_of(rest[0])) if rest else None
            except ValueWrong:
                return None
            return int(found[1]) if found else None
    return None


def _doubtful_floats(rows: list[list], header: Header) -> frozenset[float]:
    """Numbers such as 3.1 where 3.9 stands in the same column: a 3.10 has lost its zero."""
    column = header.fields.get("class")
    if column is None or "grade" in header.fields:
        return frozenset()
    found = {
        row[column.index] for row in rows[header.row + 1 :]
        if column.index < len(row) and isinstance(row[column.index], float)
    }  # fmt: skip
    return frozenset(
        value
        for value in found
        if round(value % 1, 2) == 0.1
        and any(int(v) == int(value) and round(v % 1, 2) == 0.9 for v in found)
    )
