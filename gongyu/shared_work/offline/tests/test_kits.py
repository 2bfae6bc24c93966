"""What a device is given, by whom it may be used, and when it is told to give everything back."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from gongyu.ground.access.models import Approval
from gongyu.ground.audit.models import Entry as AuditEntry
from gongyu.ground.people.models import Carer, Child
from gongyu.ground.staff.models import Post
from gongyu.shared_work.offline import rules
from gongyu.shared_work.offline.actions import open_kit
from gongyu.shared_work.offline.models import Kit
from gongyu.shared_work.offline.queries import kits_of
from gongyu.shared_work.offline.tokens import sealing, unsealed
from tests.cast import CAST_DAY, CAST_MOMENT, check_view_matches_list, sign_in

pytestmark = pytest.mark.usefixtures("at_the_cast_day")


def test_a_device_is_given_the_own_class_and_nobody_else(cast, phone):
    assert set(phone.pupils) == {"杨小雨", "郑一凡"}
    [kit] = Kit.objects.all()
    assert kit.until_at - kit.packed_at == timedelta(hours=72)
    assert phone.told["hours"] == 72
    audit = AuditEntry.objects.get(verb="offline.open")
    assert (audit.subject_type, audit.subject_id) == ("class", cast.this_class.pk)


def test_it_holds_no_number_no_telephone_no_address_and_no_carers_name(cast, phone):
    Child.objects.filter(pk=cast.pupil.pk).update(address="兴隆街12号")
    text = json.dumps(phone.contact(), ensure_ascii=False)
    for carer in Carer.objects.all():
        assert carer.name not in text and carer.phone not in text
    assert "兴隆街" not in text and "杨勇" not in text and "人身安全保护令" not in text
    tokens = [phone.pupils["杨小雨"]["token"], *phone.options("杨小雨", "met").values()]
    assert len(set(tokens)) == 3 and not any(token.isdecimal() for token in tokens)
    assert set(phone.options("杨小雨", "met")) == {"祖母/外祖母", "母亲"}


def test_tokens_open_for_their_own_kit_and_kind_alone(db):
    token = sealing("one")("child", 7)
    assert unsealed("one", "child", token) == 7
    assert sealing("one")("child", 7) == token != sealing("two")("child", 7)
    for code, kind, text in [
        ("two", "child", token), ("one", "carer", token), ("one", "child", token[:-2]),
        ("one", "child", ""), ("one", "child", "家"), ("one", "child", "7"), ("one", "child", "="),
    ]:  # fmt: skip
        assert unsealed(code, kind, text) is None


@pytest.mark.parametrize("who", ["subject_teacher", "head", "registrar", "auditor"])
def test_only_class_teachers_may(cast, who):
    client = sign_in(Client(), getattr(cast, who))
    assert client.post(reverse("offline:open")).status_code == 404
    assert client.get(reverse("offline:kits")).status_code == 404
    assert client.get(reverse("offline:hello")).json()["may"] is False
    assert 'id="offline"' not in client.get("/").content.decode()


def test_nobody_uses_the_kit_of_another(cast, phone):
    phone.client = sign_in(Client(), cast.class_teacher_of_parallel_class)
    for step in ("contact", "send", "close"):
        assert phone.post(step).status_code == 404
    check_view_matches_list(
        cast,
        everything=Kit.objects.all(),
        may_view=rules.may_use_kit,
        visible_to=rules.kits_visible_to,
    )


def test_without_sign_in_the_device_learns_nothing(phone):
    phone.client = Client()
    assert phone.post("contact").status_code == 302
    told = phone.client.get(reverse("offline:hello")).json()
    assert (told["who"], told["may"]) == ("", False)


def test_the_owner_is_known_again_and_others_are_told_apart(cast, phone, tablet):
    asked = reverse("offline:hello")
    other = sign_in(Client(), cast.class_teacher_of_parallel_class)
    one, two, three = (c.get(asked).json()["who"] for c in (phone.client, tablet.client, other))
    assert one == two != three and str(cast.class_teacher.staff.pk) != one


@pytest.mark.parametrize(
    "end",
    [
        lambda cast: Post.objects.filter(pk=cast.class_teacher.post.pk).update(until_on=CAST_DAY),
        lambda cast: Approval.objects.filter(staff=cast.class_teacher.staff).update(
            until_on=CAST_DAY
        ),
        lambda cast: Approval.objects.filter(staff=cast.class_teacher.staff).update(
            withdrawn_at=CAST_MOMENT
        ),
    ],
    ids=["post", "approval", "withdrawn"],
)
def test_the_next_contact_says_that_post_or_approval_ended(cast, phone, end):
    end(cast)
    answer = phone.contact()
    assert answer["state"] == "ended" and "package" not in answer
    assert Kit.objects.get().closed_why == "ended"
    assert phone.contact()["state"] == "ended"


def test_a_contact_gives_the_class_of_today_for_another_three_days(cast, phone):
    tokens = {name: pupil["token"] for name, pupil in phone.pupils.items()}
    with time_machine.travel(CAST_MOMENT + timedelta(hours=100), tick=False):
        phone.client = sign_in(Client(), cast.class_teacher)
        answer = phone.contact()
    assert answer["state"] == "open"
    assert {name: pupil["token"] for name, pupil in phone.pupils.items()} == tokens
    kit = Kit.objects.get()
    assert kit.until_at == CAST_MOMENT + timedelta(hours=172)
    assert AuditEntry.objects.filter(verb="offline.renew").count() == 1


def test_a_lost_phone_is_closed_from_the_list_of_devices(cast, phone, tablet):
    page = tablet.client.get(reverse("offline:kits")).content.decode()
    assert page.count("停用</summary>") == 2
    answer = tablet.client.post(
        reverse("offline:close", args=[phone.code]), {"page": "yes"}, follow=True
    )
    assert "已停用" in answer.content.decode() and "本人停用" in answer.content.decode()
    assert phone.contact() == {"state": "closed"}
    assert phone.post("send", {"entries": [phone.entry("杨小雨")]}).status_code == 422
    assert tablet.contact()["state"] == "open"
    assert AuditEntry.objects.filter(verb="offline.close").count() == 1


def test_wrong_pins_are_told_as_the_reason(phone):
    url = reverse("offline:close", args=[phone.code])
    phone.client.post(url + "?why=wrong_pin", "{}", content_type="application/json")
    assert Kit.objects.get().closed_why == "wrong_pin"


def test_a_teacher_without_a_class_today_is_told_so(cast):
    Approval.objects.filter(staff=cast.class_teacher.staff).update(until_on=CAST_DAY)
    answer = sign_in(Client(), cast.class_teacher).post(reverse("offline:open"))
    assert answer.status_code == 422 and "授权" in answer.json()["error"]


def test_kits_of_last_month_are_forgotten_and_their_receipts(cast, phone):
    phone.one(phone.entry("杨小雨"))
    with time_machine.travel(CAST_MOMENT + timedelta(days=35), tick=False):
        assert [row.received for row in kits_of(cast.class_teacher.actor, CAST_MOMENT)] == [1]
        open_kit([], by=cast.class_teacher.actor)
    assert Kit.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [{"closed_at": CAST_MOMENT}, {"closed_why": "asked"}, {"until_at": CAST_MOMENT}],
)
def test_the_database_refuses_a_kit_that_contradicts_itself(phone, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Kit.objects.update(**change)


def test_signing_out_clears_the_browser_and_an_idle_end_does_not(cast, settings):
    client = sign_in(Client(), cast.class_teacher)
    answer = client.post(reverse("account_logout"))
    assert answer["Clear-Site-Data"] == '"storage"'
    client = sign_in(Client(), cast.class_teacher)
    client.get("/")
    with time_machine.travel(CAST_MOMENT + timedelta(hours=5), tick=False):
        answer = client.get("/")
    assert answer.status_code == 302 and "Clear-Site-Data" not in answer


def test_the_shell_and_its_worker_are_the_same_for_everybody(cast, phone):
    for name in ("shell", "worker", "manifest"):
        url = reverse(f"offline:{name}")
        mine, anyones = phone.client.get(url), Client().get(url)
        assert mine.content == anyones.content
        assert cast.class_teacher.staff.name not in mine.content.decode()
        assert mine["Cache-Control"] == "no-cache"
    assert Client().get(reverse("offline:worker"))["Service-Worker-Allowed"] == "/"
    told = Client().get(reverse("offline:manifest")).json()
    assert told["scope"] == "/" and {icon["purpose"] for icon in told["icons"]} == {
        "any", "maskable",
    }  # fmt: skip


def test_the_policy_allows_workers_and_manifests_of_our_own_alone(phone):
    policy = phone.client.get("/")["Content-Security-Policy"]
    assert "worker-src 'self'" in policy and "manifest-src 'self'" in policy


def test_a_teacher_who_gave_up_the_class_yesterday_opens_none(cast):
    client = sign_in(Client(), cast.teacher_who_left_yesterday)
    assert client.post(reverse("offline:open")).status_code == 404
