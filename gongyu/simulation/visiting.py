"""Home visits of a school year: held, corrected, tried in vain, declined."""

from __future__ import annotations

import numpy as np

from .columns import NONE, Facts, Text, draws, facts, joined, with_later, words
from .scene import Scene
from .staffing import LEADERS

_SOURCE = "home_school_contact.VisitChild"
# Shares of all visits that leaders and teachers of subjects make, and of those with a sibling.
LEADERS_SHARE, SUBJECT_SHARE, SIBLING_SHARE = 0.012, 0.040, 0.010
_ELSEWHERE, _OTHER_VISITOR, _TAKEN_BACK, _REDATED = 0.06, 0.008, 0.004, 0.006


def visits(scene: Scene) -> Facts:
    """Exactly as many standing and retracted visits as the size says; corrections come on top."""
    draw = draws(scene.seed, "visits")
    total = scene.size.visits
    siblings = round(total * SIBLING_SHARE)
    leading = round(total * LEADERS_SHARE)
    teaching = round(total * SUBJECT_SHARE)
    own = _by_class_teachers(scene, draw, total - siblings - leading - teaching)
    batch = joined(
        [
            own,
            _with_siblings(scene, draw, own, siblings),
            _by_leaders(scene, draw, leading),
            _by_teachers_of_subjects(scene, draw, teaching),
        ]
    )
    batch.numbers["source_id"] = np.arange(1, len(batch) + 1, dtype=np.int32)
    return _corrected(draw, batch, scene)


def _by_class_teachers(scene: Scene, draw: np.random.Generator, count: int) -> Facts:
    c = scene.children
    child = _who_is_visited(scene, draw, count)
    day = scene.first + draw.integers(0, max(scene.on - scene.first, 1), count)
    # A quarter of the visits to new pupils are in the summer before school begins.
    summer = c.new_pupil[child] & (draw.random(count) < 0.25)
    day[summer] = scene.first - draw.integers(1, 50, summer.sum())
    at = c.class_on(child, day)
    post = scene.posts.teacher_on(at, day)
    staff = np.where(post != NONE, scene.posts.staff_id[post], _anybody(scene, draw, count))
    stranger = draw.random(count) < _OTHER_VISITOR
    staff[stranger] = _anybody(scene, draw, stranger.sum())
    return _held(scene, draw, child, at, day, staff, post, words(np.zeros(count), "class_teacher"))


def _who_is_visited(scene: Scene, draw: np.random.Generator, count: int) -> np.ndarray:
    """Schools go about it at their own pace; some children are visited more than once."""
    c = scene.children
    pace = draw.beta(5, 1.6, len(scene.tree.schools.ids))
    reached = draw.random(len(c)) < pace[scene.tree.classes.school[c.first_class]]
    once = draw.permutation(np.flatnonzero(reached))[:count]
    again = draw.choice(once, count - len(once))
    return np.concatenate([once, again])


def _with_siblings(scene: Scene, draw: np.random.Generator, own: Facts, count: int) -> Facts:
    """Some visits met a brother or sister of another class too: a fact of that child's own."""
    c = scene.children
    order = np.argsort(c.family, kind="stable")
    same = np.flatnonzero(c.family[order][1:] == c.family[order][:-1])
    sibling = np.full(len(c), NONE)
    sibling[order[same]], sibling[order[same + 1]] = order[same + 1], order[same]
    position = np.empty(len(c) + 1, np.int64)
    position[c.ids] = np.arange(len(c))
    met = position[own.numbers["subject_id"]]
    able = np.flatnonzero(sibling[met] != NONE)
    chosen = draw.choice(able, count, replace=count > len(able))
    also = sibling[met[chosen]]
    with_them = own.take(chosen)
    day = with_them.numbers["on_day"]
    with_them.numbers.update(
        subject_id=c.ids[also].astype(np.int32),
        place_id=scene.tree.classes.ids[c.class_on(also, day)].astype(np.int32),
    )
    return with_them


def _by_leaders(scene: Scene, draw: np.random.Generator, count: int) -> Facts:
    """Half of the schools' leaders go along; a visit of theirs is one in that capacity."""
    c, posts = scene.children, scene.posts
    child = draw.integers(0, len(c), count)
    day = scene.first + draw.integers(0, max(scene.on - scene.first, 1), count)
    at = c.class_on(child, day)
    school = scene.tree.classes.school[at]
    post = posts.leaders_from + school * LEADERS + draw.integers(0, LEADERS, count)
    capacity = words(np.zeros(count), "leader")
    return _held(scene, draw, child, at, day, posts.staff_id[post], post, capacity)


def _by_teachers_of_subjects(scene: Scene, draw: np.random.Generator, count: int) -> Facts:
    c = scene.children
    child = draw.integers(0, len(c), count)
    day = scene.first + draw.integers(0, max(scene.on - scene.first, 1), count)
    at = c.class_on(child, day)
    staff = _anybody(scene, draw, count)
    capacity = words(np.zeros(count), "subject_teacher")
    return _held(scene, draw, child, at, day, staff, np.full(count, NONE), capacity)


def _held(scene: Scene, draw, child, at, day, staff, post, capacity: Text) -> Facts:
    count = len(child)
    elsewhere = draw.random(count) < _ELSEWHERE
    return facts(
        "visit.held", count, subject_id=scene.children.ids[child],
        place_id=scene.tree.classes.ids[at], on_day=day, actor_id=staff,
        actor_post_id=np.where(post == NONE, NONE, post + 1), status=capacity,
        detail=words(elsewhere, "home", "elsewhere"), source_model=_SOURCE,
        recorded_day=_written_down(scene, draw, day),
    )  # fmt: skip


def _corrected(draw: np.random.Generator, batch: Facts, scene: Scene) -> Facts:
    """A few visits are taken back, and a few were on another day; both are new facts."""
    fate = draw.random(len(batch))
    rows = np.flatnonzero(fate < _TAKEN_BACK + _REDATED)
    back = fate[rows] < _TAKEN_BACK
    day = batch.numbers["on_day"][rows]
    moved = np.minimum(day + draw.integers(-4, 5, len(rows)), scene.on)
    written = batch.numbers["recorded_day"][rows]
    return with_later(
        batch,
        rows,
        on_day=np.where(back, day, moved),
        quantity=np.where(back, 0, 1),
        recorded_day=np.minimum(written + draw.integers(0, 10, len(rows)), scene.on),
    )


def attempts_and_declines(scene: Scene) -> Facts:
    """Families who were not met or did not want a visit; some heads acknowledged a decline, most of
    them after enough attempts."""
    draw = draws(scene.seed, "attempts")
    c = scene.children
    who = np.sort(draw.choice(len(c), max(round(len(c) * 0.03), 20), replace=False))
    times = draw.integers(1, 4, len(who))
    child = np.repeat(who, times)
    day = scene.first + draw.integers(0, max(scene.on - scene.first, 1), len(child))
    at = c.class_on(child, day)
    post = scene.posts.teacher_on(at, day)
    attempts = facts(
        "visit.attempted", len(child), subject_id=c.ids[child],
        place_id=scene.tree.classes.ids[at], on_day=day,
        actor_id=np.where(post != NONE, scene.posts.staff_id[post], NONE),
        actor_post_id=np.where(post == NONE, NONE, post + 1),
        status=words(draw.integers(0, 2, len(child)), "not_found", "refused"),
        source_model=_SOURCE, source_id=scene.size.visits + 1 + np.arange(len(child)),
        recorded_day=_written_down(scene, draw, day),
    )  # fmt: skip
    ends = np.cumsum(times) - 1
    last = np.maximum.reduceat(day, ends - times + 1)
    decides = draw.random(len(who)) < 0.3
    declining, since = who[decides], np.minimum(last[decides] + draw.integers(0, 9), scene.on)
    at = c.class_on(declining, since)
    declines = facts(
        "visit.declined", len(declining), subject_id=c.ids[declining],
        place_id=scene.tree.classes.ids[at], on_day=since, until_day=scene.until,
        status="declined", source_model="home_school_contact.Decline",
        source_id=np.arange(len(declining)) + 1, recorded_day=since,
    )  # fmt: skip
    withdrawn = np.flatnonzero((draw.random(len(declining)) < 0.05) & (since < scene.on))
    return joined(
        [
            attempts,
            with_later(declines, withdrawn, until_day=scene.on, recorded_day=scene.on),
        ]
    )


def _anybody(scene: Scene, draw: np.random.Generator, count: int) -> np.ndarray:
    return draw.integers(1, scene.posts.staff + 1, count)


def _written_down(scene: Scene, draw: np.random.Generator, day: np.ndarray) -> np.ndarray:
    """Most visits are written down on the day, others some days later."""
    later = np.where(draw.random(len(day)) < 0.7, 0, draw.integers(1, 8, len(day)))
    return np.minimum(day + later, scene.on)
