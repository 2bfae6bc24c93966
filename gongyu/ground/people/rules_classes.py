"""Who keeps the classes and campuses of a school, and when one may close or join another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from gongyu.ground.access.permissions import CLASS_KEEP, may
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.words import day_words
from gongyu.ground.places.models import Place, SchoolClass

from .models import Enrolment
from .rules import PeopleRefused

Kind = Place.Kind


def may_keep_classes(actor: Actor | None, school: Place, on: date) -> bool:
    """The school's registrar and head open, rename, close and merge its classes and campuses."""
    return school.kind == Kind.SCHOOL and may(actor, CLASS_KEEP, school.pk, on)


def check_can_close_class(place: Place, until_on: date) -> None:
    """Raises PeopleRefused while children are in the class on the day or later."""
    count = Enrolment.objects.between(until_on, date.max).filter(school_class=place).count()
    if count:
        raise PeopleRefused(
            _(
                "%(class)s自%(day)s起还有%(count)d名学生。请先办理并班，或逐一调整班级、登记离校后再撤销。"
            )
            % {"class": place.name, "day": day_words(until_on), "count": count},
            "until_on",
        )


def check_can_close_campus(place: Place, until_on: date, classes: Sequence[Place]) -> None:
    """Raises PeopleRefused while classes run there on the day or later."""
    if classes:
        raise PeopleRefused(
            _("%(campus)s自%(day)s起还有%(count)d个班（%(names)s）。请先撤销或并班。")
            % {
                "campus": place.name,
                "day": day_words(until_on),
                "count": len(classes),
                "names": "、".join(one.name for one in classes[:3]),
            },
            "until_on",
        )


def check_can_merge(
    closing: SchoolClass, into: SchoolClass, on: date, seats: Sequence[Enrolment]
) -> None:
    """Raises PeopleRefused unless both are classes of one school, stage and year and run on the
    day, and every child of the closing class can move on it."""
    if closing.pk == into.pk:
        raise PeopleRefused(_("请选择另一个班级。"), "into")
    same = ("school_id", "school_year", "stage")
    if any(getattr(closing, name) != getattr(into, name) for name in same):
        raise PeopleRefused(_("只能并入本校同一学年、同一学段的班级。"), "into")
    for one in (closing.place, into.place):
        if not one.holds_on(on):
            raise PeopleRefused(
                _("%(name)s在%(day)s不开班，请核对日期。")
                % {"name": one.name, "day": day_words(on)},
                "on",
            )
    if on <= closing.place.from_on:
        raise PeopleRefused(
            _("并班日期必须晚于%(name)s的开班日%(day)s。")
            % {"name": closing.place.name, "day": day_words(closing.place.from_on)},
            "on",
        )
    _check_seats(on, seats)


def _check_seats(on: date, seats: Sequence[Enrolment]) -> None:
    late = [seat for seat in seats if seat.from_on >= on]
    if late:
        raise PeopleRefused(
            _("有%(count)d名学生自%(day)s或以后才进入该班，并班日期须晚于他们到班的日期。")
            % {"count": len(late), "day": day_words(min(seat.from_on for seat in late))},
            "on",
        )
    leaving = [seat for seat in seats if seat.until_on is not None]
    if leaving:
        raise PeopleRefused(
            _("有%(count)d名学生已登记在此后离班，请先更正他们的离校登记，或改为更晚的并班日期。")
            % {"count": len(leaving)},
            "on",
        )
