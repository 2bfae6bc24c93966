"""Which subjects new facts touch, and no more of the ledger than bears on them.

A scope is a kind of subject whose answer rests on facts that name it, and on few others. For each
scope stands here which facts touch whom and what must be read to answer for those. A shape that is
in no scope is evaluated whole when a fact of its kinds is new.
"""

# ruff: noqa: S608 - names are ours, and values are numbers or the plan's own words.
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .city import City
from .rule import Rule
from .shapes.place_events import PLANNED

_OF_CHILDREN = ("enrolment", "leave", "visit.held", "visit.attempted", "visit.declined")


@dataclass(frozen=True)
class Scope:
    """`kinds` are the facts that the shapes of the scope read; `touching` gives the subjects of the
    facts in the table `news`, `bearing` the facts of the ledger that bear on them, each condition
    for facts that no other one names."""

    name: str
    kinds: tuple[str, ...]
    touching: str
    bearing: tuple[str, ...]
    by_place: bool = False


def _words(words: Iterable[str]) -> str:
    # An empty list is no SQL; no fact has an empty kind.
    return "(" + ", ".join(f"'{word}'" for word in sorted(words) or [""]) + ")"


_BY_CHILD = Scope(
    "children",
    (*_OF_CHILDREN, "post.held"),
    # A post touches every child that was ever enrolled in its class.
    "SELECT subject_id FROM news WHERE subject_type = 'child' UNION "
    "SELECT e.subject_id FROM ledger e WHERE e.kind = 'enrolment' AND e.place_id IN "
    "(SELECT place_id FROM news WHERE kind = 'post.held')",
    # Which posts they are met in is found by the expression; all posts are few.
    (
        "subject_type = 'child' AND subject_id IN (SELECT subject_id FROM touched)",
        "kind = 'post.held' AND subject_type <> 'child'",
    ),
)
_BY_STAFF = Scope(
    "staff",
    ("visit.held", "post.held"),
    "SELECT actor_id AS subject_id FROM news WHERE actor_id IS NOT NULL",
    ("kind IN ('visit.held', 'post.held') AND actor_id IN (SELECT subject_id FROM touched)",),
)
_BY_CLASS, _BY_UNIT = (
    Scope(
        name,
        kinds,
        "SELECT place_id AS subject_id FROM news WHERE place_id IS NOT NULL",
        (f"kind IN {_words(kinds)} AND place_id IN (SELECT subject_id FROM touched)",),
        by_place=True,
    )
    for name, kinds in (
        ("classes", ("post.held",)),
        (
            "units",
            ("register.valid", "register.reviewed", "document.delivered", "committee.in_term"),
        ),
    )
)


def _by_events(kinds: tuple[str, ...]) -> Scope:
    """Places that are tallied by what was done there: whatever is new there, or takes the place of
    something there, counts them anew."""
    return Scope(
        "events",
        kinds,
        "SELECT place_id AS subject_id FROM news WHERE place_id IS NOT NULL",
        (f"kind IN {_words(kinds)} AND place_id IN (SELECT subject_id FROM touched)",),
        by_place=True,
    )


def scope_of(rule: Rule) -> Scope | None:
    """The scope of a rule's subjects; None for a rule that is evaluated whole or not at all."""
    if rule.subject == "child" and rule.shape in ("count_in_period", "tally"):
        return _BY_CHILD
    if rule.subject == "staff" and rule.shape == "count_in_period":
        return _BY_STAFF
    if rule.shape == "tally" and rule.subject in ("communication", "family"):
        return _by_events(rule.fact_kinds)
    if rule.shape in ("standing_on_day", "delivered", "share_covered"):
        return _BY_CLASS if rule.subject == "class" else _BY_UNIT
    return None


def kinds_read(rule: Rule) -> tuple[str, ...]:
    """The kinds of facts that the rule's shape reads; those that it counts are some of them."""
    if scope := scope_of(rule):
        return scope.kinds
    # What is planned and not yet held is no event, and yet it changes the answer.
    return rule.fact_kinds + (PLANNED if rule.shape == "count_in_period" else ())


def _reads(rule: Rule, as_of: int) -> str:
    """Which facts the rule's shape reads at all. Of visits only those in its capacity, and of the
    days on which one may count; what one of them takes the place of is asked for itself."""
    scope = scope_of(rule)
    kinds = f"kind IN {_words(kinds_read(rule))}"
    if scope not in (_BY_CHILD, _BY_STAFF):
        return kinds
    return (
        f"{kinds} AND (kind <> 'visit.held' OR (status IN {_words(rule.param('capacities', ()))} "
        f"AND on_day BETWEEN {rule.admission_from} AND {rule.day(as_of)}))"
    )


class Touched:
    """The new facts of a city, those that they take the place of, and whom both touch."""

    def __init__(self, city: City, after_seq: int) -> None:
        self._city = city
        self._run = city.database.execute
        self._run(
            f"CREATE TEMP TABLE new_facts AS SELECT * FROM ledger WHERE seq > {int(after_seq)}"
        )
        self._run(
            "CREATE TEMP TABLE all_news AS SELECT * FROM new_facts UNION ALL "
            "SELECT * FROM ledger WHERE seq IN "
            "(SELECT supersedes_id FROM new_facts WHERE supersedes_id IS NOT NULL)"
        )
        # Every scope asks for them, and the whole ledger has to be looked through.
        self._run(
            "CREATE TEMP TABLE superseding AS "
            "SELECT seq, supersedes_id FROM ledger WHERE supersedes_id IS NOT NULL"
        )

    @property
    def new_facts(self) -> int:
        return self._number("SELECT COUNT(*) FROM new_facts")

    def is_touched(self, rule: Rule, as_of: int) -> bool:
        """Whether any new fact is one that the rule's shape reads."""
        return bool(self._number(f"SELECT COUNT(*) FROM all_news WHERE {_reads(rule, as_of)}"))

    def look_at(self, scope: Scope, rules: Sequence[Rule], as_of: int) -> int:
        """Narrow the tables that the expressions read to what bears on the subjects touched in this
        scope by what these rules read; returns how many those are. `touched` holds them."""
        read = " OR ".join(f"({_reads(rule, as_of)})" for rule in rules)
        self._city.show("news", f"SELECT * FROM all_news WHERE {read}")
        self._city.keep("touched", f"SELECT DISTINCT subject_id FROM ({scope.touching})")
        count = self._number("SELECT COUNT(*) FROM touched")
        if count:
            parts = (f"SELECT * FROM ledger WHERE {condition}" for condition in scope.bearing)
            self._city.keep("core", " UNION ALL ".join(parts))
            self._keep_what_replaces_them()
            self._city.show("facts", "SELECT * FROM core UNION ALL SELECT * FROM replacing")
            near = "WHERE place_id IN (SELECT subject_id FROM touched)" if scope.by_place else ""
            self._city.show("containments", f"SELECT * FROM closure {near}")
        return count

    def _keep_what_replaces_them(self) -> None:
        """What takes the place of one of these facts counts, whatever it is about itself. There is
        seldom any such that does not bear on them anyhow, so the rows are read only then."""
        self._city.keep(
            "elsewhere",
            "SELECT seq FROM superseding WHERE supersedes_id IN (SELECT seq FROM core) "
            "AND seq NOT IN (SELECT seq FROM core)",
        )
        any_of_them = self._number("SELECT COUNT(*) FROM elsewhere")
        them = "seq IN (SELECT seq FROM elsewhere)" if any_of_them else "FALSE"
        self._city.keep("replacing", f"SELECT * FROM ledger WHERE {them}")

    def _number(self, query: str) -> int:
        [number] = self._run(query).fetchone() or (0,)
        return int(number)
