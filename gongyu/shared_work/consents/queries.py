"""What holds for a purpose and child on a day, and how a family sees it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import make_aware

from gongyu.ground.audit.actors import Actor
from gongyu.ground.families.rules import cares_visible
from gongyu.ground.families.shapes import Family, FamilyChild
from gongyu.ground.people.models import Child

from . import rules
from .models import Word
from .purposes import Purpose, duties, to_ask
from .rules import Standing


def holds(purpose: str, child: Child, on: date) -> bool:
    """May data of this child be used for the purpose on the day? False for anything but a standing
    consent; a statutory duty is no question of consent and must not be asked here."""
    return standing(purpose, child, on).holds


def standing(purpose: str, child: Child, on: date) -> Standing:
    """What holds at the end of the day, and why. Two SQL queries."""
    return standings(purpose, [child], on)[child.pk]


def standings(purpose: str, children: Collection[Child], on: date) -> dict[int, Standing]:
    """{child id: what holds} for many children at once, as for a class. Two SQL queries."""
    words: dict[int, list[Word]] = defaultdict(list)
    for word in _words([child.pk for child in children], on).filter(purpose=purpose):
        words[word.child_id].append(word)
    guardians = _guardians([child.pk for child in children], on)
    return {
        child.pk: rules.weigh(
            rules.speaks_itself(child, on), guardians.get(child.pk, ()), words[child.pk]
        )
        for child in children
    }


def _words(child_ids: list[int], on: date):
    until = make_aware(datetime.combine(on + timedelta(days=1), time.min))
    return Word.objects.filter(child__in=child_ids, said_at__lt=until).order_by("said_at", "pk")


def _guardians(child_ids: list[int], on: date) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    cares = cares_visible(on).filter(child__in=child_ids, is_guardian=True)
    for child_id, carer_id in cares.values_list("child_id", "carer_id"):
        found[child_id].add(carer_id)
    return found


@dataclass(frozen=True, slots=True)
class PurposeLine:
    """One purpose for one child: what I said, what holds, and whether it is mine to say."""

    purpose: Purpose
    standing: Standing
    mine: str  # yes, no, withdrawn, or empty
    mine_at: datetime | None
    may_say: bool


@dataclass(frozen=True, slots=True)
class ConsentsOfChild:
    child: FamilyChild
    itself: bool
    lines: list[PurposeLine]
    # When this guardian could still speak and the child now does: the day of the change of hands.
    turned_on: date | None


@dataclass(frozen=True, slots=True)
class ConsentsPage:
    children: list[ConsentsOfChild]
    duties: list[Purpose]

    @property
    def by_purpose(self) -> list[tuple[Purpose, list[tuple[ConsentsOfChild, PurposeLine]]]]:
        """Each purpose once, with a line for each child: read once, answered for each."""
        return [
            (purpose, [(each, each.lines[number]) for each in self.children])
            for number, purpose in enumerate(to_ask())
        ]


def consents_page(family: Family, on: date) -> ConsentsPage:
    """All purposes for all children whose guardian the carer is. Three SQL queries."""
    ids = [child.child_id for child in family.guarded]
    kept = {child.pk: child for child in Child.objects.filter(pk__in=ids)}
    words: dict[tuple[int, str], list[Word]] = defaultdict(list)
    for word in _words(ids, on):
        words[word.child_id, word.purpose].append(word)
    guardians = _guardians(ids, on)
    return ConsentsPage(
        children=[
            _of_child(child, kept[child.child_id], family.carer_id, guardians, words, on)
            for child in family.guarded
        ],
        duties=duties(),
    )


def _of_child(
    child: FamilyChild,
    kept: Child,
    carer_id: int,
    guardians: dict[int, set[int]],
    words: dict[tuple[int, str], list[Word]],
    on: date,
) -> ConsentsOfChild:
    itself = rules.speaks_itself(kept, on)
    lines = []
    for purpose in to_ask():
        said = words[kept.pk, purpose.code]
        mine = [word for word in said if word.carer_id == carer_id]
        lines.append(
            PurposeLine(
                purpose=purpose,
                standing=rules.weigh(itself, guardians.get(kept.pk, ()), said),
                mine=mine[-1].says if mine else "",
                mine_at=mine[-1].said_at if mine else None,
                may_say=not itself,
            )
        )
    return ConsentsOfChild(child, itself, lines, _fourteenth(kept) if itself else None)


def _fourteenth(child: Child) -> date | None:
    born = child.born_on
    if born is None:
        return None
    year = born.year + rules.CONSENTS_FROM
    try:
        return born.replace(year=year)
    except ValueError:  # born on 29 February
        return date(year, 3, 1)


@dataclass(frozen=True, slots=True)
class StaffLine:
    purpose: Purpose
    standing: Standing


@dataclass(frozen=True, slots=True)
class ChildConsents:
    """What a member of staff sees of a child's consents: what holds, never who said what."""

    child: Child
    itself: bool
    lines: list[StaffLine]
    speakers: list[tuple[int, str]]  # carer id (0: the child itself), name


def child_consents(child: Child, on: date) -> ChildConsents:
    """Three SQL queries."""
    words: dict[str, list[Word]] = defaultdict(list)
    for word in _words([child.pk], on):
        words[word.purpose].append(word)
    cares = cares_visible(on).filter(child=child, is_guardian=True).select_related("carer")
    names = {care.carer_id: care.carer.name for care in cares.order_by("position", "pk")}
    itself = rules.speaks_itself(child, on)
    return ChildConsents(
        child=child,
        itself=itself,
        lines=[
            StaffLine(purpose, rules.weigh(itself, names, words[purpose.code]))
            for purpose in to_ask()
        ],
        speakers=[(0, child.name)] if itself else list(names.items()),
    )


def child_to_take_word(actor: Actor | None, pk: int, on: date) -> Child | None:
    child = Child.objects.filter(pk=pk).first()
    return child if child is not None and rules.may_take_word(actor, child, on) else None


def child_of(child_id: int) -> Child:
    """The child behind a family's door, which was asked before."""
    return Child.objects.get(pk=child_id)
