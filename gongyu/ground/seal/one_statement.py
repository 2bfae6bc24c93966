"""On PostgreSQL: a change and the rows that tell of it as one statement, which is one transaction.

BEGIN, each writing and COMMIT are a round trip each; where thousands of families answer in the same ten
minutes these take longer than the work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db import connection, models

from gongyu.ground.prepared import fetched


@dataclass(frozen=True, slots=True)
class Told:
    """A row for an append-only table: every column but `seq`, in the model's order, JSON as canonical
    text. `only` names the truth of the change without which it is not written; `taken` are columns
    whose values the change itself says, with their names there."""

    model: type[models.Model]
    row: tuple
    only: str = ""
    taken: tuple[tuple[str, str], ...] = ()

    def taking(self, **columns: str) -> Told:
        """The same with these columns as the change says them."""
        return replace(self, taken=tuple(sorted(columns.items())))


def change_and_tell(change: str, params: Sequence[Any], told: Sequence[Told]) -> list[tuple]:
    """Runs `change`, the first parts of a WITH of which one is called `done`, and for each row of
    `done` writes what is told; returns the rows of `done`. All of it or nothing, in a transaction of
    its own or in the one that is open. PostgreSQL alone.
    """
    parts = tuple((each.model, each.only, each.taken) for each in told)
    values = [_travelling(value) for each in told for value in _own_values(each)]
    return fetched(connection, _statement(change, parts), [*map(_travelling, params), *values])


def _own_values(told: Told) -> list[Any]:
    if not told.taken:
        return list(told.row)
    taken = dict(told.taken)
    return [
        value
        for field, value in zip(_fields(told.model), told.row, strict=True)
        if field.column not in taken
    ]


_Part = tuple[type[models.Model], str, tuple[tuple[str, str], ...]]


@lru_cache(maxsize=64)
def _statement(change: str, parts: tuple[_Part, ...]) -> str:
    inserts = [f"told_{n} AS ({_insert(*part)})" for n, part in enumerate(parts)]
    return f"WITH {', '.join([change, *inserts])} SELECT * FROM done"  # noqa: S608


@lru_cache(maxsize=8)
def _fields(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def _insert(model: type[models.Model], only: str, taken: tuple[tuple[str, str], ...]) -> str:
    said = {column: f'done."{name}"' for column, name in taken}
    fields = _fields(model)
    names = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(said.get(field.column) or f"%s::{_type_of(field)}" for field in fields)
    where = f' WHERE done."{only}"' if only else ""
    return f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {marks} FROM done{where}'  # noqa: S608


def _type_of(field: models.Field) -> str:
    # A cast to varchar(n) would cut what is too long; a column refuses it.
    if field.get_internal_type() in {"CharField", "TextField"}:
        return "text"
    return field.db_type(connection)


def _travelling(value: Any) -> Any:
    """Whole numbers as text: the driver would send small ones as another type than large ones, which
    is another statement with another plan."""
    return str(value) if type(value) is int else value
