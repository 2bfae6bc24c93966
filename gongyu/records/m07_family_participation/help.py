"""Whom a family can turn to: the public numbers, and the people of the school and the village by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from gongyu.ground.families.shapes import Family
from gongyu.ground.staff.models import Post, Role
from gongyu.plan import load_plan

# The heads answer for what a class teacher cannot; both by name, without a number: the school's own
# telephone is on its gate and in the mechanism that it registered.
OF_SCHOOL = (Role.MORAL_EDUCATION_HEAD, Role.HEAD)


@dataclass(frozen=True, slots=True)
class Line:
    """A public number."""

    phone: str
    title: str
    what: str


@dataclass(frozen=True, slots=True)
class Named:
    """A person who is there for these children."""

    name: str
    role: str
    where: str


def public_lines() -> list[Line]:
    """The numbers of the plan, 110 first."""
    receivers = load_plan(settings.PLAN_FOLDER).report_receivers
    return [Line(each.phone, each.title, each.what) for each in receivers if each.phone]


def people_for(family: Family, on: date) -> list[Named]:
    """Class teachers, the school's heads and the village's children's director. One SQL query."""
    classes = {c.class_id: c.where for c in family.children if c.class_id}
    schools = {c.school_id: c.school_name for c in family.children if c.school_id}
    homes = {c.home_id for c in family.children if c.home_id}
    wanted = {Role.CLASS_TEACHER: set(classes), Role.CHILDREN_DIRECTOR: homes}
    wanted |= {role: set(schools) for role in OF_SCHOOL}
    rows = Post.objects.on(on).filter(role__in=list(wanted), place__in={*classes, *schools, *homes})
    posts = [p for p in rows.select_related("staff", "place") if p.place_id in wanted[p.role]]
    order = list(wanted)
    posts.sort(key=lambda post: (order.index(post.role), post.place_id, post.pk))
    return [
        Named(
            post.staff.name,
            str(Role(post.role).label),
            classes.get(post.place_id) or schools.get(post.place_id) or post.place.name,
        )
        for post in posts
    ]


def words_for_a_child() -> str:
    """What the page says to a child who reads it."""
    return _(
        "小朋友，不管出了什么事，都不是你的错。可以告诉信得过的大人，也可以自己打电话，不用告诉别人。"
    )
