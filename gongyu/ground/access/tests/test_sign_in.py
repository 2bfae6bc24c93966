"""Signing in takes a password and a second factor, and nothing opens before both are given."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import NoReverseMatch, reverse

from gongyu.ground.access import actions
from gongyu.ground.access.demo_accounts import DEMO_ROLES
from gongyu.ground.access.models import User
from gongyu.ground.audit.models import Entry
from tests.cast import CAST_MOMENT, PASSWORD, YESTERDAY, sign_in

NEW_PASSWORD = "Brand-new-Dragonfly-9"
pytestmark = [
    pytest.mark.usefixtures("at_the_cast_day"),
    pytest.mark.urls("gongyu.ground.access.tests.addresses"),
]


@pytest.fixture
def secret():
    return totp.generate_totp_secret()


@pytest.fixture
def enrolled(cast, secret):
    """The head, with an authenticator."""
    totp.TOTP.activate(cast.head.user, secret)
    return cast.head


def code_now(secret: str) -> str:
    counters = list(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secret, counters[len(counters) // 2]))


def give_password(client, username="head", password=PASSWORD, **more):
    return client.post("/sign-in/", {"login": username, "password": password}, **more)


def last_verb() -> str:
    return Entry.objects.latest("seq").verb


def test_password_and_code_lead_home_and_leave_a_row(client, enrolled, secret):
    assert give_password(client).headers["Location"] == "/sign-in/code/"
    assert client.get("/sign-in/code/").status_code == 200
    response = client.post("/sign-in/code/", {"code": code_now(secret)})
    assert response.headers["Location"] == "/"
    entry = Entry.objects.latest("seq")
    assert (entry.verb, entry.staff_id) == ("session.sign_in", enrolled.staff.pk)
    assert client.get("/account/").status_code == 200


def test_the_password_alone_opens_nothing(client, enrolled):
    give_password(client)
    assert client.get("/account/").headers["Location"].startswith("/sign-in/")
    assert not Entry.objects.filter(verb="session.sign_in").exists()


def test_a_session_changes_its_key_at_sign_in(client, enrolled, secret):
    give_password(client)
    before = client.session.session_key
    client.post("/sign-in/code/", {"code": code_now(secret)})
    assert client.session.session_key != before


def test_a_wrong_password_is_refused_without_saying_which_was_wrong(client, enrolled):
    wrong = give_password(client, password="not-the-Password-1")
    unknown = give_password(client, username="nobody", password="not-the-Password-1")
    message = "用户名或密码不正确"
    assert message in wrong.content.decode()
    assert message in unknown.content.decode()
    rows = list(Entry.objects.filter(verb="session.refused").order_by("seq"))
    assert [row.subject_id for row in rows] == [enrolled.user.pk, None]
    assert {row.user_id for row in rows} == {None}
    assert "not-the-Password-1" not in str([row.detail for row in rows])


def test_a_wrong_code_is_refused_and_noted(client, enrolled, secret):
    give_password(client)
    wrong = "000000" if code_now(secret) != "000000" else "111111"
    response = client.post("/sign-in/code/", {"code": wrong})
    assert "验证码不正确" in response.content.decode()
    entry = Entry.objects.latest("seq")
    assert (entry.verb, entry.detail) == ("session.refused", {"reason": "code"})


def test_a_code_works_once(client, enrolled, secret):
    code = code_now(secret)
    give_password(client)
    client.post("/sign-in/code/", {"code": code})
    other = Client()
    give_password(other)
    assert other.post("/sign-in/code/", {"code": code}).status_code == 200
    assert last_verb() == "session.refused"


def test_signing_out_leaves_a_row(client, enrolled):
    sign_in(client, enrolled)
    assert client.get("/sign-out/").status_code == 200
    client.post("/sign-out/")
    entry = Entry.objects.latest("seq")
    assert (entry.verb, entry.detail) == ("session.sign_out", {"reason": "asked"})
    assert client.get("/account/").status_code == 302


def test_whoever_has_no_second_factor_enrols_before_anything_else(client, cast):
    assert give_password(client).headers["Location"] == "/"
    for address in ("/account/", "/approvals/", "/account/second-factor/recovery-codes/"):
        response = client.get(address)
        assert response.headers["Location"] == "/account/second-factor/enrol/", address
    page = client.get("/account/second-factor/enrol/")
    assert page.status_code == 200
    secret = page.context["form"].secret
    response = client.post("/account/second-factor/enrol/", {"code": code_now(secret)})
    assert response.headers["Location"] == "/account/second-factor/recovery-codes/"
    assert last_verb() == "second_factor.add"
    codes = client.get("/account/second-factor/recovery-codes/")
    assert codes.status_code == 200
    assert len(codes.context["unused_codes"]) == 10
    assert client.get("/account/").status_code == 200
    text = client.get("/account/second-factor/recovery-codes/download/").content.decode()
    assert codes.context["unused_codes"][0] in text


def test_the_secret_of_an_authenticator_is_not_stored_in_the_clear(enrolled, secret):
    [device] = enrolled.user.authenticator_set.all()
    assert secret not in str(device.data)
    assert device.wrap().validate_code(code_now(secret))


def test_a_recovery_code_stands_in_for_the_phone(client, enrolled, secret):
    sign_in(client, enrolled)
    confirm(client)
    client.post("/account/second-factor/recovery-codes/new/")
    code = client.get("/account/second-factor/recovery-codes/").context["unused_codes"][0]
    other = Client()
    give_password(other)
    assert other.post("/sign-in/code/", {"code": code}).headers["Location"] == "/"


def confirm(client):
    response = client.post("/account/confirm/", {"password": PASSWORD})
    assert response.status_code == 302


def test_recovery_codes_ask_who_is_there_once_more(client, enrolled):
    sign_in(client, enrolled)
    response = client.get("/account/second-factor/recovery-codes/new/")
    assert response.headers["Location"].startswith("/account/confirm/")
    assert client.get(response.headers["Location"]).status_code == 200
    assert client.get("/account/confirm/code/").status_code == 200


def test_whoever_replaces_the_authenticator_enrols_the_next_one_at_once(client, enrolled):
    sign_in(client, enrolled)
    confirm(client)
    assert client.get("/account/second-factor/replace/").status_code == 200
    client.post("/account/second-factor/replace/")
    assert last_verb() == "second_factor.remove"
    assert client.get("/account/").headers["Location"] == "/account/second-factor/enrol/"


def test_a_temporary_password_is_changed_before_anything_else(client, cast):
    User.objects.filter(pk=cast.head.user.pk).update(password_changed_on=None)
    sign_in(client, cast.head)
    assert client.get("/account/").headers["Location"] == "/account/password/"
    assert "临时密码" in client.get("/account/password/").content.decode()
    change = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post("/account/password/", change)
    assert last_verb() == "password.change"
    cast.head.user.refresh_from_db()
    assert cast.head.user.check_password(NEW_PASSWORD)
    assert client.get("/account/").status_code == 200


def test_a_password_of_ninety_days_is_changed_before_anything_else(client, cast, settings):
    settings.PASSWORD_MAX_AGE_DAYS = 90
    User.objects.filter(pk=cast.head.user.pk).update(
        password_changed_on=YESTERDAY - timedelta(days=89)
    )
    sign_in(client, cast.head)
    assert client.get("/account/").headers["Location"] == "/account/password/"
    assert "密码到期" in client.get("/account/password/").content.decode()


def test_the_operator_may_switch_the_change_of_passwords_off(client, cast, settings):
    settings.PASSWORD_MAX_AGE_DAYS = 0
    User.objects.filter(pk=cast.head.user.pk).update(
        password_changed_on=YESTERDAY - timedelta(days=900)
    )
    sign_in(client, cast.head)
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("Short-1", "12"),
        ("alllowercaseletters", "至少三类"),
        (PASSWORD, "不能与当前密码相同"),
        ("Class-teacher-1", "用户名"),
    ],
)
def test_a_weak_or_unchanged_password_is_refused_with_the_reason(client, cast, password, complaint):
    user = cast.class_teacher.user
    sign_in(client, cast.class_teacher)
    response = client.post(
        "/account/password/",
        {"oldpassword": PASSWORD, "password1": password, "password2": password},
    )
    assert response.status_code == 200
    assert complaint in str(response.context["form"].errors)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_five_wrong_passwords_close_the_door_for_a_while(client, enrolled, secret, settings):
    settings.AXES_ENABLED = True
    for _ in range(5):
        response = give_password(client, password="wrong-Guess-000")
    assert response.status_code == 429
    assert "暂时不能登录" in response.content.decode()
    assert give_password(client).status_code == 429
    with time_machine.travel(CAST_MOMENT + timedelta(minutes=16), tick=False):
        assert give_password(client).headers["Location"] == "/sign-in/code/"


def test_the_lock_is_for_the_account_not_for_the_whole_school(client, cast, settings):
    settings.AXES_ENABLED = True
    for _ in range(5):
        give_password(client, password="wrong-Guess-000")
    assert give_password(client, username="registrar").headers["Location"] == "/"


def test_an_officer_is_signed_out_when_nothing_was_asked_for_half_an_hour(client, cast):
    sign_in(client, cast.district_officer)
    assert client.get("/account/").status_code == 200
    with time_machine.travel(CAST_MOMENT + timedelta(minutes=29), tick=False):
        assert client.get("/account/").status_code == 200
    with time_machine.travel(CAST_MOMENT + timedelta(minutes=59), tick=False):
        assert client.get("/account/").headers["Location"].startswith("/sign-in/")
        entry = Entry.objects.latest("seq")
        assert (entry.verb, entry.detail) == ("session.sign_out", {"reason": "idle"})
        assert client.get("/account/").status_code == 302


def test_a_teacher_on_the_road_has_longer(client, cast):
    sign_in(client, cast.class_teacher)
    client.get("/account/")
    with time_machine.travel(CAST_MOMENT + timedelta(minutes=119), tick=False):
        assert client.get("/account/").status_code == 200


def test_a_fragment_asked_for_after_the_session_leads_the_whole_page_to_sign_in(client, cast):
    response = client.get("/account/", headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == "/sign-in/"


def test_a_closed_account_does_not_sign_in(client, cast):
    actions.close_account(cast.head.user, by=cast.administrator.actor)
    assert give_password(client).headers["Location"] == "/sign-in/closed/"
    assert client.get("/sign-in/closed/").status_code == 200
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize(
    "name",
    ["account_signup", "account_email", "account_reset_password", "account_set_password"],
)
def test_pages_that_staff_do_not_need_do_not_exist(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_sign_in_does_not_lead_to_another_site(client, enrolled, secret):
    client.post(
        "/sign-in/", {"login": "head", "password": PASSWORD, "next": "https://evil.example/"}
    )
    response = client.post("/sign-in/code/", {"code": code_now(secret)})
    assert response.headers["Location"] == "/"


def test_outside_the_demo_sign_in_offers_no_account_and_shows_no_code(client, enrolled, settings):
    assert settings.DEMO is False
    page = client.get("/sign-in/?account=head")
    assert "演示" not in page.content.decode()
    assert page.context["form"].initial == {}
    give_password(client)
    page = client.get("/sign-in/code/")
    assert page.context["demo_code"] is None
    assert "演示" not in page.content.decode()


def test_the_demo_fills_in_an_account_and_shows_its_code(client, enrolled, settings):
    settings.DEMO = True
    page = client.get("/sign-in/").content.decode()
    held = set(User.objects.filter(is_active=True).values_list("username", flat=True))
    offered = re.findall(r"\?account=([\w-]+)", page)
    assert "head" in offered and "head-elsewhere" in held
    assert offered == [username for username in DEMO_ROLES if username in held]
    chosen = client.get("/sign-in/?account=head").content.decode()
    assert 'value="head"' in chosen
    assert 'value="Gongyu-demo-2026"' in chosen
    give_password(client)
    page = client.get("/sign-in/code/")
    code = page.context["demo_code"]
    assert code in page.content.decode()
    assert client.post("/sign-in/code/", {"code": code}).headers["Location"] == "/"
    again = Client()
    give_password(again)
    following = again.get("/sign-in/code/").context["demo_code"]
    assert again.post("/sign-in/code/", {"code": following}).headers["Location"] == "/"


def test_the_demo_keeps_the_password_that_its_page_shows(client, enrolled, settings):
    settings.DEMO = True
    sign_in(client, enrolled)
    for address in ("/account/password/", "/account/second-factor/replace/"):
        assert "演示账号不能修改" in client.get(address).content.decode()
    change = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post("/account/password/", change)
    enrolled.user.refresh_from_db()
    assert enrolled.user.check_password(PASSWORD)


def test_the_demo_shows_no_code_of_somebody_who_is_not_offered(client, cast, secret, settings):
    settings.DEMO = True
    totp.TOTP.activate(cast.head_elsewhere.user, secret)
    give_password(client, username="head-elsewhere")
    assert client.get("/sign-in/code/").context["demo_code"] is None
