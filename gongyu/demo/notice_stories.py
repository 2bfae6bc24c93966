"""A term of notices: the demo teacher's class, the school, a campaign; most answer, some need a slip."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import make_aware

from gongyu.ground.access.models import User
from gongyu.ground.access.queries import actor_for
from gongyu.ground.audit.actors import SYSTEM, Actor
from gongyu.ground.notices import actions, jobs, queries
from gongyu.ground.notices.drafts import DRAFTS
from gongyu.ground.notices.models import Delivery
from gongyu.ground.notices.shapes import NewNotice
from gongyu.ground.people.models import Care, Carer, Enrolment
from gongyu.ground.places.models import Place
from gongyu.ground.staff.models import Role

from .accounts import SCHOOL
from .family_stories import CLASS, as_colleague, guardian_of_several, post_in
from .fill import DemoCity

WEEKS = 9
# Week of the story, day of the week, hour; kind, title, words, answers, how many days it matters.
OF_THE_CLASS = (
    (0, 1, 16, "to_know", "本周作息", "这周下午四点放学。周五打扫教室，晚十分钟。", (), 8),
    (1, 2, 12, "to_answer", "秋游去不去", "下周三去动物园，不收钱。去不去，请您选一个。不去的在校有老师带。",
     ("去", "不去"), 6),
    (2, 1, 17, "to_know", "天凉加衣", "早晚凉了，请给孩子带件外套。", (), 8),
    (3, 3, 16, "to_know", "图书角", "家里有看完的书，愿意的可以带来换着看。没有也没关系。", (), 10),
    (4, 0, 9, "to_answer", "想约个时间聊聊", "这个月想和您聊聊孩子，来学校、打电话都可以。",
     ("可以来", "请打电话"), 9),
    (6, 2, 16, "to_know", "运动会", "下周五运动会，请给孩子穿运动鞋。", (), 9),
    (7, 1, 20, "to_answer", "放学谁来接", "天黑得早了。孩子放学是自己走还是有人接，请选一个。",
     ("有人接", "自己走"), 6),
    (8, 1, 12, "to_know", "周末提醒", "江边水凉，周末别让孩子去江边玩。", (), 6),
)  # fmt: skip
CONSENT = "个人信息保护法第三十一条、未成年人保护法第七十二条：要监护人同意"


@dataclass(slots=True)
class Watch:
    """The story's clock; it only goes forward."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


def tell_notices(city: DemoCity, draw: random.Random) -> None:
    """Runs through the same actions as the pages do, with a job that looks whenever it must."""
    start = city.today - timedelta(weeks=WEEKS)
    start -= timedelta(days=start.weekday())
    if start < city.year_from:
        return
    watch = Watch(_at(start, 7))
    _prefer_the_telephone(city, watch.at)
    for at, new, by in sorted(_plan(city, start), key=lambda one: one[0]):
        if at.date() >= city.today:
            continue
        _run_until(watch, at)
        actions.send(new, at=at, key=f"demo-{at:%m%d%H}-{new.place_id}", by=by)
        jobs.run(watch)
        _families_answer(city, watch, draw)
    _run_until(watch, _at(city.today, 7))
    actions.close_what_is_over(city.today, by=SYSTEM)


def _plan(city: DemoCity, start: date) -> list[tuple[datetime, NewNotice, Actor]]:
    school = city.school_called(SCHOOL).place
    teacher = _actor(city, Role.CLASS_TEACHER)
    class_id = teacher.posts[0].place_id
    found = []
    for week, day, hour, kind, title, words, choices, days in OF_THE_CLASS:
        on = start + timedelta(weeks=week, days=day)
        new = NewNotice(
            kind=kind, title=title, words=words, place_id=class_id, department_id=school.pk,
            until_on=on + timedelta(days=days), class_ids=(class_id,), choices=choices,
        )  # fmt: skip
        found.append((_at(on, hour), new, teacher))
    on = start + timedelta(weeks=WEEKS - 2, days=3)
    consent = NewNotice(
        kind="to_answer", title="视力检查要您同意", words="下周在学校查视力，不收钱。查不查，请您选一个。",
        place_id=class_id, department_id=school.pk, until_on=on + timedelta(days=25),
        class_ids=(class_id,), basis="consent", basis_words=CONSENT, choices=("同意", "不同意"),
    )  # fmt: skip
    return [
        *found,
        (_at(on, 10), consent, teacher),
        *_of_the_school(city, school, start),
        *_of_three_children(city, start),
    ]


# To the classes of one family's children, so that one letter has something of each.
OF_THREE_CHILDREN = (
    ((7, 0, 16, "to_know", "书法角", "走廊里有了书法角，课间想写的都可以写。", (), 20),
     (8, 1, 11, "to_answer", "放学后在校写作业吗",
      "放学后可以留校写作业到五点半，不收钱。请选一个。", ("留校", "回家"), 25)),
    ((7, 2, 16, "to_know", "跳绳", "体育课开始练跳绳。家里没有绳子的，学校有。", (), 20),
     (8, 0, 17, "to_know", "带水杯", "天干，请给孩子带水杯。热水学校有。", (), 20)),
    ((8, 0, 16, "to_know", "毕业照不急", "毕业照明年五月才拍，现在不用准备衣服。", (), 20),),
)  # fmt: skip


def _of_three_children(city: DemoCity, start: date) -> list[tuple[datetime, NewNotice, Actor]]:
    """What the class teachers of the children tell whose guardian comes in as a family."""
    cares = Care.objects.on(city.today).filter(carer=_guardian(city)).order_by("child")
    stays = Enrolment.objects.on(city.today).filter(child__in=cares.values("child"))
    found = []
    for stay, told in zip(stays.order_by("pk"), OF_THREE_CHILDREN, strict=False):
        teacher = post_in(city, stay.school_class_id, Role.CLASS_TEACHER)
        for week, day, hour, kind, title, words, choices, days in told if teacher else ():
            on = start + timedelta(weeks=week, days=day)
            new = NewNotice(
                kind=kind, title=title, words=words, place_id=stay.school_class_id,
                department_id=stay.school_id, until_on=on + timedelta(days=days),
                class_ids=(stay.school_class_id,), choices=choices,
            )  # fmt: skip
            found.append((_at(on, hour), new, as_colleague(teacher.staff)))
    return found


def _guardian(city: DemoCity) -> Carer:
    return guardian_of_several(city, city.school_called(SCHOOL).classes[CLASS].pk)


def _of_the_school(
    city: DemoCity, school: Place, start: date
) -> list[tuple[datetime, NewNotice, Actor]]:
    """One storm, one holiday, one campaign with its number on the white list."""
    head, officer = _actor(city, Role.HEAD), _actor(city, Role.DISTRICT_OFFICER)
    classes = tuple(one.pk for one in city.school_called(SCHOOL).classes)
    grade, some = classes[8:12], classes[4:12]
    storm, holiday = DRAFTS["weather"], start + timedelta(weeks=5)
    at = _at(start + timedelta(weeks=3, days=2), 6, 20)
    danger = NewNotice(
        kind="safety", title=str(storm.title), words=str(storm.words), place_id=school.pk,
        department_id=school.pk, until_on=at.date() + timedelta(days=2), class_ids=grade,
        basis="danger", template="weather",
    )  # fmt: skip
    letter = NewNotice(
        kind="to_know", title="秋季放假安排", words="周五放假一天，下周一照常上课。请看好孩子，不玩水。",
        place_id=school.pk, department_id=school.pk, until_on=holiday + timedelta(days=8),
        class_ids=some, template="holiday",
    )  # fmt: skip
    district = officer.posts[0]
    campaign = NewNotice(
        kind="to_know", title="交通安全一课", words="过马路走斑马线，坐电动车戴头盔。不用填表，不用拍照。",
        place_id=district.scope_id, department_id=district.place_id,
        until_on=holiday + timedelta(days=20), class_ids=some, is_campaign=True,
        white_list="渝中教白〔2026〕2号（演示）",
    )  # fmt: skip
    return [
        *_guidance(school, classes[4:12], start, head),
        (at, danger, head),
        (_at(holiday, 15), letter, head),
        (_at(holiday + timedelta(days=1), 10), campaign, officer),
    ]


def _guidance(
    school: Place, class_ids: tuple[int, ...], start: date, head: Actor
) -> list[tuple[datetime, NewNotice, Actor]]:
    """What the school says to families of reading, chores and how children are."""
    found = []
    for weeks, code in ((2, "guide_hobbies"), (4, "guide_chores"), (6, "guide_health")):
        draft, day = DRAFTS[code], start + timedelta(weeks=weeks, days=1)
        new = NewNotice(
            kind=draft.kind, title=str(draft.title), words=str(draft.words), place_id=school.pk,
            department_id=school.pk, until_on=day + timedelta(days=14), class_ids=class_ids,
            template=code,
        )  # fmt: skip
        found.append((_at(day, 16), new, head))
    return found


def _families_answer(city: DemoCity, watch: Watch, draw: random.Random) -> None:
    # Whoever tries the demo as this guardian finds something to answer.
    rows = Delivery.objects.filter(
        notice__status="open", notice__until_on__gt=watch.at.date(), answer__isnull=True,
        leads=True, carer__isnull=False,
    ).exclude(notice__kind="to_know").exclude(carer=_guardian(city))  # fmt: skip
    for row in rows.select_related("notice").order_by("pk"):
        if draw.random() < 0.6 and _comes_round_to(row, watch):
            way = draw.choice(["box", "box", "voice"])
            actions.answer(row, _choice(row, draw), way=way, at=watch.at, by=Actor(None, "家长"))


def _comes_round_to(row: Delivery, watch: Watch) -> bool:
    """A tenth of the families answers nothing: somebody goes there with a slip. And where the law
    asks for consent, only guardians have a word."""
    if row.notice.must_reach and row.carer_id % 10 == 0:
        return False
    return not row.notice.asks_guardians or queries.is_guardian_of_all(row, watch.at.date())


def _choice(row: Delivery, draw: random.Random) -> int:
    """Most agree to what is asked for consent; to the rest there is no more likely answer."""
    if row.notice.asks_guardians:
        return int(draw.random() < 0.1)
    return draw.randrange(max(len(row.notice.choices), 1))


def _run_until(watch: Watch, at: datetime) -> None:
    """Whenever something is due, as a job would; by the hour, so that the story is soon told."""
    while (then := queries.moment_of_next(watch.at)) is not None and then < at:
        watch.at = max(then, watch.at + timedelta(hours=1))
        jobs.run(watch)
    watch.at = max(at, watch.at)


def _prefer_the_telephone(city: DemoCity, at: datetime) -> None:
    """The grandmothers of the demo teacher's class have no smartphone: they are called first."""
    teacher = _actor(city, Role.CLASS_TEACHER)
    children = [seat.child.pk for seat in city.seats[teacher.posts[0].place_id]]
    old = Care.objects.on(city.today).filter(
        child__in=children, relation="grandmother", is_daily_carer=True
    )
    for carer_id in sorted(set(old.values_list("carer_id", flat=True))):
        actions.choose_way(carer_id, "voice", at=at, by=SYSTEM)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return make_aware(datetime.combine(day, time(hour, minute)))


def _actor(city: DemoCity, role: str) -> Actor:
    user = User.objects.get(username=str(role).replace("_", "-"))
    actor = actor_for(user, city.today)
    assert actor is not None
    return actor
