"""What a change of carers, custody or bars would do, from which day, before it is done; whatever
the action would refuse is refused here already."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from gongyu.ground.access.confirming import Change, Line
from gongyu.ground.calendar.words import day_words

from . import rules, rules_keeping
from .actions_carers import Person
from .models import Bar, Care, Carer, Child, Relation
from .queries import CarerOnDay, carers_on
from .queries_keeping import carer_known, children_cared_for_by


def roles_of(*, is_guardian: bool, is_daily_carer: bool) -> str:
    """What somebody is to the child, in words."""
    words = [_("监护人")] if is_guardian else [_("非监护人")]
    if is_daily_carer:
        words.append(_("日常照护"))
    return "、".join(words)


def adding_carer(
    child: Child,
    person: Person,
    relation: str,
    day: date,
    *,
    is_guardian: bool,
    is_daily_carer: bool,
) -> Change:
    """Somebody begins to care for the child."""
    known = carer_known(person.name, person.id_digest, person.phone_digest)
    rules_keeping.check_person(child.pk, known, person.name, day, has_number=bool(person.id_number))
    if known is not None:
        rules_keeping.check_can_add_care(child.pk, known.pk, day)
    roles = roles_of(is_guardian=is_guardian, is_daily_carer=is_daily_carer)
    after = f"{Relation(relation).label}，{roles}"
    if person.phone:
        after = f"{after}，{person.phone}"
    barred = Bar.objects.between(day, date.max).filter(child=child, carer=known)
    return Change(
        title=_("增加照护人"),
        about=child.name,
        day=day,
        lines=(Line(person.name, _("未登记"), after),),
        warnings=(_("此人现有限制登记，增加为照护人后限制仍然有效。"),)
        if known and barred.exists()
        else (),
    )


def changing_care(care: Care, day: date, *, is_guardian: bool, is_daily_carer: bool) -> Change:
    """Guardian or daily carer from a day on, or no longer."""
    rules.check_can_change_care(care, day)
    if (is_guardian, is_daily_carer) == (care.is_guardian, care.is_daily_carer):
        raise rules.PeopleRefused(_("监护和照护情况与现在相同，没有需要变更的内容。"))
    before = roles_of(is_guardian=care.is_guardian, is_daily_carer=care.is_daily_carer)
    after = roles_of(is_guardian=is_guardian, is_daily_carer=is_daily_carer)
    return Change(
        title=_("变更监护与照护"),
        about=care.child.name,
        day=day,
        lines=(Line(_person(care), before, after),),
        warnings=(
            *_barred(care, day),
            *_without(care, day, guardian=not is_guardian, daily=not is_daily_carer),
        ),
    )


def ending_care(care: Care, day: date) -> Change:
    """No longer a carer."""
    rules.check_can_change_care(care, day)
    before = roles_of(is_guardian=care.is_guardian, is_daily_carer=care.is_daily_carer)
    return Change(
        title=_("结束照护关系"),
        about=care.child.name,
        day=day,
        lines=(Line(_person(care), before, _("不再是照护人")),),
        notes=(_("自这一天起，家访、通知不再联系此人；此前的记录仍可查看。"),),
        warnings=_without(care, day, guardian=True, daily=True),
    )


def taking_back_care(care: Care, on: date) -> Change:
    """The care was a mistake."""
    rules_keeping.check_can_take_back(care, on)
    before = roles_of(is_guardian=care.is_guardian, is_daily_carer=care.is_daily_carer)
    return Change(
        title=_("撤回误登的照护人"),
        about=care.child.name,
        day=care.from_on,
        lines=(Line(_person(care), before, _("未登记")),),
        notes=(_("撤回本身会留下记录。"),),
        warnings=_without(care, on, guardian=True, daily=True),
    )


def changing_phone(carer: Carer, child: Child, phone: str, other_phone: str, on: date) -> Change:
    """Other telephone numbers, for all the children in this care."""
    if (phone, other_phone) == (carer.phone, carer.other_phone):
        raise rules.PeopleRefused(_("号码与现在相同，没有需要变更的内容。"))
    others = children_cared_for_by(carer.pk, on) - 1
    notes = (
        (_("此人还照护另外%(count)d名学生，号码会一并更新。") % {"count": others},)
        if others > 0
        else ()
    )
    return Change(
        title=_("变更联系电话"),
        about=child.name,
        day=None,
        lines=(
            Line(_("%(name)s的联系电话") % {"name": carer.name}, carer.phone, phone),
            Line(_("备用电话"), carer.other_phone, other_phone),
        ),
        notes=notes,
        warnings=() if phone or other_phone else (_("变更后此人没有任何联系电话。"),),
    )


def barring(
    care: Care, day: date, until_on: date | None, *, contact: bool, information: bool
) -> Change:
    """Barred from contact or from information."""
    child = care.child
    rules.check_can_bar(child, care.carer_id, day, until_on)
    after = bar_words(contact=contact, information=information)
    if until_on is not None:
        after = _("%(what)s，至%(day)s（不含）") % {"what": after, "day": day_words(until_on)}
    left = [one for one in _reachable(child, day) if one.carer.pk != care.carer_id]
    return Change(
        title=_("登记限制"),
        about=child.name,
        day=day,
        lines=(Line(_person(care), _("无限制"), after),),
        notes=(_("自这一天起，家访安排和通知中不再出现此人，教师页面会作提示。"),),
        warnings=() if left else (_("登记后该生没有可以联系的照护人，请及时补充。"),),
    )


def lifting_bar(bar: Bar, day: date) -> Change:
    """No longer barred."""
    rules_keeping.check_can_lift_bar(bar, day)
    return Change(
        title=_("解除限制"),
        about=bar.child.name,
        day=day,
        lines=(Line(bar.carer.name, _bar(bar), _("无限制")),),
        warnings=(_("解除后可以再次联系此人，请确认已看到解除的依据。"),),
    )


def taking_back_bar(bar: Bar, on: date) -> Change:
    """The bar was a mistake."""
    rules_keeping.check_can_take_back(bar, on)
    return Change(
        title=_("撤回误登的限制"),
        about=bar.child.name,
        day=bar.from_on,
        lines=(Line(bar.carer.name, _bar(bar), _("无限制")),),
        notes=(_("撤回本身会留下记录。"),),
        warnings=(_("撤回后可以再次联系此人，请确认确属误登。"),),
    )


def bar_words(*, contact: bool, information: bool) -> str:
    """What somebody is barred from, in words."""
    words = []
    if contact:
        words.append(_("禁止接触学生"))
    if information:
        words.append(_("不得告知信息"))
    return "、".join(words)


def _bar(bar: Bar) -> str:
    return bar_words(contact=bar.contact, information=bar.information)


def _person(care: Care) -> str:
    return f"{care.carer.name}（{care.get_relation_display()}）"


def _barred(care: Care, day: date) -> tuple[str, ...]:
    bars = Bar.objects.on(day).filter(child=care.child_id, carer=care.carer_id)
    return (_("此人现有限制登记，变更后限制仍然有效。"),) if bars.exists() else ()


def _reachable(child: Child, day: date) -> list[CarerOnDay]:
    return [one for one in carers_on(child, day) if one.may_be_reached]


def _without(care: Care, day: date, *, guardian: bool, daily: bool) -> tuple[str, ...]:
    """Warnings when nobody else is guardian, or nobody else cares daily, on the day."""
    others = [one for one in carers_on(care.child, day) if one.carer.pk != care.carer_id]
    said = []
    if guardian and care.is_guardian and not any(one.is_guardian for one in others):
        said.append(_("变更后该生没有登记监护人，请及时补充。"))
    if daily and care.is_daily_carer and not any(one.is_daily_carer for one in others):
        said.append(_("变更后该生没有登记日常照护人，请及时补充。"))
    return tuple(said)
