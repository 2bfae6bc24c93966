"""The states of every subject as they are kept: a file for each duty and period, and beside it one
with the subjects that have changed since.

A file's name says up to which fact it is true. Whoever holds a refresh reads the newest files that
are no newer than it, so that figures and rows agree while the next ones are being written.
"""

# ruff: noqa: S608 - names of tables are ours, and paths are quoted.
from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from .models import Refresh
from .publishing import levels_file, states_file

# What is kept of a state. The facts behind it are not: whoever opens a class or a child asks the
# database, which names them; beside millions of states they would be two thirds of the file.
KEPT = "subject_id, place_id, state, reason, tally"
# So many older changes stay for readers who still hold the refresh they belong to.
_KEPT = 5


@dataclass(frozen=True)
class StoredStates:
    """One duty's states in one period: those of the first evaluation and, of subjects that have
    changed since, the newest. A changed subject without a state is a subject no more. `levels` says
    where the places of the subjects stand on the day."""

    whole: Path
    levels: Path
    changed: Path | None = None

    def query(self) -> str:
        """SQL for the rows as they stand, with the columns of KEPT."""
        whole = f"read_parquet({quoted(self.whole)})"
        if self.changed is None:
            return f"SELECT {KEPT} FROM {whole}"
        changed = f"read_parquet({quoted(self.changed)})"
        return (
            f"SELECT {KEPT} FROM {whole} WHERE subject_id NOT IN (SELECT subject_id FROM {changed}) "
            f"UNION ALL SELECT {KEPT} FROM {changed} WHERE state IS NOT NULL"
        )


def stored_states(refresh: Refresh, duty: str, period_key: str) -> StoredStates | None:
    """The states that belong to a refresh; None where the duty was not evaluated in the period."""
    whole = states_file(refresh.pk, duty, period_key)
    if not whole.exists():
        return None
    true_now = [path for seq, path in _changes(whole) if seq <= refresh.ledger_seq]
    levels = levels_file(refresh.pk, duty, period_key)
    return StoredStates(whole, levels, true_now[-1] if true_now else None)


def path_of_changes(refresh: Refresh, duty: str, period_key: str, seq: int) -> Path:
    """Where the subjects go that have changed up to this fact since the first evaluation."""
    whole = states_file(refresh.pk, duty, period_key)
    return whole.with_name(f"{whole.stem}.{seq:015}.changed.parquet")


def forget_older_changes(refresh: Refresh, duty: str, period_key: str) -> None:
    """Remove changes that nobody can be reading any more."""
    for _, path in _changes(states_file(refresh.pk, duty, period_key))[:-_KEPT]:
        path.unlink(missing_ok=True)


def _changes(whole: Path) -> list[tuple[int, Path]]:
    return sorted(_numbered(whole))


def _numbered(whole: Path) -> Iterator[tuple[int, Path]]:
    for path in whole.parent.glob(f"{whole.stem}.*.changed.parquet"):
        yield int(path.name.split(".")[-3]), path


def query_states(stored: StoredStates, query: str, params: Sequence[object]) -> list[tuple]:
    """Rows of stored states; the query begins with SELECT and names them `states`, and `levels` the
    places above each place (class_id … city_id) with the grade of a class."""
    named = f"states AS ({stored.query()}), levels AS (FROM read_parquet({quoted(stored.levels)}))"
    with _database(os.getpid()).cursor() as cursor:
        return cursor.execute(f"WITH {named} {query}", list(params)).fetchall()


@lru_cache(maxsize=1)
def _database(_process: int) -> Any:
    """An empty database for each process: opening one takes longer than most questions, and a
    cursor of it is a connection of its own, so that threads may ask at once."""
    # Imported late: pages without rows never load it.
    import duckdb

    return duckdb.connect(config={"threads": 1})


def quoted(path: str | Path) -> str:
    """A path as SQL text."""
    text = str(path).replace("'", "''")
    return f"'{text}'"
