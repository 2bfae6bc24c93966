"""Who may speak for a child about a purpose on a day, and what follows from what was said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from gongyu.ground.access.permissions import CHILD_CHANGE, VISIT_RECORD, may
from gongyu.ground.audit.actors import Actor
from gongyu.ground.families.rules import cares_visible
from gongyu.ground.families.shapes import CONSENTS_FROM
from gongyu.ground.people.models import Child, Enrolment

from .models import Word
from .purposes import purposes


class ConsentFault(ValueError):
    """What cannot be said, why, and what to do instead."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for a purpose and child: `holds` is the answer, `because` why in words.

    `yes`, `no` and `silent` are the numbers of guardians; a child of 14 or more speaks alone."""

    holds: bool
    because: str
    by_child: bool
    yes: int
    no: int
    silent: int


def speaks_itself(child: Child, on: date) -> bool:
    """Is the child 14 or older on the day? A child whose birthday is not known is treated as
    younger: its guardians are asked."""
    born = child.born_on
    if born is None:
        return False
    had = (on.month, on.day) >= (born.month, born.day)
    return on.year - born.year - (not had) >= CONSENTS_FROM


def guardians_of(child_id: int, on: date) -> list[int]:
    """The carers who speak for the child on the day: guardians who are not barred."""
    cares = cares_visible(on).filter(child=child_id, is_guardian=True)
    return sorted(set(cares.values_list("carer_id", flat=True)))


def weigh(child_speaks: bool, guardians: Iterable[int], words: Iterable[Word]) -> Standing:
    """What holds, from the words in the order in which they were said. One guardian's no, or a
    withdrawal, outweighs another one's yes; without any yes nothing holds. What guardians said holds
    no longer once the child speaks itself, and a word of somebody who is no guardian any more counts
    for nothing."""
    latest: dict[int | None, str] = {}
    for word in words:
        latest[word.carer_id] = word.says
    if child_speaks:
        said = latest.get(None)
        because = {
            "yes": _("孩子满14岁，本人同意。"),
            "no": _("孩子满14岁，本人不同意。"),
            "withdrawn": _("孩子满14岁，本人收回了同意。"),
        }.get(said or "", _("孩子满14岁了，要由本人说，还没有说。"))
        return Standing(said == "yes", because, True, int(said == "yes"), 0, int(said is None))
    every = list(guardians)
    said = [latest.get(carer) for carer in every]
    yes, silent = said.count("yes"), said.count(None)
    no = len(said) - yes - silent
    return Standing(yes > 0 and no == 0, _because(yes, no, silent), False, yes, no, silent)


def _because(yes: int, no: int, silent: int) -> str:
    if no and yes:
        return _("监护人说法不一，有人不同意，所以现在不算同意。")
    if no:
        return _("监护人不同意。")
    if yes and silent:
        return _("有监护人同意，其他监护人没有反对。")
    return _("监护人同意。") if yes else _("还没有人回答，现在按不同意办。")


def check_can_say(child: Child, purpose: str, carer_id: int | None, on: date) -> None:
    """Raises ConsentFault: a duty, an unknown purpose, or not this person's to say."""
    known = purposes().get(purpose)
    if known is None or not known.asks_consent:
        raise ConsentFault(_("这一项是法律规定要做的，不用征求同意。"))
    itself = speaks_itself(child, on)
    if itself and carer_id is not None:
        raise ConsentFault(_("孩子满14岁了，这件事由孩子自己说；学校会把结果告诉您。"))
    if not itself and carer_id is None:
        raise ConsentFault(_("孩子不满14岁，请由监护人来说。"))
    if carer_id is not None and carer_id not in guardians_of(child.pk, on):
        raise ConsentFault(_("只有孩子的监护人可以同意或收回。"))


def may_take_word(actor: Actor | None, child: Child, on: date) -> bool:
    """Who writes down what was said on paper or in person: the class teacher, and those who keep the
    school's records."""
    rows = Enrolment.objects.on(on).filter(child=child).values_list("school_class", flat=True)
    return any(
        may(actor, permission, class_id, on)
        for class_id in rows
        for permission in (CHILD_CHANGE, VISIT_RECORD)
    )
