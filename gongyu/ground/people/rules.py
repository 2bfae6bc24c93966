"""Who may read a child, and in which state a child's enrolment or care may change."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gongyu.ground.access.permissions import CHILD_CHANGE, CHILD_READ, may, places_with
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.words import day_words
from gongyu.ground.places.models import Place

from .models import Bar, Care, Child, Enrolment, Leave


class PeopleRefused(ValueError):
    """What cannot be done, why, and how to mend it, in the user's words; `field` names the input."""

    def __init__(self, message: str, field: str | None = None):
        super().__init__(message)
        self.field = field


def children_visible_to(actor: Actor | None, on: date) -> QuerySet[Child]:
    """The children enrolled on the day in a class that the actor may read."""
    classes = places_with(actor, CHILD_READ, kind=Place.Kind.CLASS, on=on)
    here = Enrolment.objects.on(on).filter(school_class__in=classes)
    return Child.objects.filter(pk__in=here.values("child"))


def may_read_child(actor: Actor | None, child: Child, on: date) -> bool:
    """True exactly for `children_visible_to`."""
    return _may_in_class(actor, CHILD_READ, child, on)


def may_change_child(actor: Actor | None, child: Child, on: date) -> bool:
    """Enrolment, leave, care and bars are changed by the school's registrar and leaders."""
    return _may_in_class(actor, CHILD_CHANGE, child, on)


def _may_in_class(actor: Actor | None, permission: str, child: Child, on: date) -> bool:
    rows = Enrolment.objects.on(on).filter(child=child).values_list("school_class", flat=True)
    return any(may(actor, permission, class_id, on) for class_id in rows)


def check_can_enrol(child: Child, school_class: Place, from_on: date) -> None:
    """Raises PeopleRefused: not a class, not open that day, or enrolled elsewhere."""
    if school_class.kind != Place.Kind.CLASS:
        raise PeopleRefused(_("请选择一个班级。"), "school_class")
    if not school_class.holds_on(from_on):
        raise PeopleRefused(
            _("%(name)s在%(day)s不开班。请核对日期，或选择当天开设的班级。")
            % {"name": school_class.name, "day": day_words(from_on)},
            "from_on",
        )
    if Enrolment.objects.between(from_on, date.max).filter(child=child).exists():
        raise PeopleRefused(
            _("该生在%(day)s已有学籍。请先办理转出，再办理转入。") % {"day": day_words(from_on)},
            "from_on",
        )


def check_can_leave_class(enrolment: Enrolment, until_on: date) -> None:
    """Raises PeopleRefused when the enrolment is closed already or would end before it starts."""
    if enrolment.until_on is not None:
        raise PeopleRefused(_("这段学籍已经结束，不能再次结束。"), "until_on")
    if until_on <= enrolment.from_on:
        raise PeopleRefused(
            _("离开日期必须晚于入学日期%(day)s。") % {"day": day_words(enrolment.from_on)},
            "until_on",
        )


def check_can_start_leave(child: Child, from_on: date, until_on: date | None) -> None:
    """Raises PeopleRefused when the child is not enrolled that day or is away already."""
    check_days(from_on, until_on)
    if not Enrolment.objects.on(from_on).filter(child=child).exists():
        raise PeopleRefused(_("该生当天没有学籍，不能登记休学或长假。"), "from_on")
    if Leave.objects.between(from_on, until_on or date.max).filter(child=child).exists():
        raise PeopleRefused(_("这段时间已有休学或长假记录。请先结束原记录。"), "from_on")


def check_days(from_on: date, until_on: date | None) -> None:
    """Raises PeopleRefused when something would end before it starts."""
    if until_on is not None and until_on <= from_on:
        raise PeopleRefused(
            _("结束日期必须晚于开始日期%(day)s。") % {"day": day_words(from_on)}, "until_on"
        )


def check_can_change_care(care: Care, on: date) -> None:
    """Raises PeopleRefused when the care has ended or would end before it starts."""
    if care.until_on is not None:
        raise PeopleRefused(
            _("这段照护关系已于%(day)s结束，不能再变更。") % {"day": day_words(care.until_on)}, "on"
        )
    if on <= care.from_on:
        raise PeopleRefused(
            _("变更日期必须晚于这段照护关系的起始日%(day)s。如属误登，请撤回后重新登记。")
            % {"day": day_words(care.from_on)},
            "on",
        )


def check_can_bar(child: Child, carer_id: int, from_on: date, until_on: date | None) -> None:
    """Raises PeopleRefused when the carer has nothing to do with the child or is barred already."""
    check_days(from_on, until_on)
    if not Care.objects.filter(child=child, carer=carer_id).exists():
        raise PeopleRefused(_("此人不是该生的照护人，无需登记限制。"), "carer")
    if (
        Bar.objects.between(from_on, until_on or date.max)
        .filter(child=child, carer=carer_id)
        .exists()
    ):
        raise PeopleRefused(_("这段时间已有限制记录。请先解除原记录。"), "from_on")
