"""The yearly visit by hand (visit_duty.sql), on DuckDB and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from gongyu.indicators.rule import Rule

_TEXT = (Path(__file__).parent / "visit_duty.sql").read_text("utf-8")
LEVELS = ("class", "school", "town", "district", "city")
STATES = (
    "met", "in_progress", "at_risk", "missed", "declined", "exempt", "not_due", "not_applicable",
    "unknown",
)  # fmt: skip

# A sum of the rows, whatever their order.
CHECKSUM = (
    "SELECT COUNT(*), CAST(SUM(tally) AS BIGINT), SUM(hash("
    "CAST(subject_id AS BIGINT), CAST(place_id AS BIGINT), state, reason, CAST(tally AS BIGINT))) FROM "
)


def statements(rule: Rule, as_of: int) -> list[str]:
    """The steps for a rule on a day; each makes one table, the last one `answer`."""
    text = _TEXT.format(
        school_year=rule.school_year,
        first=rule.first,
        until=rule.until,
        day=rule.day(as_of),
        as_of=as_of,
        admission=rule.admission_from,
        next_admission=rule.next_admission_from,
        stages=_words(rule.stages),
        leaves=_words(rule.param("exempt_leave_kinds")),
        roles=_words(rule.param("roles")),
        capacities=_words(rule.param("capacities")),
        settings=_words(rule.param("allowed_settings")),
        attempts=rule.param("decline_attempts"),
        threshold=rule.threshold,
        least=rule.param("min_enrolled_days"),
        at_risk=rule.param("at_risk_days"),
    )
    return [part.strip() for part in text.split(";") if "CREATE TEMP TABLE" in part]


def tables(rule: Rule, as_of: int) -> list[str]:
    """The names of the tables that the steps make."""
    return [name_of(step) for step in statements(rule, as_of)]


def name_of(step: str) -> str:
    """The table that a step makes."""
    return step[step.index("CREATE TEMP TABLE") :].split()[3]


def figures(run: Callable[[str], Any], source: str) -> list[tuple]:
    """The counts of every place of the five levels, over the states in `source`; `run` executes a
    statement and gives back what has the rows."""
    counts = ", ".join(
        f"SUM(CASE WHEN state = '{state}' THEN 1 ELSE 0 END) AS {state}" for state in STATES
    )
    sums = ", ".join(f"SUM({state}) AS {state}" for state in (*STATES, "subjects", "tally"))
    levels = ", ".join(f"{level}_id" for level in LEVELS)
    run("DROP TABLE IF EXISTS lowest")
    # A table and no part of one query: DuckDB 1.5 was seen to wait for ever on the latter.
    run(
        f"CREATE TEMP TABLE lowest AS SELECT {levels}, {counts}, COUNT(*) AS subjects, "
        f"SUM(tally) AS tally FROM {source} s LEFT JOIN levels l ON l.place_id = s.place_id "
        f"GROUP BY {levels}"
    )
    rolled = " UNION ALL ".join(
        f"SELECT {level}_id AS place_id, '{level}' AS place_kind, {sums} FROM lowest "
        f"WHERE {level}_id IS NOT NULL GROUP BY 1"
        for level in LEVELS
    )
    return run(rolled).fetchall()


def _words(words) -> str:
    return ", ".join(f"'{word}'" for word in words)
