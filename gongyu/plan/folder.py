"""A plan's folder: where it is, its files as tables, and the faults of their shape."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from .faults import Fault
from .reading import Table, check_shape, read_table, read_text
from .tables import CALENDAR, DUTIES, PLAN

PLAN_FILE = "plan.toml"
CALENDAR_FILE = "calendar.toml"
DEFAULT_NAME = "chongqing-2024"

_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class PlanFolder:
    """The files of a plan, each of a sound shape; what they say is still to be checked."""

    plan: Table
    calendar: Table
    duty_files: dict[int, Table]  # number of the measure → its file
    text: str
    version: str


def default_plan_folder() -> Path:
    """The folder of GONGYU_PLAN, else the repository's plan, else the copy in the package."""
    named = os.environ.get("GONGYU_PLAN")
    if named:
        return Path(named)
    beside = _PACKAGE.parent / "plans" / DEFAULT_NAME
    return beside if beside.is_dir() else _PACKAGE / "_plans" / DEFAULT_NAME


def read_folder(folder: Path) -> tuple[PlanFolder | None, list[Fault]]:
    """All files of the folder; None together with the faults when one cannot be used."""
    if not folder.is_dir():
        return None, [Fault(str(folder), 0, "", "没有这个文件夹", "给出方案文件夹的路径")]
    plan, faults = _read_checked(folder, PLAN_FILE, PLAN)
    calendar, more = _read_checked(folder, CALENDAR_FILE, CALENDAR)
    faults += more
    if plan is None:
        return None, faults
    text, more = read_text(folder, plan["text"])
    faults += more
    duty_files: dict[int, Table] = {}
    for measure in plan.tables("measures"):
        table, more = _read_checked(folder, measure["file"], DUTIES)
        faults += more
        if table is not None:
            duty_files.setdefault(measure["number"], table)
    faults += _stray_files(folder, plan)
    if faults or calendar is None or text is None:
        return None, faults
    return PlanFolder(plan, calendar, duty_files, text, version_of(folder)), []


def version_of(folder: Path) -> str:
    """A digest of the folder's files; it changes when any byte of the plan does."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix in (".toml", ".txt"):
            content = path.read_bytes()
            digest.update(f"{path.name}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()[:16]


def _read_checked(folder: Path, name: str, shape: dict) -> tuple[Table | None, list[Fault]]:
    table, faults = read_table(folder, name)
    if table is None:
        return None, faults
    faults = list(check_shape(table, shape))
    return (None if faults else table), faults


def _stray_files(folder: Path, plan: Table) -> list[Fault]:
    """A file that nobody names would be silently without effect, so it is refused."""
    named = {PLAN_FILE, CALENDAR_FILE, *(row["file"] for row in plan.tables("measures"))}
    return [
        Fault(
            path.name, 0, "", "方案没有提到这个文件", f"在 {PLAN_FILE} 的 measures 中列出，或删去"
        )
        for path in sorted(folder.glob("*.toml"))
        if path.name not in named
    ]
