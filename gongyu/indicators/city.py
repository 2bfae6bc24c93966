"""The whole city at once: the shapes' expressions on DuckDB over the snapshot."""

# ruff: noqa: S608 - names of tables are ours, and paths are quoted.
from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from . import compiled, snapshot
from .ledger_files import LedgerFiles
from .rule import Rule
from .stored_states import KEPT, quoted

DUCKDB = "duckdb"
# How states are stored: numbers as differences, and a dictionary only where words repeat.
STORED = (
    "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION lz4, DICTIONARY_SIZE_LIMIT 200, "
    "STRING_DICTIONARY_PAGE_SIZE_LIMIT 65536"
)
# The expressions join what is large to what is small, in the order in which it is cheap. DuckDB
# guesses sizes after several conditions far too low, and would turn the joins round.
_SETTINGS = ("SET disabled_optimizers = 'join_order,build_side_probe_side'",)


class Counts(NamedTuple):
    """How many subjects of a place are in each state, and what they sum up to."""

    place_id: int
    place_kind: str
    met: int
    in_progress: int
    at_risk: int
    missed: int
    declined: int
    exempt: int
    not_due: int
    not_applicable: int
    unknown: int
    subjects: int
    tally: int


@dataclass(frozen=True)
class Evaluated:
    """One rule's answer: how many states were stored, and the figures of every place, in the columns
    of Counts and by the places' ids. Plain rows, because a hundred thousand with names take a
    tenth of a second to make."""

    rule: Rule
    subjects: int
    figures: list[tuple]


class City:
    """A DuckDB over the snapshot as it lies on disk. Use as a context manager.

    Its views `facts`, `containments`, `classes` and `schools` are what the expressions read; the
    first two may be narrowed, while `ledger` and `closure` stay whole.
    """

    def __init__(self) -> None:
        self.database = duckdb.connect()
        for setting in _SETTINGS:
            self.database.execute(setting)
        compiled.teach_words(self.database)
        self._day: int | None = None
        self.read("ledger", *LedgerFiles().paths())
        self.read("closure", snapshot.place_file("containments"))
        for name in ("classes", "schools"):
            self.read(name, snapshot.place_file(name))
        self.look_at_all()

    def __enter__(self) -> City:
        return self

    def __exit__(self, *exception: object) -> None:
        self.database.close()

    def look_at_all(self) -> None:
        """Let the expressions read everything."""
        self.show("facts", "SELECT * FROM ledger")
        self.show("containments", "SELECT * FROM closure")

    def has_classes_of(self, school_year: int) -> bool:
        """Whether anything can be said about a school year at all."""
        query = "SELECT 1 FROM classes WHERE school_year = ? LIMIT 1"
        return self.database.execute(query, [school_year]).fetchone() is not None

    def evaluate(self, rule: Rule, as_of: int, path: Path) -> Evaluated:
        """Store the states of a rule as Parquet at `path`, and add them up to figures."""
        self._plant_the_tree_of(rule.day(as_of))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.database.execute(f"COPY ({self.states(rule, as_of)}) TO {quoted(path)} ({STORED})")
        self.read("states", path)
        columns = self._columns(compiled.figures(DUCKDB))
        figures = list(zip(*columns.values(), strict=True))
        # In one order, because which cells are closed may depend on it.
        figures.sort()
        return Evaluated(rule, pq.read_metadata(path).num_rows, figures)

    def states(self, rule: Rule, as_of: int) -> str:
        """SQL for the states of a rule, with the columns of KEPT."""
        return f"WITH {compiled.states(rule, as_of, DUCKDB)} SELECT {KEPT} FROM answer"

    def parents(self, day: int, kinds: Collection[str]) -> dict[int, int | None]:
        """{place id: the nearest place above it} among the places of these kinds, on a day."""
        rows = {row["place_id"]: row for row in self.rows(compiled.parents(day, DUCKDB))}

        def above(place_id: int) -> int | None:
            row = rows.get(rows[place_id]["parent_id"])
            while row is not None and row["place_kind"] not in kinds:
                row = rows.get(row["parent_id"])
            return row["place_id"] if row is not None else None

        return {place: above(place) for place, row in rows.items() if row["place_kind"] in kinds}

    def keep_tree(self, folder: Path, day: int, kinds: Collection[str]) -> dict[int, int | None]:
        """Keep where everything stands on a day beside the states that rest on it, as `above` and as
        `levels` (with the grades of classes); returns the parents, see `parents`."""
        self._plant_the_tree_of(day)
        self.keep(
            "levels",
            f"WITH {compiled.levels(DUCKDB)} SELECT answer.*, classes.grade FROM answer "
            "LEFT JOIN classes USING (place_id)",
        )
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in ("above", "levels"):
            path = folder / tree_file(name, day)
            self.database.execute(f"COPY {name} TO {quoted(path)} (FORMAT parquet)")
        parents = self.parents(day, kinds)
        (folder / f"parents.{day}.json").write_text(json.dumps(list(parents.items())), "utf-8")
        return parents

    def read_tree(self, folder: Path, day: int) -> dict[int, int | None]:
        """Take the tables `above` and `levels` as they were kept; returns the parents. Raises
        OSError where nothing was kept for the day."""
        written = json.loads((folder / f"parents.{day}.json").read_text("utf-8"))
        for name in ("above", "levels"):
            self.read(name, folder / tree_file(name, day))
        self._day = day
        return dict(written)

    def _plant_the_tree_of(self, day: int) -> None:
        """The table `above`; worked out once a day, because every rule asks."""
        if day != self._day:
            self.keep("above", f"WITH {compiled.ancestors(day, DUCKDB)} SELECT * FROM answer")
            self._day = day

    def keep(self, name: str, query: str) -> None:
        """A table of this name with the rows of a query."""
        self.database.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")

    def show(self, name: str, query: str) -> None:
        """A view of this name."""
        self.database.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {query}")

    def read(self, name: str, *paths: str | Path) -> None:
        """A view of this name over files."""
        self.show(name, f"SELECT * FROM read_parquet([{', '.join(map(quoted, paths))}])")

    def rows(self, steps: str) -> list[dict]:
        """The rows of compiled steps."""
        columns = self._columns(steps)
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def _columns(self, steps: str) -> dict[str, list]:
        """The columns of compiled steps: a column at once is faster than row after row."""
        table = self.database.execute(f"WITH {steps} SELECT * FROM answer").to_arrow_table()
        return dict(zip(table.column_names, map(_values, table.columns), strict=True))


def tree_file(name: str, day: int) -> str:
    """The name of the file that keeps `above` or `levels` of a day."""
    return f"{name}.{day}.tree"


def _values(column: pa.ChunkedArray) -> list:
    """DuckDB adds up in 128 bits, which would come as decimals, ten times as slow as numbers."""
    if pa.types.is_decimal(column.type):
        column = column.cast(pa.int64())
    # With nulls numbers would become floating.
    return column.to_pylist() if column.null_count else column.to_numpy().tolist()
