"""The pages: written in six fields with the effect first, and what each reader may see."""

import io
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.notices import actions, jobs
from gongyu.ground.notices.channels.gateway import signature
from gongyu.ground.notices.forms import NoticeForm
from gongyu.ground.notices.models import Delivery, Notice, Outgoing, ShownMessage
from gongyu.ground.notices.queries_lists import desk_for
from gongyu.ground.notices.rules import may_read_notice, notices_visible_to
from gongyu.ground.notices.words import token_of
from gongyu.ground.people.actions import bar_carer
from gongyu.ground.people.masking import masked
from tests.cast import CAST_DAY, CAST_MOMENT, check_view_matches_list, sign_in

from .watch import Watch

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_(cast, at_the_cast_day):
    return lambda name: sign_in(Client(), getattr(cast, name))


def typed(**told) -> dict:
    said = {
        "sort": "to_answer",
        "title": "春游去不去",
        "words": "下周三去动物园，不收钱。去不去，请您选一个。",
        "last_day": str(CAST_DAY + timedelta(days=7)),
        "answers": "去、不去",
        "key": "form-1",
    }
    return {**said, **told}


def send(new, key="n1", **told):
    return actions.send(new, at=CAST_MOMENT, key=key, by=SYSTEM, **told)


def test_a_class_teacher_sees_the_effect_first_and_then_sends_once(cast, as_):
    client, url = as_("class_teacher"), reverse("notices:write", args=[cast.this_class.pk])
    assert "从常用的话开始" in client.get(url).content.decode()
    page = client.post(url, typed(preview="1"))
    text = page.content.decode()
    assert page.status_code == 200 and "2家，从" in text and "岁能读懂" in text
    assert "春游去不去" in text and Notice.objects.count() == 0
    for _tap in range(2):
        answer = client.post(url, typed(send="1"), follow=True)
        assert "已发出" in answer.content.decode()
    notice = Notice.objects.get()
    assert notice.choices == ["去", "不去"] and notice.sent_by == cast.class_teacher.staff


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"words": "未完成名单如下。"}, "不点名"),
        ({"title": ""}, "请填写"),
        ({"last_day": "昨天"}, "请填写日期"),
        ({"last_day": "2026-11-01"}, "有效期要在今天或以后"),
        ({"answers": "一、二、三、四、五"}, "最多4个答案"),
        ({"sort": "x"}, "请从给出的选项"),
    ],
)
@pytest.mark.parametrize("button", ["preview", "send"])
def test_a_fault_is_named_and_nothing_typed_is_lost(cast, as_, told, words, button):
    url = reverse("notices:write", args=[cast.this_class.pk])
    page = as_("class_teacher").post(url, typed(**told, **{button: "1"}))
    text = page.content.decode()
    assert page.status_code == 400 and words in text
    assert "动物园" in text or "未完成名单" in text
    assert Notice.objects.count() == 0


def test_no_form_asks_more_than_six_things(cast):
    for name, place in (
        ("class_teacher", cast.this_class),
        ("head", cast.school),
        ("district_officer", cast.district),
    ):
        desk = desk_for(getattr(cast, name).actor, place.pk, CAST_DAY)
        form = NoticeForm(desk, [])
        assert len(form.first_step()) == 6, name


def test_a_department_needs_its_white_list_number(cast, as_):
    client, url = as_("district_officer"), reverse("notices:write", args=[cast.district.pk])
    told = typed(audience=[cast.school.pk], sort="to_know", send="1")
    page = client.post(url, told)
    assert page.status_code == 400 and "请填写" in page.content.decode()
    client.post(url, told | {"white_list": "渝教白〔2026〕3号"})
    notice = Notice.objects.get()
    assert notice.is_campaign and notice.department == cast.district_department
    # The department reads counts, and never a family.
    text = client.get(reverse("notices:notice", args=[notice.pk])).content.decode()
    assert cast.pupil.name not in text and "少于10家" in text


def test_what_may_be_read_is_what_is_listed(cast, new):
    send(new())
    send(new(place_id=cast.school.pk), "school")
    told = {"place_id": cast.district.pk, "department_id": cast.district_department.pk}
    send(new(is_campaign=True, white_list="1", **told), "campaign")
    check_view_matches_list(
        cast,
        everything=Notice.objects.all(),
        may_view=lambda actor, one: may_read_notice(actor, one, CAST_DAY),
        visible_to=lambda actor: notices_visible_to(actor, CAST_DAY),
    )


def test_only_the_sender_sees_who_is_not_reached(cast, new, as_):
    notice = send(new("to_answer", basis="law"))
    url = reverse("notices:notice", args=[notice.pk])
    assert cast.classmate.name in as_("class_teacher").get(url).content.decode()
    head = as_("head").get(url)
    assert head.status_code == 200 and cast.classmate.name not in head.content.decode()
    for name in ("subject_teacher", "class_teacher_of_parallel_class", "district_officer"):
        assert as_(name).get(url).status_code == 404
    for step in ("remind", "withdraw", "correct"):
        assert as_("head").post(reverse(f"notices:{step}", args=[notice.pk])).status_code == 404


def test_the_sender_reminds_corrects_and_withdraws_by_buttons(cast, new, as_):
    notice, client = send(new("to_answer")), as_("class_teacher")
    jobs.run(Watch(CAST_MOMENT))
    text = client.post(reverse("notices:remind", args=[notice.pk]), follow=True).content.decode()
    assert "会再响2家" in text
    url = reverse("notices:correct", args=[notice.pk])
    assert "周五提前放学" in client.get(url).content.decode()
    client.post(url, typed(send="1", key="c1"))
    fresh = Notice.objects.get(replaces=notice)
    gone = reverse("notices:withdraw", args=[fresh.pk])
    assert "请写撤回的原因" in client.post(gone, {"reason": ""}, follow=True).content.decode()
    assert "已撤回" in client.post(gone, {"reason": "改天再去"}, follow=True).content.decode()


def test_the_list_is_searched_and_paged(cast, new, as_):
    for number in range(22):
        send(new(title=f"第{number}次通知"), f"n{number}")
    client, url = as_("class_teacher"), reverse("notices:index")
    assert "第 1 页，共 2 页" in client.get(url).content.decode()
    text = client.get(url, {"q": "21次"}).content.decode()
    assert "第21次通知" in text and "第20次通知" not in text
    assert "没有找到" in client.get(url, {"q": "%_"}).content.decode()


def test_a_slip_is_printed_handed_over_and_ticked_off(cast, new, as_):
    send(new("to_answer", basis="law", choices=("同意", "不同意"), child_ids=(cast.pupil.pk,)))
    row = Delivery.objects.get(carer=cast.grandmother)
    Delivery.objects.filter(pk=row.pk).update(status="to_hand", next_at=None)
    client, url = as_("class_teacher"), reverse("notices:slips")
    text = client.get(url).content.decode()
    assert cast.pupil.name in text and "☐ 同意" in text
    hand = reverse("notices:hand", args=[row.pk])
    assert as_("class_teacher_of_parallel_class").post(hand).status_code == 404
    assert "请选择一个答案" in client.post(hand, {"choice": "7"}, follow=True).content.decode()
    client.post(hand, {"choice": "1"})
    row.refresh_from_db()
    assert (row.status, row.answer) == ("answered", 1)
    assert client.post(hand, {"choice": "0"}).status_code == 404
    assert "没有要送的纸条" in client.get(url).content.decode()


def test_a_dead_message_is_seen_by_its_sender_and_settled(cast, new, as_):
    notice = send(new("to_answer"))
    jobs.run(Watch(CAST_MOMENT))
    message = Outgoing.objects.filter(carer=cast.grandmother).get()
    Outgoing.objects.filter(pk=message.pk).update(status="dead", reason="unknown", sent_at=None)
    client = as_("class_teacher")
    text = client.get(reverse("notices:notice", args=[notice.pk])).content.decode()
    assert "没能发出，要人看一看" in text and cast.grandmother.name in text
    url = reverse("notices:settle", args=[message.pk])
    assert as_("class_teacher_of_parallel_class").post(url).status_code == 404
    assert "已另行处理" in client.post(url, follow=True).content.decode()
    assert client.post(url).status_code == 404


@pytest.fixture
def opened(cast, new, at_the_cast_day):
    send(new("to_answer", choices=("去", "不去")))
    jobs.run(Watch(CAST_MOMENT))
    message = Outgoing.objects.get(carer=cast.grandmother)
    link = reverse("notices:opened", args=[message.pk, token_of(message.pk, message.key)])
    assert ShownMessage.objects.filter(link="").count() == 0
    return link


def test_a_message_opens_its_notice_and_takes_the_answer(cast, opened):
    client = Client()
    text = client.get(opened).content.decode()
    # Whoever else opens the link learns no name.
    assert masked(cast.pupil.name) in text and cast.pupil.name not in text
    assert masked(cast.classmate.name) not in text
    row = Delivery.objects.get(carer=cast.grandmother)
    assert client.post(opened, {"answer": f"{row.pk}.1"}, follow=True).status_code == 200
    row.refresh_from_db()
    assert row.answer == 1
    client.post(opened, {"answer": f"{row.pk}.0"})
    row.refresh_from_db()
    assert row.answer == 0


def test_a_message_opens_nothing_of_anybody_else(cast, opened):
    other = Delivery.objects.get(carer=cast.classmates_mother)
    client = Client()
    for told in (f"{other.pk}.0", "x.0", "", f"{other.pk}.-1", f"{other.pk}.²"):
        assert client.post(opened, {"answer": told}).status_code == 400
    other.refresh_from_db()
    assert other.answer is None
    wrong = opened[:-3] + ("0/" if opened[-3] != "0" else "1/")
    assert client.get(wrong).status_code == 404
    bar_carer(cast.pupil, cast.grandmother, CAST_DAY, "变更抚养", by=SYSTEM)
    assert client.get(opened).status_code == 404


def test_confirming_takes_few_statements(cast, opened, django_assert_max_num_queries):
    row = Delivery.objects.get(carer=cast.grandmother)
    client = Client()
    with django_assert_max_num_queries(8):
        client.post(opened, {"answer": f"{row.pk}.1"})


SECRET = "a-secret-of-both-sides"


@pytest.fixture
def gateway(settings, tmp_path, cast, new, at_the_cast_day):
    """A call that went out over a configured gateway, and how that gateway reports."""
    send(new("to_answer", basis="law", choices=("去", "不去"), child_ids=(cast.pupil.pk,)))
    call = Outgoing.objects.create(
        key="k1", carer=cast.grandmother, family_id=cast.grandmother.pk, path="voice",
        kind="to_answer", status="sent", channel="voice-a", next_at=CAST_MOMENT,
        week_on=CAST_DAY, made_at=CAST_MOMENT, sent_at=CAST_MOMENT,
    )  # fmt: skip
    call.carried.create(delivery=Delivery.objects.get(carer=cast.grandmother))
    settings.CHANNELS_FILE = tmp_path / "channels.toml"
    settings.CHANNELS_FILE.write_text(
        '[[channel]]\nkind="gateway"\npath="voice"\nname="voice-a"\n'
        f'address="http://127.0.0.1:9"\nsecret="{SECRET}"\n'
    )

    def told(events, *, secret=SECRET, name="voice-a", late=0):
        body = json.dumps({"events": events}).encode() if events is not None else b"{"
        stamp = str(int(CAST_MOMENT.timestamp()) - late)
        signed = signature(secret, stamp, f"/reports/{name}", body)
        return Client().post(
            reverse("notices:reports", args=[name]), body, content_type="application/json",
            headers={"X-Gongyu-Time": stamp, "X-Gongyu-Signature": signed},
        )  # fmt: skip

    return call, told


def test_a_signed_report_is_taken_once_and_a_pressed_key_answers(cast, gateway):
    call, told = gateway
    events = [{"key": "k1", "state": "delivered", "pressed": "2"}, {"key": "stranger"}]
    assert told(events).json() == {"taken": 1}
    assert Delivery.objects.get(carer=cast.grandmother).answer == 1
    call.refresh_from_db()
    assert call.status == "delivered"
    # The same again changes nothing but what was pressed.
    assert told([{"key": "k1", "state": "delivered"}]).json() == {"taken": 0}


def test_a_report_that_failed_goes_on_to_the_next_way_at_once(cast, gateway):
    call, told = gateway
    told([{"key": "k1", "state": "failed", "error": "bad_number"}])
    call.refresh_from_db()
    assert (call.status, call.reason) == ("refused", "bad_address")
    assert Delivery.objects.get(carer=cast.grandmother).next_at <= CAST_MOMENT


def test_an_unsigned_late_foreign_or_broken_report_is_not_taken(gateway):
    call, told = gateway
    event = [{"key": "k1", "state": "failed"}]
    assert told(event, secret="another").status_code == 404
    assert told(event, name="voice-b").status_code == 404
    assert told(event, late=3600).status_code == 404
    for broken in (None, [{"state": "delivered"}], ["text"], 7):
        assert told(broken).status_code == 400
    call.refresh_from_db()
    assert call.status == "sent"


def test_what_would_have_been_sent_is_shown_in_the_demo_city_alone(cast, new, as_, settings):
    send(new("to_answer"))
    jobs.run(Watch(CAST_MOMENT))
    url = reverse("notices:shown")
    assert as_("class_teacher").get(url).status_code == 404
    settings.DEMO = True
    assert "周五提前放学" in as_("class_teacher").get(url).content.decode()


def _photo() -> bytes:
    target = io.BytesIO()
    drawn = Image.new("RGB", (30, 30), "blue")
    exif = drawn.getexif()
    exif[0x010E] = "N29E106"
    drawn.save(target, "JPEG", exif=exif)
    return target.getvalue()


def test_an_attachment_is_cleaned_and_opens_with_its_notice_alone(cast, as_):
    client, url = as_("class_teacher"), reverse("notices:write", args=[cast.this_class.pk])
    bad = SimpleUploadedFile("李小明的病历.exe", b"MZ")
    page = client.post(url, typed(send="1", attachments=[bad]))
    assert page.status_code == 400 and "只收图片" in page.content.decode()
    assert Notice.objects.count() == 0
    good = SimpleUploadedFile("李小明.jpg", _photo())
    client.post(url, typed(send="1", attachments=[good]))
    notice = Notice.objects.get()
    shown = client.get(reverse("notices:attachment", args=[notice.pk, 1]))
    assert shown["Content-Type"] == "image/jpeg" and b"N29E106" not in shown.content
    assert "notice-1.jpg" in shown["Content-Disposition"]
    assert as_("subject_teacher").get(shown.wsgi_request.path).status_code == 404
    jobs.run(Watch(CAST_MOMENT))
    message = Outgoing.objects.get(carer=cast.grandmother)
    token = token_of(message.pk, message.key)
    link = reverse("notices:opened-attachment", args=[message.pk, token, notice.pk, 1])
    assert Client().get(link).content == shown.content
    for wrong in ([message.pk, "a" * 30, notice.pk, 1], [message.pk, token, notice.pk + 1, 1],
                  [message.pk, token, notice.pk, 2]):  # fmt: skip
        assert Client().get(reverse("notices:opened-attachment", args=wrong)).status_code == 404
