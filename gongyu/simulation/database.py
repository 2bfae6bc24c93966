"""Puts a simulated city into the application's empty database: places, people, posts, facts.

Rows go in by the thousand, past the actions but under every constraint and trigger. Home visits
and what else a measure keeps for itself are there as facts only.
"""

# ruff: noqa: S608 - names of tables and columns are the models'.
from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

import numpy as np
from django.core.management.color import no_style
from django.db import connection, models, transaction

from gongyu.ground.audit import actions as audit
from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.ledger.models import Fact
from gongyu.ground.people.models import Care, Carer, Child, Enrolment, Leave
from gongyu.ground.places import queries
from gongyu.ground.places.actions import load_departments, load_units
from gongyu.ground.places.models import Containment, Place, Placement, School, SchoolClass
from gongyu.ground.places.naming import class_code, class_name
from gongyu.ground.staff.models import Post, Staff

from . import names
from .city import City
from .columns import NONE, Facts, Text
from .parquet import moment_of
from .people import Cares
from .staffing import Posts
from .tree import FIRST_SCHOOL, SCHOOLS_OPENED, Tree

Say = Callable[[str], None]

_AT_ONCE = 5_000
_SOURCE = "模拟"


class NotEmpty(Exception):
    """There is something in the database already."""


def check_is_empty() -> None:
    """Raises NotEmpty. Ids are given from 1 on, so nothing may be there."""
    for model in (Place, Child, Staff, Fact):
        if model.objects.exists():
            raise NotEmpty(
                "The database is not empty; a city is only simulated in an empty one. Name another "
                "with GONGYU_DATA or GONGYU_DATABASE_URL."
            )


@transaction.atomic
def fill(
    city: City,
    say: Say = lambda text: None,
    without: Collection[type[models.Model]] = (),
) -> dict[str, int]:
    """Everything in one transaction, but for the tables of these models; returns {table: rows}.
    Raises NotEmpty."""
    _load_units(city, say)
    tables = [*_places_of(city), *_people_of(city), (Fact, _facts(city.facts))]
    counts = _insert_all([table for table in tables if table[0] not in without], say)
    city_id = queries.city().pk
    detail = {"seed": city.scene.seed, "facts": len(city.facts)}
    audit.record(
        "city.simulate", by=SYSTEM, subject=("place", city_id), place_id=city_id, detail=detail
    )
    return counts


@transaction.atomic
def fill_end(city: City, from_seq: int, say: Say = lambda text: None) -> dict[str, int]:
    """Only the places, and the ledger from a number on: as much of a city as figures that follow
    the ledger ask a database for. Raises NotEmpty."""
    _load_units(city, say)
    return _insert_all([*_places_of(city), (Fact, _facts(city.facts, from_seq))], say)


def _load_units(city: City, say: Say) -> None:
    check_is_empty()
    say("units and departments")
    load_units(by=SYSTEM)
    load_departments(by=SYSTEM)
    _check_ids(city.scene.tree)


def _insert_all(tables: list[tuple[type[models.Model], Iterable[tuple]]], say: Say):
    counts = {}
    for model, rows in tables:
        say(model._meta.db_table)
        counts[model._meta.db_table] = _insert(model, rows)
    # The next ids follow those that were given here.
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [m for m, _ in tables]):
            cursor.execute(statement)
    return counts


def _check_ids(tree: Tree) -> None:
    """Units have the ids that the columns give them, and all lie below the first school's."""
    last = tree.lives[-1]
    stored = Place.objects.get(kind=last.kind, code=last.code, from_on=last.from_on)
    newest = Place.objects.order_by("-pk")[0]
    if stored.pk != len(tree.lives) or newest.pk >= FIRST_SCHOOL:
        raise NotEmpty("The database has given ids before; simulate into one that was just made.")


def _places_of(city: City) -> Iterator[tuple[type[models.Model], Iterable[tuple]]]:
    """Each model with rows of all its columns, in the models' order."""
    tree = city.scene.tree
    yield Place, _places(tree)
    # Asked before any row goes in: while PostgreSQL is copied to, it answers nothing.
    yield Placement, _placements(tree, _next_id(Placement))
    yield Containment, _containments(city, _next_id(Containment))
    schools = tree.schools
    yield School, zip(_ints(schools.ids), _words(schools.kind), _same(False), strict=False)
    c = tree.classes
    yield (
        SchoolClass,
        zip(
            _ints(c.ids), _ints(schools.ids[c.school]), _ints(c.year), _words(c.stage),
            c.grade.tolist(), _ints(c.number), strict=True,
        ),
    )  # fmt: skip


def _next_id(model: type[models.Model]) -> int:
    return model._default_manager.order_by("-pk")[0].pk + 1


def _people_of(city: City) -> Iterator[tuple[type[models.Model], Iterable[tuple]]]:
    yield Child, names.children(city)
    yield Carer, names.carers(city)
    yield Care, _cares(city.cares, city.scene.children.ids)
    yield Staff, names.staff(city)
    yield Post, _posts(city.scene.posts)
    yield Enrolment, _enrolments(city)
    yield Leave, _leaves(city.facts)


def _places(tree: Tree) -> Iterator[tuple]:
    c, schools = tree.classes, tree.schools
    opened = date.fromordinal(SCHOOLS_OPENED)
    codes = [
        f"8{tree.towns[town].code[:6]}{number:05}"
        for number, town in enumerate(schools.town.tolist(), 1)
    ]
    for number, (place, code) in enumerate(zip(_ints(schools.ids), codes, strict=True), 1):
        yield place, opened, None, "school", code, f"模拟学校{number}", f"mnxx{number}", "", _SOURCE
    rows = zip(
        _ints(c.ids), _days(c.from_day), _days(c.until_day), c.school.tolist(), _ints(c.year),
        _words(c.stage), c.grade.tolist(), _ints(c.number), strict=True,
    )  # fmt: skip
    for place, first, until, school, year, stage, grade, number in rows:
        code = class_code(codes[school], year, stage, grade, number)
        name = class_name(stage, grade, number)
        yield place, first, until, "class", code, name, "", "", _SOURCE


def _placements(tree: Tree, first: int) -> Iterator[tuple]:
    c = tree.classes
    stays = [
        (school, stay.ancestor_id, max(stay.from_day, SCHOOLS_OPENED), stay.until_day)
        for school, town in zip(_ints(tree.schools.ids), tree.schools.town.tolist(), strict=True)
        for stay in tree.towns[town].stays
        if stay.until_day == NONE or stay.until_day > SCHOOLS_OPENED
    ]
    schools = _ints(tree.schools.ids[c.school])
    stays += zip(_ints(c.ids), schools, _ints(c.from_day), _ints(c.until_day), strict=True)
    for pk, (place, parent, since, until) in enumerate(stays, first):
        yield pk, _day(since), _day(until), place, parent


def _containments(city: City, first: int) -> Iterator[tuple]:
    """Those of schools and classes; the units' came with the units."""
    closure = city.containments
    made_up = np.flatnonzero(closure.place_id >= FIRST_SCHOOL)
    rows = zip(
        _ints(closure.place_id[made_up]), _words(closure.place_kind.take(made_up)),
        _ints(closure.ancestor_id[made_up]), _words(closure.ancestor_kind.take(made_up)),
        _days(closure.from_day[made_up]), _days(closure.until_day[made_up]), strict=True,
    )  # fmt: skip
    for pk, row in enumerate(rows, first):
        yield pk, *row


def _cares(cares: Cares, ids: np.ndarray) -> Iterator[tuple]:
    rows = zip(
        _days(cares.from_day), _same(None), _ints(ids[cares.child]), _ints(cares.carer_id),
        _words(Text(cares.relation, Cares.RELATIONS)), cares.is_guardian.tolist(),
        cares.is_daily_carer.tolist(), _ints(cares.position), strict=False,
    )  # fmt: skip
    for pk, row in enumerate(rows, 1):
        yield pk, *row


def _posts(posts: Posts) -> Iterator[tuple]:
    rows = zip(
        _days(posts.from_day), _days(posts.until_day), _ints(posts.staff_id),
        _ints(posts.place_id), _words(Text(posts.role, Posts.ROLES)), posts.acting.tolist(),
        strict=True,
    )  # fmt: skip
    for pk, row in enumerate(rows, 1):
        yield pk, *row, "", ""


def _enrolments(city: City) -> Iterator[tuple]:
    """As the newest of each enrolment's facts has it."""
    facts = _newest(city.facts, "enrolment")
    classes = city.scene.tree.classes
    school_of = city.scene.tree.schools.ids[classes.school]
    at = facts.numbers["place_id"] - classes.ids[0]
    rows = zip(
        _ints(facts.numbers["source_id"]), _days(facts.numbers["on_day"]),
        _days(facts.numbers["until_day"]), _ints(facts.numbers["subject_id"]),
        _ints(school_of[at]), _ints(facts.numbers["place_id"]), _words(facts.texts["status"]),
        (facts.numbers["until_day"] != NONE).tolist(), _words(facts.texts["detail"]), strict=True,
    )  # fmt: skip
    for *row, ended, detail in rows:
        yield *row, "transferred" if ended else "", detail == "boarding", ""


def _leaves(facts: Facts) -> Iterator[tuple]:
    facts = _newest(facts, "leave")
    rows = zip(
        _ints(facts.numbers["source_id"]), _days(facts.numbers["on_day"]),
        _days(facts.numbers["until_day"]), _ints(facts.numbers["subject_id"]),
        _words(facts.texts["status"]), strict=True,
    )  # fmt: skip
    for row in rows:
        yield *row, ""


def _newest(facts: Facts, kind: str) -> Facts:
    replaced = np.zeros(len(facts) + 1, bool)
    replaced[facts.numbers["supersedes_id"]] = True
    text = facts.texts["kind"]
    mine = text.codes == text.words.index(kind)
    return facts.take(np.flatnonzero(mine & ~replaced[1:]))


def _facts(facts: Facts, from_seq: int = 1) -> Iterator[tuple]:
    facts = facts.take(slice(from_seq - 1, None))
    n, t = facts.numbers, facts.texts
    moments = {day: moment_of(day) for day in np.unique(n["recorded_day"]).tolist()}
    rows = zip(
        _words(t["kind"]), _words(t["subject_type"]), _ints(n["subject_id"]),
        _ints(n["place_id"]), _days(n["on_day"]), _days(n["until_day"]), _ints(n["actor_id"]),
        _ints(n["actor_post_id"]), _words(t["status"]), _words(t["detail"]),
        _ints(n["quantity"]), _same("{}"), _words(t["source_model"]), _ints(n["source_id"]),
        _ints(n["supersedes_id"]), (moments[day] for day in n["recorded_day"].tolist()),
        strict=False,
    )  # fmt: skip
    for seq, row in enumerate(rows, from_seq):
        yield seq, *row, None


def _same(value: Any) -> Iterator[Any]:
    while True:
        yield value


def _ints(column: np.ndarray) -> Iterator[int | None]:
    return (None if value == NONE else value for value in column.tolist())


def _words(text: Text) -> Iterator[str]:
    return (text.words[code] for code in text.codes.tolist())


def _days(column: np.ndarray) -> Iterator[date | None]:
    known = {day: _day(day) for day in np.unique(column).tolist()}
    return (known[day] for day in column.tolist())


def _day(day: int | None) -> date | None:
    return None if day is None or day == NONE else date.fromordinal(day)


def _insert(model: type[models.Model], rows: Iterable[tuple]) -> int:
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        return _copy(f'COPY "{table}" ({columns}) FROM STDIN', rows, table)
    marks = ", ".join(["%s"] * len(fields))
    statement = f'INSERT INTO "{table}" ({columns}) VALUES ({marks})'
    forms = [_form(field) for field in fields]
    count = 0
    rows = iter(rows)
    with connection.cursor() as cursor:
        while chunk := list(islice(rows, _AT_ONCE)):
            cursor.executemany(statement, _in_forms(chunk, forms))
            count += len(chunk)
    return count


def _in_forms(chunk: list[tuple], forms: Sequence[Callable | None]) -> list[tuple]:
    columns = list(zip(*chunk, strict=True))
    for place, form in enumerate(forms):
        if form is not None:
            known = {value: form(value) for value in set(columns[place])}
            columns[place] = tuple(known[value] for value in columns[place])
    return list(zip(*columns, strict=True))


def _form(field: models.Field) -> Callable | None:
    """How SQLite keeps days and moments; everything else goes as it is."""
    return {
        "DateField": lambda value: value and value.isoformat(),
        "DateTimeField": connection.ops.adapt_datetimefield_value,
    }.get(field.get_internal_type())


def _copy(statement: str, rows: Iterable[tuple], table: str) -> int:
    count = 0
    with connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
        cursor.execute(f'ANALYZE "{table}"')
    return count
