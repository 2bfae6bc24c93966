"""New visits: their writing, and the figures after them."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import numpy as np
from django.core.management import call_command
from django.db import connection, connections, transaction

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.ledger.actions import append_many
from gongyu.ground.ledger.models import Fact
from gongyu.ground.ledger.shapes import NewFact
from gongyu.indicators import actions, following, queries
from gongyu.indicators.city import City
from gongyu.indicators.duties import current_plan
from gongyu.indicators.ledger_files import LedgerFiles
from gongyu.indicators.models import CELLS, Figure, Refresh
from gongyu.simulation.city import City as Simulated

from .measuring import Measured, side_by_side


def migrate() -> None:
    """An empty database of the application's own; the one of the part before goes."""
    if connection.vendor == "sqlite":
        connections.close_all()
        for path in Path(os.environ["GONGYU_DATA"]).glob("gongyu.sqlite3*"):
            path.unlink()
    call_command("migrate", verbosity=0)


def new_visits(simulated: Simulated, count: int, rounds: int, on: date) -> list[list[NewFact]]:
    """So many visits of today, several times over and each to another child anywhere in the city,
    by their class teachers."""
    scene = simulated.scene
    draw = np.random.default_rng(7)
    child = draw.choice(len(scene.children), count * rounds, replace=False)
    day = np.full(len(child), scene.on)
    at = scene.children.class_on(child, day)
    post = scene.posts.teacher_on(at, day)
    rows = zip(
        scene.children.ids[child].tolist(), scene.tree.classes.ids[at].tolist(),
        (post + 1).tolist(), scene.posts.staff_id[post].tolist(), strict=True,
    )  # fmt: skip
    facts = [
        NewFact(
            kind="visit.held", subject_type="child", subject_id=subject, place_id=place,
            on_date=on, actor_id=staff, actor_post_id=held or None, status="class_teacher",
            detail="home", attrs={"visit": number}, source_model="bench", source_id=number,
        )
        for number, (subject, place, held, staff) in enumerate(rows, 1)
    ]  # fmt: skip
    return [facts[number::rounds] for number in range(rounds)]


def evaluate_whole(on: date) -> Refresh:
    """Every duty from nothing over the files as they lie there, figures and hidden cells stored."""
    with City() as city:
        return actions._evaluate(
            city, on, Refresh.Purpose.DAILY, LedgerFiles().last_seq, current_plan(), SYSTEM,
            lambda text: None,
        )  # fmt: skip


def plainly_and_really(facts: list[NewFact], runs: int) -> list[Measured]:
    """The rows into a table with the ledger's columns and indexes and nothing more, and into the
    ledger. All of it is undone again."""
    table = Fact._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE plain AS SELECT * FROM {table}")
        cursor.execute("CREATE UNIQUE INDEX plain_seq ON plain (seq)")
        for number, columns in enumerate(
            ("subject_type, subject_id, kind", "place_id, kind", "source_model, source_id")
        ):
            cursor.execute(f"CREATE INDEX plain_{number} ON plain ({columns})")

    def plainly() -> None:
        last = Fact.objects.order_by("-seq")[0]
        rows = [
            (last.seq + n, *_values(fact), last.recorded_at, None)
            for n, fact in enumerate(facts, 1)
        ]
        marks = ", ".join(["%s"] * len(rows[0]))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO plain VALUES ({marks})", rows)
            transaction.set_rollback(True)

    def really() -> None:
        with transaction.atomic():
            append_many(facts, by=SYSTEM)
            transaction.set_rollback(True)

    return side_by_side(max(runs, 5), plainly, really)


def append(facts: list[NewFact]) -> None:
    """The facts go into the ledger."""
    with transaction.atomic():
        append_many(facts, by=SYSTEM)


def _values(fact: NewFact) -> tuple:
    return (
        fact.kind, fact.subject_type, fact.subject_id, fact.place_id, fact.on_date.isoformat(),
        None, fact.actor_id, fact.actor_post_id, fact.status, fact.detail, fact.quantity, "{}",
        fact.source_model, fact.source_id, fact.supersedes_id,
    )  # fmt: skip


def follow(on: date, say) -> None:
    """Bring the figures up to the ledger; they must be able to follow."""
    following.follow(on, LedgerFiles(), current_plan(), by=SYSTEM, say=say)


def says_the_same_from_nothing(on: date) -> bool:
    """Whether the figures that followed are those of a whole evaluation."""
    followed = _figures(queries.current_refresh())
    whole = _figures(evaluate_whole(on))
    print(f"  {len(whole):,} figures from nothing: "
          f"{'the same' if followed == whole else 'DIFFERENT'}")  # fmt: skip
    return followed == whole


def _figures(refresh: Refresh | None) -> set[tuple]:
    names = ("duty", "period_key", "place_id", *CELLS, "tally", "hidden_inside", "hidden_public")
    return set(Figure.objects.filter(refresh=refresh).values_list(*names))
