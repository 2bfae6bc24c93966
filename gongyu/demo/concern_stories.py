"""A few contacts, three children who seemed not well, and one sealed report, all of them made up."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.timezone import make_aware

from gongyu.ground.access.models import User
from gongyu.ground.access.queries import actor_for
from gongyu.ground.audit.actors import Actor
from gongyu.ground.people.models import Care
from gongyu.ground.staff.models import Role
from gongyu.records.m01_home_school_contact import actions
from gongyu.records.m01_home_school_contact.concern_shapes import (
    ContactEntry,
    NoteEntry,
    StepEntry,
)
from gongyu.shared_work.casework.actions import seal_report
from gongyu.shared_work.casework.shapes import Told

from .fill import DemoCity

CONTACTS = (
    ("phone", "说了下周春游要带的东西。", "问几点回学校。"),
    ("message", "发了期中家长会的时间。", ""),
    ("in_person", "放学时说了最近喜欢发言。", ""),
)
NOTES = (
    ("mood", "这两天上课常常发呆，问了说没睡好。"),
    ("unwell", "体育课后说肚子不舒服，已在医务室休息。"),
    ("conflict", "和同桌为借橡皮吵了几句，都不高兴。"),
)


def tell_concerns(city: DemoCity) -> None:
    """In the class of the demo's teacher: three contacts, a note for each stage of its way; and a
    report that only the school's liaison can open."""
    if city.today <= city.year_from:
        return  # Yesterday nobody was in these classes yet.
    teacher = _actor(city, Role.CLASS_TEACHER)
    seats = city.seats[teacher.posts[0].place_id]
    children = [s.child.pk for s in seats if s.enrolment.until_on is None][:8]
    yesterday = make_aware(datetime.combine(city.today - timedelta(days=1), time(16, 20)))
    for number, (channel, line, asked) in enumerate(CONTACTS):
        entry = ContactEntry(tuple(children[number : number + 3]), channel, yesterday, line, asked)
        actions.record_contact(entry, at=yesterday, key=f"demo-{number}", by=teacher)
    _notes(city, teacher, children, yesterday)
    _sealed(city, yesterday)


def _notes(city: DemoCity, teacher: Actor, children: list[int], yesterday: datetime) -> None:
    morning = make_aware(datetime.combine(city.today, time(7, 40)))
    for number, (kind, words) in enumerate(NOTES):
        at = morning if number == 0 else yesterday
        entry = NoteEntry(children[number], kind, at, words)
        anomaly = actions.note_anomaly(entry, at=at, key=f"demo-{number}", by=teacher)
        carer = _carer(children[number], city)
        if number == 0 or carer is None:
            continue
        later = at + timedelta(minutes=25)
        told = StepEntry(
            "contact", later, "照护人知道了，会多陪一陪。", carer, "phone",
            next_on=city.today + timedelta(days=3),
        )  # fmt: skip
        actions.take_anomaly_step(anomaly, told, at=later, by=teacher)
        if number == len(NOTES) - 1:
            end = StepEntry("close", later, "两个孩子和好了。")
            actions.take_anomaly_step(anomaly, end, at=later, by=teacher)


def _carer(child_id: int, city: DemoCity) -> int | None:
    cares = Care.objects.on(city.today).filter(child=child_id, carer__bars__isnull=True)
    return cares.order_by("-is_daily_carer").values_list("carer_id", flat=True).first()


def _sealed(city: DemoCity, at: datetime) -> None:
    reporter = _actor(city, Role.SUBJECT_TEACHER)
    told = Told(
        receivers=("police",),
        situations=("abandoned",),
        reported_at=at,
        child="演示学生（虚构）",
        receipt_number="演示编号",
        words="放学后多次没有人来接，也联系不上（演示）。",
    )
    place = city.school_called("星桥小学").place
    seal_report(told, place=place, for_liaison=True, key="demo", at=at, by=reporter)


def _actor(city: DemoCity, role: str) -> Actor:
    user = User.objects.get(username=str(role).replace("_", "-"))
    return actor_for(user, city.today)
