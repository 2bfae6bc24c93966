"""Puts the home together from the sections of the roles held today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from gongyu.ground.access.queries import Line, own_lines
from gongyu.ground.audit.actors import Actor, HeldPost
from gongyu.ground.families.queries import doubts_for
from gongyu.ground.staff.models import Role
from gongyu.records.m01_home_school_contact import queries as visits
from gongyu.records.m01_home_school_contact.queries.concerns import ConcernLine
from gongyu.records.m07_family_participation import queries as participation

from . import offices, schools, teachers


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the home: which template shows it, and what it is told."""

    template: str
    data: object


@dataclass(frozen=True, slots=True)
class Home:
    """The home of a person. `lapsed` are the approvals that do not run today, `ending` those that
    end soon; without a running one nothing about a child is shown."""

    name: str
    sections: list[Section]
    lapsed: list[Line]
    ending: list[Line]
    concerns: list[ConcernLine]  # children who seem not well and whose turn is this person's
    offers: int  # hand-overs that wait for the own school
    corrections: int  # that guardians proposed and the own school has not answered
    numbers: int  # telephone numbers of which somebody said "not me"


Maker = Callable[[Actor, HeldPost, date], object]

# The order is that of the work: the nearest to the children first.
MAKERS: dict[str, tuple[str, Maker]] = {
    Role.CLASS_TEACHER: ("pages/home/_class_teacher.html", teachers.class_teacher),
    Role.SUBJECT_TEACHER: ("pages/home/_subject_teacher.html", teachers.subject_teacher),
    Role.HEAD: ("pages/home/_head.html", schools.head),
    Role.SCHOOL_LEADER: ("pages/home/_school.html", schools.school_leader),
    Role.MORAL_EDUCATION_HEAD: (
        "pages/home/_school.html",
        schools.moral_education_head,
    ),
    Role.REGISTRAR: ("pages/home/_registrar.html", schools.registrar),
    Role.DISTRICT_OFFICER: ("pages/home/_officer.html", offices.officer),
    Role.CITY_OFFICER: ("pages/home/_officer.html", offices.officer),
    Role.AUDITOR: ("pages/home/_auditor.html", offices.auditor),
    Role.ADMINISTRATOR: ("pages/home/_administrator.html", offices.administrator),
    Role.REPORT_LIAISON: ("pages/home/_report_liaison.html", offices.report_liaison),
    Role.CHILDREN_DIRECTOR: ("pages/home/_children_director.html", offices.children_director),
    Role.COMPLAINT_HANDLER: ("pages/home/_complaint_handler.html", offices.complaint_handler),
}
# These show nothing about children: they stand without an approval.
NOT_ABOUT_CHILDREN = frozenset({Role.DISTRICT_OFFICER, Role.CITY_OFFICER, Role.ADMINISTRATOR})


def home_of(actor: Actor, on: date, moment: datetime) -> Home:
    """One section for each role, for the first post held with it in which the person may read: a
    home is a glance."""
    approvals = own_lines(actor, on)
    # An approval in one school opens nothing of another where the same role is held.
    covered = {post.pk for line in approvals if line.may_read for post in line.posts}
    reading = replace(actor, posts=tuple(p for p in actor.posts if _may_stand(p, covered)))
    sections = []
    for role, (template, make) in MAKERS.items():
        post = reading.post_with(role)
        if post is not None:
            sections.append(Section(template, make(reading, post, on)))
    return Home(
        name=actor.name,
        sections=sections,
        lapsed=[line for line in approvals if not line.may_read],
        ending=[line for line in approvals if line.may_read and line.state == "soon"],
        concerns=visits.concerns_to_act(reading, on, moment),
        offers=len(visits.offers_to(reading, on)),
        corrections=participation.count_waiting(reading, on),
        numbers=len(doubts_for(reading, on)),
    )


def _may_stand(post: HeldPost, covered: set[int]) -> bool:
    return post.role in NOT_ABOUT_CHILDREN or post.post_id in covered
