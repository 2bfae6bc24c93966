"""A queryset built from plain values, compiled once for each shape of them, asked many times."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

Given = ParamSpec("Given")
Row = TypeVar("Row")

# Longer lists are asked in the ordinary way: one statement for each length is not worth keeping.
LONGEST_LIST = 64
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class NotPreparable(TypeError):
    """The question cannot be compiled once: its SQL, or a value within, depends on more than its
    arguments as they stand."""


def prepared(build: Callable[Given, Iterable[Row]]) -> Prepared[Given, Row]:
    """Makes a function that returns a queryset into one that returns the list of its rows.

    The function takes whole numbers, text, days, moments, UUIDs, or lists of one of these, by
    position, and uses each as a value in a lookup, unchanged; it reads nothing that varies besides,
    neither a clock nor a variable around it. With None, a truth value, an empty or a long list the
    queryset is built and asked as ever. Raises NotPreparable when first asked.
    """
    return Prepared(build)


class Prepared(Generic[Given, Row]):
    """The question with the statements made for it so far."""

    def __init__(self, build: Callable[Given, Iterable[Row]]) -> None:
        if build.__closure__ or build.__defaults__ or build.__kwdefaults__:
            raise NotPreparable(f"{build.__qualname__} knows more than its arguments.")
        self.build = build
        self.made: dict[tuple, _Statement] = {}
        update_wrapper(self, build)

    def __call__(self, *given: Given.args, **_none: Given.kwargs) -> list[Row]:
        shape, values = _taken_apart(given)
        if shape is None:
            return list(self.build(*given))
        statement = self.made.get(shape)
        if statement is None:
            # Two threads may both make it; the statements are the same.
            statement = self.made[shape] = _made(self.build, shape)
        return statement.ask(values)


def _taken_apart(given: tuple) -> tuple[tuple | None, list]:
    """The shape (the kind of each argument, of lists with a rounded length) and the plain values in
    a row; None where the question is better asked in the ordinary way."""
    shape: list[Any] = []
    values: list[Any] = []
    for one in given:
        if one is None or one is True or one is False:
            return None, []
        if not isinstance(one, list | tuple | set | frozenset):
            shape.append(_kind(one))
            values.append(one)
            continue
        some = list(dict.fromkeys(one))
        if not some or len(some) > LONGEST_LIST or None in some:
            return None, []
        length = 1 << (len(some) - 1).bit_length()
        shape.append((_kind(some[0]), length))
        # A value said twice finds no more, and few lengths mean few statements.
        values.extend(some)
        values.extend(some[-1:] * (length - len(some)))
    return tuple(shape), values


def _kind(value: Any) -> type:
    for kind in (int, str, datetime, date, UUID):
        if isinstance(value, kind):
            return kind
    raise NotPreparable(f"A {type(value).__name__} is no value for a prepared question.")


def _stand_in(kind: type, number: int, time: int) -> Any:
    """A value that stands nowhere else: the `number`th of its statement, another one each `time`."""
    if kind is int:
        return 1_900_000_000 + 10_000 * time + number
    if kind is str:
        return f"stands in {time} {number}"
    if kind is UUID:
        return UUID(int=10_000 * (time + 1) + number)
    day = date(1801 + time, 1, 1) + timedelta(days=number)
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if kind is datetime else day


def _as_stored(value: Any, ops: Any, native_uuid: bool) -> Any:
    if isinstance(value, datetime):
        return ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return ops.adapt_datefield_value(value)
    if isinstance(value, UUID):
        return value if native_uuid else value.hex
    # A role or a kind is a member of an enumeration; the database knows its text.
    return str(value) if isinstance(value, str) else value


def _made(build: Callable, shape: tuple) -> _Statement:
    """Compiles the queryset twice with different stand-ins: what differs is where a value goes."""
    trials = []
    for time in (0, 1):
        values, given = _stand_ins(shape, time)
        queryset = build(*given)
        if not isinstance(queryset, QuerySet):
            raise NotPreparable(f"{build.__qualname__} returns no queryset.")
        compiler = queryset.query.get_compiler(queryset.db)
        try:
            sql, params = compiler.as_sql()
        except (EmptyResultSet, FullResultSet) as nothing:
            raise NotPreparable(f"{build.__qualname__} asks the database nothing.") from nothing
        connection = connections[queryset.db]
        native = connection.features.has_native_uuid_field
        stored = [_as_stored(value, connection.ops, native) for value in values]
        trials.append((queryset, compiler, sql, params, stored))
    (queryset, compiler, sql, first, ours), (_queryset, _compiler, again, second, others) = trials
    if sql != again or len(first) != len(second):
        raise NotPreparable(f"{build.__qualname__} asks differently for different values.")
    places = tuple(_place(build, a, b, ours, others) for a, b in zip(first, second, strict=True))
    if {number for number, _form, _value in places if number is not None} != set(range(len(ours))):
        raise NotPreparable(f"{build.__qualname__} changes a value, or leaves one out.")
    return _Statement(queryset, compiler, sql, places)


def _stand_ins(shape: tuple, time: int) -> tuple[list, list]:
    values: list[Any] = []
    given: list[Any] = []
    for part in shape:
        kind, length = part if isinstance(part, tuple) else (part, 1)
        some = [_stand_in(kind, len(values) + n, time) for n in range(length)]
        values.extend(some)
        given.append(some if isinstance(part, tuple) else some[0])
    return values, given


def _place(
    build: Callable, first: Any, second: Any, ours: list, others: list
) -> tuple[int | None, type | None, Any]:
    """Which value goes here (with the driver's type for numbers), or which constant stands here."""
    if first in ours:
        number = ours.index(first)
        if others[number] == second:
            kind = type(first)
            return number, kind if isinstance(first, int) and kind is not int else None, None
    if first != second:
        raise NotPreparable(f"{build.__qualname__} changes a value on its way.")
    fixed = isinstance(first, date) or (isinstance(first, str) and _DAY.match(first))
    if fixed and str(first)[:4] != "9999":
        raise NotPreparable(f"{build.__qualname__} reads a clock; give it the day.")
    return None, None, first


@dataclass(frozen=True, slots=True)
class _Statement:
    """The SQL with its places, and the queryset and compiler that make rows into objects."""

    queryset: QuerySet
    compiler: SQLCompiler
    sql: str
    places: tuple[tuple[int | None, type | None, Any], ...]

    def ask(self, values: list) -> list:
        connection = connections[self.queryset.db]
        native = connection.features.has_native_uuid_field
        stored = [_as_stored(value, connection.ops, native) for value in values]
        params = tuple(
            constant if number is None else form(stored[number]) if form else stored[number]
            for number, form, constant in self.places
        )
        compiler = _copied(self.compiler)
        # Connections belong to threads; the statement belongs to the process.
        compiler.connection = connection
        compiler.as_sql = lambda *_, **__: (self.sql, params)
        query = _copied(self.queryset.query)
        query.get_compiler = lambda *_, **__: compiler
        queryset = _copied(self.queryset)
        queryset._query, queryset._result_cache = query, None
        return list(queryset)


def _copied(thing: Any) -> Any:
    # A queryset's own way of being copied would ask the database.
    twin = object.__new__(type(thing))
    twin.__dict__.update(thing.__dict__)
    return twin
