"""The whole city at once: the shapes' expressions on DuckDB over the snapshot."""

# ruff: noqa: S608 - names of tables are ours, and paths are quoted.
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from . import compiled, snapshot
from .ledger_files import LedgerFiles
from .rule import Rule

DUCKDB = "duckdb"


@dataclass(frozen=True)
class Evaluated:
    """One rule's answer: how many states were stored, and the figures of every place."""

    rule: Rule
    subjects: int
    figures: list[dict]


class City:
    """A DuckDB over the snapshot as it lies on disk. Use as a context manager."""

    def __init__(self) -> None:
        self.database = duckdb.connect()
        self._day: int | None = None
        self._read("facts", *LedgerFiles().paths())
        for name in ("containments", "classes", "schools"):
            self._read(name, snapshot.place_file(name))

    def __enter__(self) -> City:
        return self

    def __exit__(self, *exception: object) -> None:
        self.database.close()

    def has_classes_of(self, school_year: int) -> bool:
        """Whether anything can be said about a school year at all."""
        query = "SELECT 1 FROM classes WHERE school_year = ? LIMIT 1"
        return self.database.execute(query, [school_year]).fetchone() is not None

    def evaluate(self, rule: Rule, as_of: int, path: Path) -> Evaluated:
        """Store the states of a rule as Parquet at `path`, each with the places above it and its
        class's grade, and add them up to figures."""
        self._plant_the_tree_of(rule.day(as_of))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.database.execute(
            f"COPY (WITH {compiled.states(rule, as_of, DUCKDB)} "
            "SELECT answer.*, levels.* EXCLUDE (place_id), classes.grade FROM answer "
            "LEFT JOIN levels USING (place_id) LEFT JOIN classes USING (place_id)) "
            f"TO {_quoted(path)} (FORMAT parquet, COMPRESSION zstd)"
        )
        self._read("states", path)
        figures = self._rows(compiled.figures(DUCKDB))
        return Evaluated(rule, pq.read_metadata(path).num_rows, figures)

    def parents(self, day: int, kinds: Collection[str]) -> dict[int, int | None]:
        """{place id: the nearest place above it} among the places of these kinds, on a day."""
        rows = {row["place_id"]: row for row in self._rows(compiled.parents(day, DUCKDB))}

        def above(place_id: int) -> int | None:
            row = rows.get(rows[place_id]["parent_id"])
            while row is not None and row["place_kind"] not in kinds:
                row = rows.get(row["parent_id"])
            return row["place_id"] if row is not None else None

        return {place: above(place) for place, row in rows.items() if row["place_kind"] in kinds}

    def _plant_the_tree_of(self, day: int) -> None:
        """The tables `above` and `levels`; worked out once a day, because every rule asks."""
        if day != self._day:
            self._keep("above", compiled.ancestors(day, DUCKDB))
            self._keep("levels", compiled.levels(DUCKDB))
            self._day = day

    def _keep(self, name: str, steps: str) -> None:
        query = f"WITH {steps} SELECT * FROM answer"
        self.database.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")

    def _read(self, name: str, *paths: str | Path) -> None:
        query = f"SELECT * FROM read_parquet([{', '.join(map(_quoted, paths))}])"
        self.database.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {query}")

    def _rows(self, steps: str) -> list[dict]:
        query = f"WITH {steps} SELECT * FROM answer"
        return self.database.execute(query).to_arrow_table().to_pylist()


def _quoted(path: str | Path) -> str:
    text = str(path).replace("'", "''")
    return f"'{text}'"
