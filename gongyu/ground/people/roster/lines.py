"""One row while it is being read: gives values by field and collects what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from unicodedata import is_normalized

from .explanations import EXPLANATIONS
from .faults import FAULT, WARNING, Fault, column_letter, masked
from .headers import Column
from .values import ValueWrong, is_blank, text_of

T = TypeVar("T")

# A sheet that is wrong in every row is told so by its first faults; all of them are counted.
MOST_FAULTS = 5000
MOST_WARNINGS = 2000


class Faults:
    """The faults of one file, in order; beyond a limit they are only counted."""

    def __init__(self) -> None:
        self.kept: list[Fault] = []
        self.refusing = 0
        self.warnings = 0

    def add(self, fault: Fault) -> None:
        if fault.severity == FAULT:
            self.refusing += 1
            keep = self.refusing <= MOST_FAULTS
        else:
            self.warnings += 1
            keep = self.warnings <= MOST_WARNINGS
        if keep:
            self.kept.append(fault)

    def say(
        self,
        code: str,
        /,
        *,
        severity: str = FAULT,
        sheet: str = "",
        row: int = 0,
        column: Column | None = None,
        value: str = "",
        **about: object,
    ) -> None:
        reason, cure = EXPLANATIONS[code]
        self.add(
            Fault(
                code=code,
                reason=str(reason) % about if about else str(reason),
                cure=str(cure) % about if about else str(cure),
                sheet=sheet,
                row=row,
                column=column_letter(column.index) if column else "",
                header=column.header if column else "",
                value=masked(column.field.replace(".", "_"), value) if column else value,
                severity=severity,
            )
        )


@dataclass(frozen=True, slots=True)
class Slot:
    """The columns of one carer: the names of the fields, and what the heading tells ("父亲")."""

    base: str
    name: str
    relation: str
    guardian: str
    phone: str
    other_phone: str
    id_number: str

    @classmethod
    def of(cls, slot: str) -> Slot:
        whats = ("name", "relation", "guardian", "phone", "other_phone", "id_number")
        return cls(slot.rstrip("0123456789"), *(f"{slot}.{what}" for what in whats))


class Layout:
    """What all rows of a sheet share. `errors` are (row from 1, column from 0) of formula errors."""

    __slots__ = ("columns", "errors", "faults", "pairs", "sheet", "slots")

    def __init__(
        self,
        sheet: str,
        columns: dict[str, Column],
        faults: Faults,
        errors: frozenset[tuple[int, int]] = frozenset(),
    ):
        self.sheet, self.columns, self.faults, self.errors = sheet, columns, faults, errors
        slots = dict.fromkeys(field.partition(".")[0] for field in columns if "." in field)
        self.slots = [Slot.of(slot) for slot in slots]
        self.pairs = [(field, column.index) for field, column in columns.items()]


class Line:
    """One row of a sheet. Texts are read once and kept."""

    __slots__ = ("cells", "columns", "layout", "row", "spoilt", "texts")

    def __init__(self, layout: Layout, row: int, cells: list):
        self.layout, self.columns, self.row, self.cells = layout, layout.columns, row, cells
        self.spoilt = False
        self.texts: dict[str, str] = {}
        if not layout.errors:
            self._take_what_is_plain()

    def _take_what_is_plain(self) -> None:
        """Most cells are text as it is meant already: they are taken in one loop, without a call
        for each, which makes reading a third faster. `text` reads the others."""
        texts, cells, length = self.texts, self.cells, len(self.cells)
        for field, index in self.layout.pairs:
            if index >= length:
                continue
            cell = cells[index]
            if (
                type(cell) is str
                and (cell.isascii() or is_normalized("NFKC", cell))
                and cell.isprintable()
                and " " not in cell
                and "_x" not in cell
                and cell[:1] != "#"
            ):
                texts[field] = cell

    @property
    def sheet(self) -> str:
        return self.layout.sheet

    def cell(self, field: str) -> Any:
        column = self.columns.get(field)
        if column is None or column.index >= len(self.cells):
            return None
        return self.cells[column.index]

    def text(self, field: str) -> str:
        """The cell as text; "" if the sheet has no such column or the cell cannot be text."""
        found = self.texts.get(field)
        if found is None:
            found = self._read(field) if field in self.columns else ""
            self.texts[field] = found
        return found

    def _read(self, field: str) -> str:
        column = self.columns[field]
        if self.layout.errors and (self.row, column.index) in self.layout.errors:
            self.fault("formula_error", field, value="#")
            return ""
        if column.index >= len(self.cells):
            return ""
        cell = self.cells[column.index]
        if cell == "" or cell is None:
            return ""
        try:
            text = text_of(cell)
        except ValueWrong as wrong:
            self.fault(wrong.code, field, value=f"{cell:.6G}")
            return ""
        if text[:1] == "#" and text.rstrip("!?") in _FORMULA_ERRORS:
            self.fault("formula_error", field, value=text)
            return ""
        return text

    def parsed(self, field: str, parse: Callable[[str], T], default: T) -> T:
        """The cell's text through `parse`; a fault and `default` when it cannot be."""
        text = self.text(field)
        if not text:
            return default
        try:
            return parse(text)
        except ValueWrong as wrong:
            self.fault(wrong.code, field, **wrong.about)
            return default

    def is_empty(self) -> bool:
        return all(is_blank(cell) for cell in self.cells)

    def fault(
        self, code: str, field: str = "", /, *, value: str | None = None, **about: object
    ) -> None:
        self.spoilt = True
        self._say(code, field, value, FAULT, about)

    def warn(
        self, code: str, field: str = "", /, *, value: str | None = None, **about: object
    ) -> None:
        self._say(code, field, value, WARNING, about)

    def _say(self, code: str, field: str, value: str | None, severity: str, about: dict) -> None:
        shown = self.texts.get(field, "") if value is None else value
        self.layout.faults.say(
            code,
            severity=severity,
            sheet=self.sheet,
            row=self.row,
            column=self.columns.get(field),
            value=shown,
            **about,
        )


_FORMULA_ERRORS = {"#N/A", "#DIV/0", "#REF", "#VALUE", "#NAME", "#NUM", "#NULL", "#SPILL", "#CALC"}
