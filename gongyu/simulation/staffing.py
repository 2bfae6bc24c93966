"""Who is class teacher of which class from when, who leads which school: posts with changes and
gaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .columns import NONE, draws
from .tree import SCHOOLS_OPENED, Tree

CHANGES, GAPS, NEVER = 0.08, 0.25, 0.004
LEADERS = 3  # a head and two deputies in each school


@dataclass(frozen=True)
class Posts:
    """Columns of posts; the i-th has the id i + 1. `ended` are those whose end was written down
    later than their beginning, on `until_day`."""

    ROLES = ("class_teacher", "head", "school_leader")

    place_id: np.ndarray
    staff_id: np.ndarray
    role: np.ndarray
    acting: np.ndarray
    from_day: np.ndarray
    until_day: np.ndarray
    staff: int  # how many people there are; their ids are 1 … staff
    # For each class the positions of its first and second post, NONE where there is none.
    first_post: np.ndarray
    second_post: np.ndarray
    leaders_from: int  # the position of the first leader; LEADERS for each school follow in order

    def __len__(self) -> int:
        return len(self.place_id)

    def teacher_on(self, at: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The post of the class teacher of each class on its day. In a gap, and before anybody came,
        the one who comes next; NONE for a class that never had one."""
        first, second = self.first_post[at], self.second_post[at]
        over = (self.until_day[first] != NONE) & (day >= self.until_day[first])
        return np.where((second != NONE) & over, second, first)


def employ(seed: int, tree: Tree, first: int, on: int) -> Posts:
    """A class teacher for nearly every class, who changes in some of them, at times after a gap."""
    draw = draws(seed, "posts")
    classes = tree.classes
    count = len(classes)
    staffed = draw.random(count) >= NEVER
    changes = staffed & (draw.random(count) < CHANGES) & (classes.year == tree.year)
    end = first + draw.integers(10, max(on - first, 12), count)
    gap = np.where(draw.random(count) < GAPS, draw.integers(1, 40, count), 0)
    at_first, at_second = np.flatnonzero(staffed), np.flatnonzero(changes)
    # Whoever comes after a long gap may not have come by the last day.
    at_second = at_second[end[at_second] + gap[at_second] <= on]
    first_post = np.full(count, NONE)
    first_post[at_first] = np.arange(len(at_first))
    second_post = np.full(count, NONE)
    second_post[at_second] = len(at_first) + np.arange(len(at_second))
    teachers = len(at_first) + len(at_second)
    acting = draw.random(len(at_second)) < 0.4
    led = np.repeat(tree.schools.ids, LEADERS)
    no_end = np.full(len(at_second) + len(led), NONE)
    return Posts(
        place_id=np.concatenate([classes.ids[at_first], classes.ids[at_second], led]),
        staff_id=np.arange(1, teachers + len(led) + 1),
        role=_roles(teachers, len(tree.schools.ids)),
        acting=np.concatenate([np.zeros(len(at_first), bool), acting, np.zeros(len(led), bool)]),
        from_day=np.concatenate(
            [
                classes.from_day[at_first],
                end[at_second] + gap[at_second],
                np.full(len(led), SCHOOLS_OPENED),
            ]
        ),
        until_day=np.concatenate([np.where(changes, end, NONE)[at_first], no_end]),
        staff=teachers + len(led),
        first_post=first_post,
        second_post=second_post,
        leaders_from=teachers,
    )


def _roles(teachers: int, schools: int) -> np.ndarray:
    """Positions in Posts.ROLES: class teachers, then a head and deputies for each school."""
    leaders = np.tile([1, *[2] * (LEADERS - 1)], schools)
    return np.concatenate([np.zeros(teachers, np.int64), leaders])
