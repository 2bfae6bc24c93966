"""What a change of posts would do, from which day, before it is done; whatever the action would
refuse is refused here already."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.words import day_words
from gongyu.ground.places.models import Place
from gongyu.ground.staff import rules as staff_rules
from gongyu.ground.staff.models import Post, Role, Staff
from gongyu.ground.staff.queries import (
    post_taken_over,
    posts_beside,
    regular_class_teachers_from,
)

from .confirming import Change, Line
from .forms_posts import Acting, HandOver, OpenPost, Somebody
from .rules_posts import check_not_for_oneself


def handing_over(kept_class: Place, form: HandOver, *, by: Actor) -> Change:
    """The class gets another class teacher."""
    day = form.cleaned_data["on"]
    check_not_for_oneself(by, form.holder.staff_id)
    ending = regular_class_teachers_from(kept_class.pk, day)
    for post in ending:
        staff_rules.check_can_take_over(post, form.holder.staff_id or 0, day)
    gone = {post.pk for post in ending}
    beside = [post for post in posts_beside(kept_class.pk) if post.pk not in gone]
    new = _new(form, kept_class, Role.CLASS_TEACHER, day)
    staff_rules.check_can_open(new, beside)
    before = "、".join(post.staff.name for post in ending) or _("空缺")
    return Change(
        title=_("交接班主任"),
        about=kept_class.name,
        day=day,
        lines=(Line(_("班主任"), before, form.shown_name),),
        notes=(
            _("此前的家访和统计仍属原班主任；自这一天起由新的班主任负责。"),
            _approval_note(),
        ),
    )


def acting(kept_class: Place, form: Acting, *, by: Actor) -> Change:
    """Somebody acts as class teacher for a while."""
    data = form.cleaned_data
    check_not_for_oneself(by, form.holder.staff_id)
    new = _new(form, kept_class, Role.CLASS_TEACHER, data["from_on"])
    new.acting, new.until_on = True, data["until_on"]
    staff_rules.check_can_open(new, posts_beside(kept_class.pk))
    after = _("%(name)s代理，至%(day)s（不含）") % {
        "name": form.shown_name,
        "day": day_words(data["until_on"]),
    }
    return Change(
        title=_("登记代理班主任"),
        about=kept_class.name,
        day=data["from_on"],
        lines=(Line(_("代理班主任"), "", after),),
        notes=(_approval_note(),),
    )


def opening(place: Place, form: OpenPost, *, by: Actor) -> Change:
    """A post begins."""
    data = form.cleaned_data
    check_not_for_oneself(by, form.holder.staff_id)
    new = _new(form, place, data["role"], data["from_on"], data["subject"])
    staff_rules.check_can_open(new, posts_beside(place.pk))
    what = f"{Role(data['role']).label}{data['subject'] and '·'}{data['subject']}"
    return Change(
        title=_("登记任职"),
        about=place.name,
        day=data["from_on"],
        lines=(Line(what, "", form.shown_name),),
        notes=(_approval_note(),),
    )


def closing(post: Post, day: date) -> Change:
    """A post ends."""
    staff_rules.check_can_close(post, day)
    others = [
        other
        for other in posts_beside(post.place_id)
        if other.pk != post.pk and other.role == post.role and other.holds_on(day)
    ]
    left = "、".join(other.staff.name for other in others) or _("空缺")
    warnings = ()
    if not others and post.role == Role.CLASS_TEACHER:
        warnings = (_("自这一天起该班没有班主任。如已有接任人选，请办理“交接班主任”。"),)
    return Change(
        title=_("结束任职"),
        about=f"{post.place.name} · {post.staff.name}",
        day=day,
        lines=(Line(Role(post.role).label, post.staff.name, left),),
        notes=(_("自这一天起，此人不再凭这一岗位查看学生信息。"),),
        warnings=warnings,
    )


def taking_back(post: Post, on: date) -> Change:
    """The post was a mistake."""
    staff_rules.check_can_take_back(post, on)
    before = post_taken_over(post)
    return Change(
        title=_("撤回误登的任职"),
        about=f"{post.place.name} · {post.staff.name}",
        day=post.from_on,
        lines=(
            Line(
                Role(post.role).label,
                post.staff.name,
                before.staff.name if before else _("空缺"),
            ),
        ),
        notes=(_("这条任职不再计入统计；撤回本身会留下记录。"),),
    )


def _new(form: Somebody, place: Place, role: str, day: date, subject: str = "") -> Post:
    holder = form.holder
    staff = Staff.objects.filter(pk=holder.staff_id).first() or Staff(name=holder.name)
    return Post(staff=staff, place=place, role=role, from_on=day, subject=subject)


def _approval_note() -> str:
    return _("任职登记后，查阅学生信息还须校长授权。")
