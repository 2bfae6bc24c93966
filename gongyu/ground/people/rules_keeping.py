"""Who keeps a school's people between two rosters, and when an entry may still be taken back."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gongyu.ground.access.permissions import CHILD_CHANGE, may, places_with
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.words import day_words
from gongyu.ground.places.models import Place

from .models import Bar, Care, Carer, Child, Enrolment, Leave
from .rules import PeopleRefused

# A slip of the pen is noticed within a month; what stood longer ends on a day and stays readable.
SLIP = timedelta(days=31)
# A child who left may be taken back into the books this long, without a new enrolment.
REOPEN = timedelta(days=62)
# Nobody needs to guess numbers: who misses this often in a day is asked to ask the other school.
MISSES_A_DAY = 20
# A move inside the house or a hand-over closed the old row and opened the new one together.
HANDED_OVER = (Enrolment.HowOut.MOVED_CLASS, Enrolment.HowOut.TRANSFERRED)


def may_keep_school(actor: Actor | None, school: Place, on: date) -> bool:
    """May the actor receive children into this school?"""
    return school.kind == Place.Kind.SCHOOL and may(actor, CHILD_CHANGE, school.pk, on)


def children_kept_by(actor: Actor | None, on: date) -> QuerySet[Child]:
    """Exactly the children for whom `rules.may_change_child` is true."""
    classes = places_with(actor, CHILD_CHANGE, kind=Place.Kind.CLASS, on=on)
    here = Enrolment.objects.on(on).filter(school_class__in=classes)
    return Child.objects.filter(pk__in=here.values("child"))


def check_can_move(enrolment: Enrolment, school_class: Place) -> None:
    """Raises PeopleRefused when the child is in that class already."""
    if enrolment.school_class_id == school_class.pk:
        raise PeopleRefused(_("该生已在这个班级，请选择另一个班级。"), "school_class")


def check_can_receive(
    child: Child, school_class: Place, from_on: date, current: Enrolment | None
) -> None:
    """Raises PeopleRefused when the child's last enrolment stands in the way of the new one.

    `current` is the enrolment that holds on the day or later, if there is one.
    """
    if not school_class.holds_on(from_on):
        raise PeopleRefused(
            _("%(name)s在%(day)s不开班。请核对日期，或选择当天开设的班级。")
            % {"name": school_class.name, "day": day_words(from_on)},
            "from_on",
        )
    if current is None:
        return
    if current.from_on >= from_on:
        raise PeopleRefused(
            _("该生自%(day)s起才在现在的班级就读，转入日期必须晚于这一天。")
            % {"day": day_words(current.from_on)},
            "from_on",
        )
    if current.until_on is not None:
        raise PeopleRefused(
            _("原学校已登记该生自%(day)s起离校，转入日期不能早于这一天。")
            % {"day": day_words(current.until_on)},
            "from_on",
        )


def check_not_guessing(misses_today: int) -> None:
    """Raises PeopleRefused for whoever searched in vain too often today."""
    if misses_today >= MISSES_A_DAY:
        raise PeopleRefused(
            _("今天未查到的次数已达%(count)d次，请与原学校核对证件号码，明天再试。")
            % {"count": MISSES_A_DAY}
        )


def check_can_reopen(enrolment: Enrolment, on: date) -> None:
    """Raises PeopleRefused unless the enrolment ended lately and nothing came after it."""
    if enrolment.until_on is None or enrolment.until_on + REOPEN <= on:
        raise PeopleRefused(_("这次离校登记已超过两个月，不能撤销。如已回校，请按转入办理。"))
    if Enrolment.objects.filter(child=enrolment.child_id, from_on__gt=enrolment.from_on).exists():
        raise PeopleRefused(_("该生此后已有新的学籍，不能撤销离校。如需更正，请联系现就读学校。"))
    if not enrolment.school_class.holds_on(max(on, enrolment.until_on)):
        raise PeopleRefused(_("原班级已经结束，不能撤销离校。如已回校，请按转入办理。"))


def check_can_take_back(row: Enrolment | Leave | Care | Bar, on: date) -> None:
    """Raises PeopleRefused when an entry stood too long to have been a slip."""
    if row.from_on + SLIP <= on:
        raise PeopleRefused(
            _("这条记录自%(day)s起已超过一个月，不能当作误登撤回。请按实际情况登记结束日期。")
            % {"day": day_words(row.from_on)}
        )


def check_can_take_back_enrolment(enrolment: Enrolment, on: date) -> None:
    """Raises PeopleRefused unless it is the child's newest enrolment and a recent one."""
    check_can_take_back(enrolment, on)
    if Enrolment.objects.filter(child=enrolment.child_id, from_on__gt=enrolment.from_on).exists():
        raise PeopleRefused(_("此后还有新的学籍记录，请先撤回后面的一条。"))


def check_can_correct_start(
    enrolment: Enrolment, from_on: date, before: Enrolment | None, *, together: bool
) -> None:
    """Raises PeopleRefused when the corrected first day contradicts the class or what came before.

    `together`: the row before was closed by this very move, so its end moves along.
    """
    if from_on == enrolment.from_on:
        raise PeopleRefused(_("起始日与原来相同，无需更正。"), "from_on")
    if not enrolment.school_class.holds_on(from_on):
        raise PeopleRefused(
            _("%(name)s在%(day)s不开班，请核对日期。")
            % {"name": enrolment.school_class.name, "day": day_words(from_on)},
            "from_on",
        )
    if enrolment.until_on is not None and from_on >= enrolment.until_on:
        raise PeopleRefused(_("起始日必须早于这段学籍的结束日。"), "from_on")
    if before is None:
        return
    if together and from_on <= before.from_on:
        raise PeopleRefused(
            _("起始日必须晚于上一段学籍的起始日%(day)s。") % {"day": day_words(before.from_on)},
            "from_on",
        )
    if not together and before.until_on is not None and from_on < before.until_on:
        raise PeopleRefused(
            _("上一段学籍到%(day)s才结束，起始日不能早于这一天。")
            % {"day": day_words(before.until_on)},
            "from_on",
        )


def check_can_end_leave(leave: Leave, until_on: date) -> None:
    """Raises PeopleRefused when the leave would end before it starts or run into another one."""
    if until_on <= leave.from_on:
        raise PeopleRefused(
            _("返校日期必须晚于开始日期%(day)s。如属误登，请撤回这条记录。")
            % {"day": day_words(leave.from_on)},
            "until_on",
        )
    others = Leave.objects.filter(child=leave.child_id).exclude(pk=leave.pk)
    if others.between(leave.from_on, until_on).exists():
        raise PeopleRefused(_("这段时间与另一条不在校记录重叠，请核对日期。"), "until_on")


def check_can_add_care(child_id: int, carer_id: int, from_on: date) -> None:
    """Raises PeopleRefused when the same person cares for the child already on a day from then."""
    same = Care.objects.filter(child=child_id, carer=carer_id)
    if same.filter(Q(until_on__isnull=True) | Q(until_on__gt=from_on)).exists():
        raise PeopleRefused(
            _("此人已登记为该生的照护人。如监护或照护情况有变，请在其名下办理变更。"), "name"
        )


def check_person(
    child_id: int, known: Carer | None, name: str, on: date, *, has_number: bool
) -> None:
    """Raises PeopleRefused when the number belongs to another name, or when somebody new to the
    house and without an ID number bears the name of a carer who is barred from this child: nobody
    comes in again under another telephone number."""
    if known is not None:
        if known.name != name:
            raise PeopleRefused(
                _("这个身份证件号登记的是另一个姓名，请对照证件核对姓名和号码。"), "id_number"
            )
        return
    barred = Bar.objects.between(on, date.max).filter(child=child_id, carer__name=name)
    if not has_number and barred.exists():
        raise PeopleRefused(
            _(
                "该生有同名的照护人正被限制。如系同一人，请勿重复登记；如确系他人，请填写身份证件号。"
            ),
            "name",
        )


def check_can_lift_bar(bar: Bar, until_on: date) -> None:
    """Raises PeopleRefused when the bar would end before it starts, or later than it ends anyway."""
    if until_on <= bar.from_on:
        raise PeopleRefused(
            _("解除日期必须晚于开始日期%(day)s。如属误登，请撤回这条记录。")
            % {"day": day_words(bar.from_on)},
            "until_on",
        )
    if bar.until_on is not None and until_on >= bar.until_on:
        raise PeopleRefused(
            _("这项限制已定于%(day)s解除。如需延长，请自该日起另行登记。")
            % {"day": day_words(bar.until_on)},
            "until_on",
        )
