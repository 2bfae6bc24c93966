"""What a visit must satisfy before it is written: days, enrolments, posts, people met."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from gongyu.ground.calendar.words import day_words
from gongyu.ground.people.models import Care, Child, Enrolment
from gongyu.ground.prepared import prepared
from gongyu.ground.staff.models import Post

from . import rules
from .models import Capacity, Setting, Visit, VisitChild
from .queries.posts import CAPACITY_OF, class_teachers_of, post_for, posts_in
from .rules import VisitFault
from .shapes import VisitEntry


def check_entry(entry: VisitEntry, on: date) -> None:
    """What can be said without asking who the people are. Raises VisitFault."""
    rules.check_day_of_visit(entry.visited_on, on)
    if not entry.notes:
        raise VisitFault(_("请选择是哪个孩子。"), "children")
    if entry.outcome not in Visit.Outcome.values:
        raise VisitFault(_("请说明去的结果。"))
    held = entry.outcome == Visit.Outcome.HELD
    if held and entry.setting not in Setting.values:
        raise VisitFault(_("请选择在家中还是约在别处。"), "setting")
    if held and not entry.met and not entry.met_other:
        raise VisitFault(_("请选择见到了谁；不在名单里的，写在“其他人”里。"), "met")
    if not held and entry.setting:
        raise VisitFault(_("没有见到家长的，不填地点。"), "setting")
    if entry.next_step and entry.next_step.due_on > on + rules.FARTHEST_AHEAD:
        raise VisitFault(_("后续事项的日期要在一年之内，请核对年份。"), "follows")
    if entry.next_step and entry.next_step.due_on < entry.visited_on:
        raise VisitFault(_("后续事项的日期不能早于家访日期。"), "follows")


def build_rows(
    entry: VisitEntry, visitor_id: int, *, replaces: Visit | None = None
) -> list[VisitChild]:
    """One unsaved row for each child, with class, school, post and capacity as of that day."""
    day = entry.visited_on
    # The rows of the children are locked, so that two taps at once see each other.
    children = _locked(sorted(entry.notes))
    enrolments = {child.pk: _enrolled(child, day) for child in children}
    places = {p for e in enrolments.values() for p in (e.school_class_id, e.school_id)}
    posts = posts_in(visitor_id, places, day)
    classes = {e.school_class_id for e in enrolments.values()}
    # Whoever is a teacher of all these classes needs no companion.
    teachers = {} if classes <= posts.keys() else class_teachers_of(classes, day)
    _check_met(entry, children)
    rows = []
    for child in children:
        enrolment = enrolments[child.pk]
        post = _post(child, enrolment, posts, teachers)
        _check_not_twice(child, entry, post, replaces)
        rows.append(
            VisitChild(
                child=child,
                class_place_id=enrolment.school_class_id,
                school_id=enrolment.school_id,
                post=post,
                capacity=CAPACITY_OF[post.role],
                note=entry.notes[child.pk],
            )
        )
    return rows


@prepared
def _locked(child_ids: list[int]):
    return Child.objects.select_for_update().filter(pk__among=child_ids).order_by("pk")


def _enrolled(child: Child, day: date) -> Enrolment:
    enrolment = rules.enrolment_for_visit(child, day)
    if enrolment is None:
        raise VisitFault(
            _("%(name)s 在 %(day)s 不在籍，请核对日期。")
            % {"name": child.name, "day": day_words(day)},
            "visited_on",
        )
    return enrolment


def _post(
    child: Child, enrolment: Enrolment, posts: dict[int, Post], teachers: dict[int, Post]
) -> Post:
    """The visitor's post; for a sibling in another class, the class teacher who came along."""
    post = post_for(posts, enrolment.school_class_id, enrolment.school_id)
    if post is not None:
        return post
    visits_as_class_teacher = any(
        CAPACITY_OF[p.role] == Capacity.CLASS_TEACHER for p in posts.values()
    )
    companion = teachers.get(enrolment.school_class_id)
    if visits_as_class_teacher and companion is not None:
        return companion
    raise VisitFault(
        _("您在那一天没有担任 %(class)s 的老师，不能记录 %(name)s 的家访。")
        % {"class": enrolment.school_class.name, "name": child.name},
        "visited_on",
    )


def _check_met(entry: VisitEntry, children: list[Child]) -> None:
    if not entry.met:
        return
    known = set(
        Care.objects.on(entry.visited_on)
        .filter(child__in=children, carer__in=entry.met)
        .values_list("carer_id", flat=True)
    )
    if set(entry.met) - known:
        raise VisitFault(_("选中的人里有的当天不是孩子的照护人，请写在“其他人”里。"), "met")


def _check_not_twice(child: Child, entry: VisitEntry, post: Post, replaces: Visit | None) -> None:
    told = _told_already(child.pk, post.staff_id, entry.visited_on, str(entry.outcome))
    if any(visit_id != (replaces.pk if replaces else None) for visit_id in told):
        raise VisitFault(
            _("%(day)s 对 %(name)s 的这次家访已经记过了。要补充内容，请打开那条记录点“更正”。")
            % {"day": day_words(entry.visited_on), "name": child.name},
            "visited_on",
        )


@prepared
def _told_already(child_id: int, staff_id: int, day: date, outcome: str):
    same = VisitChild.objects.filter(
        child=child_id,
        post__staff=staff_id,
        visit__status="standing",
        visit__visited_on=day,
        visit__outcome=outcome,
    )
    return same.values_list("visit_id", flat=True)
