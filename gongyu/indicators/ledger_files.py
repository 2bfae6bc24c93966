"""The ledger as columnar files: what is new is appended, what is there is never written again.

Numbers are parted into ranges. A range begins with one file and gains one with each reading; when
it has many they are joined. `ranges.json` names the files that count, so that a reading that was
cut short leaves nothing behind that does.
"""

# ruff: noqa: S608 - names of tables and columns are ours, values travel as parameters.
from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection

from gongyu.ground.ledger.models import Fact
from gongyu.ground.ledger.queries import settled_fact_seq

from . import snapshot
from .reading import fact_columns
from .shapes.tables import FACTS
from .snapshot import Say

RANGE = 200_000
# A range with so many files is written as one.
_MANY = 12


@dataclass(frozen=True)
class RangeState:
    """What the files of a range hold: enough to tell whether the database still says the same."""

    facts: int
    last_seq: int
    last_recorded_at: str
    files: tuple[str, ...] = ()

    def says_the_same(self, other: RangeState) -> bool:
        """Whether both hold the same facts, in whatever files."""
        return replace(self, files=()) == replace(other, files=())


class LedgerFiles:
    """The files of one folder. Only one process may write to it at a time."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or snapshot.folder() / "ledger"
        self.folder.mkdir(exist_ok=True, mode=0o700)
        self.ranges = self._read()

    @property
    def last_seq(self) -> int:
        """The number of the last fact that the files hold; 0 without any."""
        return max((state.last_seq for state in self.ranges.values()), default=0)

    def paths(self) -> list[Path]:
        """All files that count, in the order of their numbers; at least one."""
        names = [name for _, state in sorted(self.ranges.items()) for name in state.files]
        if not names:
            nothing = self.folder / "nothing.parquet"
            snapshot.replace_file(nothing, snapshot.schema_of(FACTS).empty_table())
            return [nothing]
        return [self.folder / name for name in names]

    def follow(self) -> pa.Table | None:
        """Append what the ledger has gained, and return it. None when the database is not the one
        that the files were read from, or its end is another: then only `compare` helps."""
        settled = settled_fact_seq()
        last = max(self.ranges, default=0)
        known = self.ranges.get(last)
        if known and (settled < known.last_seq or self._of_database(last, known) is None):
            return None
        gained = []
        for number in range(last, settled // RANGE + 1):
            gained.append(self._extend(number, settled))
        self._write()
        return pa.concat_tables(gained)

    def compare(self, say: Say) -> None:
        """Look at every range of the database, and read those anew that are not as they were."""
        settled = settled_fact_seq()
        wanted = _ranges_of_the_database(settled)
        self.ranges = {
            number: known
            for number, known in self.ranges.items()
            if number in wanted and self._is_beginning_of(known, number, wanted[number])
        }
        for number, state in sorted(wanted.items()):
            known = self.ranges.get(number)
            if known is None or not known.says_the_same(state):
                self._extend(number, state.last_seq)
                say(f"facts up to {state.last_seq}")
        self._write()

    def begin_anew(self) -> None:
        """Forget all files; they go when `finish` is called."""
        self.ranges = {}

    def add(self, rows: pa.Table, last_recorded_at: str) -> None:
        """Append facts that are no database's; their numbers must follow those before."""
        number = rows["seq"][0].as_py() // RANGE
        last_seq = rows["seq"][-1].as_py()
        self._append(number, rows, last_seq, last_recorded_at)

    def finish(self) -> None:
        """Let what was added count."""
        self._write()

    def _is_beginning_of(self, known: RangeState, number: int, wanted: RangeState) -> bool:
        if known.says_the_same(wanted):
            return True
        return known.last_seq < wanted.last_seq and self._of_database(number, known) is not None

    def _of_database(self, number: int, known: RangeState) -> RangeState | None:
        """The range up to the known end as the database has it; None where that differs."""
        within = Fact.objects.filter(seq__gte=number * RANGE, seq__lte=known.last_seq)
        moment = within.filter(seq=known.last_seq).values_list("recorded_at", flat=True).first()
        if moment is None or moment.isoformat() != known.last_recorded_at:
            return None
        return known if within.count() == known.facts else None

    def _extend(self, number: int, last_seq: int) -> pa.Table:
        """Read what the range has gained up to a number."""
        known = self.ranges.get(number)
        above = known.last_seq if known else number * RANGE - 1
        upto = min(last_seq, (number + 1) * RANGE - 1)
        rows = snapshot.read_rows(
            f"SELECT {fact_columns()} FROM ledger_fact f WHERE f.seq > %s AND f.seq <= %s "
            "ORDER BY f.seq",
            [above, upto],
            FACTS,
        )
        if rows.num_rows:
            newest = rows["seq"][-1].as_py()
            self._append(number, rows, newest, _moment_of(newest))
        return rows

    def _append(self, number: int, rows: pa.Table, last_seq: int, recorded_at: str) -> None:
        known = self.ranges.get(number, RangeState(0, 0, ""))
        files = known.files
        if len(files) >= _MANY:
            before = [pq.read_table(self.folder / name) for name in files]
            rows_to_write, files = pa.concat_tables([*before, rows]), ()
        else:
            rows_to_write = rows
        name = f"facts-{number:06}-{len(files):02}-{last_seq}.parquet"
        # Sorted, so that who asks for one kind reads only its row groups.
        order = [("kind", "ascending"), ("subject_id", "ascending")]
        snapshot.replace_file(self.folder / name, rows_to_write.sort_by(order))
        self.ranges[number] = RangeState(
            known.facts + rows.num_rows, last_seq, recorded_at, (*files, name)
        )

    def _read(self) -> dict[int, RangeState]:
        try:
            written = json.loads((self.folder / "ranges.json").read_text("utf-8"))
            known = {
                int(number): RangeState(**{**state, "files": tuple(state["files"])})
                for number, state in written.items()
            }
        except (OSError, ValueError, TypeError, KeyError):
            return {}
        return {
            number: state
            for number, state in known.items()
            if all((self.folder / name).exists() for name in state.files)
        }

    def _write(self) -> None:
        target = self.folder / "ranges.json"
        beside = target.with_suffix(".new")
        states = {str(number): asdict(state) for number, state in sorted(self.ranges.items())}
        beside.write_text(json.dumps(states), "utf-8")
        beside.replace(target)
        counting = {name for state in self.ranges.values() for name in state.files}
        for path in self.folder.glob("facts-*.parquet*"):
            if path.name not in counting:
                path.unlink()


def _ranges_of_the_database(settled: int) -> dict[int, RangeState]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq / %s AS number, COUNT(*), MAX(seq) FROM ledger_fact WHERE seq <= %s "
            "GROUP BY 1",
            [RANGE, settled],
        )
        rows = cursor.fetchall()
    # A database that was made anew may have as many facts; their moments differ.
    moments = dict(
        Fact.objects.filter(seq__in=[last for _, _, last in rows]).values_list("seq", "recorded_at")
    )
    return {
        int(number): RangeState(facts, last, moments[last].isoformat())
        for number, facts, last in rows
    }


def _moment_of(seq: int) -> str:
    return Fact.objects.values_list("recorded_at", flat=True).get(seq=seq).isoformat()
