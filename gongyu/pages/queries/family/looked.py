"""Who looked at a child's data, when and why, in plain words: from the ordinary audit alone.

What is sealed stands in no row that is read here, so the page is the same with it and without it. Nor
are notes of children who seem not well, nor bars, in it: a page must never tell one person at home
that somebody worries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongyu.ground.access.models import Approval
from gongyu.ground.access.permissions import PURPOSE_OF
from gongyu.ground.audit.models import Entry
from gongyu.ground.families.shapes import FamilyChild
from gongyu.ground.people.models import Enrolment
from gongyu.ground.staff.models import Post, Role
from gongyu.records.m01_home_school_contact import queries as visits

BACK = timedelta(days=365)
MOST = 500  # rows read for one child; a year of daily work is far below

# What is told, and in which words. A verb that is not here is not told: see the docstring above.
OF_CHILD = {
    "child.read": gettext_lazy("看了孩子的资料页"),
    "child.find": gettext_lazy("按证件号找到了孩子的学籍"),
    "child.add": gettext_lazy("登记了孩子的学籍资料"),
    "child.change": gettext_lazy("改了孩子的资料"),
    "enrolment.open": gettext_lazy("办了入学或转入"),
    "enrolment.close": gettext_lazy("办了转出或离校"),
    "enrolment.correct": gettext_lazy("更正了入学日期"),
    "leave.start": gettext_lazy("登记了休学或长假"),
    "leave.end": gettext_lazy("登记了复学"),
    "consent.read": gettext_lazy("看了哪些事家里同意"),
    "correction.read": gettext_lazy("看了您提的更正"),
    "correction.answer": gettext_lazy("答复了您提的更正"),
}
OF_VISIT = {
    "visit.read": gettext_lazy("看了家访记录"),
    "visit.record": gettext_lazy("记录了家访"),
    "visit.correct": gettext_lazy("更正了家访记录"),
}
OF_CLASS = {
    "class.read": gettext_lazy("看了班级名单"),
    "code.list": gettext_lazy("看了班上家长的名单（打印登录码）"),
    "export.make": gettext_lazy("导出了班级的表格"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """One person, one thing done, one day; `times` how often that day."""

    on: date
    who: str
    role: str
    did: str
    why: str
    times: int


@dataclass(frozen=True, slots=True)
class LookedPage:
    child: FamilyChild
    looks: list[Look]
    since: date


def looked_page(child: FamilyChild, on: date) -> LookedPage:
    """The last year, the newest day first. Six SQL queries."""
    since = on - BACK
    rows = list(_rows(child.child_id, since))
    posts = _posts(rows)
    count: dict[tuple, int] = defaultdict(int)
    for row in rows:
        role = posts.get(row.post_id, "")
        did = str((OF_CHILD | OF_VISIT | OF_CLASS)[row.verb])
        count[localdate(row.at), row.actor_name, role, did, row.why or _purpose(role)] += 1
    looks = [
        Look(day, who, _role_words(role), did, why, times)
        for (day, who, role, did, why), times in count.items()
    ]
    looks.sort(key=lambda look: (-look.on.toordinal(), look.who, look.did))
    return LookedPage(child, looks, since)


def _rows(child_id: int, since: date) -> Iterable[Entry]:
    first = make_aware(datetime.combine(since, time.min))
    visit_ids = list(visits.visits_by_child([child_id]))
    stays = list(Enrolment.objects.filter(child=child_id))
    classes = {stay.school_class_id for stay in stays}
    wanted = Q(subject_type="child", subject_id=child_id, verb__in=OF_CHILD)
    wanted |= Q(subject_type="visit", subject_id__in=visit_ids, verb__in=OF_VISIT)
    wanted |= Q(subject_type__in=["place", "class"], subject_id__in=classes, verb__in=OF_CLASS)
    rows = Entry.objects.filter(wanted, at__gte=first).order_by("-seq")
    for row in rows[:MOST]:
        # A family's own reading is nobody else's business, not even the other guardian's.
        if "by_carer" in row.detail:
            continue
        # A list of a class concerns the child only on the days on which it was in that class.
        if row.verb in OF_CLASS and not _was_there(stays, row):
            continue
        yield row


def _was_there(stays: list[Enrolment], row: Entry) -> bool:
    day = localdate(row.at)
    return any(s.school_class_id == row.subject_id and s.holds_on(day) for s in stays)


def _posts(rows: list[Entry]) -> dict[int, str]:
    ids = {row.post_id for row in rows if row.post_id is not None}
    return dict(Post.objects.filter(pk__in=ids).values_list("pk", "role"))


def _role_words(role: str) -> str:
    return str(Role(role).label) if role else ""


def _purpose(role: str) -> str:
    purpose = PURPOSE_OF.get(role)
    return str(Approval.Purpose(purpose).label) if purpose else _("日常教育工作")
