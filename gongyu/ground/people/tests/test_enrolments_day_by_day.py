"""Whatever is done in whatever order: no day with two classes, the class of every day as kept day by
day, and the ledger says what the table says."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gongyu.ground.ledger.models import Fact
from gongyu.ground.people import actions, actions_keeping
from gongyu.ground.people.facts import ENROLMENT_SOURCE
from gongyu.ground.people.models import Child, Enrolment
from gongyu.ground.people.queries import class_on
from gongyu.ground.people.rules import PeopleRefused
from gongyu.ground.people.tests.day_by_day import DayByDay, Refused
from tests.cast import CAST_DAY, YEAR_FROM

pytestmark = pytest.mark.django_db
DAYS = 90
# The days of the deeds and their neighbours; in between nothing can differ that the table hides.
ASKED = (*range(8), *range(32, 38), 67, 68, 69, 87, 88, 89)
PLACES = ("this_class", "parallel_class", "secondary_class", "class_elsewhere")

place = st.integers(0, len(PLACES) - 1)
# Few different days, so that deeds meet on the same one; some lie a month or two apart.
day = st.sampled_from((0, 1, 2, 3, 4, 5, 33, 36, 68, DAYS - 2))
deed = st.one_of(
    st.tuples(st.just("enrol"), place, day),
    st.tuples(st.just("move"), place, day),
    st.tuples(st.just("receive"), place, day),
    st.tuples(st.just("leave"), day),
    st.tuples(st.just("reopen"), day),
    st.tuples(st.just("take_back"), day),
    st.tuples(st.just("correct_start"), day),
)


def as_date(number: int) -> date:
    return YEAR_FROM + timedelta(days=number)


class Real:
    """The same deeds by the real actions."""

    def __init__(self, cast, child: Child):
        self.child, self.by = child, cast.registrar.actor
        self.places = [getattr(cast, name) for name in PLACES]

    def _newest(self) -> Enrolment:
        found = Enrolment.objects.filter(child=self.child).order_by("-from_on").first()
        if found is None:
            raise PeopleRefused("There is nothing yet.")
        return found

    def _open(self) -> Enrolment:
        found = self._newest()
        if found.until_on is not None:
            raise PeopleRefused("The child is nowhere.")
        return found

    def enrol(self, number: int, first: int) -> None:
        actions.enrol(self.child, self.places[number], as_date(first), by=self.by)

    def move(self, number: int, first: int) -> None:
        actions.move_class(self._open(), self.places[number], as_date(first), by=self.by)

    def receive(self, number: int, first: int) -> None:
        actions_keeping.receive(self.child, self.places[number], as_date(first), by=self.by)

    def leave(self, until: int) -> None:
        actions.leave_class(self._open(), as_date(until), "left", by=self.by)

    def reopen(self, today: int) -> None:
        actions_keeping.reopen_enrolment(self._newest(), as_date(today), by=self.by, why="误登")

    def take_back(self, today: int) -> None:
        actions_keeping.take_back_enrolment(self._newest(), as_date(today), by=self.by, why="误登")

    def correct_start(self, first: int) -> None:
        actions_keeping.correct_start(self._newest(), as_date(first), by=self.by, why="误登")


def do(world: DayByDay | Real, what: tuple) -> bool:
    """Whether the deed was possible."""
    name, *how = what
    try:
        getattr(world, name)(*how)
    except (Refused, PeopleRefused):
        return False
    return True


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(deeds=st.lists(deed, min_size=4, max_size=12))
@example(deeds=[("enrol", 0, 0), ("leave", 3), ("receive", 1, 3), ("take_back", 4)])
@example(deeds=[("enrol", 0, 0), ("receive", 3, 5), ("take_back", 4), ("move", 1, 5)])
@example(deeds=[("enrol", 0, 0), ("move", 1, 5), ("correct_start", 2), ("leave", 33)])
def test_every_day_is_as_kept_day_by_day(cast, deeds):
    child = Child.objects.create(name="试生")
    naive, real = DayByDay(DAYS), Real(cast, child)
    for what in deeds:
        assert do(naive, what) == do(real, what), what
    assert _table(child) == _named(naive, real)
    assert _ledger(child) == _table(child)
    _no_overlap(child)
    for number in ASKED:
        here = class_on(child.pk, as_date(number))
        expected = naive.classes()[number]
        assert (here and here.school_class) == (None if expected is None else real.places[expected])


def _named(naive: DayByDay, real: Real) -> set[tuple]:
    return {
        (real.places[number].pk, as_date(first), None if until is None else as_date(until))
        for number, first, until in naive.intervals()
    }


def _table(child: Child) -> set[tuple]:
    rows = Enrolment.objects.filter(child=child)
    return set(rows.values_list("school_class", "from_on", "until_on"))


def _ledger(child: Child) -> set[tuple]:
    facts = Fact.objects.filter(kind="enrolment", subject_id=child.pk)
    superseded = set(facts.values_list("supersedes_id", flat=True))
    standing = [fact for fact in facts if fact.seq not in superseded and fact.quantity > 0]
    assert {fact.source_model for fact in standing} <= {ENROLMENT_SOURCE}
    return {(fact.place_id, fact.on_date, fact.until_date) for fact in standing}


def _no_overlap(child: Child) -> None:
    rows = list(Enrolment.objects.filter(child=child).order_by("from_on"))
    for before, after in pairwise(rows):
        assert before.until_on is not None
        assert before.until_on <= after.from_on


def test_the_day_by_day_list_itself_knows_a_move_from_a_gap():
    child = DayByDay(10)
    child.enrol(0, 1)
    child.move(1, 4)
    child.leave(8)
    assert child.classes() == [None, 0, 0, 0, 1, 1, 1, 1, None, None]
    assert child.intervals() == {(0, 1, 4), (1, 4, 8)}
    child.take_back(5)
    assert child.classes() == [None] + [0] * 9


def test_the_school_is_always_the_one_of_the_class(cast):
    child = Child.objects.create(name="试生")
    real = Real(cast, child)
    real.enrol(0, 0)
    real.receive(3, 20)
    here = class_on(child.pk, CAST_DAY)
    assert here.school == cast.school_elsewhere
    assert here.how_in == Enrolment.HowIn.TRANSFERRED
