"""One row of a staff sheet: the posts it names."""

from __future__ import annotations

import re
from functools import lru_cache

from .class_names import ClassKey, ClassUnreadable, parse_class
from .dates import OnlyMonth, day_of
from .entries import StaffEntry
from .headers import table
from .id_numbers import FLOATED, OLD_SHAPE, IdNumberWrong, parse_id_number
from .lines import Line
from .pupils import Reader
from .values import ValueWrong, compact, name_of, phones_of

CLASS_TEACHER, SUBJECT_TEACHER = "class_teacher", "subject_teacher"
_SPLIT = re.compile(r"[、,，;；/|\n]|兼| 和 ")
_YES, _NO = {"是", "√", "Y", "✓"}, {"", "否", "无", "-", "/", "×", "N"}


@lru_cache(maxsize=1)
def _roles() -> dict[str, str]:
    return {word: role for role, words in table()["roles"].items() for word in words}


def read_staff(line: Line, reader: Reader) -> list[StaffEntry]:
    """The posts of the row; none when a fault was found in it or no post concerns this work."""
    name = line.parsed("name", name_of, "")
    if not name and not line.spoilt:
        line.fault("name_missing", "name")
    _check_code(line, reader)
    id_number, phone = _id_number(line), _phone(line)
    if not id_number and not phone and not line.spoilt:
        line.fault("staff_contact", "name")
    from_on, until_on = _day(line, reader, "from_on"), _day(line, reader, "until_on")
    if from_on and until_on and until_on <= from_on:
        line.fault("staff_until_before", "until_on")
    subject = line.text("subject")[:20]
    entries = [
        StaffEntry(
            line.sheet,
            line.row,
            name,
            role,
            classes,
            acting,
            subject if role == SUBJECT_TEACHER else "",
            id_number,
            phone,
            from_on,
            until_on,
        )
        for role, classes, acting in _posts(line, reader, subject)
    ]
    return [] if line.spoilt else entries


def _check_code(line: Line, reader: Reader) -> None:
    code = compact(line.text("school_code"))
    if code and reader.school_code and code.zfill(len(reader.school_code)) != reader.school_code:
        line.fault("school_code_differs", "school_code", code=reader.school_code)


def _posts(
    line: Line, reader: Reader, subject: str
) -> list[tuple[str, tuple[ClassKey, ...], bool]]:
    """(role, classes, acting) of every post that the row names."""
    words = [compact(word) for word in _SPLIT.split(line.text("post")) if word.strip()]
    roles = {word: _role_of(word) for word in words}
    homeroom, teaches = _homeroom(line, reader), _classes(line, reader, "teaches")
    acting = any(word.startswith("代") for word in words)
    posts = [
        (role, (), False)
        for role in dict.fromkeys(roles.values())
        if role and role not in {CLASS_TEACHER, SUBJECT_TEACHER}
    ]
    if homeroom:
        posts.append((CLASS_TEACHER, homeroom, acting))
    elif CLASS_TEACHER in roles.values() and not line.spoilt:
        line.fault("staff_class_missing", "homeroom" if "homeroom" in line.columns else "post")
    if teaches:
        posts.append((SUBJECT_TEACHER, teaches, False))
    elif SUBJECT_TEACHER in roles.values() or subject:
        if homeroom:
            posts.append((SUBJECT_TEACHER, homeroom, False))
        elif not posts:
            line.warn("staff_no_class", "subject" if subject else "post")
    elif not posts and not line.spoilt:
        line.warn("staff_post" if words else "staff_post_missing", "post")
    return posts


def _role_of(word: str) -> str:
    roles = _roles()
    bare = re.sub(r"\([^)]*\)", "", word)
    if found := roles.get(word) or roles.get(bare):
        return found
    for ending in ("副班主任", "班主任", "副校长", "副园长", "教师", "老师"):
        if bare.endswith(ending):
            return roles[ending]
    return ""


def _homeroom(line: Line, reader: Reader) -> tuple[ClassKey, ...]:
    text = compact(line.text("homeroom"))
    if text in _NO:
        return ()
    if text in _YES:
        return _classes(line, reader, "teaches")[:1]
    return _classes(line, reader, "homeroom")


def _classes(line: Line, reader: Reader, field: str) -> tuple[ClassKey, ...]:
    found: list[ClassKey] = []
    for text in _SPLIT.split(line.text(field)):
        if text.strip() in _NO:
            continue
        try:
            found.append(parse_class(text, "", reader.frame))
        except ClassUnreadable as wrong:
            line.fault(f"class_{wrong.code}", field)
    return tuple(dict.fromkeys(found))


def _id_number(line: Line) -> str:
    number = compact(line.text("id_number")).upper().removesuffix(".0")
    if number in _NO:
        return ""
    if FLOATED.fullmatch(number):
        line.fault("digits_gone", "id_number")
        return ""
    try:
        return parse_id_number(number).number
    except IdNumberWrong as wrong:
        code = "old" if OLD_SHAPE.fullmatch(number) else wrong.code
        line.fault(f"id_{code}", "id_number", length=len(number))
        return ""


def _phone(line: Line) -> str:
    phones = line.parsed("phone", phones_of, ())
    return phones[0].number if phones else ""


def _day(line: Line, reader: Reader, field: str):
    text = line.text(field)
    if text in _NO or text in {"至今", "今"}:
        return None
    try:
        return day_of(line.cell(field), text, system_1904=reader.system_1904)
    except OnlyMonth as month:
        # A post is said to start with a month often enough; its first day is what is meant.
        return month.first
    except ValueWrong as wrong:
        line.fault(wrong.code, field)
        return None
