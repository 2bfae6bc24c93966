"""Refreshing the figures: snapshot, evaluate, hide small cells, and let the new figures count."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.db import connection, transaction

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.plan.model import Plan

from . import compiled, snapshot
from .city import City, Counts, tree_file
from .duties import current_plan, rules_on
from .following import MustBeWhole, follow, rules_to_evaluate
from .hiding import hidden_places
from .ledger_files import LedgerFiles
from .models import CELLS, Figure, Refresh
from .publishing import PUBLISHED_KINDS, levels_file, states_file, states_folder
from .rule import Rule

Say = Callable[[str], None]

_BULK = 2_000


class RefreshRunning(RuntimeError):
    """Another refresh is under way; its figures will be there when it ends."""


def refresh(
    as_of: date,
    *,
    by: Actor,
    purpose: str = Refresh.Purpose.DAILY,
    from_nothing: bool = False,
    say: Say = lambda text: None,
) -> Refresh:
    """Bring the figures of every built duty up to the ledger, as of a day. Raises RefreshRunning.

    Figures of this very day follow the ledger where they can (see `following`); otherwise, and
    with `from_nothing`, everything is evaluated, and with it the earlier month ends of the school
    year that are still missing. Nothing of it counts before all of it does: the figures appear, or
    change, in one transaction.
    """
    plan = current_plan()
    with _alone():
        ledger = LedgerFiles()
        if purpose == Refresh.Purpose.DAILY and not from_nothing:
            try:
                return follow(as_of, ledger, plan, by=by, say=say)
            except MustBeWhole as why:
                say(f"from nothing: {why}")
        ledger.compare(say)
        snapshot.write_places()
        last_seq = ledger.last_seq
        with City() as city:
            for day in _missing_month_ends(as_of, plan):
                say(f"as of {day}")
                _evaluate(city, day, Refresh.Purpose.MONTH_END, last_seq, plan, by, say)
            say(f"as of {as_of}")
            done = _evaluate(city, as_of, purpose, last_seq, plan, by, say)
        _forget_what_is_replaced()
        _prepare_pages(as_of, plan)
    return done


def _evaluate(
    city: City, as_of: date, purpose: str, last_seq: int, plan: Plan, by: Actor, say: Say
) -> Refresh:
    new = Refresh.objects.create(
        as_of=as_of,
        ledger_seq=last_seq,
        plan_version=plan.version,
        purpose=purpose,
        started_at=now(),
    )
    try:
        figures = list(_figures(city, new, plan, say))
        with transaction.atomic():
            Figure.objects.bulk_create(figures, batch_size=_BULK)
            new.finished_at = now()
            new.save(update_fields=["finished_at"])
            record(
                "figures.refresh",
                by=by,
                subject=("refresh", new.pk),
                detail={"as_of": as_of.isoformat(), "ledger_seq": last_seq, "purpose": purpose},
            )
    except BaseException:
        shutil.rmtree(states_folder(new.pk), ignore_errors=True)
        new.delete()
        raise
    if purpose == Refresh.Purpose.MONTH_END:
        shutil.rmtree(states_folder(new.pk), ignore_errors=True)
    return new


def _figures(city: City, new: Refresh, plan: Plan, say: Say) -> Iterator[Figure]:
    rules = rules_to_evaluate(city, new, plan)
    as_of = new.as_of.toordinal()
    parents: dict[int, dict[int, int | None]] = {}
    for rule in rules:
        found = city.evaluate(rule, as_of, states_file(new.pk, rule.duty, rule.period_key))
        say(f"{rule.duty} {rule.period_key}: {found.subjects}")
        day = rule.day(as_of)
        if day not in parents:
            parents[day] = city.keep_tree(states_folder(new.pk), day, PUBLISHED_KINDS)
        levels = levels_file(new.pk, rule.duty, rule.period_key)
        # A run that was cut short may have left one.
        levels.unlink(missing_ok=True)
        levels.symlink_to(tree_file("levels", day))
        rows = list(map(Counts._make, found.figures))
        if new.purpose == Refresh.Purpose.MONTH_END:
            rows = [row for row in rows if row.place_kind in PUBLISHED_KINDS]
        yield from _with_hidden_cells(rows, rule, parents[day], new, plan)


def _with_hidden_cells(
    rows: list[Counts], rule: Rule, parents: dict[int, int | None], new: Refresh, plan: Plan
) -> Iterator[Figure]:
    published = {
        row.place_id: tuple(getattr(row, cell) for cell in CELLS)
        for row in rows
        if row.place_kind in PUBLISHED_KINDS
    }
    hidden = hidden_places(published, rule, parents, new, plan)
    for row in rows:
        yield Figure(
            refresh=new,
            duty=rule.duty,
            period_key=rule.period_key,
            hidden_inside=hidden.inside.get(row.place_id, 0),
            hidden_public=hidden.public.get(row.place_id, 0),
            **row._asdict(),
        )


def _prepare_pages(as_of: date, plan: Plan) -> None:
    """Compile what the pages of classes ask live, for the day and the next."""
    for day in (as_of, as_of + timedelta(days=1)):
        for rule in rules_on(day, plan):
            if rule.subject == "child" and rule.judged:
                compiled.states(rule, day.toordinal(), connection.vendor)


def _missing_month_ends(as_of: date, plan: Plan) -> list[date]:
    """The last days of the months before `as_of` in its school year that have no figures yet."""
    years = [year for year in plan.calendar.school_years if year.starts_on <= as_of]
    if not years:
        return []
    ends = []
    day = as_of.replace(day=1) - timedelta(days=1)
    while day >= years[-1].starts_on:
        ends.append(day)
        day = day.replace(day=1) - timedelta(days=1)
    there = set(
        Refresh.objects.filter(
            purpose=Refresh.Purpose.MONTH_END,
            plan_version=plan.version,
            finished_at__isnull=False,
            as_of__in=ends,
        ).values_list("as_of", flat=True)
    )
    return sorted(set(ends) - there)


def _forget_what_is_replaced() -> None:
    """Of other purposes the newest of each day stays. Of daily figures the last two, because a page
    may still be reading the one before, and the newest of the day before, because what a day hides
    follows from what that day hid."""
    finished = Refresh.objects.filter(finished_at__isnull=False).order_by("-as_of", "-pk")
    daily = [row for row in finished if row.purpose == Refresh.Purpose.DAILY]
    keep = {row.pk for row in daily[:2]}
    keep |= {row.pk for row in [r for r in daily if r.as_of < daily[0].as_of][:1]}
    seen: set[tuple] = set()
    for row in finished:
        if row.purpose != Refresh.Purpose.DAILY and (row.purpose, row.as_of) not in seen:
            seen.add((row.purpose, row.as_of))
            keep.add(row.pk)
    Refresh.objects.exclude(pk__in=keep).delete()
    for path in (snapshot.folder() / "states").glob("*"):
        if path.name.isdecimal() and int(path.name) not in keep:
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _alone() -> Iterator[None]:
    """Held for the length of a refresh; the lock goes with the process, however that ends."""
    with open(snapshot.folder() / "refresh.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise RefreshRunning("Another refresh is under way.") from error
        yield
