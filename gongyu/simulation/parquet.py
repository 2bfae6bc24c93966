"""Writes a city as columnar files: the ledger and the places just as a snapshot keeps them, and
beside them children, carers and who cares for whom."""

from __future__ import annotations

from datetime import UTC, datetime, time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa

from gongyu.indicators import snapshot
from gongyu.indicators.ledger_files import RANGE, LedgerFiles
from gongyu.indicators.shapes.tables import CONTAINMENTS, FACTS

from .city import City
from .columns import NONE, Facts, Text
from .people import Cares

# The snapshot's name for a column, where it is not the same as here.
_PLAIN = (
    "subject_id", "place_id", "on_day", "until_day", "actor_id", "actor_post_id", "quantity",
    "supersedes_id",
)  # fmt: skip


def write(city: City, folder: Path) -> dict[str, int]:
    """Write everything under the folder; returns {file or group of files: rows}. What lay there of
    an earlier snapshot is replaced."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    counts = {"facts": _write_ledger(city, folder)}
    for name, columns in _tables(city).items():
        table = pa.table(columns)
        snapshot.replace_file(folder / f"{name}.parquet", table)
        counts[name] = table.num_rows
    return counts


def _write_ledger(city: City, folder: Path) -> int:
    total = len(city.facts)
    ledger = LedgerFiles(folder / "ledger")
    ledger.begin_anew()
    # Numbers begin at 1, so the first range has one fact less.
    bounds = [0, *range(RANGE - 1, total, RANGE), total]
    for start, end in pairwise(bounds):
        part = city.facts.take(slice(start, end))
        recorded_at = moment_of(int(part.numbers["recorded_day"][-1]))
        ledger.add(fact_table(part, start + 1), recorded_at.isoformat())
    ledger.finish()
    return total


def moment_of(day: int) -> datetime:
    """When what was written down on a day counts as recorded: at noon, universal time."""
    return datetime.combine(datetime.fromordinal(day).date(), time(12), UTC)


def fact_table(part: Facts, first_seq: int) -> pa.Table:
    """Facts with consecutive numbers from `first_seq` on, as the snapshot keeps them."""
    columns: dict[str, pa.Array] = {
        "seq": pa.array(np.arange(first_seq, first_seq + len(part), dtype=np.int64)),
        **{name: part.texts[name].arrow() for name in ("kind", "subject_type", "status", "detail")},
        **{name: _numbers(part.numbers[name]) for name in _PLAIN},
    }
    return pa.table([columns[name] for name in FACTS], names=list(FACTS))


def _numbers(column: np.ndarray) -> pa.Array:
    column = column.astype(np.int64)
    return pa.array(column, mask=column == NONE)


def _arrow(name: str, column: np.ndarray | Text) -> pa.Array:
    if isinstance(column, Text):
        return column.arrow()
    # Grades may be below zero; of the other columns only an end may be missing.
    return _numbers(column) if name == "until_day" else pa.array(column.astype(np.int64))


def _tables(city: City) -> dict[str, dict[str, pa.Array]]:
    tree, children, cares = city.scene.tree, city.scene.children, city.cares
    classes, schools, closure = tree.classes, tree.schools, city.containments
    named = {
        "containments": {name: getattr(closure, name) for name in CONTAINMENTS},
        "classes": {
            "place_id": classes.ids, "school_id": schools.ids[classes.school],
            "school_year": classes.year, "stage": classes.stage, "grade": classes.grade,
        },
        "schools": {"place_id": schools.ids, "kind": schools.kind},
        "children": {"child_id": children.ids, "born_day": children.born_day,
                     "family": children.family + 1},
        "cares": {
            "child_id": children.ids[cares.child], "carer_id": cares.carer_id,
            "relation": Text(cares.relation, Cares.RELATIONS),
            "is_guardian": cares.is_guardian, "is_daily_carer": cares.is_daily_carer,
            "position": cares.position, "from_day": cares.from_day,
        },
        "carers": {"carer_id": np.arange(1, cares.carers + 1)},
    }  # fmt: skip
    return {
        name: {column: _arrow(column, values) for column, values in columns.items()}
        for name, columns in named.items()
    }
