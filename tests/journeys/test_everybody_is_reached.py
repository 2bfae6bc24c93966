"""A grandmother without a smartphone answers by a key and by a slip; a mother of three children in two
schools has one letter a week. The providers are servers on loopback that keep to docs/channels.md."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.notices import actions, jobs, queries
from gongyu.ground.notices.channels.gateway import signature
from gongyu.ground.notices.models import Delivery, Outgoing
from gongyu.ground.notices.tests.servers import GatewayHouse, serving
from gongyu.ground.notices.tests.watch import Watch
from gongyu.ground.people.actions import add_care, enrol
from gongyu.ground.people.models import Child, Relation
from tests.cast import CAST_DAY, CAST_MOMENT, LONG_AGO, Cast, Person, come_in, sign_in
from tests.journeys.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.journey


@pytest.fixture
def houses(settings, tmp_path, live_server) -> dict[str, GatewayHouse]:
    """One gateway for messages and one for calls."""
    found = {"sms": GatewayHouse(), "voice": GatewayHouse()}
    with serving(found["sms"]) as sms, serving(found["voice"]) as voice:
        settings.SITE_ADDRESS = live_server.url
        settings.CHANNELS_FILE = Path(tmp_path / "channels.toml")
        settings.CHANNELS_FILE.write_text(
            "".join(
                f'[[channel]]\nkind="gateway"\npath="{path}"\nname="{path}-a"\n'
                f'address="{address}"\nsecret="{GatewayHouse.secret}"\n'
                for path, address in (("sms", sms), ("voice", voice))
            )
        )
        yield found


def _as(page: Page, person: Person, live_server) -> Page:
    session = sign_in(Client(), person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return page


def _write(page: Page, cast: Cast, title: str) -> None:
    """The class teacher asks the pupil's family, as the law wants it, for one of two answers."""
    page.goto(f"/notices/write/{cast.this_class.pk}/")
    page.get_by_label("法律要求告知监护人（逐家告知到）").check()
    page.get_by_label("标题").fill(title)
    page.get_by_label("正文").fill("星期五上午查视力，不收钱。")
    page.locator("summary", has_text="和哪些孩子有关").click()
    page.get_by_label(cast.pupil.name).check()
    page.get_by_label("给家里选的答案（可不填）").fill("同意、不同意")
    page.get_by_role("button", name="看效果").click()
    page.get_by_role("button", name="就这样发出").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def _ring_until(path: str, watch: Watch) -> Outgoing:
    for _step in range(40):
        jobs.run(watch)
        found = Outgoing.objects.filter(path=path, status="sent").order_by("pk").last()
        if found is not None:
            return found
        watch.to(queries.moment_of_next(watch()))
    raise AssertionError(f"nothing went by {path}")


def _report(live_server, key: str, pressed: str) -> dict:
    """What the gateway tells after a call."""
    body = json.dumps({"events": [{"key": key, "state": "delivered", "pressed": pressed}]}).encode()
    stamp = str(int(time.time()))
    signed = signature(GatewayHouse.secret, stamp, "/reports/voice-a", body)
    headers = {"X-Gongyu-Time": stamp, "X-Gongyu-Signature": signed}
    address = f"{live_server.url}/notices/reports/voice-a/"
    return httpx.post(address, content=body, headers=headers, trust_env=False).json()


def test_a_grandmother_without_a_smartphone_answers_by_a_key_and_by_a_slip(
    open_page, the_cast, live_server, houses
):
    grandmother = the_cast.grandmother
    actions.choose_way(grandmother.pk, "voice", at=CAST_MOMENT, by=SYSTEM)
    teacher = _as(open_page(DESKTOP), the_cast.class_teacher, live_server)
    _write(teacher, the_cast, "查视力要您同意")
    expect(teacher.locator("main")).to_contain_text(the_cast.pupil.name)

    # The telephone rings, it says what it is about and which key means what; she presses two.
    call = _ring_until("voice", Watch(CAST_MOMENT))
    [heard] = houses["voice"].telephones[grandmother.phone]
    assert the_cast.pupil.name in heard["text"] and "按2" in heard["text"]
    assert houses["sms"].telephones[grandmother.phone] == []
    assert _report(live_server, call.key, "2") == {"taken": 1}
    teacher.reload()
    expect(teacher.locator("main")).to_contain_text("都答复了")
    answers = teacher.locator("section.card", has_text="到了哪一步")
    expect(answers.locator("dt", has_text="不同意")).to_be_visible()

    # Another time nobody picks up: a slip, which the class teacher takes along.
    _write(teacher, the_cast, "再问一次视力")
    watch = Watch(CAST_MOMENT)
    while not Delivery.objects.filter(status="to_hand").exists():
        jobs.run(watch)
        then = queries.moment_of_next(watch())
        if then is not None:
            watch.to(then)
    teacher.reload()
    expect(teacher.locator("main")).to_contain_text(f"{the_cast.class_teacher.staff.name}来送")
    phone = _as(open_page(PHONE), the_cast.class_teacher, live_server)
    phone.goto("/notices/slips/")
    expect(phone.locator("main")).to_contain_text(f"给{grandmother.name}")
    phone.get_by_role("button", name="送到了，说“同意”").click()
    expect(phone.locator("main")).to_contain_text("没有要送的纸条")
    teacher.reload()
    expect(teacher.locator("main")).to_contain_text("都答复了")
    kept = Delivery.objects.get(notice__title="再问一次视力", carer=grandmother)
    assert (kept.answered_way, kept.handed_by) == ("slip", the_cast.class_teacher.staff)


def _a_third_child(the_cast: Cast) -> None:
    """The mother has another child, and is the one who is called for all three."""
    mother = the_cast.mother
    youngest = Child.objects.create(name="汪小满")
    add_care(
        youngest, mother, Relation.MOTHER, LONG_AGO,
        is_guardian=True, is_daily_carer=True, by=SYSTEM,
    )  # fmt: skip
    enrol(youngest, the_cast.parallel_class, CAST_DAY, by=SYSTEM)
    for care in mother.cares.all():
        others = care.child.cares.exclude(carer=mother)
        others.update(is_daily_carer=False, position=9)
        mother.cares.filter(pk=care.pk).update(is_daily_carer=True, position=1)


def _send_to_know(page: Page, place_id: int, title: str) -> None:
    page.goto(f"/notices/write/{place_id}/")
    page.get_by_label("标题").fill(title)
    page.get_by_label("正文").fill("不用回，知道就好。")
    page.get_by_label("到哪天为止（含当天）").fill(f"{CAST_DAY + timedelta(days=14)}")
    page.get_by_role("button", name="看效果").click()
    page.get_by_role("button", name="就这样发出").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_a_mother_of_three_children_in_two_schools_has_one_letter(
    open_page, the_cast, live_server, houses
):
    mother = the_cast.mother
    _a_third_child(the_cast)
    sent = {
        "class_teacher": (the_cast.this_class, "周五带彩笔"),
        "class_teacher_of_parallel_class": (the_cast.parallel_class, "下周换冬季校服"),
        "class_teacher_of_secondary_class": (the_cast.secondary_class, "周三开放图书馆"),
    }
    for who, (place, title) in sent.items():
        page = _as(open_page(DESKTOP), getattr(the_cast, who), live_server)
        _send_to_know(page, place.pk, title)
    assert jobs.run(Watch(CAST_MOMENT)) == 0

    watch = Watch(CAST_MOMENT)
    watch.to(queries.moment_of_next(watch()))
    jobs.run(watch)
    [letter] = houses["sms"].telephones[mother.phone]
    assert Outgoing.objects.get(carer=mother).is_digest
    names = [child.child.name for child in mother.cares.select_related("child")]
    assert len(names) == 3 and all(name in letter["text"] for name in names)
    assert watch().weekday() == 3

    page = open_page(PHONE)
    page.goto(letter["link"])
    for _place, title in sent.values():
        expect(page.locator("main")).to_contain_text(title)
    session = come_in(Client(), mother).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto("/family/notices/")
    main = page.locator("main")
    for name, (_place, title) in zip(names, sent.values(), strict=True):
        expect(main).to_contain_text(title)
        expect(main).to_contain_text(name)
