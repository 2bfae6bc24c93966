"""One row of a pupils' roster: what it says of the child."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from .carers import read_carers
from .class_names import ClassKey, ClassUnreadable, SchoolFrame, class_title, clean, parse_class
from .dates import BETWEEN_SYSTEMS, OnlyMonth, day_of
from .entries import PupilEntry
from .id_numbers import FLOATED, OLD_SHAPE, IdNumber, IdNumberWrong, parse_id_number
from .lines import Line
from .values import ValueWrong, compact, name_of, sex_of, yes_or_no

CITIZEN = "居民身份证"
_PERMIT = "港澳台居民居住证"
_OTHER = "其他证件"
_NONE = "无"
_ID_KINDS = {
    CITIZEN: "居民身份证 身份证 1 1-居民身份证 1居民身份证 中国居民身份证 居民身份证(户口簿) 户口簿 户口本"
    " 居民户口簿",
    "港澳居民来往内地通行证": "港澳居民来往内地通行证 港澳通行证 回乡证 6 6-香港特区护照/身份证明 7"
    " 香港特区护照/身份证明 澳门特区护照/身份证明",
    "台湾居民来往大陆通行证": "台湾居民来往大陆通行证 台胞证 8",
    _PERMIT: "港澳台居民居住证 港澳居民居住证 台湾居民居住证 外国人永久居留身份证 境外永久居住证 9",
    "护照": "护照 外国护照 A 普通护照 中国护照",
    "出生医学证明": "出生医学证明 出生证 出生证明",
    _OTHER: "其他 其它 Z 99 其他证件",
    _NONE: "无 无证件 没有",
}
_ID_KIND_OF = {word: kind for kind, words in _ID_KINDS.items() for word in words.split()}
_NOTHING = {"", "无", "-", "/", "--", "没有", "暂无", "NULL", "NONE", "N/A"}
_REGISTRY = re.compile(r"[A-Z]?\d{17}[\dX]|[A-Z]{1,2}\d{8,24}[\dX]?|\d{8,25}")
_OTHER_DOCUMENT = re.compile(r"[A-Z0-9()\-]{4,30}")
_HOW_IN = {"招生入学": "admitted", "就近入学": "admitted", "统一招生": "admitted", "入学": "admitted",
           "民办招生": "admitted", "普通入学": "admitted", "新生": "admitted",
           "转入": "transferred", "转学": "transferred", "外校转入": "transferred",
           "转学转入": "transferred", "复学": "returned"}  # fmt: skip
_PLAUSIBLE_DAYS = 366 * 25


@dataclass(frozen=True)
class Reader:
    """What reading a row needs to know beside the row: the school, the day, the sheet's class."""

    frame: SchoolFrame
    on: date
    school_code: str = ""
    school_name: str = ""
    campuses: frozenset[str] = frozenset()
    sheet_class: ClassKey | None = None
    sheet_name: str = ""
    system_1904: bool = False
    doubtful_floats: frozenset[float] = frozenset()


def read_pupil(line: Line, reader: Reader) -> PupilEntry | None:
    """The pupil of the row, or None when a fault was found in it (said to the line)."""
    name = line.parsed("name", name_of, "")
    if not name and not line.spoilt:
        line.fault("name_missing", "name")
    _check_school(line, reader)
    key = _class_of(line, reader)
    kind, number, known = _document(line)
    sex = _sex(line, known)
    entry = PupilEntry(
        sheet=line.sheet,
        row=line.row,
        name=name,
        class_key=key,
        sex=sex,
        born_on=_born_on(line, reader, known),
        id_kind=kind,
        id_number=number,
        registry_number=_registry(line, known),
        pupil_number=_short(line, "pupil_number", 30, "pupil_number_long"),
        campus=_campus(line, reader),
        boarding=_boarding(line),
        how_in=_how_in(line),
        address=_short(line, "address", 200, "address_long"),
        town=_short(line, "town", 80, "address_long"),
        community=_short(line, "community", 80, "address_long"),
        carers=read_carers(line, child_id=number),
    )
    if key is not None and entry.born_on is not None:
        _check_age(line, entry, reader)
    return None if line.spoilt else entry


def _check_school(line: Line, reader: Reader) -> None:
    code = compact(line.text("school_code"))
    if code and reader.school_code and code != reader.school_code:
        if code.isdigit() and code.zfill(len(reader.school_code)) == reader.school_code:
            line.warn("school_code_zero", "school_code")
        else:
            line.fault("school_code_differs", "school_code", code=reader.school_code)


def _class_of(line: Line, reader: Reader) -> ClassKey | None:
    label, grade = line.text("class"), line.text("grade")
    if not label and not grade:
        if reader.sheet_class is None:
            line.fault("class_missing", "class")
        return reader.sheet_class
    cell = line.cell("class")
    if isinstance(cell, float) and not grade and cell in reader.doubtful_floats:
        line.fault("class_float", "class")
        return None
    try:
        key = parse_class(label, grade, reader.frame)
    except ClassUnreadable as wrong:
        # A grade column beside a sheet that is named after the class.
        if not label and reader.sheet_class is not None:
            return reader.sheet_class
        # "2" on a sheet that is called 三年级.
        key = _class_of_grade_sheet(label, grade, reader)
        if key is None:
            line.fault(f"class_{wrong.code}", "class" if label else "grade")
    return key


def _class_of_grade_sheet(label: str, grade: str, reader: Reader) -> ClassKey | None:
    if grade or not label:
        return None
    try:
        return parse_class(label, reader.sheet_name, reader.frame)
    except ClassUnreadable:
        return None


def says_cohort(label: str) -> bool:
    return bool(re.search(r"\d{2}[级届]", clean(label)))


def cohort_note(label: str, key: ClassKey) -> dict[str, str]:
    return {"label": label, "title": class_title(key)}


def _document(line: Line) -> tuple[str, str, IdNumber | None]:
    """(kind of document, its number, what a citizen's number says)."""
    number = compact(line.text("id_number")).upper().removesuffix(".0")
    said = compact(line.text("id_kind"))
    kind = _ID_KIND_OF.get(said) or _ID_KIND_OF.get(re.sub(r"^\d+-", "", said)) if said else ""
    if said and not kind:
        line.fault("id_kind", "id_kind")
        return "", "", None
    if number in _NOTHING or kind == _NONE:
        return "", "", None
    if FLOATED.fullmatch(number):
        line.fault("digits_gone", "id_number")
        return "", "", None
    if kind in {"", CITIZEN, _PERMIT}:
        if not kind and _looks_foreign(number):
            line.warn("id_kind_guessed", "id_number")
            return _OTHER, number, None
        return _citizen(line, kind or CITIZEN, number)
    if not _OTHER_DOCUMENT.fullmatch(number):
        line.fault("id_other_shape", "id_number")
    return kind, number, None


def _looks_foreign(number: str) -> bool:
    return bool(re.fullmatch(r"[A-Z]{1,3}\d{6,10}(\(\d\))?", number))


def _citizen(line: Line, kind: str, number: str) -> tuple[str, str, IdNumber | None]:
    try:
        return kind, number, parse_id_number(number)
    except IdNumberWrong as wrong:
        code = "old" if OLD_SHAPE.fullmatch(number) else wrong.code
        line.fault(f"id_{code}", "id_number", length=len(number))
    return kind, number, None


def _sex(line: Line, known: IdNumber | None) -> str:
    sex = line.parsed("sex", sex_of, "U")
    if known is None:
        return sex
    if sex == "U":
        return known.sex
    if sex != known.sex:
        line.warn("id_sex_differs", "sex")
    return sex


def _born_on(line: Line, reader: Reader, known: IdNumber | None) -> date | None:
    text = line.text("born_on")
    born_on = known.born_on if known else None
    if text:
        try:
            born_on = day_of(line.cell("born_on"), text, system_1904=reader.system_1904)
        except OnlyMonth as month:
            if known is None:
                line.warn("date_only_month", "born_on")
            elif (known.born_on.year, known.born_on.month) != (month.first.year, month.first.month):
                line.fault("id_birth_differs", "born_on", birth=known.born_on.isoformat())
            return born_on
        except ValueWrong as wrong:
            line.fault(wrong.code, "born_on")
            return None
        if known is not None and born_on != known.born_on:
            apart = abs((born_on - known.born_on).days)
            code = "id_birth_1904" if apart == BETWEEN_SYSTEMS else "id_birth_differs"
            line.fault(code, "born_on", birth=known.born_on.isoformat())
            return None
    return born_on if born_on is None else _plausible(line, reader, born_on)


def _plausible(line: Line, reader: Reader, born_on: date) -> date | None:
    field = "born_on" if line.text("born_on") else "id_number"
    if born_on > reader.on:
        line.fault("born_later", field)
        return None
    if (reader.on - born_on).days > _PLAUSIBLE_DAYS:
        line.fault("born_too_early", field)
        return None
    return born_on


def _check_age(line: Line, entry: PupilEntry, reader: Reader) -> None:
    """Warns when the child is more than four years off the usual age of the grade."""
    if entry.class_key.stage == "special":
        return
    age = reader.frame.school_year - entry.born_on.year
    if abs(age - (entry.class_key.grade + 5)) > 4:
        line.warn("age_odd", "born_on" if line.text("born_on") else "id_number", age=age)


def _registry(line: Line, known: IdNumber | None) -> str:
    number = compact(line.text("registry_number")).upper().removesuffix(".0")
    if number in _NOTHING:
        return ""
    if FLOATED.fullmatch(number):
        line.fault("digits_gone", "registry_number")
        return ""
    if not _REGISTRY.fullmatch(number):
        line.fault("registry_shape", "registry_number")
        return ""
    if known is not None and number.startswith("G") and number[1:] != known.number:
        line.warn("registry_differs", "registry_number")
    return number


def _short(line: Line, field: str, most: int, code: str) -> str:
    text = line.text(field)
    if len(text) > most:
        line.fault(code, field)
        return ""
    return "" if text in _NOTHING else text


def _campus(line: Line, reader: Reader) -> str:
    text = line.text("campus")
    if text in _NOTHING or text in {reader.school_name, "本部", "校本部"}:
        return ""
    return text if text in reader.campuses else ""


def _boarding(line: Line) -> bool | None:
    try:
        return yes_or_no(line.text("boarding"))
    except ValueWrong:
        line.fault("boarding", "boarding")
        return None


def _how_in(line: Line) -> str:
    text = re.sub(r"^\d+[-.]?", "", compact(line.text("how_in")))
    if not text:
        return ""
    found = _HOW_IN.get(text, "")
    if not found:
        line.warn("how_in", "how_in")
    return found
