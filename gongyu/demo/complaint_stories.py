"""Complaints about parent committees at every stage of their way, channels, trials; all made up."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils.timezone import make_aware

from gongyu.ground.audit.actors import SYSTEM, Actor, HeldPost
from gongyu.ground.places.models import Place
from gongyu.ground.staff.models import Role
from gongyu.shared_work.registers import actions as registers
from gongyu.shared_work.tickets import actions
from gongyu.shared_work.tickets.models import Ticket
from gongyu.shared_work.tickets.shapes import Answer, SentOn, Told

from .fill import DemoCity
from .layout import CHENGKOU, WANZHOU, YUZHONG

WORDS = {
    "class_fees": "家委会在群里收每家两百元活动费，没有说明用在哪里（演示）。",
    "teaching_aids": "家委会统一订了三本练习册，说不订不好（演示）。",
    "forced_shopping": "要到指定的店买校服外套，别处买的不行（演示）。",
    "other": "",
}
PAID_BACK = Answer(
    "substantiated", "查实收费，已全部退还，家委会主任作了说明（演示）。", Decimal(4200)
)


class Desk:
    """The people of one district's desk."""

    def __init__(self, city: DemoCity, district_code: str):
        self.city = city
        self.schools = [s for s in city.schools if s.district.code == district_code]
        self.district: Place = self.schools[0].district
        self.handler = self._actor(Role.COMPLAINT_HANDLER)
        self.officer = self._actor(Role.DISTRICT_OFFICER)

    def _actor(self, role: str) -> Actor:
        post = next(
            post
            for (held, department), post in self.city.staffing.officers.items()
            if held == role and self.city.scopes[department] == self.district.pk
        )
        held = HeldPost(post.pk, role, post.place_id, self.district.pk, Place.Kind.DISTRICT)
        return Actor(None, post.staff.name, post.staff_id, (held,))

    def told(self, kind: str, days_ago: int, school: int = 0, **more) -> Ticket:
        """A complaint of so many days ago about one of the district's schools."""
        told = Told(kind, self.schools[school].place.pk, WORDS[kind], **more)
        key = f"demo-{self.district.code}-{kind}-{days_ago}-{school}"
        receipt = actions.tell(told, at=self.at(days_ago), key=key)
        return Ticket.objects.get(number=receipt.number)

    def accepted(self, kind: str, days_ago: int, school: int = 0, **more) -> Ticket:
        ticket = self.told(kind, days_ago, school, **more)
        return actions.accept(ticket, at=self.at(days_ago - 1), by=self.handler)

    def at(self, days_ago: int) -> datetime:
        day: date = self.city.today - timedelta(days=max(days_ago, 0))
        return make_aware(datetime.combine(day, time(9, 30) if days_ago else time(7, 50)))


def tell_complaints(city: DemoCity) -> None:
    """In the first district one at every stage; a few in the others; channels and trials."""
    here, there, far = (Desk(city, code) for code in (YUZHONG, WANZHOU, CHENGKOU))
    _channels(city)
    _waiting(here)
    _handled(here)
    _moving(here, there)
    _ended(here)
    for number in range(6):
        there.accepted("class_fees", 12 + number, number)
    far.told("teaching_aids", 18)
    _trials(here)


def _waiting(desk: Desk) -> None:
    """Of this morning, soon due, and late."""
    desk.told("class_fees", 0, amount=Decimal(200))
    desk.told("other", 12, 1, contact="演示家长 19900000000")
    desk.told("forced_shopping", 17, 2)


def _handled(desk: Desk) -> None:
    accepted = desk.accepted("teaching_aids", 9, 3)
    actions.begin(accepted, at=desk.at(7), by=desk.handler)
    actions.note(accepted, words="已向书店核对订单（演示）。", at=desk.at(6), by=desk.handler)
    why = "书店要下周才能出具凭证（演示）。"
    actions.ask_more(accepted, 10, reason=why, at=desk.at(1), by=desk.handler)
    long = desk.accepted("class_fees", 58, 4, amount=Decimal(9000))
    actions.extend(long, 20, reason="要等银行流水（演示）。", at=desk.at(10), by=desk.officer)
    again = desk.accepted("class_fees", 40, 1)
    actions.answer(again, PAID_BACK, at=desk.at(20), by=desk.handler)
    actions.reopen(again, words="还有两家没有退到（演示）。", at=desk.at(3))


def _moving(here: Desk, there: Desk) -> None:
    """One that waits for the other desk, one that came from there."""
    away = here.told("other", 4)
    actions.hand_over(
        away, there.district, words="学校在你区（演示）。", at=here.at(2), by=here.handler
    )
    coming = there.accepted("forced_shopping", 6)
    actions.hand_over(
        coming, here.district, words="店铺在你区（演示）。", at=there.at(1), by=there.handler
    )


def _ended(desk: Desk) -> None:
    waiting = desk.accepted("class_fees", 22, 5)
    actions.answer(waiting, PAID_BACK, at=desk.at(5), by=desk.handler)
    content = desk.accepted("class_fees", 45, 6)
    actions.answer(content, PAID_BACK, at=desk.at(30), by=desk.handler)
    actions.say_content(content, True, words="谢谢（演示）。", at=desk.at(29))
    unfounded = desk.accepted("teaching_aids", 50, 7)
    found = Answer("unsubstantiated", "练习册由家长各自选购，没有统一征订（演示）。")
    actions.answer(unfounded, found, at=desk.at(38), by=desk.handler)
    actions.close_due(at=desk.at(0), by=SYSTEM)
    rejected = desk.told("other", 26, 8)
    actions.reject(
        rejected, "not_about_this", words="食堂的事请向学校所在街道反映（演示）。", at=desk.at(24),
        by=desk.handler,
    )  # fmt: skip
    sent = desk.told("forced_shopping", 33, 9)
    body = SentOn("区市场监督管理局", "演示编号", "价格问题由他们依法查处（演示）。")
    actions.send_on(sent, body, at=desk.at(31), by=desk.handler)


def _channels(city: DemoCity) -> None:
    """Most schools have posted the way to the district; every seventh has entered nothing."""
    for number, school in enumerate(city.schools):
        if number % 7 == 3:
            continue
        moral = city.staffing.leaders[school.place.pk][Role.MORAL_EDUCATION_HEAD]
        registers.enter(
            school.place,
            "complaint_channel",
            title="校门口公示栏：区县教委投诉电话和二维码",
            from_on=city.year_from,
            responsible=moral.staff,
            by=Actor(None, moral.staff.name, moral.staff_id),
        )


def _trials(desk: Desk) -> None:
    """Two schools are tried already this quarter, one is being tried."""
    places = [school.place for school in desk.schools[:3]]
    works, fails, _running = actions.start_trials(places, at=desk.at(8), by=desk.officer)
    actions.finish_trial(
        works, works=True, words="打了公示电话，两分钟有人接（演示）。", at=desk.at(7),
        by=desk.handler,
    )  # fmt: skip
    actions.finish_trial(
        fails, works=False, words="公示的电话是空号，已请学校更正（演示）。", at=desk.at(6),
        by=desk.handler,
    )  # fmt: skip
