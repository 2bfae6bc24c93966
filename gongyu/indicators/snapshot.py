"""Columnar copies of the ledger and the places, for DuckDB: Parquet under the data folder.

Facts never change, so the ledger is kept in files of fixed ranges of numbers; only a range that
has grown (or was filled late by a slower transaction) is written again.
"""

# ruff: noqa: S608 - names of tables and columns are ours, values travel as parameters.
from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection

from gongyu.ground.ledger.models import Fact

from .reading import CLASS_COLUMNS, SCHOOL_COLUMNS, containment_columns, fact_columns
from .shapes.tables import CLASSES, CONTAINMENTS, FACTS, SCHOOLS

RANGE = 200_000
_AT_ONCE = 20_000
_ROWS_IN_A_GROUP = 50_000
_TYPES = {"int64": pa.int64(), "string": pa.string()}

Say = Callable[[str], None]


@dataclass(frozen=True)
class RangeState:
    """What a file of the ledger holds: enough to tell whether the database still says the same."""

    facts: int
    last_seq: int
    last_recorded_at: str


def folder() -> Path:
    """Where snapshots lie; made on first use, for the owner's eyes only."""
    path = settings.DATA / "snapshots"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def ledger_files() -> str:
    """The pattern of the files that hold the facts."""
    return str(folder() / "ledger" / "facts-*.parquet")


def place_file(name: str) -> str:
    """The file of containments, classes or schools."""
    return str(folder() / f"{name}.parquet")


def write_snapshot(say: Say = lambda text: None) -> int:
    """Bring the files up to the database; returns the number of the last fact (0 without any)."""
    last_seq = write_ledger(say)
    containments = f"SELECT {containment_columns()} FROM places_containment c"
    _write_query(place_file("containments"), containments, [], CONTAINMENTS)
    _write_query(
        place_file("classes"), f"SELECT {CLASS_COLUMNS} FROM places_schoolclass", [], CLASSES
    )
    _write_query(place_file("schools"), f"SELECT {SCHOOL_COLUMNS} FROM places_school", [], SCHOOLS)
    return last_seq


def write_ledger(say: Say = lambda text: None) -> int:
    """The facts, in files of RANGE numbers each. Files that are already true are left alone."""
    target = folder() / "ledger"
    target.mkdir(exist_ok=True)
    known = _known_ranges(target)
    wanted = _ranges_of_the_database()
    query = f"SELECT {fact_columns()} FROM ledger_fact f WHERE f.seq >= %s AND f.seq <= %s"
    for number, state in wanted.items():
        if known.get(number) != state:
            bounds = [number * RANGE, state.last_seq]
            _write_query(_range_file(target, number), query, bounds, FACTS)
            say(f"facts up to {state.last_seq}")
    for path in target.glob("facts-*.parquet"):
        if path not in {_range_file(target, number) for number in wanted or [0]}:
            path.unlink()
    if not wanted:
        _write_query(_range_file(target, 0), query, [0, 0], FACTS)
    _write_json(target / "ranges.json", {str(n): asdict(s) for n, s in wanted.items()})
    return max((state.last_seq for state in wanted.values()), default=0)


def _range_file(target: Path, number: int) -> Path:
    return target / f"facts-{number:06}.parquet"


def _known_ranges(target: Path) -> dict[int, RangeState]:
    try:
        written = json.loads((target / "ranges.json").read_text("utf-8"))
        known = {int(number): RangeState(**state) for number, state in written.items()}
    except (OSError, ValueError, TypeError):
        return {}
    return {n: state for n, state in known.items() if _range_file(target, n).exists()}


def _ranges_of_the_database() -> dict[int, RangeState]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq / %s AS number, COUNT(*), MAX(seq) FROM ledger_fact GROUP BY 1", [RANGE]
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


def _write_query(path: str | Path, query: str, params: list, columns: dict[str, str]) -> None:
    """The rows of a query as one Parquet file, which appears whole or not at all."""
    schema = pa.schema([(name, _TYPES[kind]) for name, kind in columns.items()])
    table = pa.Table.from_batches(_batches(query, params, schema), schema)
    if "kind" in columns and "subject_id" in columns:
        # Sorted, so that who asks for one kind reads only its row groups.
        table = table.sort_by([("kind", "ascending"), ("subject_id", "ascending")])
    replace_file(path, table)


def replace_file(path: str | Path, table: pa.Table) -> None:
    """Write a table beside the old file and then in its place."""
    beside = Path(f"{path}.{os.getpid()}.new")
    pq.write_table(table, beside, row_group_size=_ROWS_IN_A_GROUP, compression="zstd")
    beside.replace(path)


def _batches(query: str, params: list, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        while rows := cursor.fetchmany(_AT_ONCE):
            arrays = [
                pa.array(column, type=field.type)
                for column, field in zip(zip(*rows, strict=True), schema, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _write_json(path: Path, content: dict) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(content), "utf-8")
    beside.replace(path)
