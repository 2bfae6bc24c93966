"""What is wrong with a roster: where it is, what the value was, why, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

FAULT = "fault"
WARNING = "warning"

# Fields whose values are shown with their middle hidden wherever a fault is shown or logged.
SENSITIVE = re.compile(
    r"^(id_number|registry_number|address|born_on|.*_phone|.*_id_number|.*_other_phone|phone)$"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong (or, as a warning, worth a look).

    `row` counts from 1 as the spreadsheet does; 0 means the whole file or sheet. `column` is the
    column's letter, `header` the column's own heading, `value` is masked if it is sensitive.
    """

    code: str
    reason: str
    cure: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    header: str = ""
    value: str = ""
    severity: str = FAULT

    @property
    def where(self) -> str:
        """The place in words: sheet, row, column."""
        parts = []
        if self.sheet:
            parts.append(_("工作表“%(sheet)s”") % {"sheet": self.sheet})
        if self.row:
            parts.append(_("第 %(row)d 行") % {"row": self.row})
        if self.column:
            name = f"（{self.header}）" if self.header else ""
            parts.append(_("%(column)s 列%(name)s") % {"column": self.column, "name": name})
        return " ".join(parts) or _("整个文件")

    def __str__(self) -> str:
        value = f"“{self.value}”：" if self.value else ""
        return f"{self.where}：{value}{self.reason} → {self.cure}"

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


class FileRefused(ValueError):
    """The file cannot be read as a roster at all; `fault` says why and what to do."""

    def __init__(self, fault: Fault):
        self.fault = fault
        super().__init__(str(fault))


def refuse(code: str, reason: str, cure: str, sheet: str = "", row: int = 0) -> FileRefused:
    return FileRefused(Fault(code=code, reason=reason, cure=cure, sheet=sheet, row=row))


def masked(field: str, value: str) -> str:
    """The value as it may be shown: sensitive ones keep only their first 3 and last 2 signs."""
    value = value if len(value) <= 60 else value[:59] + "…"
    if not value or not SENSITIVE.match(field):
        return value
    if len(value) <= 6:
        return value[0] + "*" * (len(value) - 1)
    return value[:3] + "*" * (len(value) - 5) + value[-2:]


def refusing(faults: Iterable[Fault]) -> list[Fault]:
    return [fault for fault in faults if fault.severity == FAULT]


def column_letter(index: int) -> str:
    """The spreadsheet's letter of the column counted from 0: 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
