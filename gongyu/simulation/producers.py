"""Where facts come from: one producer for each kind of thing that happens in a city.

A new kind of fact is one more function here (or in a module of its own) in PRODUCERS. Each draws
from random numbers of its own, so that the others' facts stay what they are.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from . import visiting
from .columns import NONE, Facts, draws, facts, joined, with_later, words
from .scene import Scene
from .staffing import Posts

_LEAVES = ("suspended", "long_illness", "taught_at_home", "abroad")


def enrolments(scene: Scene) -> Facts:
    """One fact when a child comes; when it leaves or moves, one that supersedes, and the next."""
    c, classes = scene.children, scene.tree.classes
    draw = draws(scene.seed, "enrolments")
    count = len(c)
    every = np.arange(count)
    boards = words((draw.random(count) < 0.12).astype(np.int16), "", "boarding")
    status = np.where(c.came_late, 1, np.where(c.new_pupil, 0, 2))
    opened = facts(
        "enrolment", count, subject_id=c.ids, place_id=classes.ids[c.first_class],
        on_day=c.from_day, status=words(status, "admitted", "transferred", "promoted"),
        detail=boards, source_model="people.Enrolment", source_id=every + 1,
        recorded_day=np.minimum(c.from_day, scene.on),
    )  # fmt: skip
    ended = np.flatnonzero(c.until_day != NONE)
    moved = np.flatnonzero(c.second_class != NONE)
    again = facts(
        "enrolment", len(moved), subject_id=c.ids[moved],
        place_id=classes.ids[c.second_class[moved]], on_day=c.second_from[moved],
        status=words(c.moved_within[moved].astype(np.int16), "transferred", "moved_class"),
        detail=boards.take(moved), source_model="people.Enrolment",
        source_id=count + 1 + np.arange(len(moved)),
        recorded_day=np.minimum(c.second_from[moved], scene.on),
    )  # fmt: skip
    ends = c.until_day[ended]
    return joined([with_later(opened, ended, until_day=ends, recorded_day=ends), again])


def leaves(scene: Scene) -> Facts:
    """Children who are away for a while; half of them are back by a day written down later."""
    c = scene.children
    draw = draws(scene.seed, "leaves")
    who = np.sort(draw.choice(len(c), max(round(len(c) * 0.006), 4), replace=False))
    who = who[c.until_day[who] == NONE]
    since = np.maximum(c.from_day[who], scene.first - 60 + _days(draw, scene, len(who)) * 5 // 4)
    since = np.minimum(since, scene.on)
    opened = facts(
        "leave", len(who), subject_id=c.ids[who], on_day=since,
        status=words(draw.integers(0, len(_LEAVES), len(who)), *_LEAVES),
        source_model="people.Leave", source_id=np.arange(len(who)) + 1, recorded_day=since,
    )  # fmt: skip
    back = since + draw.integers(10, 200, len(who))
    ended = np.flatnonzero((draw.random(len(who)) < 0.5) & (back <= scene.on))
    return with_later(opened, ended, until_day=back[ended], recorded_day=back[ended])


def posts(scene: Scene) -> Facts:
    """Who holds which post from when; an end supersedes."""
    p = scene.posts
    opened = facts(
        "post.held", len(p), subject_type="place", subject_id=p.place_id, place_id=p.place_id,
        on_day=p.from_day, actor_id=p.staff_id, actor_post_id=np.arange(len(p)) + 1,
        status=words(p.role, *Posts.ROLES), detail=words(p.acting.astype(np.int16), "", "acting"),
        source_model="staff.post", source_id=np.arange(len(p)) + 1,
        recorded_day=np.minimum(p.from_day, scene.on),
    )  # fmt: skip
    ended = np.flatnonzero(p.until_day != NONE)
    ends = p.until_day[ended]
    return with_later(opened, ended, until_day=ends, recorded_day=ends)


def registers(scene: Scene) -> Facts:
    """Nearly every school has its visiting rules and its system; most looked at them this year."""
    draw = draws(scene.seed, "registers")
    schools = scene.tree.schools.ids
    batches, entries = [], 0
    for detail in ("visiting_rules", "all_staff_system"):
        has = schools[draw.random(len(schools)) < 0.95]
        since = scene.first - draw.integers(0, 800, len(has))
        lapses = np.where(draw.random(len(has)) < 0.1, since + 730, NONE)
        about = {
            "subject_type": "place", "detail": detail, "source_model": "registers.Entry",
        }  # fmt: skip
        batches.append(
            facts("register.valid", len(has), subject_id=has, place_id=has, on_day=since,
                  until_day=lapses, recorded_day=since, source_id=entries + 1 + np.arange(len(has)),
                  **about)
        )  # fmt: skip
        looked = np.flatnonzero(draw.random(len(has)) < 0.7)
        day = scene.first + _days(draw, scene, len(looked))
        batches.append(
            facts("register.reviewed", len(looked), subject_id=has[looked], place_id=has[looked],
                  on_day=day, recorded_day=day, source_id=entries + 1 + looked, **about)
        )  # fmt: skip
        entries += len(has)
    return joined(batches)


def activities(scene: Scene) -> Facts:
    """Parents' meetings and open days, in both halves of the year; a few schools held none."""
    draw = draws(scene.seed, "activities")
    schools = scene.tree.schools.ids
    batches, held = [], 0
    for half in range(2):
        begins = scene.first + half * 185
        for kind, chance, most in (("open_day", 0.9, 2), ("parents_meeting", 0.98, 4)):
            times = np.where(
                draw.random(len(schools)) < chance, draw.integers(1, most + 1, len(schools)), 0
            )
            at = np.repeat(schools, times)
            day = begins + draw.integers(5, 145, len(at))
            at, day = at[day <= scene.on], day[day <= scene.on]
            batches.append(
                facts("activity.held", len(at), subject_type="place", subject_id=at, place_id=at,
                      on_day=day, status=kind, detail="school", source_model="activities.Activity",
                      source_id=held + 1 + np.arange(len(at)), recorded_day=day)
            )  # fmt: skip
            held += len(at)
    return joined(batches)


def clues(scene: Scene) -> Facts:
    """Complaints at the desks of the districts: a few a thousand classes and year, most answered
    within two months."""
    draw = draws(scene.seed, "clues")
    lives = scene.tree.lives
    desks = np.array([at + 1 for at, one in enumerate(lives) if one.kind == "district"])
    count = max(len(scene.tree.classes.ids) // 150, 3)
    at = np.sort(draw.choice(desks, count))
    clue = np.arange(count) + 1
    day = scene.first + _days(draw, scene, count)
    kinds = words(
        draw.integers(0, 4, count), "class_fees", "teaching_aids", "forced_shopping", "other"
    )
    about = {"subject_type": "clue", "source_model": "tickets.Ticket"}
    told = facts("clue.received", count, subject_id=clue, place_id=at, on_day=day, status=kinds,
                 source_id=np.arange(count) + 1, recorded_day=day, **about)  # fmt: skip
    ends = day + draw.integers(2, 75, count)
    done = np.flatnonzero(ends <= scene.on)
    found = words(draw.integers(0, 3, len(done)), "substantiated", "partly", "unsubstantiated")
    answered = facts("clue.answered", len(done), subject_id=clue[done], place_id=at[done],
                     on_day=ends[done], status=found, source_id=done + 1,
                     recorded_day=ends[done], **about)  # fmt: skip
    return joined([told, answered])


def committees(scene: Scene) -> Facts:
    """Most schools have an elected parent committee; some lapsed, some were looked at, most are busy
    now and then."""
    draw = draws(scene.seed, "committees")
    schools = scene.tree.schools.ids
    has = schools[draw.random(len(schools)) < 0.85]
    number = np.arange(len(has)) + 1
    about = {"subject_type": "committee", "source_model": "parent_committees.Term"}
    since = scene.first - draw.integers(-40, 300, len(has))
    started = since <= scene.on
    has, number, since = has[started], number[started], since[started]
    until = np.where(draw.random(len(has)) < 0.1, since + 200, since + 700)
    batches = [
        facts("committee.in_term", len(has), subject_id=number, place_id=has, on_day=since,
              until_day=until, detail="school", source_id=number, recorded_day=since, **about)
    ]  # fmt: skip
    for kind, source, most in (
        ("committee.inspected", "Inspection", 2),
        ("committee.active", "Paper", 5),
    ):
        times = draw.integers(0, most, len(has))
        which = np.repeat(np.arange(len(has)), times)
        day = scene.first + _days(draw, scene, len(which))
        # What is written about has begun: nothing is done with a committee that is not there yet.
        which, day = which[day >= since[which]], day[day >= since[which]]
        batches.append(
            facts(kind, len(which), subject_type="committee", subject_id=number[which],
                  place_id=has[which], on_day=day, recorded_day=day,
                  source_model=f"parent_committees.{source}", source_id=np.arange(len(which)) + 1)
        )  # fmt: skip
    return joined(batches)


def _days(draw: np.random.Generator, scene: Scene, count: int) -> np.ndarray:
    return draw.integers(0, max(scene.on - scene.first, 1), count)


Producer = Callable[[Scene], Facts]

PRODUCERS: dict[str, Producer] = {
    "enrolments": enrolments,
    "leaves": leaves,
    "posts": posts,
    "registers": registers,
    "visits": visiting.visits,
    "attempts and declines": visiting.attempts_and_declines,
    "activities": activities,
    "clues": clues,
    "committees": committees,
}
