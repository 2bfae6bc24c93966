"""Which column holds what: the table of known headings, and what a school mapped by hand."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

PUPILS = "pupils"
STAFF = "staff"

# How many rows from the top may hold the header: titles and notes stand above it.
_SEARCHED_ROWS = 25
_NUMERALS = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `field` is "" when it is not used; then `group` names what it holds."""

    index: int
    header: str
    field: str = ""
    group: str = ""


@dataclass(slots=True)
class Header:
    """Where the header stands (`row` is an index into the sheet's rows) and what it names."""

    row: int
    columns: list[Column] = field(default_factory=list)
    height: int = 1

    @property
    def fields(self) -> dict[str, Column]:
        return {column.field: column for column in self.columns if column.field}

    @property
    def score(self) -> int:
        return sum(1 for column in self.columns if column.field or column.group)


@lru_cache(maxsize=1)
def table() -> dict:
    """The file of headings."""
    return tomllib.loads(Path(__file__).with_name("headers.toml").read_text("utf-8"))


@lru_cache(maxsize=4096)
def plain(header: str) -> str:
    """A heading as it is compared: narrow, upper case, without spaces, stars, numbering, remarks."""
    text = unicodedata.normalize("NFKC", header).upper()
    text = re.sub(r"[\s_*★:：?？\"'“”。、]+", "", text)
    short = re.sub(r"\([^)]*\)|\[[^\]]*\]|【[^】]*】", "", text)
    return re.sub(r"^\d+[.、)]", "", short) or text


@lru_cache(maxsize=2)
def _known(kind: str) -> dict[str, tuple[str, str]]:
    """plain heading → (field, group)."""
    words = table()
    known: dict[str, tuple[str, str]] = {}
    groups = ["staff_not_kept", "not_kept", "skipped"] if kind == STAFF else ["not_kept", "skipped"]
    for section in reversed(groups):
        for group, headings in words[section].items():
            known |= {plain(heading): ("", group) for heading in headings}
    fields = words["staff"] if kind == STAFF else words["pupil"]
    for name, headings in fields.items():
        known |= {plain(heading): (name, "") for heading in headings}
    return known


@lru_cache(maxsize=1)
def _carer_pattern() -> tuple[re.Pattern[str], dict[str, str], dict[str, str]]:
    words = table()["carers"]
    who = {plain(word): slot for slot, each in words["who"].items() for word in each}
    what = {
        plain(word) if word else "": name for name, each in words["what"].items() for word in each
    }

    def either(options) -> str:
        return "|".join(re.escape(word) for word in sorted(options, key=len, reverse=True))

    pattern = re.compile(
        rf"(?:第([一二三1-5]))?({either(who)})([一二三四五\d]?)的?({either(what)})([一二三四五\d]?)"
    )
    return pattern, who, what


def carer_field(text: str) -> tuple[str, str]:
    """("father.phone", "") of a plain heading such as 父亲电话; ("", group) if it is not kept."""
    pattern, who, what = _carer_pattern()
    match = pattern.fullmatch(text)
    if not match:
        return "", ""
    number = match[1] or match[3] or match[5] or ""
    name = what[match[4]]
    if name == "not_kept":
        return "", "家长其他信息"
    return f"{who[match[2]]}{_NUMERALS.get(number, number)}.{name}", ""


@lru_cache(maxsize=1)
def _alone() -> dict[str, str]:
    return {plain(w): name for name, each in table()["carers"]["alone"].items() for w in each}


def recognise(headers: list[str], kind: str, mapped: dict[str, str]) -> list[Column]:
    """The columns of one header row. `mapped` (plain heading → field, or "-" for none) wins."""
    known, alone = _known(kind), _alone()
    columns, slot = [], "parent"
    for index, header in enumerate(headers):
        text = plain(header)
        if not text:
            continue
        name, group = known.get(text, ("", ""))
        if text in mapped:
            name, group = ("", "按映射忽略") if mapped[text] == "-" else (mapped[text], "")
        elif not name and not group and kind == PUPILS:
            name, group = carer_field(text)
            if not name and not group and text in alone:
                name = f"{slot}.{alone[text]}"
        if "." in name:
            slot = name.partition(".")[0]
        columns.append(Column(index, header.strip(), name, group))
    return columns


def find_header(rows: list[list], kind: str, mapped: dict[str, str]) -> Header | None:
    """The best header row that names the pupil (or member of staff), or None."""
    best: Header | None = None
    for index, row in enumerate(rows[:_SEARCHED_ROWS]):
        for height, headers in _readings(rows, index, row):
            found = Header(index, recognise(headers, kind, mapped), height)
            if "name" not in found.fields or found.score < 2:
                continue
            if best is None or _rank(found) > _rank(best):
                best = found
    return best


def _rank(header: Header) -> tuple[int, int]:
    """More recognised columns first; of equals the one with fewer headings used twice."""
    used = [column.field for column in header.columns if column.field]
    return header.score - 2 * (len(used) - len(set(used))), -header.height


def _readings(rows: list[list], index: int, row: list):
    """The row as it stands, and as the lower half of a two-storey header (父亲 over 姓名, 电话)."""
    lower = [cell if isinstance(cell, str) else "" for cell in row]
    if sum(1 for cell in lower if cell.strip()) < 2:
        return
    yield 1, lower
    if index == 0:
        return
    # Merged cells keep their text in the first cell alone, so it is carried on to the right.
    carried, upper = "", []
    for cell in rows[index - 1]:
        carried = cell.strip() if isinstance(cell, str) and cell.strip() else carried
        upper.append(carried)
    own = [cell.strip() if isinstance(cell, str) else "" for cell in rows[index - 1]]
    if sum(1 for cell in own if cell) >= 2:
        yield (
            2,
            [
                _joined(over, below, own[at])
                for at, (over, below) in enumerate(zip(upper, lower, strict=False))
            ],
        )


def _joined(over: str, below: str, own: str) -> str:
    if not below.strip():
        return own
    if carer_field(plain(over + below))[0]:
        return over + below
    return below


def guess_header(rows: list[list]) -> Header | None:
    """The row most like a header when none is recognised: for the mapping page."""
    best, most = None, 1
    for index, row in enumerate(rows[:_SEARCHED_ROWS]):
        texts = [
            cell.strip() for cell in row if isinstance(cell, str) and 0 < len(cell.strip()) <= 20
        ]
        if len(texts) > most and len(set(texts)) == len(texts):
            best, most = index, len(texts)
    if best is None:
        return None
    headers = [cell if isinstance(cell, str) else "" for cell in rows[best]]
    return Header(best, recognise(headers, PUPILS, {}))


def looks_like_staff(rows: list[list]) -> bool:
    """Whether the sheet lists staff rather than pupils."""
    staff = find_header(rows, STAFF, {})
    if staff is None or not {"post", "subject", "homeroom"} & set(staff.fields):
        return False
    pupils = find_header(rows, PUPILS, {})
    own = {"class", "grade", "registry_number", "born_on"}
    return pupils is None or not own & set(pupils.fields) or "post" in staff.fields
