"""A staff sheet against the database, and in: people found again, posts opened and handed over."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.years import school_year_of
from gongyu.ground.places.models import Place, SchoolClass
from gongyu.ground.secrets.fields import digest
from gongyu.ground.staff.actions import (
    STAFF_ID,
    STAFF_PHONE,
    NewPost,
    NewStaff,
    add_staff_many,
    close_post,
    open_posts,
)
from gongyu.ground.staff.models import Post, Role, Staff

from .changes import Doubt
from .class_names import ClassKey
from .entries import Roster, StaffEntry
from .faults import Fault, refusing
from .lines import Faults

NEW, KNOWN = "new", "known"


@dataclass(slots=True)
class PostStep:
    """One post of one row: open it, keep it, or end it. `hands_over` is the regular class teacher
    whose post ends on the day."""

    entry: StaffEntry
    place_id: int
    place_name: str
    what: str  # open, keep, close
    from_on: date
    until_on: date | None
    held: Post | None = None
    hands_over: Post | None = None


@dataclass(slots=True)
class Person:
    """One member of staff of the sheet; several rows may be the same person."""

    name: str
    what: str
    staff_id: int | None = None
    id_number: str = ""
    phone: str = ""
    posts: list[PostStep] = field(default_factory=list)


@dataclass
class StaffComparison:
    """All that importing the sheet would do, and what stands in its way."""

    people: list[Person] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def refused(self) -> list[Fault]:
        return refusing(self.faults)

    def steps(self) -> list[PostStep]:
        return [step for person in self.people for step in person.posts]

    def counts(self) -> dict[str, int]:
        steps = self.steps()
        return {
            "rows": len(steps),
            "added": sum(person.what == NEW for person in self.people),
            "opened": sum(step.what == "open" for step in steps),
            "closed": sum(step.what == "close" for step in steps),
            "handed_over": sum(step.hands_over is not None for step in steps),
            "unchanged": sum(step.what == "keep" for step in steps),
            "doubts": len(self.doubts),
        }

    def changes_nothing(self, *, with_leavers: bool = False) -> bool:
        quiet = all(step.what == "keep" for step in self.steps())
        return quiet and not self.doubts and all(p.what == KNOWN for p in self.people)

    def print(self) -> str:
        """A fingerprint: two comparisons with the same one would do the same."""
        lines = [
            (p.name, p.what, p.staff_id, [(s.place_id, s.entry.role, s.what, str(s.from_on),
             s.hands_over.pk if s.hands_over else 0) for s in p.posts])
            for p in self.people
        ]  # fmt: skip
        return digest("roster.print", repr((lines, len(self.doubts))))


def compare_staff(
    roster: Roster, school: Place, on: date, *, answers: dict[str, int] | None = None
) -> StaffComparison:
    """What importing the staff sheet would do on the day. Nothing is written."""
    result, faults = StaffComparison(), Faults()
    people: dict[tuple, Person] = {}
    finder = _Finder(school, on, answers or {})
    for entry in roster.staff:
        who = (entry.id_number or entry.phone, entry.name)
        person = people.get(who)
        if person is None:
            person = finder.find(entry, result)
            if person is None:
                continue
            people[who] = person
        person.posts += finder.posts(person, entry, faults)
    result.people = list(people.values())
    result.faults = faults.kept
    return result


class _Finder:
    def __init__(self, school: Place, on: date, answers: dict[str, int]):
        self.school, self.on, self.answers = school, on, answers
        year = school_year_of(on)
        rows = SchoolClass.objects.filter(school=school, school_year=year).select_related("place")
        self.classes = {ClassKey(r.stage, r.grade, r.number): r.place for r in rows}
        here = Q(place=school) | Q(place__in=[place.pk for place in self.classes.values()])
        self.held: dict[tuple, list[Post]] = defaultdict(list)
        self.by_name: dict[str, set[int]] = defaultdict(set)
        for post in Post.objects.on(on).filter(here).select_related("staff"):
            self.held[post.place_id, post.role].append(post)
            self.by_name[post.staff.name].add(post.staff_id)

    def find(self, entry: StaffEntry, result: StaffComparison) -> Person | None:
        """The person of the row; None while somebody has to say whether it is a namesake."""
        person = Person(entry.name, KNOWN, None, entry.id_number, entry.phone)
        known = None
        if entry.id_number:
            known = Staff.objects.filter(id_digest=digest(STAFF_ID, entry.id_number)).first()
        if known is None and entry.phone:
            phones = Staff.objects.filter(phone_digest=digest(STAFF_PHONE, entry.phone))
            known = phones.filter(name=entry.name).order_by("pk").first()
        if known is None:
            return self._by_name(entry, person, result)
        person.staff_id = known.pk
        return person

    def _by_name(self, entry: StaffEntry, person: Person, result: StaffComparison) -> Person | None:
        namesakes = sorted(self.by_name.get(entry.name, ()))
        answer = self.answers.get(entry.key)
        if namesakes and answer is None:
            options = [(pk, _("%(name)s，本校在职") % {"name": entry.name}) for pk in namesakes]
            result.doubts.append(Doubt(entry, options))
            return None
        if answer in namesakes:
            person.staff_id = answer
        else:
            person.what = NEW
        return person

    def posts(self, person: Person, entry: StaffEntry, faults: Faults) -> list[PostStep]:
        places = [self.school]
        if entry.role in {Role.CLASS_TEACHER, Role.SUBJECT_TEACHER}:
            places = []
            for key in entry.class_keys:
                place = self.classes.get(key)
                if place is None:
                    faults.say("staff_class_unknown", sheet=entry.sheet, row=entry.row,
                               value=str(key))  # fmt: skip
                    continue
                places.append(place)
        return [self._post(person, entry, place) for place in places]

    def _post(self, person: Person, entry: StaffEntry, place: Place) -> PostStep:
        from_on = max(entry.from_on or self.on, place.from_on)
        step = PostStep(entry, place.pk, place.name, "open", from_on, entry.until_on)
        for post in self.held[place.pk, entry.role]:
            if post.staff_id == person.staff_id and post.subject == entry.subject:
                step.held = post
                ends = entry.until_on is not None and post.until_on is None
                step.what = "close" if ends else "keep"
                return step
        if entry.until_on is not None and entry.until_on <= self.on:
            # A post that ended before the sheet's day is history; it is opened with both its days.
            return step
        if entry.role == Role.CLASS_TEACHER and not entry.acting:
            step.hands_over = next(
                (post for post in self.held[place.pk, entry.role] if not post.acting), None
            )
            if step.hands_over is not None:
                step.from_on = max(step.from_on, self.on)
        return step


def write_staff(comparison: StaffComparison, on: date, *, by: Actor) -> None:
    """Brings staff and posts in line. Must run inside the transaction of the comparison.
    Raises PostRefused when posts contradict each other."""
    new = [person for person in comparison.people if person.what == NEW]
    added = add_staff_many([NewStaff(p.name, p.id_number, p.phone) for p in new], by=by)
    for person, staff in zip(new, added, strict=True):
        person.staff_id = staff.pk
    rows = []
    for person in comparison.people:
        for step in person.posts:
            if step.hands_over is not None:
                close_post(step.hands_over, step.from_on, by=by)
            if step.what == "close":
                close_post(step.held, step.until_on, by=by)
            elif step.what == "open":
                rows.append(
                    NewPost(person.staff_id, step.place_id, step.entry.role, step.from_on,
                            step.until_on, step.entry.acting, step.entry.subject)
                )  # fmt: skip
    open_posts(rows, by=by)
