"""The expressions of the shapes as SQL text of each database, kept on disk between processes.

Loading the compiler and compiling takes a second or more; neither a page nor a refresh should wait
for it twice. So an expression is compiled for marks in place of days, and the days filled in.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import snapshot
from .models import STATE_FIELDS
from .reasons import REASONS
from .rule import Moment, Rule

if TYPE_CHECKING:
    import ibis

# Vendors as Django calls them, and DuckDB.
_DIALECTS = {"sqlite": "sqlite", "postgresql": "postgres", "duckdb": "duckdb"}
_SHAPES = Path(__file__).parent / "shapes"

# The type that states and reasons have in DuckDB: one of the words that there are.
_WORD = "word"

# Numbers later than any day stand for the day and the as-of day, and for the day after each.
_DAY, _AS_OF = 7_000_000, 8_000_000
_MARKS = re.compile(r"\b(?:[78]\d{6}|6999\d{3})\b")


def teach_words(database: Any) -> None:
    """Tell a DuckDB the words that states and reasons are, without which it understands no text of
    states."""
    words = ", ".join(f"'{word}'" for word in dict.fromkeys((*STATE_FIELDS, *REASONS)))
    database.execute(f"CREATE TYPE {_WORD} AS ENUM ({words})")


class StrayMark(RuntimeError):
    """An expression reckons with its days in a way that filling in cannot follow."""


def states(rule: Rule, as_of: int, vendor: str) -> str:
    """Common table expressions over facts, containments, classes and schools, the last of which is
    `answer`: the state of every subject of the rule. So are the texts of all functions here."""
    at = Moment.of(rule, as_of)
    return _filled(_text("states", vendor, rule, _marked(at)), at.day, at.as_of)


def gaps(rule: Rule, as_of: int, vendor: str) -> str:
    """The days on which a class had nobody in post."""
    at = Moment.of(rule, as_of)
    return _filled(_text("gaps", vendor, rule, _marked(at)), at.day, at.as_of)


def shares(rule: Rule, as_of: int, vendor: str) -> str:
    """The test of a share for each place that it is tested for."""
    at = Moment.of(rule, as_of)
    return _filled(_text("shares", vendor, rule, _marked(at)), at.day, at.as_of)


def parents(day: int, vendor: str) -> str:
    """The place above each place on a day."""
    return _filled(_text("parents", vendor), day, day)


def ancestors(day: int, vendor: str) -> str:
    """Each place with all places above it on a day."""
    return _filled(_text("ancestors", vendor), day, day)


def levels(vendor: str) -> str:
    """Over a table `above` of such pairs: one row a place."""
    return _text("levels", vendor)


def figures(vendor: str) -> str:
    """Over tables `states` and `above`: the counts of every place."""
    return _text("figures", vendor)


def _marked(at: Moment) -> Moment:
    return replace(at, as_of=_AS_OF, day=_DAY)


def _filled(text: str, day: int, as_of: int) -> str:
    days = {_DAY: day, _DAY + 1: day + 1, _AS_OF: as_of, _AS_OF + 1: as_of + 1}

    def fill(mark: re.Match[str]) -> str:
        number = int(mark.group())
        if number not in days:
            raise StrayMark(f"The number {number} is none of the marks {sorted(days)}.")
        return str(days[number])

    return _MARKS.sub(fill, text)


@lru_cache(maxsize=256)
def _text(what: str, vendor: str, rule: Rule | None = None, at: Moment | None = None) -> str:
    path = _folder() / f"{sha256(repr((what, vendor, rule, at)).encode()).hexdigest()[:32]}.sql"
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        text = _side_by_side(_expression(what, rule, at), _DIALECTS[vendor])
        beside = path.with_suffix(f".{os.getpid()}.new")
        beside.write_text(text, "utf-8")
        beside.replace(path)
        return text


def _folder() -> Path:
    """One folder for each version of what the texts are made by; others are removed."""
    above = snapshot.folder() / "compiled"
    path = above / _version_of_shapes()
    if not path.exists():
        shutil.rmtree(above, ignore_errors=True)
        path.mkdir(parents=True, exist_ok=True)
    return path


@lru_cache(maxsize=1)
def _version_of_shapes() -> str:
    found = sha256(version("ibis-framework").encode() + version("sqlglot").encode())
    for path in (Path(__file__), *sorted(_SHAPES.glob("*.py"))):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _expression(what: str, rule: Any, at: Any) -> ibis.Table:
    from .shapes import ancestors as tree
    from .shapes.evaluating import evaluate
    from .shapes.share_covered import shares as tested
    from .shapes.standing_on_day import gaps as gaps_in_posts
    from .shapes.tables import above, stored_states, unbound

    make: dict[str, Callable[[], ibis.Table]] = {
        "states": lambda: evaluate(unbound(), rule, at),
        "gaps": lambda: gaps_in_posts(unbound(), rule, at),
        "shares": lambda: tested(unbound(), rule, at),
        "parents": lambda: tree.parents_on(unbound(), _DAY),
        "ancestors": lambda: tree.ancestors_on(unbound(), _DAY),
        "levels": lambda: tree.levels_above(above()),
        "figures": lambda: tree.figures(stored_states(), above()),
    }
    return make[what]()


def _side_by_side(expression: ibis.Table, dialect: str) -> str:
    """SQLite's parser refuses subqueries nested as deeply as Ibis writes them; side by side they
    are no deeper than one, and those that are alike are kept once."""
    import ibis
    from sqlglot import exp, parse_one
    from sqlglot.optimizer.eliminate_subqueries import eliminate_subqueries

    tree: Any = eliminate_subqueries(
        parse_one(ibis.to_sql(expression, dialect=dialect), dialect=dialect)
    )
    if dialect == "duckdb":
        _spell(tree)
    parts = [part.sql(dialect=dialect) for part in tree.ctes]
    with_clause = tree.find(exp.With)
    if with_clause is not None:
        with_clause.pop()
    parts.append(f"answer AS ({tree.sql(dialect=dialect)})")
    return ", ".join(parts)


def _spell(tree: Any) -> None:
    """States and reasons become words of the known ones, which to DuckDB are numbers, and not texts:
    so storing millions of them takes a third of the time."""
    from sqlglot import exp

    word = exp.DataType.build(_WORD, dialect="duckdb", udt=True)
    for column in tree.expressions:
        if column.alias in ("state", "reason") and isinstance(column.this, exp.Case):
            said = [branch.args["true"] for branch in column.this.args["ifs"]]
            for text in (*said, column.this.args["default"]):
                if isinstance(text, exp.Literal) and text.is_string:
                    text.replace(exp.cast(text.copy(), word))
