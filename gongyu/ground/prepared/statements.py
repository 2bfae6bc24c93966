"""A function that builds a queryset becomes one that runs its SQL, built once for marks in place of
values and kept for each database and shape."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable

from . import lookups
from .connections import fetched
from .making import Maker, maker_of

# Shapes are few: a handful of roles and vendors. Beyond this something is a value, not a shape.
_MOST_SHAPES = 200
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
# No column holds more; the ORM finds no rows with such a number, and so do prepared queries.
_LARGEST = 2**63 - 1


class Markable(Protocol):
    """Something with numbers of its own that a query may ask by, such as who asks."""

    def query_shape(self) -> Hashable:
        """All that may change the SQL."""

    def query_numbers(self) -> list[int]:
        """The numbers, as many for each shape."""

    @classmethod
    def for_query(cls, shape: Any, first: int) -> tuple[Any, list[int]]:
        """One of this shape made of the numbers from `first` on and of nothing else, and these."""


class StrayMark(TypeError):
    """A query reckons with its values, or its SQL depends on them: it has no constant shape."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """SQL with its parameters: constants, and where the caller's values go. `read` makes what one
    row of the result becomes."""

    sql: str
    constants: tuple
    slots: tuple[tuple[int, int, Callable[[Any], Any]], ...]  # parameter, value, how it travels
    converters: tuple[tuple[int, tuple, Any], ...]
    make: Maker | Callable[[tuple], Any]
    as_model: bool

    def params(self, values: list) -> list:
        params = list(self.constants)
        for at, which, travelling in self.slots:
            params[at] = travelling(values[which])
        return params

    def rows(self, values: list, connection: Any) -> list:
        rows = fetched(connection, self.sql, self.params(values))
        if self.converters:
            rows = [self._converted(row, connection) for row in rows]
        make, alias = self.make, connection.alias
        if self.as_model:
            return [make(row, alias) for row in rows]
        return [make(row) for row in rows]

    def _converted(self, row: tuple, connection: Any) -> list:
        found = list(row)
        for at, each, expression in self.converters:
            value = found[at]
            for convert in each:
                value = convert(value, expression, connection)
            found[at] = value
        return found


def prepared(build: Callable[..., QuerySet]) -> Callable[..., list]:
    """`build(*values, **shape)` returns a queryset; the function made of it takes the same and
    returns a fresh list of its rows. Values may be whole numbers, days, moments, texts, collections
    of numbers or texts (asked with `__among`), None and whatever is Markable; whatever changes the
    SQL is shape, passed by name, of few different values. Raises StrayMark where a value changes the
    SQL after all.

    Models come with what select_related and only say; prefetch_related is refused. The function's
    `part`, called like it, returns the SQL and its parameters, to stand in a larger statement; None
    where there are no rows.
    """
    kept: dict[tuple, _Statement | None] = {}

    def statement_for(values: tuple, shape: dict, connection: Any) -> tuple[Any, list]:
        kinds: list[Hashable] = []
        flat: list[Any] = []
        for value in values:
            if hasattr(value, "query_shape"):
                kinds.append((type(value), value.query_shape()))
                flat += value.query_numbers()
            else:
                kinds.append(_kind(value))
                flat.append(value)
        key = (connection.vendor, *kinds, *shape.items())
        try:
            statement = kept[key]
        except KeyError:
            if len(kept) >= _MOST_SHAPES:
                kept.clear()
            statement = kept[key] = _compile(build, kinds, shape, connection)
        if any(type(n) is int and abs(n) > _LARGEST for n in flat):
            return None, flat
        return statement, flat

    @functools.wraps(build)
    def ask(*values: Any, **shape: Any) -> list:
        connection = connections[DEFAULT_DB_ALIAS]
        statement, flat = statement_for(values, shape, connection)
        return statement.rows(flat, connection) if statement is not None else []

    def part(*values: Any, **shape: Any) -> tuple[str, list] | None:
        statement, flat = statement_for(values, shape, connections[DEFAULT_DB_ALIAS])
        return (statement.sql, statement.params(flat)) if statement is not None else None

    ask.part = part  # type: ignore[attr-defined]
    return ask


def _kind(value: Any) -> str:
    # A moment is a day to isinstance, so it is asked first.
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        raise StrayMark("Yes and no are shape: pass them by name.")
    if isinstance(value, int):
        return "number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, datetime):
        return "moment"
    if isinstance(value, date):
        return "day"
    if isinstance(value, Iterable):
        return "many"
    raise StrayMark(f"A {type(value).__name__} is no value of a query; pass what it stands for.")


def _marks(kinds: list[Hashable], half: int) -> tuple[list, list]:
    """Values that no query has by itself: as the builder takes them, and one by one. The halves
    differ in month and weekday too, so that what is reckoned from a day shows in one of them."""
    day = date(2900, 1 + 6 * half, 2 + half)
    midnight = datetime.combine(day, datetime.min.time(), UTC)
    given: list[Any] = []
    flat: list[Any] = []
    for kind in kinds:
        at = len(flat)
        number = 31_000 + 500 * half + at
        if isinstance(kind, tuple):
            whole, shape = kind
            made, numbers = whole.for_query(shape, number)
            given.append(made)
            flat += numbers
            continue
        one = {
            "nothing": None,
            "number": number,
            "text": f"\ue000{half}.{at}\ue000",
            "moment": midnight + timedelta(minutes=at),
            "day": day + timedelta(days=at),
            "many": [number],
        }[kind]
        given.append(one)
        flat.append(one)
    return given, flat


def _compile(build, kinds: list[Hashable], shape: dict, connection: Any) -> _Statement | None:
    """The statement, or None where the shape alone says that there are no rows."""
    made = [_written(build, _marks(kinds, half)[0], shape, connection) for half in (0, 1)]
    if made[0] is None or made[1] is None:
        if made[0] is not made[1]:
            raise StrayMark(f"Whether {build.__name__} has rows depends on its values.")
        return None
    (queryset, compiler, sql, params), (_, _, again, others) = made
    if sql != again or len(params) != len(others):
        raise StrayMark(f"The SQL of {build.__name__} depends on its values.")
    forms = [_forms(mark, connection) for mark in _marks(kinds, 0)[1]]
    slots = []
    for at, (one, other) in enumerate(zip(params, others, strict=True)):
        if one != other:
            slots.append((at, *_slot(one, forms, build.__name__)))
        elif _is_a_day(one):
            raise StrayMark(f"{build.__name__} reads a clock; give it the day.")
    expressions = [column[0] for column in compiler.select]
    converters = compiler.get_converters(expressions)
    return _Statement(
        sql=sql,
        constants=tuple(params),
        slots=tuple(slots),
        converters=tuple((at, tuple(each), e) for at, (each, e) in converters.items()),
        make=_make_of(queryset, compiler),
        as_model=queryset._iterable_class is ModelIterable,
    )


def _written(build, marks: list, shape: dict, connection: Any):
    queryset = build(*marks, **shape)
    if queryset._prefetch_related_lookups:
        raise StrayMark(f"{build.__name__} fetches in advance; ask for that by a query of its own.")
    compiler = queryset.query.get_compiler(connection=connection)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    return queryset, compiler, sql, params


def _make_of(queryset: QuerySet, compiler: Any):
    if queryset._iterable_class is ModelIterable:
        return maker_of(compiler)
    if queryset._iterable_class is FlatValuesListIterable:
        return lambda row: row[0]
    if queryset._iterable_class is ValuesListIterable:
        return tuple
    raise StrayMark("A prepared query returns models or values_list().")


def _forms(mark: Any, connection: Any) -> list[tuple[Any, Callable[[Any], Any]]]:
    """How a value may travel to the database: as it is, or as the backend writes days, moments and
    collections."""
    found: list[tuple[Any, Callable[[Any], Any]]] = [(mark, _as_it_is)]
    if isinstance(mark, datetime):
        found.append(
            (
                connection.ops.adapt_datetimefield_value(mark),
                connection.ops.adapt_datetimefield_value,
            )
        )
    elif isinstance(mark, date):
        found.append((str(mark), str))
    elif isinstance(mark, list):
        found = [(mark, list), (json.dumps(mark), _as_json)]
        if all(type(each) is int for each in mark):
            found.append((lookups.as_array(mark), lookups.as_array))
    return found


def _is_a_day(param: Any) -> bool:
    """Whether a constant is a day of its own: it would stay the day on which the SQL was made. The
    end of time is none."""
    if isinstance(param, date):
        return param.year < date.max.year
    return isinstance(param, str) and bool(_DAY.match(param)) and not param.startswith("9999")


def _as_it_is(value: Any) -> Any:
    return value


def _as_json(values: Iterable) -> str:
    return json.dumps(list(values))


def _slot(param: Any, forms: list, name: str) -> tuple[int, Callable[[Any], Any]]:
    for which, travelling in enumerate(forms):
        for form, how in travelling:
            if type(form) is type(param) and form == param:
                return which, how
            # Django's types of PostgreSQL's whole numbers.
            if isinstance(form, int) and isinstance(param, int) and form == param:
                return which, type(param)
    raise StrayMark(f"{name} reckons with its values before it asks: {type(param).__name__}.")
