"""Sheets for the tests: a few pupils under plain headings, and the school that they go to."""

from __future__ import annotations

import random
from datetime import date

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.people.models import RosterImport
from gongyu.ground.people.roster import actions
from gongyu.ground.people.roster.class_names import SchoolFrame
from gongyu.ground.people.roster.entries import Roster
from gongyu.ground.people.roster.reading import School, read_roster
from gongyu.ground.people.roster.specimens import id_number, xlsx
from gongyu.ground.people.roster.steps import Asked
from gongyu.ground.places.models import Place

ON = date(2026, 9, 10)
SCHOOL = School("5001030001", "大溪沟小学", SchoolFrame(("primary",), 2026))
HEADINGS = ("姓名", "性别", "身份证号", "班级", "父亲姓名", "父亲电话")

_rng = random.Random(7)
_used: set[str] = set()


def number(born: str = "2017-05-20", sex: str = "M") -> str:
    """A valid ID number of nobody, never the same twice."""
    while (found := id_number(_rng, date.fromisoformat(born), sex)) in _used:
        pass
    _used.add(found)
    return found


def pupil(name: str = "张三", **more) -> dict:
    """A sound row; `more` overrides by heading."""
    return {
        "姓名": name,
        "性别": "男",
        "身份证号": more.get("身份证号") if "身份证号" in more else number(),
        "班级": "三年级2班",
        "父亲姓名": "张大",
        "父亲电话": "13800001111",
        **more,
    }


def sheet(*rows: dict, headings: tuple[str, ...] | None = None, name: str = "名册") -> bytes:
    """An .xlsx of rows given as heading → cell."""
    if headings is None:
        headings = tuple(dict.fromkeys([*HEADINGS, *(key for row in rows for key in row)]))
    return xlsx([[row.get(h, "") for h in headings] for row in rows], headings=headings, sheet=name)


def csv_text(*rows: dict, separator: str = ",") -> str:
    headings = list(dict.fromkeys(key for row in rows for key in row))
    lines = [separator.join(headings)]
    lines += [separator.join(str(row.get(h, "")) for h in headings) for row in rows]
    return "\r\n".join(lines) + "\r\n"


def read(data: bytes, school: School = SCHOOL, on: date = ON, kind: str = "") -> Roster:
    return read_roster(data, school, on=on, kind=kind)


def codes(roster: Roster) -> list[str]:
    """The codes of the faults that refuse."""
    return [fault.code for fault in roster.refused]


def warned(roster: Roster) -> list[str]:
    return [fault.code for fault in roster.faults if fault.severity == "warning"]


def hand_in(
    school: Place, data: bytes, *, on: date, by=SYSTEM, covers: str = "part"
) -> RosterImport:
    """Uploaded and read."""
    roster = actions.upload(school, "名册.xlsx", data, Asked("", covers, on), by=by)
    return actions.read(roster, by=by)


def bring_in(school: Place, data: bytes, *, on: date, by=SYSTEM, covers: str = "part",
             with_leavers: bool = False) -> RosterImport:  # fmt: skip
    """Uploaded, read, confirmed, imported."""
    roster = hand_in(school, data, on=on, by=by, covers=covers)
    assert roster.status == "ready", roster.status
    actions.confirm(roster, roster.seen, by=by, with_leavers=with_leavers)
    return actions.run(roster, by=by)
