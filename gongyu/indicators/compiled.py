"""The shapes' expressions as SQL of the application's database, kept on disk between processes.

Loading the compiler and compiling takes a second or more; the page of a class should not wait for
it. A file is named by everything that its text depends on: it is right, or it is not found.
"""

from __future__ import annotations

import os
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from . import snapshot
from .rule import Rule

if TYPE_CHECKING:
    import ibis

_DIALECTS = {"sqlite": "sqlite", "postgresql": "postgres"}
_SHAPES = Path(__file__).parent / "shapes"


@lru_cache(maxsize=128)
def steps(what: str, rule: Rule, as_of: int, vendor: str) -> str:
    """Common table expressions over facts, containments, classes and schools, the last of which is
    `answer`: the `states` of a rule or the `gaps` in posts. Percent signs are doubled."""
    path = _folder() / f"{as_of}-{_digest(what, rule, as_of, vendor)}.sql"
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        text = _compile(what, rule, as_of, vendor)
        beside = path.with_suffix(f".{os.getpid()}.new")
        beside.write_text(text, "utf-8")
        beside.replace(path)
        return text


def forget_before(as_of: int) -> None:
    """Remove what was compiled for earlier days."""
    for path in _folder().glob("*.sql"):
        if int(path.name.split("-")[0]) < as_of:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    path = snapshot.folder() / "compiled"
    path.mkdir(exist_ok=True)
    return path


def _digest(what: str, rule: Rule, as_of: int, vendor: str) -> str:
    text = repr((what, rule, as_of, vendor, _version_of_shapes()))
    return sha256(text.encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _version_of_shapes() -> str:
    found = sha256(version("ibis-framework").encode() + version("sqlglot").encode())
    for path in (Path(__file__), *sorted(_SHAPES.glob("*.py"))):
        found.update(path.read_bytes())
    return found.hexdigest()


def _compile(what: str, rule: Rule, as_of: int, vendor: str) -> str:
    from .shapes.evaluating import evaluate
    from .shapes.standing_on_day import gaps
    from .shapes.tables import unbound

    make = {"states": evaluate, "gaps": gaps}[what]
    return _side_by_side(make(unbound(), rule, as_of), _DIALECTS[vendor])


def _side_by_side(expression: ibis.Table, dialect: str) -> str:
    """SQLite's parser refuses subqueries nested as deeply as Ibis writes them; side by side they
    are no deeper than one, and those that are alike are kept once."""
    import ibis
    from sqlglot import exp, parse_one
    from sqlglot.optimizer.eliminate_subqueries import eliminate_subqueries

    tree = eliminate_subqueries(
        parse_one(ibis.to_sql(expression, dialect=dialect), dialect=dialect)
    )
    parts = [part.sql(dialect=dialect) for part in tree.ctes]
    tree.find(exp.With).pop()
    parts.append(f"answer AS ({tree.sql(dialect=dialect)})")
    # Literal percent signs would be read as placeholders.
    return ", ".join(parts).replace("%", "%%")
