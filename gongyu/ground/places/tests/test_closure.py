"""The closure against a slow and obvious oracle that asks, day by day, who stood where."""

from datetime import date, timedelta
from itertools import zip_longest

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gongyu.ground.places import closure
from gongyu.ground.places.models import Containment, Place, Placement

START, SPAN = date(2025, 1, 1), 12
KINDS = ["city", "district", "town", "school", "class"]


def day(number):
    return START + timedelta(days=number)


@st.composite
def interval(draw):
    first = draw(st.integers(0, SPAN - 1))
    last = draw(st.one_of(st.none(), st.integers(first + 1, SPAN)))
    return first, last


@st.composite
def worlds(draw):
    """Places by level with lives, and for each place a chain of stays that do not overlap."""
    levels = [draw(st.lists(interval(), min_size=1, max_size=3)) for _ in KINDS]
    places = [(level, life) for level, lives in enumerate(levels) for life in lives]
    stays = []
    for index, (level, _) in enumerate(places):
        above = [other for other, (their, _) in enumerate(places) if their < level]
        cuts = sorted(draw(st.sets(st.integers(0, SPAN), max_size=4)))
        if not above:
            continue
        for first, until in zip_longest(cuts, cuts[1:]):
            if above and draw(st.booleans()):
                stays.append((index, draw(st.sampled_from(above)), first, until))
    return places, stays


def build(world):
    places, stays = world
    made = [
        Place.objects.create(
            kind=KINDS[level],
            code=str(index),
            name=str(index),
            from_on=day(life[0]),
            until_on=None if life[1] is None else day(life[1]),
        )
        for index, (level, life) in enumerate(places)
    ]
    for child, parent, first, until in stays:
        Placement.objects.create(
            place=made[child],
            parent=made[parent],
            from_on=day(first),
            until_on=None if until is None else day(until),
        )
    return made


def chain(place, today):
    """Up from a place on one day, parent by parent; a closed parent ends the walk."""
    found = []
    while place is not None and place.holds_on(today):
        found.append(place.pk)
        stay = next((s for s in Placement.objects.filter(place=place) if s.holds_on(today)), None)
        place = Place.objects.get(pk=stay.parent_id) if stay else None
    return found


class ClosureTests(TestCase):
    @given(worlds())
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def test_the_closure_says_of_every_day_what_the_walk_says(self, world):
        made = build(world)
        closure.rebuild()
        for number in range(SPAN + 2):
            today = day(number)
            told = set(Containment.objects.on(today).values_list("place_id", "ancestor_id"))
            walked = {(place.pk, above) for place in made for above in chain(place, today)}
            assert told == walked
            assert Containment.objects.on(today).count() == len(walked)

    @given(worlds())
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    def test_neighbouring_intervals_are_one_row(self, world):
        build(world)
        closure.rebuild()
        rows = Containment.objects.order_by("place", "ancestor", "from_on")
        previous = None
        for row in rows:
            if previous and (previous.place_id, previous.ancestor_id) == (
                row.place_id,
                row.ancestor_id,
            ):
                assert previous.until_on < row.from_on
            previous = row

    @given(worlds(), st.data())
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    def test_rebuilding_a_part_gives_the_same_as_rebuilding_all(self, world, data):
        made = build(world)
        closure.rebuild()
        rows = ("place_id", "place_kind", "ancestor_id", "ancestor_kind", "from_on", "until_on")
        whole = sorted(Containment.objects.values_list(*rows), key=str)
        changed = data.draw(st.sampled_from(made))
        below = closure.with_all_below([changed.pk])
        Containment.objects.filter(place__in=below).delete()
        closure.rebuild([changed.pk])
        assert sorted(Containment.objects.values_list(*rows), key=str) == whole
