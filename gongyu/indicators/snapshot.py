"""Columnar copies of the ledger and the places, for DuckDB: Parquet under the data folder."""

# ruff: noqa: S608 - names of tables and columns are ours, values travel as parameters.
from __future__ import annotations

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
_ROWS_IN_A_GROUP = 50_000
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


def write_places() -> bool:
    """Bring the files of the places up to the database; returns whether anything had changed."""
    queries = {
        "containments": f"SELECT {containment_columns()} FROM places_containment c",
        "classes": f"SELECT {CLASS_COLUMNS} FROM places_schoolclass",
        "schools": f"SELECT {SCHOOL_COLUMNS} FROM places_school",
    }
    changed = False
    for name, query in queries.items():
        path = Path(place_file(name))
        # In one order, so that the same places are the same rows.
        order = ", ".join(str(place + 1) for place in range(len(PLACES[name])))
        rows = read_rows(f"{query} ORDER BY {order}", [], PLACES[name])
        if not path.exists() or not pq.read_table(path).equals(rows):
            replace_file(path, rows)
            changed = True
    return changed


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
