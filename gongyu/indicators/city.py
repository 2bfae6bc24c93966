"""The whole city at once: the shapes' expressions on DuckDB over the snapshot."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import ibis
import pyarrow.parquet as pq

from . import snapshot
from .rule import Rule
from .shapes.ancestors import ancestors_on, figures, levels_above, parents_on
from .shapes.evaluating import evaluate
from .shapes.tables import Tables


@dataclass(frozen=True)
class Evaluated:
    """One rule's answer: how many states were stored where, and the figures of every place."""

    rule: Rule
    subjects: int
    figures: list[dict]


class City:
    """A DuckDB over the snapshot as it lies on disk. Use as a context manager."""

    def __init__(self, threads: int | None = None):
        self.backend = ibis.duckdb.connect(threads=threads or os.cpu_count())
        self._day: int | None = None
        self._figures_query = ""
        self.tables = Tables(
            facts=self._read("facts", snapshot.ledger_files()),
            containments=self._read("containments", snapshot.place_file("containments")),
            classes=self._read("classes", snapshot.place_file("classes")),
            schools=self._read("schools", snapshot.place_file("schools")),
        )

    def __enter__(self) -> City:
        return self

    def __exit__(self, *exception: object) -> None:
        self.backend.disconnect()

    def has_classes_of(self, school_year: int) -> bool:
        """Whether anything can be said about a school year at all."""
        classes = self.tables.classes
        found = classes.filter(classes.school_year == school_year).limit(1)
        return bool(self._rows(self.backend.compile(found)))

    def evaluate(self, rule: Rule, as_of: int, path: Path) -> Evaluated:
        """Store the states of a rule as Parquet at `path`, each with the places above it, and add
        them up to figures."""
        above, levels = self._tree_of(rule.day(as_of))
        states = evaluate(self.tables, rule, as_of)
        placed = states.left_join(levels, "place_id").drop("place_id_right")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = _quoted(path)
        query = self.backend.compile(placed)
        self.backend.raw_sql(f"COPY ({query}) TO {target} (FORMAT parquet, COMPRESSION zstd)")
        stored = self._read("states", path)
        # The tables keep their names from rule to rule, so the query is compiled once.
        self._figures_query = self._figures_query or self.backend.compile(figures(stored, above))
        counted = self._rows(self._figures_query)
        return Evaluated(rule, pq.read_metadata(path).num_rows, counted)

    def parents(self, day: int) -> dict[int, int | None]:
        """{place id: the place above it} on a day, classes and campuses left out."""
        places = parents_on(self.tables, day)
        places = places.filter(~places.place_kind.isin(("class", "campus")))
        rows = self._rows(self.backend.compile(places.select("place_id", "parent_id")))
        return {row["place_id"]: row["parent_id"] for row in rows}

    def _tree_of(self, day: int) -> tuple[ibis.Table, ibis.Table]:
        """The tree of a day, as pairs and as one row a place with the grade of a class; worked out
        once a day, because every rule asks for it."""
        if day != self._day:
            above = self._keep("above", ancestors_on(self.tables, day))
            grades = self.tables.classes.select("place_id", "grade")
            levels = levels_above(above).left_join(grades, "place_id").drop("place_id_right")
            self._keep("levels", levels)
            self._day = day
        return self.backend.table("above"), self.backend.table("levels")

    def _keep(self, name: str, table: ibis.Table) -> ibis.Table:
        query = self.backend.compile(table)
        self.backend.raw_sql(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")
        return self.backend.table(name)

    def _read(self, name: str, path: str | Path) -> ibis.Table:
        query = f"SELECT * FROM read_parquet({_quoted(path)})"  # noqa: S608
        self.backend.raw_sql(f"CREATE OR REPLACE TEMP VIEW {name} AS {query}")
        return self.backend.table(name)

    def _rows(self, query: str) -> list[dict]:
        # Read by DuckDB itself: the way through Ibis loads pandas, which nobody here needs.
        return self.backend.raw_sql(query).to_arrow_table().to_pylist()


def _quoted(path: str | Path) -> str:
    text = str(path).replace("'", "''")
    return f"'{text}'"
