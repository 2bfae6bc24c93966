"""In which state a post may be opened or closed; who may do so is a matter of access."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from gongyu.ground.calendar.words import day_words
from gongyu.ground.places.models import Place

from .models import Post, Role

Kind = Place.Kind
SLIP = timedelta(days=31)

# At which kind of place a role is held. An officer's post stands at a department.
PLACE_KIND_OF: dict[str, str] = {
    Role.CLASS_TEACHER: Kind.CLASS,
    Role.SUBJECT_TEACHER: Kind.CLASS,
    Role.MORAL_EDUCATION_HEAD: Kind.SCHOOL,
    Role.SCHOOL_LEADER: Kind.SCHOOL,
    Role.HEAD: Kind.SCHOOL,
    Role.REGISTRAR: Kind.SCHOOL,
    Role.DISTRICT_OFFICER: Kind.DEPARTMENT,
    Role.CITY_OFFICER: Kind.DEPARTMENT,
    Role.AUDITOR: Kind.DEPARTMENT,
    Role.ADMINISTRATOR: Kind.DEPARTMENT,
    Role.REPORT_LIAISON: Kind.SCHOOL,
    Role.CHILDREN_DIRECTOR: Kind.COMMUNITY,
    Role.COMPLAINT_HANDLER: Kind.DEPARTMENT,
}
# Whose department a role of the departments belongs to.
DEPARTMENT_OF: dict[str, tuple[str, ...]] = {
    Role.DISTRICT_OFFICER: (Kind.DISTRICT,),
    Role.CITY_OFFICER: (Kind.CITY,),
    Role.AUDITOR: (Kind.CITY, Kind.DISTRICT),
    Role.ADMINISTRATOR: (Kind.CITY,),
    Role.COMPLAINT_HANDLER: (Kind.CITY, Kind.DISTRICT),
}


class PostRefused(Exception):
    """The posts would contradict each other; the message says what is wrong and what to do, `field`
    which input it is about."""

    def __init__(self, message: str, field: str | None = None):
        super().__init__(message)
        self.field = field


def check_can_open(post: Post, others: Iterable[Post], parent_kind: str | None = None) -> None:
    """Everything that a new post must agree with: its place and the posts `others` held there."""
    beside = list(others)
    check_can_hold(post, parent_kind)
    check_one_class_teacher(post, beside)
    check_not_held_already(post, beside)


def check_can_hold(post: Post, parent_kind: str | None) -> None:
    """Refuse a post at the wrong kind of place, or outside the days on which the place exists.

    `parent_kind` is the kind of place that a department belongs to on the post's first day.
    """
    role, place = Role(post.role), post.place
    if place.kind != PLACE_KIND_OF[role]:
        raise PostRefused(
            _("%(role)s的任职单位应为%(kind)s，而%(place)s是%(is)s。请重新选择任职单位。")
            % {
                "role": role.label,
                "kind": Kind(PLACE_KIND_OF[role]).label,
                "place": place.name,
                "is": Kind(place.kind).label,
            }
        )
    if role in DEPARTMENT_OF and parent_kind not in DEPARTMENT_OF[role]:
        raise PostRefused(
            _("%(place)s不设%(role)s岗位。请核对任职部门的层级。")
            % {"place": place.name, "role": role.label}
        )
    if post.until_on is not None and post.until_on <= post.from_on:
        raise PostRefused(_("任职的结束日必须晚于开始日。请核对两个日期。"), "until_on")
    if not place.holds_on(post.from_on):
        raise PostRefused(
            _("%(place)s在%(day)s没有开办，不能从这一天起任职。请核对日期或单位。")
            % {"place": place.name, "day": day_words(post.from_on)},
            "from_on",
        )


def check_one_class_teacher(new: Post, others: Iterable[Post]) -> None:
    """Refuse a second regular class teacher on any day; somebody may act beside the first."""
    if new.role != Role.CLASS_TEACHER or new.acting:
        return
    for other in others:
        if other is new or other.acting or other.role != Role.CLASS_TEACHER:
            continue
        if other.place_id == new.place_id and _overlap(new, other):
            raise PostRefused(
                _(
                    "%(place)s从%(day)s起已有班主任%(name)s。请先结束其任职，或把新的任职登记为代理。"
                )
                % {
                    "place": new.place.name,
                    "day": day_words(other.from_on),
                    "name": other.staff.name,
                },
                "from_on",
            )


def check_not_held_already(new: Post, others: Iterable[Post]) -> None:
    """Refuse the same post of the same person twice on one day."""
    for other in others:
        same = (other.staff_id, other.place_id, other.role, other.subject) == (
            new.staff_id,
            new.place_id,
            new.role,
            new.subject,
        )
        if other is not new and same and _overlap(new, other):
            raise PostRefused(
                _("%(name)s从%(day)s起已在%(place)s担任%(role)s。请勿重复登记。")
                % {
                    "name": other.staff.name,
                    "day": day_words(other.from_on),
                    "place": new.place.name,
                    "role": Role(new.role).label,
                },
                "staff",
            )


def check_can_close(post: Post, until_on: date) -> None:
    """Refuse to end a post before it began, or later than it ended already."""
    if until_on <= post.from_on:
        raise PostRefused(
            _("%(name)s从%(day)s起任职，结束日必须晚于这一天。请核对日期。")
            % {"name": post.staff.name, "day": day_words(post.from_on)},
            "until_on",
        )
    if post.until_on is not None and post.until_on <= until_on:
        raise PostRefused(
            _("%(name)s的这一任职已于%(day)s结束。请核对是否选错了任职记录。")
            % {"name": post.staff.name, "day": day_words(post.until_on)},
            "until_on",
        )


def check_can_take_over(post: Post, staff_id: int, on: date) -> None:
    """Refuse to hand a post over before it began, or to the one who holds it."""
    if post.staff_id == staff_id:
        raise PostRefused(_("%(name)s已是班主任，无需交接。") % {"name": post.staff.name}, "staff")
    if post.from_on >= on:
        raise PostRefused(
            _("%(name)s从%(day)s起任职，交接日期必须晚于这一天。")
            % {"name": post.staff.name, "day": day_words(post.from_on)},
            "on",
        )


def check_can_take_back(post: Post, on: date) -> None:
    """Refuse to take back a post that stood too long to have been a slip of the pen."""
    if post.from_on + SLIP <= on:
        raise PostRefused(
            _("这一任职自%(day)s起已超过一个月，不能当作误登撤回。请登记结束日期。")
            % {"day": day_words(post.from_on)}
        )


def _overlap(one: Post, other: Post) -> bool:
    return (one.until_on is None or other.from_on < one.until_on) and (
        other.until_on is None or one.from_on < other.until_on
    )
