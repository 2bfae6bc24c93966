"""Many worlds side by side in one DuckDB, evaluated by the text that the city is evaluated by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

import duckdb
import pyarrow as pa

from gongyu.indicators import compiled
from gongyu.indicators.rule import Rule
from gongyu.indicators.shapes.tables import CLASSES, CONTAINMENTS, FACTS, SCHOOLS

from .worlds import ROOM, World

TYPES = {"int64": pa.int64(), "string": pa.string()}
SCHEMAS = {"facts": FACTS, "containments": CONTAINMENTS, "classes": CLASSES, "schools": SCHOOLS}


class Engine:
    """Answers about some worlds."""

    def __init__(self, worlds: Iterable[World]):
        worlds = list(worlds)
        self.database = duckdb.connect(config={"threads": 2})
        compiled.teach_words(self.database)
        for name, columns in SCHEMAS.items():
            rows = [asdict(row) for world in worlds for row in getattr(world, name)]
            schema = pa.schema([(column, TYPES[kind]) for column, kind in columns.items()])
            self.database.register(name, pa.Table.from_pylist(rows, schema=schema))

    def states(self, rule: Rule, as_of: int) -> list[dict]:
        return self._rows(compiled.states(rule, as_of, "duckdb"))

    def gaps(self, rule: Rule, as_of: int) -> list[dict]:
        return self._rows(compiled.gaps(rule, as_of, "duckdb"))

    def shares(self, rule: Rule, as_of: int) -> list[dict]:
        return self._rows(compiled.shares(rule, as_of, "duckdb"))

    def ancestors(self, day: int) -> list[dict]:
        return self._rows(compiled.ancestors(day, "duckdb"))

    def figures(self, rule: Rule, as_of: int) -> list[dict]:
        """The counts of every place of every level."""
        self._keep("above", compiled.ancestors(rule.day(as_of), "duckdb"))
        self._keep("states", compiled.states(rule, as_of, "duckdb"))
        return self._rows(compiled.figures("duckdb"))

    def _keep(self, name: str, steps: str) -> None:
        self.database.execute(f"CREATE OR REPLACE TABLE {name} AS WITH {steps} FROM answer")

    def _rows(self, steps: str) -> list[dict]:
        query = f"WITH {steps} SELECT * FROM answer"
        return self.database.execute(query).to_arrow_table().to_pylist()


def by_world(rows: Iterable[dict]) -> dict[int, list[dict]]:
    """{world's number: its rows}"""
    found: dict[int, list[dict]] = {}
    for row in rows:
        found.setdefault(row["subject_id"] // ROOM, []).append(row)
    return found
