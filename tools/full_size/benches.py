"""The parts of `make bench` that a whole city is needed for. Each prints its table and returns 0, or
1 when two ways of computing the same thing differ."""

from __future__ import annotations

import os
from datetime import date
from functools import cached_property
from pathlib import Path

from django.db import connection

from gongyu.ground.ledger.shapes import NewFact
from gongyu.indicators import compiled, snapshot
from gongyu.indicators.city import City
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
            spent = measure(lambda rule=rule, rows=rows: rows.append(self._evaluate(rule)))
            tell(f"{rule.duty} ({rows[0]:,} subjects)", spent)
        tell("every child without a visit, by school and class", measure(self._list_unmet))
        return 0

    def _compile(self) -> None:
        for rule in self.rules:
            compiled.states(rule, self.day, "duckdb")
        compiled.ancestors(self.day, "duckdb"), compiled.levels("duckdb")
        compiled.figures("duckdb"), compiled.parents(self.day, "duckdb")

    def _evaluate(self, rule) -> int:
        with City() as city:
            return city.evaluate(rule, self.day, self._states(rule.duty)).subjects

    def _states(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"

    def _list_unmet(self) -> None:
        with City() as city:
            city.read("states", self._states(VISITS))
            city.database.execute(
                "COPY (SELECT school_id, grade, place_id, subject_id, state, reason FROM states "
                "WHERE state IN ('in_progress', 'at_risk', 'missed', 'unknown') "
                "ORDER BY school_id, grade, place_id, subject_id) "
                f"TO '{self._states('unmet')}' (FORMAT parquet, COMPRESSION zstd)"
            )

    def visits(self) -> int:
        """The yearly visit by the engine and by hand: the same rows, then the times."""
        print("The yearly visit: every child's state stored, five levels")
        self._compile()
        rule = self.visit_rule
        by_engine, by_own = self._states(VISITS), self._states("by-hand")
        self._evaluate(rule)
        with City() as city:
            self._keep_levels(city)
            self._by_hand(city)
            same = self._same(city, by_engine, by_own)
        if not same:
            return 1
        engine, hand = side_by_side(
            self.runs, lambda: self._evaluate(rule), lambda: self._by_hand_anew()
        )
        tell("the engine's expression, with the tree", engine)
        tell("the tuned query by hand, the tree given", hand)
        tell_ratio("visits", "the engine to the tuned query", engine, hand, 1.3, by_clock=False)
        return 0

    def _keep_levels(self, city: City) -> None:
        city._plant_the_tree_of(self.visit_rule.day(self.day))
        city.database.execute(f"COPY levels TO '{self._states('levels')}' (FORMAT parquet)")

    def _by_hand_anew(self) -> None:
        with City() as city:
            city.read("levels", self._states("levels"))
            self._by_hand(city)

    def _by_hand(self, city: City) -> None:
        """The hand-written steps with DuckDB as it comes, then the states stored and added up."""
        run = city.database.execute
        run("SET disabled_optimizers = ''")
        for step in by_hand.statements(self.visit_rule, self.day):
            run(step)
        path = self._states("by-hand")
        run(
            "COPY (SELECT 'visit' AS duty, '2025-2026' AS period_key, 'child' AS subject_type, "
            "answer.*, levels.* EXCLUDE (place_id) FROM answer LEFT JOIN levels USING (place_id)) "
            f"TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
        )
        by_hand.figures(run, f"read_parquet('{path}')")

    def _same(self, city: City, one: Path, other: Path) -> bool:
        """Whether both files hold the same states, and add up to the same figures."""
        run = city.database.execute
        sums = [
            (
                run(f"{by_hand.CHECKSUM} read_parquet('{path}')").fetchone(),
                sorted(by_hand.figures(run, f"read_parquet('{path}')")),
            )
            for path in (one, other)
        ]
        (first, mine), (second, theirs) = sums
        agree = first == second and mine == theirs
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
        with City() as city:
            self._keep_levels(city)
        plain = in_postgres.Plain(os.environ["GONGYU_BENCH_POSTGRES"], self.visit_rule, self.day)
        tell("PostgreSQL is filled by COPY", measure(lambda: plain.fill(self._states("levels"))))
        self._evaluate(self.visit_rule)
        theirs, same = {}, True
        for name, settings in in_postgres.SETTINGS.items():
            theirs[name] = measure(lambda settings=settings: plain.run(settings))
            if not theirs.keys() - {name}:
                plain.write(self._states("by-hand"))
                with City() as city:
                    same = self._same(city, self._states(VISITS), self._states("by-hand"))
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
