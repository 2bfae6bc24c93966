"""Many worlds side by side in one DuckDB, evaluated by the expressions of the shapes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

import ibis
import pyarrow as pa

from gongyu.indicators.shapes.tables import CLASSES, CONTAINMENTS, FACTS, SCHOOLS, Tables

from .worlds import ROOM, World

TYPES = {"int64": pa.int64(), "string": pa.string()}
SCHEMAS = {"facts": FACTS, "containments": CONTAINMENTS, "classes": CLASSES, "schools": SCHOOLS}


def load(worlds: Iterable[World]) -> tuple[ibis.BaseBackend, Tables]:
    """The worlds' rows as tables of a DuckDB in memory."""
    backend = ibis.duckdb.connect()
    worlds = list(worlds)
    tables = {}
    for name, columns in SCHEMAS.items():
        rows = [asdict(row) for world in worlds for row in getattr(world, name)]
        schema = pa.schema([(column, TYPES[kind]) for column, kind in columns.items()])
        arrow = pa.table(
            {c: [row[c] for row in rows] for c in columns} if rows else schema.empty_table(),
            schema=schema,
        )
        backend.con.register(name, arrow)
        tables[name] = backend.table(name)
    return backend, Tables(**tables)


def rows_of(backend: ibis.BaseBackend, expression: ibis.Table) -> list[dict]:
    return backend.to_pyarrow(expression).to_pylist()


def by_world(rows: Iterable[dict], key: str = "subject_id") -> dict[int, list[dict]]:
    """{world's number: its rows}"""
    found: dict[int, list[dict]] = {}
    for row in rows:
        found.setdefault(row[key] // ROOM, []).append(row)
    return found
