"""Staff of the demo: class teachers, subject teachers, leaders, officers, and the posts' holes."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from gongyu.ground.places.models import Place
from gongyu.ground.secrets.fields import digest
from gongyu.ground.staff.models import Post, Role, Staff
from gongyu.ground.staff.naming import initials

from .names import Names
from .schools import DemoSchool

SUBJECTS = ("语文", "数学", "英语", "科学", "体育", "音乐", "美术", "道德与法治")
PHONE_PREFIX = "198"


@dataclass(slots=True)
class Staffing:
    """Everybody employed in the demo; who teaches which class is kept by the class's id."""

    staff: list[Staff] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    class_teacher: dict[int, list[Post]] = field(default_factory=dict)
    subject_teacher: dict[int, list[Post]] = field(default_factory=dict)
    leaders: dict[int, dict[str, Post]] = field(default_factory=dict)
    officers: dict[tuple[str, int], Post] = field(default_factory=dict)


class Employer:
    """Draws staff and gives them their posts."""

    def __init__(self, draw: random.Random, year_from: date, today: date):
        self._draw, self._names = draw, Names(draw)
        self._from, self._today = year_from, today
        self.made = Staffing()

    def employ_school(self, school: DemoSchool) -> None:
        """Leaders for the school, a class teacher for each class, some subject teachers."""
        long_ago = self._from - timedelta(days=730)
        roles = (
            Role.HEAD,
            Role.SCHOOL_LEADER,
            Role.MORAL_EDUCATION_HEAD,
            Role.REGISTRAR,
            Role.REPORT_LIAISON,
        )
        self.made.leaders[school.place.pk] = {
            role: self._post(self._person(), school.place, role, long_ago) for role in roles
        }
        for school_class in school.classes:
            place = school_class.place
            teacher = self._person("F" if self._draw.random() < 0.75 else "M")
            post = self._post(teacher, place, Role.CLASS_TEACHER, place.from_on)
            self.made.class_teacher[place.pk] = [post]
            if self._draw.random() < 0.35:
                subject = self._draw.choice(SUBJECTS)
                other = self._post(
                    self._person(), place, Role.SUBJECT_TEACHER, place.from_on, subject
                )
                self.made.subject_teacher[place.pk] = [other]

    def employ_officer(self, role: str, department: Place) -> Post:
        """One officer of a department."""
        post = self._post(self._person(), department, role, self._from - timedelta(days=400))
        self.made.officers[role, department.pk] = post
        return post

    def leave_a_gap(self, school_class_id: int, first: date, until: date | None) -> None:
        """The class teacher goes on `first`; an acting one comes on `until`, or nobody yet."""
        posts = self.made.class_teacher[school_class_id]
        posts[-1].until_on = first
        if until is not None:
            acting = self._post(self._person(), posts[-1].place, Role.CLASS_TEACHER, until)
            acting.acting = True
            posts.append(acting)

    def _person(self, sex: str | None = None) -> Staff:
        name = self._names.person(sex or self._draw.choice("MF"))
        phone = f"{PHONE_PREFIX}{len(self.made.staff):08d}"
        person = Staff(
            name=name, initials=initials(name), phone=phone, phone_digest=digest("staff.phone", phone)
        )  # fmt: skip
        self.made.staff.append(person)
        return person

    def _post(self, person: Staff, place: Place, role: str, first: date, subject: str = "") -> Post:
        post = Post(
            staff=person, place=place, role=role, from_on=first, subject=subject, basis="演示任命"
        )
        self.made.posts.append(post)
        return post
