"""The parts of `make bench` that a whole city is needed for. Each prints its table and returns 0, or
1 when two ways of computing the same thing differ."""

from __future__ import annotations

import os
from datetime import date
from functools import cached_property
from pathlib import Path

import duckdb
from django.db import connection

from gongyu.ground.ledger.shapes import NewFact
from gongyu.indicators import compiled, snapshot
from gongyu.indicators.city import City, Evaluated
from gongyu.indicators.duties import current_plan, rules_on
from gongyu.indicators.ledger_files import RANGE
from gongyu.simulation import database, parquet
from gongyu.simulation.city import City as Simulated
from gongyu.simulation.city import build
from gongyu.simulation.sizes import size_of

from . import by_hand, in_postgres, pages, writing
from .measuring import Measured, measure, median, side_by_side, tell, tell_ratio

VISITS = "homeroom-visit-each-student"
NEW_VISITS = 10_000


class Bench:
    """One city, made on first use, and what is measured of it."""

    def __init__(self, size: str, seed: int, on: date, runs: int) -> None:
        self.size, self.seed, self.on, self.runs = size_of(size), seed, on, runs
        self.day = on.toordinal()
        self.folder = Path(os.environ["GONGYU_DATA"])

    @cached_property
    def simulated(self) -> Simulated:
        made: list[Simulated] = []
        spent = measure(lambda: made.append(build(self.size, self.seed, self.on)))
        tell(f"simulate {len(made[0].facts):,} facts", spent)
        return made[0]

    def columns(self) -> int:
        """The city in columns, which every part reads."""
        made: list[dict[str, int]] = []
        simulated = self.simulated
        spent = measure(lambda: made.append(parquet.write(simulated, snapshot.folder())))
        tell(f"write {sum(made[0].values()):,} rows in columns", spent)
        # No duty reads these, and every part has a copy of all the others.
        for name in ("children", "carers", "cares"):
            (snapshot.folder() / f"{name}.parquet").unlink()
        self._compile()
        return 0

    @property
    def rules(self):
        return rules_on(self.on, current_plan())

    @property
    def visit_rule(self):
        return next(rule for rule in self.rules if rule.duty == VISITS)

    def _forget_columns(self) -> None:
        # What was only needed to write the files is no part of any figure's memory.
        self.__dict__.pop("simulated", None)

    def duties(self) -> int:
        """All built duties with all roll-ups, and the list of children without a visit."""
        print("All built duties, states of every subject stored, all levels")
        self._compile()
        for rule in self.rules:
            rows: list[int] = []
            spent = measure(lambda rule=rule, rows=rows: rows.append(self._evaluate(rule).subjects))
            tell(f"{rule.duty} ({rows[0]:,} subjects)", spent)
        tell("every child without a visit, by school and class", measure(self._list_unmet))
        return 0

    def _compile(self) -> None:
        for rule in self.rules:
            compiled.states(rule, self.day, "duckdb")
        compiled.ancestors(self.day, "duckdb"), compiled.levels("duckdb")
        compiled.figures("duckdb"), compiled.parents(self.day, "duckdb")

    def _evaluate(self, rule) -> Evaluated:
        with City() as city:
            return city.evaluate(rule, self.day, self._states(rule.duty))

    def _states(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"

    def _list_unmet(self) -> None:
        with City() as city:
            city.read("states", self._states(VISITS))
            city.keep_tree(self.folder, self.visit_rule.day(self.day), ())
            city.database.execute(
                "COPY (SELECT school_id, grade, place_id, subject_id, state, reason "
                "FROM states JOIN levels USING (place_id) "
                "WHERE state IN ('in_progress', 'at_risk', 'missed', 'unknown') "
                "ORDER BY school_id, grade, place_id, subject_id) "
                f"TO '{self._states('unmet')}' (FORMAT parquet, COMPRESSION zstd)"
            )

    def visits(self) -> int:
        """The yearly visit by the engine and by hand: the same rows, then the times."""
        print("The yearly visit: every child's state stored, five levels")
        self._compile()
        rule = self.visit_rule
        evaluated, figures = self._evaluate(rule), self._by_hand()
        if not self._same(evaluated, figures):
            return 1
        engine, hand = side_by_side(self.runs, lambda: self._evaluate(rule), self._by_hand)
        tell("the engine's expression, with the tree", engine)
        tell("the tuned query by hand, with the tree", hand)
        tell_ratio("visits", "the engine to the tuned query", engine, hand, 1.3, by_clock=False)
        return 0

    def _by_hand(self) -> list[tuple]:
        """The hand-written steps with DuckDB as it comes, then the states stored and added up to
        figures, which are returned."""
        with City() as city:
            run = city.database.execute
            run("SET disabled_optimizers = ''")
            for step in by_hand.statements(self.visit_rule, self.day):
                run(step)
            path = self._states("by-hand")
            run(f"COPY answer TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
            return by_hand.figures(run, f"read_parquet('{path}')")

    def _same(self, evaluated: Evaluated, figures: list[tuple]) -> bool:
        """Whether the engine and the steps by hand stored the same states, and added them up to the
        same figures, each along its own tree."""
        with duckdb.connect() as database:
            first, second = (
                database.execute(f"{by_hand.CHECKSUM} '{self._states(name)}'").fetchone()
                for name in (VISITS, "by-hand")
            )
        mine = [row for row in evaluated.figures if row[1] in by_hand.LEVELS]
        agree = first == second and mine == sorted(figures)
        print(f"  checksum {first} and {second}, {len(mine):,} figures: "
              f"{'the same' if agree else 'DIFFERENT'}")  # fmt: skip
        return agree

    def following(self) -> int:
        """Ten thousand new visits: written, and the figures current again."""
        simulated = self.simulated
        first = len(simulated.facts) // RANGE * RANGE
        writing.migrate()
        database.fill_end(simulated, max(first, 1))
        snapshot.write_places()
        count = min(NEW_VISITS, self.size.children // 40)
        print(f"{count:,} new visits, the ledger's last range in {connection.vendor}")
        rounds = writing.new_visits(simulated, count, self.runs, self.on)
        self._forget_columns()
        whole = measure(lambda: writing.evaluate_whole(self.on))
        tell("all duties from nothing, figures stored", whole)
        plain, real = writing.plainly_and_really(rounds[0], self.runs)
        tell("a plain insert of the rows", plain)
        tell("the ledger's own appending", real)
        tell_ratio("following", "appending to a plain insert", real, plain, 2.5, by_clock=False)
        after = median([self._follow(facts) for facts in rounds])
        tell("figures follow, all levels, hidden cells too", after)
        tell_ratio(
            "following", "following to the whole evaluation", after, whole, 1 / 20, by_clock=False
        )
        return 0 if writing.says_the_same_from_nothing(self.on) else 1

    def _follow(self, facts: list[NewFact]) -> Measured:
        said: list[str] = []
        writing.append(facts)
        measured = measure(lambda: writing.follow(self.on, said.append))
        for line in said:
            print("     ", line)
        return measured

    def postgres(self) -> int:
        """The yearly visit in plain PostgreSQL, by the same hand-written steps: as it comes, and
        with as much memory as DuckDB would take."""
        print(f"The yearly visit in PostgreSQL, {self.size.children:,} children")
        plain = in_postgres.Plain(os.environ["GONGYU_BENCH_POSTGRES"], self.visit_rule, self.day)
        tell("PostgreSQL is filled by COPY", measure(plain.fill))
        evaluated, theirs, same = self._evaluate(self.visit_rule), {}, True
        for name, settings in in_postgres.SETTINGS.items():
            found: list[list[tuple]] = []
            theirs[name] = measure(lambda s=settings, found=found: found.append(plain.run(s)))
            plain.write(self._states("by-hand"))
            same = self._same(evaluated, found[0]) and same
        [engine] = side_by_side(self.runs, lambda: self._evaluate(self.visit_rule))
        tell("the engine's expression, with the tree", engine)
        for name, measured in theirs.items():
            tell(f"PostgreSQL {name} (its processor is not told)", measured)
        for name, most in zip(theirs, (0.1, None), strict=True):
            tell_ratio("postgres", f"the engine to PostgreSQL {name}", engine, theirs[name], most)
        return 0 if same else 1

    def pages(self) -> int:
        """A class's children without a visit and one child's history, from the database."""
        return pages.measure_pages(self.size, self.seed, self.on, self.runs)
