"""What a change of enrolment or leave would do, from which day, before it is done; whatever the
action would refuse is refused here already."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from gongyu.ground.access.confirming import Change, Line
from gongyu.ground.calendar.words import day_words
from gongyu.ground.places.models import Place, SchoolClass

from . import rules, rules_keeping
from .models import Child, Enrolment, Leave
from .queries_keeping import enrolment_before, enrolment_from
from .rules import PeopleRefused


def where(enrolment: Enrolment) -> str:
    """School and class of an enrolment."""
    return f"{enrolment.school.name} {enrolment.school_class.name}"


def moving(enrolment: Enrolment, place: Place, day: date) -> Change:
    """Another class of the same school."""
    rules_keeping.check_can_move(enrolment, place)
    _check_day(enrolment, day)
    _check_open(place, day)
    return Change(
        title=_("调整班级"),
        about=enrolment.child.name,
        day=day,
        lines=(Line(_("班级"), enrolment.school_class.name, place.name),),
        notes=(_("家访、名册和统计自这一天起按新班级；此前的仍属原班级。"),),
        warnings=_another_grade(enrolment.school_class, place),
    )


def receiving(child: Child, school: Place, place: Place, day: date) -> Change:
    """From elsewhere into a class of this school."""
    current = enrolment_from(child.pk, day)
    rules_keeping.check_can_receive(child, place, day, current)
    before = current.school.name if current else _("没有在读学籍")
    notes = [_("转入后，本校可以查看该生的学籍与照护人资料。")]
    if current is not None:
        notes.insert(0, _("原学校的学籍同日结束，原学校会在“近期离校”中看到。"))
    leave = Leave.objects.on(day).filter(child=child).first()
    warnings = ()
    if leave is not None:
        words = {"kind": leave.get_kind_display(), "day": day_words(leave.from_on)}
        warnings = (_("该生自%(day)s起登记为“%(kind)s”，到校后请登记返校日期。") % words,)
    return Change(
        title=_("转入"),
        about=child.name,
        day=day,
        lines=(
            Line(_("学校"), before, school.name),
            Line(_("班级"), "", place.name),
        ),
        notes=tuple(notes),
        warnings=warnings,
    )


def leaving(enrolment: Enrolment, day: date, how_out: str) -> Change:
    """No longer at the school."""
    rules.check_can_leave_class(enrolment, day)
    return Change(
        title=_("转出或离校"),
        about=enrolment.child.name,
        day=day,
        lines=(Line(_("就读"), where(enrolment), Enrolment.HowOut(how_out).label),),
        notes=(
            _("自这一天起，本校不再能查看该生的资料；接收学校凭姓名和证件号办理转入。"),
            _("如属误登，两个月内可在“学籍异动”页撤销。"),
        ),
    )


def reopening(enrolment: Enrolment, on: date) -> Change:
    """The child did not leave."""
    rules_keeping.check_can_reopen(enrolment, on)
    return Change(
        title=_("撤销离校"),
        about=enrolment.child.name,
        day=enrolment.until_on,
        lines=(Line(_("就读"), enrolment.get_how_out_display(), where(enrolment)),),
    )


def taking_back_enrolment(enrolment: Enrolment, on: date) -> Change:
    """The newest enrolment was a mistake."""
    rules_keeping.check_can_take_back_enrolment(enrolment, on)
    before = enrolment_before(enrolment)
    comes_back = (
        before is not None
        and before.until_on == enrolment.from_on
        and before.how_out in rules_keeping.HANDED_OVER
    )
    after = where(before) if before is not None and comes_back else _("没有在读学籍")
    notes = [_("这条学籍记录不再计入统计；撤回本身会留下记录。")]
    if comes_back and before is not None and before.school_id != enrolment.school_id:
        notes.append(_("该生回到原学校，本校不再能查看其资料。"))
    return Change(
        title=_("撤回误登的学籍"),
        about=enrolment.child.name,
        day=enrolment.from_on,
        lines=(Line(_("就读"), where(enrolment), after),),
        notes=tuple(notes),
    )


def correcting_start(enrolment: Enrolment, day: date) -> Change:
    """The first day was another one."""
    before = enrolment_before(enrolment)
    together = (
        before is not None
        and before.until_on == enrolment.from_on
        and before.how_out in rules_keeping.HANDED_OVER
    )
    rules_keeping.check_can_correct_start(enrolment, day, before, together=together)
    lines = [Line(where(enrolment), _starts(enrolment.from_on), _starts(day))]
    if before is not None and together:
        lines.append(Line(where(before), _ends(enrolment.from_on), _ends(day)))
    return Change(
        title=_("更正起始日"),
        about=enrolment.child.name,
        day=None,
        lines=tuple(lines),
        notes=(_("两个日期之间的家访和统计会按更正后的班级重新计算。"),),
    )


def starting_leave(child: Child, kind: str, from_on: date, until_on: date | None) -> Change:
    """Enrolled and yet not at school."""
    rules.check_can_start_leave(child, from_on, until_on)
    after = Leave.Kind(kind).label
    if until_on is not None:
        after = _("%(kind)s，预计%(day)s返校") % {"kind": after, "day": day_words(until_on)}
    return Change(
        title=_("登记休学、病假等"),
        about=child.name,
        day=from_on,
        lines=(Line(_("在校情况"), _("在校"), after),),
        notes=(_("学籍保留在原班级；这段时间按规定不计入家访等应完成的范围。"),),
    )


def ending_leave(leave: Leave, day: date) -> Change:
    """Back at school."""
    rules_keeping.check_can_end_leave(leave, day)
    return Change(
        title=_("登记返校"),
        about=leave.child.name,
        day=day,
        lines=(Line(_("在校情况"), leave.get_kind_display(), _("在校")),),
    )


def taking_back_leave(leave: Leave, on: date) -> Change:
    """The leave was a mistake."""
    rules_keeping.check_can_take_back(leave, on)
    return Change(
        title=_("撤回误登的不在校记录"),
        about=leave.child.name,
        day=leave.from_on,
        lines=(Line(_("在校情况"), leave.get_kind_display(), _("在校")),),
        notes=(_("这条记录不再计入统计；撤回本身会留下记录。"),),
    )


def _another_grade(here: Place, there: Place) -> tuple[str, ...]:
    rows = SchoolClass.objects.in_bulk([here.pk, there.pk])
    grades = {(row.stage, row.grade) for row in rows.values()}
    return (_("两个班级不在同一年级，请核对。"),) if len(grades) > 1 else ()


def _check_day(enrolment: Enrolment, day: date) -> None:
    if enrolment.until_on is not None:
        raise PeopleRefused(
            _("该生已登记自%(day)s起离开现在的班级。如有变化，请先撤回那次登记。")
            % {"day": day_words(enrolment.until_on)}
        )
    if day <= enrolment.from_on:
        raise PeopleRefused(
            _("日期必须晚于到现在班级的日期%(day)s。如属误登，请撤回或更正起始日。")
            % {"day": day_words(enrolment.from_on)},
            "from_on",
        )


def _check_open(place: Place, day: date) -> None:
    if not place.holds_on(day):
        raise PeopleRefused(
            _("%(name)s在%(day)s不开班。请核对日期，或选择当天开设的班级。")
            % {"name": place.name, "day": day_words(day)},
            "from_on",
        )


def _starts(day: date) -> str:
    return _("自%(day)s起") % {"day": day_words(day)}


def _ends(day: date) -> str:
    return _("至%(day)s（不含）") % {"day": day_words(day)}
