"""What one row of a roster says, once it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from .class_names import ClassKey
from .faults import Fault, refusing
from .headers import PUPILS, Column


@dataclass(slots=True)
class CarerEntry:
    """A grown-up as the row names them. `named` is False while only a word such as 爷爷 is known."""

    name: str
    relation: str
    is_guardian: bool = False
    is_daily_carer: bool = False
    phone: str = ""
    other_phone: str = ""
    id_number: str = ""
    named: bool = True
    # Keyed digests by which the database finds the same person; set before comparing.
    id_digest: str = ""
    phone_digest: str = ""


@dataclass(slots=True)
class PupilEntry:
    """A pupil as the row names them; empty text and None mean that the row does not say."""

    sheet: str
    row: int
    name: str
    class_key: ClassKey
    sex: str = "U"
    born_on: date | None = None
    id_kind: str = ""
    id_number: str = ""
    registry_number: str = ""
    pupil_number: str = ""
    campus: str = ""
    boarding: bool | None = None
    how_in: str = ""
    address: str = ""
    town: str = ""
    community: str = ""
    carers: list[CarerEntry] = field(default_factory=list)
    # As in CarerEntry.
    id_digest: str = ""
    registry_digest: str = ""

    @property
    def key(self) -> str:
        """Names the row within the file."""
        return f"{self.sheet}!{self.row}"


@dataclass(slots=True)
class StaffEntry:
    """A post as the row names it; `class_keys` are the classes of a class or subject teacher."""

    sheet: str
    row: int
    name: str
    role: str
    class_keys: tuple[ClassKey, ...] = ()
    acting: bool = False
    subject: str = ""
    id_number: str = ""
    phone: str = ""
    from_on: date | None = None
    until_on: date | None = None

    @property
    def key(self) -> str:
        return f"{self.sheet}!{self.row}"


@dataclass(slots=True)
class SheetReading:
    """How one sheet was understood: where its header stands and what each column holds."""

    name: str
    header_row: int  # counted from 1; 0 when there is no header
    columns: list[Column]
    rows_read: int = 0
    rows_skipped: int = 0


@dataclass(slots=True)
class Roster:
    """A whole file, read: its entries, its faults and warnings, and how its columns were taken.

    `needs_mapping` means that no column of names was recognised: somebody has to say which it is.
    """

    kind: str = PUPILS
    pupils: list[PupilEntry] = field(default_factory=list)
    staff: list[StaffEntry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    sheets: list[SheetReading] = field(default_factory=list)
    needs_mapping: bool = False
    fault_count: int = 0
    warning_count: int = 0

    @property
    def entries(self) -> list:
        return self.pupils or self.staff

    @property
    def refused(self) -> list[Fault]:
        return refusing(self.faults)

    @property
    def not_kept(self) -> dict[str, list[str]]:
        """Recognised and on purpose not collected: group → headings."""
        return self._unused(lambda c: bool(c.group))

    @property
    def unknown(self) -> list[str]:
        """Headings that nobody has said anything about."""
        found = self._unused(lambda c: not c.group)
        return [header for headers in found.values() for header in headers]

    def _unused(self, wanted) -> dict[str, list[str]]:
        groups: dict[str, list[str]] = {}
        for sheet in self.sheets:
            for column in sheet.columns:
                if not column.field and wanted(column):
                    headers = groups.setdefault(column.group, [])
                    if column.header not in headers:
                        headers.append(column.header)
        return groups
