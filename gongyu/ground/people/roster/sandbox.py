"""Opens an .xlsx or .xls in a process of its own, with little memory and time to spend.

The native reader believes where a file says that a cell stands, and a wrong place ends its process:
asked for more memory than there is, it aborts, and nobody can catch that. Run as a script by
`sandboxed`; it imports nothing of the project.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
from datetime import date, datetime, time, timedelta

MEMORY = 1536 * 1024 * 1024  # bytes
SECONDS = 60
_MOST_CELLS = 6_000_000


class Broken(ValueError):
    """`code`: broken, locked or big."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)


def sandboxed(data: bytes) -> list[dict]:
    """The sheets: [{name, visible, rows, merged}], `merged` as in SheetNotes. Raises Broken."""
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter, our own file)
            [sys.executable, "-I", __file__], input=data, capture_output=True, timeout=SECONDS * 2
        )
    except subprocess.TimeoutExpired as error:
        raise Broken("broken") from error
    if done.returncode or not done.stdout:
        raise Broken("broken")
    answer = json.loads(done.stdout, object_hook=_cell)
    if isinstance(answer, str):
        raise Broken(answer)
    return answer


def _cell(told: dict) -> object:
    if "day" in told and len(told) == 1:
        moment = datetime.fromisoformat(told["day"])
        return moment if moment.time() != time() else moment.date()
    return told


def _told(cell: object) -> object:
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    return str(cell) if isinstance(cell, (time, timedelta)) else cell


def _read(data: bytes) -> object:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets, cells = [], 0
        for index, meta in enumerate(book.sheets_metadata):
            rows: list = []
            merged: list = []
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet:
                sheet = book.get_sheet_by_index(index)
                cells += sheet.total_height * sheet.total_width
                if cells > _MOST_CELLS:
                    return "big"
                rows = sheet.to_python(skip_empty_area=False)
                merged = [
                    (top, bottom, left, right)
                    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
                    if bottom > top
                ]
            visible = meta.visible == python_calamine.SheetVisibleEnum.Visible
            sheets.append({"name": meta.name, "visible": visible, "rows": rows, "merged": merged})
        return sheets
    except python_calamine.PasswordError:
        return "locked"
    except BaseException:
        # A panic of the native reader does not derive from Exception.
        return "broken"


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer = _read(sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(answer, default=_told))


if __name__ == "__main__":
    main()
