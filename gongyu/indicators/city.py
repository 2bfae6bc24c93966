"""The whole city at once: the shapes' expressions on DuckDB over the snapshot."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import ibis
import pyarrow.parquet as pq

from . import snapshot
from .shapes.ancestors import LEVELS, ancestors_on, figures, parents_on
from .shapes.evaluating import evaluate
from .shapes.rule import Rule
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
        read = self.backend.read_parquet
        self.tables = Tables(
            facts=read(snapshot.ledger_files(), table_name="facts"),
            containments=read(snapshot.place_file("containments"), table_name="containments"),
            classes=read(snapshot.place_file("classes"), table_name="classes"),
            schools=read(snapshot.place_file("schools"), table_name="schools"),
        )

    def __enter__(self) -> City:
        return self

    def __exit__(self, *exception: object) -> None:
        self.backend.disconnect()

    def has_classes_of(self, school_year: int) -> bool:
        """Whether anything can be said about a school year at all."""
        classes = self.tables.classes
        found = classes.filter(classes.school_year == school_year).limit(1)
        return self.backend.to_pyarrow(found).num_rows > 0

    def evaluate(self, rule: Rule, as_of: int, path: Path) -> Evaluated:
        """Store the states of a rule as Parquet at `path`, each with the places above it, and add
        them up to figures."""
        states = evaluate(self.tables, rule, as_of)
        day = rule.day(as_of)
        placed = states.left_join(_above_each(self.tables, day), "place_id").drop("place_id_right")
        grades = self.tables.classes.select("place_id", "grade")
        placed = placed.left_join(grades, "place_id").drop("place_id_right")
        self._copy(placed, path)
        stored = self.backend.read_parquet(str(path), table_name=f"states_{path.stem}")
        counted = self.backend.to_pyarrow(figures(self.tables, stored, day)).to_pylist()
        return Evaluated(rule, _rows_in(path), counted)

    def parents(self, day: int) -> dict[int, int | None]:
        """{place id: the place above it} on a day, classes and campuses left out."""
        places = parents_on(self.tables, day)
        places = places.filter(~places.place_kind.isin(("class", "campus")))
        rows = self.backend.to_pyarrow(places.select("place_id", "parent_id")).to_pylist()
        return {row["place_id"]: row["parent_id"] for row in rows}

    def _copy(self, table: ibis.Table, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        query = ibis.to_sql(table, dialect="duckdb")
        place = str(path).replace("'", "''")
        self.backend.raw_sql(f"COPY ({query}) TO '{place}' (FORMAT parquet, COMPRESSION zstd)")


def _above_each(tables: Tables, day: int) -> ibis.Table:
    """place_id with one column for each level above it: class_id, school_id … city_id."""
    above = ancestors_on(tables, day)
    return above.group_by("place_id").aggregate(
        **{
            f"{level}_id": above.ancestor_id.max(where=above.ancestor_kind == level)
            for level in LEVELS
        }
    )


def _rows_in(path: Path) -> int:
    return pq.read_metadata(path).num_rows
