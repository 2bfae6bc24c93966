"""Columnar copies of the ledger and the places, for DuckDB: Parquet under the data folder."""

# ruff: noqa: S608 - names of tables and columns are ours, values travel as parameters.
from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection

from .reading import CLASS_COLUMNS, SCHOOL_COLUMNS, containment_columns
from .shapes.tables import CLASSES, CONTAINMENTS, SCHOOLS

_AT_ONCE = 20_000
_ROWS_IN_A_GROUP = 200_000
_TYPES = {"int64": pa.int64(), "string": pa.string()}

Say = Callable[[str], None]

PLACES = {"containments": CONTAINMENTS, "classes": CLASSES, "schools": SCHOOLS}


def folder() -> Path:
    """Where snapshots lie; made on first use, for the owner's eyes only."""
    path = settings.DATA / "snapshots"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def place_file(name: str) -> str:
    """The file of containments, classes or schools."""
    return str(folder() / f"{name}.parquet")


def write_places() -> None:
    """Write the files of the places anew, with the marks by which a change of them is seen."""
    marks = _marks_of_places()
    queries = {
        "containments": f"SELECT {containment_columns()} FROM places_containment c",
        "classes": f"SELECT {CLASS_COLUMNS} FROM places_schoolclass",
        "schools": f"SELECT {SCHOOL_COLUMNS} FROM places_school",
    }
    for name, query in queries.items():
        replace_file(place_file(name), read_rows(query, [], PLACES[name]))
    _marks_file().write_text(json.dumps(marks), "utf-8")


def places_have_changed() -> bool:
    """Whether the database's places are others than those of the files."""
    try:
        written = json.loads(_marks_file().read_text("utf-8"))
    except (OSError, ValueError):
        return True
    return written != _marks_of_places()


def _marks_file() -> Path:
    return folder() / "places.json"


def _marks_of_places() -> list:
    """Counts, sums and ends of the places' rows. The tree's closure is never mended in place but
    written anew, so that its highest number moves too. Grouping so many rows by their kinds would
    take three times as long as all else that follows a new fact; a place keeps its kind."""
    queries = (
        "SELECT COUNT(*), MAX(id), SUM(place_id), SUM(ancestor_id), COUNT(until_on), "
        "MIN(from_on), MAX(from_on), MIN(until_on), MAX(until_on) FROM places_containment",
        "SELECT school_year, stage, grade, COUNT(*), SUM(place_id), SUM(school_id) "
        "FROM places_schoolclass GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        "SELECT kind, COUNT(*), SUM(place_id) FROM places_school GROUP BY 1 ORDER BY 1",
    )
    with connection.cursor() as cursor:
        marks = []
        for query in queries:
            cursor.execute(query)
            marks.append([[str(value) for value in row] for row in cursor.fetchall()])
        return marks


def read_rows(query: str, params: list, columns: dict[str, str]) -> pa.Table:
    """The rows of a query on the application's database, with these columns."""
    schema = schema_of(columns)
    return pa.Table.from_batches(_batches(query, params, schema), schema)


def schema_of(columns: dict[str, str]) -> pa.Schema:
    """The columns of a shape's table as Arrow knows them."""
    return pa.schema([(name, _TYPES[kind]) for name, kind in columns.items()])


def replace_file(path: str | Path, table: pa.Table) -> None:
    """Write a table beside the old file and then in its place, whole or not at all."""
    beside = Path(f"{path}.{os.getpid()}.new")
    write_file(beside, table)
    beside.replace(path)


def write_file(path: str | Path, table: pa.Table) -> None:
    """Write a table. Numbers that name something differ little from row to row and hardly repeat:
    their differences take half the room of a dictionary, and half the time both ways."""
    names = [name for name in table.column_names if name == "seq" or name.endswith("_id")]
    pq.write_table(
        table,
        path,
        row_group_size=_ROWS_IN_A_GROUP,
        compression="lz4",
        use_dictionary=[name for name in table.column_names if name not in names],
        column_encoding=dict.fromkeys(names, "DELTA_BINARY_PACKED"),
    )


def _batches(query: str, params: list, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        while rows := cursor.fetchmany(_AT_ONCE):
            arrays = [
                pa.array(column, type=field.type)
                for column, field in zip(zip(*rows, strict=True), schema, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)
