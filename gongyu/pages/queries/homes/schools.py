"""What a head, a head of moral education and a registrar see first: decisions and whose turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from gongyu.ground.access.queries import lines_to_approve
from gongyu.ground.audit.actors import Actor, HeldPost
from gongyu.ground.people.models import RosterImport
from gongyu.ground.people.states import ROSTER_IMPORT
from gongyu.ground.places.models import Place
from gongyu.records.m01_home_school_contact import queries as visits
from gongyu.records.m01_home_school_contact.queries.work import ClassProgress, SchoolProgress
from gongyu.records.m02_parent_committees.queries.committees import Line, lines_of_place
from gongyu.shared_work.activities.queries import activities_between
from gongyu.shared_work.registers.queries import RegisterPage, registers_of

from ..addresses import place_at
from ..figures import Card, cards
from . import teachers

DECISIONS_A_DAY = 3
RECENT_IMPORTS = 5
ACTIVITIES_BACK = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that only this person can settle, and where to settle it."""

    title: str
    words: str
    icon: str
    url: str


@dataclass(frozen=True, slots=True)
class SchoolHome:
    """A school on one screen: what must be decided, what is missing, how the year goes."""

    place: Place
    decisions: list[Decision]
    more: int
    progress: SchoolProgress
    without_teacher: list[ClassProgress]
    registers: RegisterPage
    numbers: list[Card]
    follow_ups: list
    declines: list
    committees: list[Line]
    on: date

    @property
    def behind(self) -> list[ClassProgress]:
        """The classes in which somebody is still to be visited, in the order of the classes."""
        return [each for each in self.progress.classes if each.visited < each.children]


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One roster on its way in, or in already."""

    title: str
    status: str
    on: date
    url: str


@dataclass(frozen=True, slots=True)
class RegistrarHome:
    place: Place
    imports: list[ImportLine]
    children: int
    classes: int


def head(actor: Actor, post: HeldPost, on: date) -> SchoolHome:
    """Three decisions of today, most pressing first, and the term's plan."""
    return _school(actor, post, on, decide=_of_a_head)


def school_leader(actor: Actor, post: HeldPost, on: date) -> SchoolHome:
    return _school(actor, post, on, decide=_nothing_to_decide)


def moral_education_head(actor: Actor, post: HeldPost, on: date) -> SchoolHome:
    """What is missing, and whose turn it is."""
    return _school(actor, post, on, decide=_nothing_to_decide)


def registrar(actor: Actor, post: HeldPost, on: date) -> RegistrarHome:
    progress = visits.school_progress(post.place_id, on)
    rosters = RosterImport.objects.filter(school=post.place_id).order_by("-uploaded_at", "-pk")
    return RegistrarHome(
        place=Place.objects.get(pk=post.place_id),
        imports=[_import_line(each) for each in rosters[:RECENT_IMPORTS]],
        children=progress.children,
        classes=len(progress.classes),
    )


def _import_line(each: RosterImport) -> ImportLine:
    return ImportLine(
        title=each.get_kind_display() or _("名册"),
        status=str(ROSTER_IMPORT[each.status]["label"]),
        on=each.on,
        url=reverse("people:roster", args=[each.pk]),
    )


def _school(actor: Actor, post: HeldPost, on: date, decide) -> SchoolHome:
    place = place_at(post.place_id)
    progress = visits.school_progress(place.pk, on)
    without = [each for each in progress.classes if not each.class_teacher]
    registers = registers_of(place, on)
    declines = visits.declines_to_acknowledge(place.pk, on)
    decisions = decide(actor, place, without, declines, registers, on)
    numbers, _others = cards(place.pk, exact=True)
    return SchoolHome(
        place=place,
        decisions=decisions[:DECISIONS_A_DAY],
        more=max(len(decisions) - DECISIONS_A_DAY, 0),
        progress=progress,
        without_teacher=without,
        registers=registers,
        numbers=numbers,
        follow_ups=teachers.follow_ups_soon(actor, on),
        declines=declines,
        committees=lines_of_place(place.pk, on),
        on=on,
    )


def _nothing_to_decide(actor, place, without, declines, registers, on) -> list[Decision]:
    return []


def _of_a_head(
    actor: Actor,
    place: Place,
    without: list[ClassProgress],
    declines: list,
    registers: RegisterPage,
    on: date,
) -> list[Decision]:
    found = []
    if without:
        names = "、".join(each.school_class.place.name for each in without[:3])
        found.append(
            Decision(
                _("%(n)d 个班没有班主任") % {"n": len(without)},
                _("%(names)s。请安排班主任或代理班主任。") % {"names": names},
                icon="user-question",
                url=reverse("pages:school", args=[place.pk]),
            )
        )
    if declines:
        found.append(
            Decision(
                _("%(n)d 户家长谢绝家访，待您确认") % {"n": len(declines)},
                _("班主任已联系两次。确认后不算未完成，家长随时可以改变主意。"),
                icon="hand-stop",
                url=reverse("visits:declines"),
            )
        )
    lines = [line for line in lines_to_approve(actor, on) if line.state != "valid"]
    if lines:
        found.append(
            Decision(
                _("%(n)d 位教职工的查阅授权已到期或将到期") % {"n": len(lines)},
                _("到期后教师不能查看学生资料。请逐人确认是否续期。"),
                icon="key",
                url=reverse("access:approvals"),
            )
        )
    return [*found, *_of_activities(place, on), *_of_registers(place, registers)]


def _of_activities(place: Place, on: date) -> list[Decision]:
    """What was held and nobody has closed yet, of the last months."""
    midnight = make_aware(datetime.combine(on, time.min))
    lines = activities_between(place.pk, on - ACTIVITIES_BACK, on, midnight)
    return [
        Decision(
            _("%(title)s还没有收尾") % {"title": line.activity.title},
            _("%(day)s 的活动：到场多少家、家长说了什么，记两句就好。")
            % {"day": line.activity.held_on.isoformat()},
            icon="calendar-event",
            url=reverse("activities:close", args=[line.activity.pk]),
        )
        for line in lines
        if line.state == "held"
    ]


def _of_registers(place: Place, registers: RegisterPage) -> list[Decision]:
    url = reverse("registers:index")
    found = [
        Decision(
            _("%(kind)s待年度复核") % {"kind": shelf.kind.label},
            _("看一遍是否仍然适用，复核只需一步。"),
            icon="clipboard-check",
            url=url,
        )
        for shelf in registers.due
    ]
    found += [
        Decision(
            _("还没有登记%(kind)s") % {"kind": shelf.kind.label},
            str(shelf.kind.hint),
            icon="clipboard-plus",
            url=url,
        )
        for shelf in registers.missing
    ]
    return found
