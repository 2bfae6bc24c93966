"""What an appointment would do, before it is done; what the action would refuse is refused here."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.words import day_words
from gongyu.ground.places.models import Place
from gongyu.ground.staff import rules as staff_rules
from gongyu.ground.staff.models import Post, Role, Staff
from gongyu.ground.staff.queries import posts_beside

from .confirming import Change, Line
from .forms_heads import AppointHead
from .queries_heads import regular_heads_from
from .rules_heads import check_can_succeed
from .rules_posts import check_not_for_oneself


def appointing(school: Place, form: AppointHead, *, by: Actor) -> Change:
    """A head begins, or acts for a while."""
    data, holder = form.cleaned_data, form.holder
    check_not_for_oneself(by, holder.staff_id)
    ending = [] if data["acting"] else regular_heads_from(school.pk, data["from_on"])
    for post in ending:
        check_can_succeed(post, holder.staff_id, data["from_on"])
    staff = Staff.objects.filter(pk=holder.staff_id).first() or Staff(name=holder.name)
    new = Post(
        staff=staff,
        place=school,
        role=Role.HEAD,
        from_on=data["from_on"],
        until_on=data["until_on"],
        acting=data["acting"],
    )
    gone = {post.pk for post in ending}
    staff_rules.check_can_open(new, [p for p in posts_beside(school.pk) if p.pk not in gone])
    after = form.shown_name
    if data["acting"] and data["until_on"]:
        after = _("%(name)s代理，至%(day)s（不含）") % {
            "name": after,
            "day": day_words(data["until_on"]),
        }
    notes = [_("新校长查阅学生信息，还须您在“查阅授权”中授权。")]
    if ending:
        notes.append(_("自这一天起，原校长不再凭这一岗位查看学生信息。"))
    return Change(
        title=_("登记代理校长") if data["acting"] else _("登记校长任职"),
        about=school.name,
        day=data["from_on"],
        lines=(
            Line(
                _("代理校长") if data["acting"] else _("校长"),
                "、".join(post.staff.name for post in ending),
                after,
            ),
        ),
        notes=tuple(notes),
    )
