"""Figures that follow the ledger within a day: only what new facts touch is evaluated again.

Time passes for everybody, so a new day is evaluated whole; so are a changed tree of places and a
changed plan. Within a day an answer can only change where a fact is new.
"""

# ruff: noqa: S608 - names are ours, and values are numbers or quoted paths.
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
from django.db import transaction

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.plan.model import Plan

from . import compiled, snapshot
from .changing_figures import FigureChange, change_figures
from .city import DUCKDB, STORED, City
from .duties import earlier_rules_on, rules_on
from .ledger_files import LedgerFiles
from .models import CELLS, Refresh
from .publishing import current_refresh, states_folder
from .rule import Rule
from .snapshot import Say
from .stored_states import (
    KEPT,
    StoredStates,
    forget_older_changes,
    path_of_changes,
    quoted,
    stored_states,
)
from .touched import Scope, Touched, scope_of

# When more subjects than this, and more than a tenth of all, have changed since the states were
# written whole, writing them whole is no dearer. All duties are written whole then, so that the
# places of a city, most of which a busy day touches, are no reason.
_FEW = 200_000
_COUNTS = (*CELLS, "tally")


class MustBeWhole(Exception):
    """Why everything has to be evaluated from nothing, in words for the log."""


@dataclass(frozen=True)
class _Changed:
    """What became of one rule: how many subjects were looked at, and the places that count anew."""

    rule: Rule
    looked_at: int
    figures: list[FigureChange]
    changes: Path


def follow(as_of: date, ledger: LedgerFiles, plan: Plan, *, by: Actor, say: Say) -> Refresh:
    """Bring the newest figures up to the ledger, in place. Raises MustBeWhole.

    Nothing counts before all of it does: the figures change in one transaction, and whoever holds
    the refresh as it was still finds its states.
    """
    last = _that_can_be_followed(as_of, plan)
    if ledger.last_seq < last.ledger_seq or ledger.follow() is None:
        raise MustBeWhole("the ledger's files are not of this ledger")
    if snapshot.places_have_changed():
        raise MustBeWhole("the tree of places has changed")
    started = now()
    with City() as city:
        touched = Touched(city, last.ledger_seq)
        news = touched.new_facts
        rules = rules_to_evaluate(city, last, plan)
        changed = list(_changes(city, touched, rules, last, ledger.last_seq))
        parents = {day: city.read_tree(states_folder(last.pk), day) for day in _days(rules, as_of)}
    with transaction.atomic():
        last = Refresh.objects.select_for_update().get(pk=last.pk)
        for each in changed:
            say(f"{each.rule.duty} {each.rule.period_key}: {each.looked_at} looked at again")
            day = each.rule.day(as_of.toordinal())
            change_figures(last, each.rule, each.figures, parents[day], plan)
        last.ledger_seq, last.started_at, last.finished_at = ledger.last_seq, started, now()
        last.save(update_fields=["ledger_seq", "started_at", "finished_at"])
        record(
            "figures.refresh",
            by=by,
            subject=("refresh", last.pk),
            detail={
                "as_of": as_of.isoformat(),
                "ledger_seq": last.ledger_seq,
                "purpose": last.purpose,
                "new_facts": news,
            },
        )
    for each in changed:
        forget_older_changes(last, each.rule.duty, each.rule.period_key)
    return last


def _that_can_be_followed(as_of: date, plan: Plan) -> Refresh:
    last = current_refresh()
    if last is None or last.purpose != Refresh.Purpose.DAILY:
        raise MustBeWhole("there are no daily figures yet")
    if last.as_of != as_of:
        raise MustBeWhole("a new day is evaluated whole")
    if last.plan_version != plan.version:
        raise MustBeWhole("the plan has changed")
    return last


def rules_to_evaluate(city: City, refresh: Refresh, plan: Plan) -> list[Rule]:
    """The rules of a refresh: in the periods that run, and, but for month ends, those before."""
    rules = rules_on(refresh.as_of, plan)
    if refresh.purpose != Refresh.Purpose.MONTH_END:
        earlier = earlier_rules_on(refresh.as_of, plan)
        rules += [rule for rule in earlier if city.has_classes_of(rule.school_year)]
    return rules


def _days(rules: Sequence[Rule], as_of: date) -> set[int]:
    return {rule.day(as_of.toordinal()) for rule in rules}


def _changes(
    city: City, touched: Touched, rules: Sequence[Rule], last: Refresh, seq: int
) -> Iterator[_Changed]:
    as_of = last.as_of.toordinal()
    by_scope: dict[Scope | None, list[Rule]] = {}
    for rule in rules:
        if touched.is_touched(rule, as_of):
            by_scope.setdefault(scope_of(rule), []).append(rule)
    for scope, those in by_scope.items():
        if scope is None:
            city.look_at_all()
        elif touched.look_at(scope, those, as_of) == 0:
            continue
        for rule in those:
            _use_the_tree(city, rule, last)
            yield _evaluate_again(city, rule, last, seq, whole=scope is None)


def _use_the_tree(city: City, rule: Rule, last: Refresh) -> None:
    try:
        city.read_tree(states_folder(last.pk), rule.day(last.as_of.toordinal()))
    except (OSError, ValueError) as error:
        raise MustBeWhole("the tree of the last evaluation is gone") from error


def _evaluate_again(city: City, rule: Rule, last: Refresh, seq: int, whole: bool) -> _Changed:
    """Put the touched subjects' states beside the stored ones, and find the places that now count
    otherwise."""
    stored = stored_states(last, rule.duty, rule.period_key)
    if stored is None:
        raise MustBeWhole("the states of the last evaluation are gone")
    city.show("stored", stored.query())
    fresh = city.states(rule, last.as_of.toordinal())
    if whole:
        city.keep("fresh", fresh)
        city.keep("touched", "SELECT subject_id FROM fresh UNION SELECT subject_id FROM stored")
    else:
        only = "subject_id IN (SELECT subject_id FROM touched)"
        city.keep("fresh", f"SELECT * FROM ({fresh}) WHERE {only}")
    looked_at = _count(city, "touched")
    changes = path_of_changes(last, rule.duty, rule.period_key, seq)
    figures = _changed_figures(city)
    _write_changes(city, stored, changes)
    return _Changed(rule, looked_at, figures, changes)


def _changed_figures(city: City) -> list[FigureChange]:
    """The places whose counts differ, and by how much."""
    counted = "place_id, state, tally"
    only = "WHERE subject_id IN (SELECT subject_id FROM touched)"
    city.keep("stale", f"SELECT {counted} FROM stored {only}")
    city.keep("anew", f"SELECT {counted} FROM fresh")
    if not city.database.execute(
        "SELECT 1 FROM ((FROM anew EXCEPT ALL FROM stale) UNION ALL "
        "(FROM stale EXCEPT ALL FROM anew)) LIMIT 1"
    ).fetchone():
        return []
    for name in ("stale", "anew"):
        city.show("states", f"SELECT * FROM {name}")
        city.keep(f"{name}_figures", f"WITH {compiled.figures(DUCKDB)} SELECT * FROM answer")
    differences = ", ".join(
        f"CAST(COALESCE(f.{name}, 0) - COALESCE(s.{name}, 0) AS bigint) AS {name}"
        for name in _COUNTS
    )
    rows = city.database.execute(
        f"SELECT place_id, place_kind, {differences} "
        "FROM anew_figures f FULL JOIN stale_figures s USING (place_id, place_kind)"
    ).fetchall()
    return [FigureChange(row[0], row[1], row[2:]) for row in rows if any(row[2:])]


def _write_changes(city: City, stored: StoredStates, path: Path) -> None:
    """All subjects that have changed since the states were written whole; whoever is a subject no
    more stays with no state."""
    no_state = ", ".join(name if name == "subject_id" else "NULL" for name in KEPT.split(", "))
    earlier = ""
    if stored.changed is not None:
        earlier = (
            f"UNION ALL SELECT {KEPT} FROM read_parquet({quoted(stored.changed)}) "
            "WHERE subject_id NOT IN (SELECT subject_id FROM touched)"
        )
    city.keep(
        "gone",
        "SELECT subject_id FROM touched WHERE subject_id NOT IN (SELECT subject_id FROM fresh)",
    )
    # Seldom is anybody a subject no more, and only then the whole file has to be looked through.
    whole = f"SELECT subject_id FROM read_parquet({quoted(stored.whole)})"
    were = f"subject_id IN ({whole})" if _count(city, "gone") else "FALSE"
    city.keep(
        "changes",
        f"SELECT * FROM fresh UNION ALL SELECT {no_state} FROM gone WHERE {were} {earlier}",
    )
    count, total = _count(city, "changes"), pq.read_metadata(stored.whole).num_rows
    if count > _FEW and count > total // 10:
        raise MustBeWhole("a tenth of all subjects has changed since")
    city.database.execute(f"COPY changes TO {quoted(path)} ({STORED})")


def _count(city: City, table: str) -> int:
    [number] = city.database.execute(f"SELECT COUNT(*) FROM {table}").fetchone() or (0,)
    return int(number)
