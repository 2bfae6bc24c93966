"""What a change of classes and campuses would do, before it is done; whatever the action would
refuse is refused here already."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from gongyu.ground.access.confirming import Change, Line
from gongyu.ground.places import rules as place_rules
from gongyu.ground.places.models import Place, SchoolClass
from gongyu.ground.places.naming import class_name
from gongyu.ground.staff import rules as staff_rules

from . import queries_classes as queries
from . import rules_classes as rules


def opening_class(
    school: Place, stage: str, grade: int, number: int, name: str, days: tuple[date, date]
) -> Change:
    """A class begins."""
    kind = school.school.kind
    place_rules.check_can_open_class(school, kind, stage, grade, *days)
    return Change(
        title=_("开设班级"),
        about=school.name,
        day=days[0],
        lines=(Line(_("班级"), "", name or class_name(stage, grade, number)),),
        notes=(_("开班后请安排班主任；学生随名册导入，或从学生页“调整班级”进入。"),),
    )


def opening_campus(school: Place, name: str, day: date) -> Change:
    """A campus begins."""
    place_rules.check_can_stand(Place.Kind.CAMPUS, school, day)
    return Change(
        title=_("增设校区"), about=school.name, day=day, lines=(Line(_("校区"), "", name),)
    )


def renaming(place: Place, name: str) -> Change:
    """The same place under another name."""
    place_rules.check_can_rename(place, name, queries.neighbours_of(place))
    return Change(
        title=_("改名"),
        about=place.name,
        day=None,
        lines=(Line(_("名称"), place.name, name),),
        notes=(_("改名对过去和今后的页面一并生效；谁改的、原来叫什么，都留有记录。"),),
    )


def closing(place: Place, day: date) -> Change:
    """A class or campus is no more."""
    lines = [Line(place.get_kind_display(), place.name, _("撤销"))]
    if place.kind == Place.Kind.CLASS:
        rules.check_can_close_class(place, day)
        lines += _posts_ending(place, day)
    else:
        rules.check_can_close_campus(place, day, queries.classes_in(place, day))
    place_rules.check_can_close(place, day, [])
    return Change(
        title=_("撤销"),
        about=place.name,
        day=day,
        lines=tuple(lines),
        notes=(_("此前的家访、任职和统计保持不变，仍可查阅。"),),
    )


def merging(closing_place: Place, into: Place, day: date) -> Change:
    """One class takes the children of another."""
    classes = SchoolClass.objects.select_related("place").in_bulk([closing_place.pk, into.pk])
    seats = queries.seats_from(closing_place.pk, day)
    rules.check_can_merge(classes[closing_place.pk], classes[into.pk], day, seats)
    place_rules.check_can_close(closing_place, day, [])
    here = len(queries.seats_from(into.pk, day))
    return Change(
        title=_("并班"),
        about=closing_place.name,
        day=day,
        lines=(
            Line(into.name, _count(here), _count(here + len(seats))),
            Line(closing_place.name, _count(len(seats)), _("撤销")),
            *_posts_ending(closing_place, day),
        ),
        notes=(_("家访、名册和统计自这一天起按新班级；此前的仍属原班级。"),),
    )


def _posts_ending(place: Place, day: date) -> list[Line]:
    ending = [post for post in queries.posts_from(place.pk, day) if post.until_on != day]
    for post in ending:
        staff_rules.check_can_close(post, day)
    return [
        Line(f"{place.name}{post.get_role_display()}", post.staff.name, _("任职同日结束"))
        for post in ending
    ]


def _count(number: int) -> str:
    return _("%(count)d名学生") % {"count": number}
