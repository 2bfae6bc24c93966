"""Accounts are opened, restored and closed by administrators, who see no child."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp

from gongyu.ground.access import actions, passwords, queries
from gongyu.ground.access.models import User
from gongyu.ground.access.rules import AccountRefused
from gongyu.ground.audit.models import Entry
from gongyu.ground.staff.actions import add_staff
from tests.cast import CAST_DAY, PASSWORD, sign_in

pytestmark = pytest.mark.urls("gongyu.ground.access.tests.addresses")


@pytest.fixture
def newcomer(cast):
    return add_staff("石岚", by=cast.registrar.actor)


def test_an_opened_account_asks_for_a_new_password_first(cast, newcomer):
    user = actions.open_account(newcomer, "shilan", PASSWORD, by=cast.administrator.actor)
    assert passwords.must_change(user, CAST_DAY)
    assert not queries.has_second_factor(user)
    entry = Entry.objects.latest("seq")
    assert (entry.verb, entry.subject_id) == ("account.open", user.pk)
    assert PASSWORD not in str(entry.detail)


def test_an_account_may_be_opened_ready_for_use(cast, newcomer):
    secret = totp.generate_totp_secret()
    user = actions.open_account(
        newcomer, "shilan", PASSWORD, secret, by=cast.administrator.actor, on=CAST_DAY
    )
    assert not passwords.must_change(user, CAST_DAY)
    assert queries.has_second_factor(user)


@pytest.mark.parametrize(
    ("username", "password", "complaint"),
    [
        ("Shi Lan", PASSWORD, "用户名须为"),
        ("head", PASSWORD, "已被使用"),
        ("shilan", "short", "12"),
    ],
)
def test_what_cannot_be_an_account_is_refused_with_the_reason(
    cast, newcomer, username, password, complaint
):
    with pytest.raises(AccountRefused, match=complaint):
        actions.open_account(newcomer, username, password, by=cast.administrator.actor)
    assert not User.objects.filter(staff=newcomer).exists()


def test_nobody_has_two_accounts(cast):
    with pytest.raises(AccountRefused, match="已有账号"):
        actions.open_account(cast.head.staff, "head-2", PASSWORD, by=cast.administrator.actor)


def test_restoring_ends_every_session_and_asks_for_both_factors_anew(client, cast):
    totp.TOTP.activate(cast.head.user, totp.generate_totp_secret())
    sign_in(client, cast.head)
    actions.restore_access(cast.head.user, "Fresh-words-2468", by=cast.administrator.actor)
    assert client.get("/account/").status_code == 302
    assert not Authenticator.objects.filter(user=cast.head.user).exists()
    assert passwords.must_change(User.objects.get(pk=cast.head.user.pk), CAST_DAY)


def test_a_closed_account_is_out_at_the_next_click_and_may_come_back(client, cast):
    sign_in(client, cast.head)
    actions.close_account(cast.head.user, by=cast.administrator.actor)
    assert client.get("/account/").status_code == 302
    actions.reopen_account(cast.head.user, by=cast.administrator.actor)
    assert User.objects.get(pk=cast.head.user.pk).is_active


def test_nobody_closes_the_own_account(cast):
    with pytest.raises(AccountRefused, match="不能停用自己"):
        actions.close_account(cast.administrator.user, by=cast.administrator.actor)


def test_a_temporary_password_meets_the_policy_and_is_never_the_same():
    from django.contrib.auth.password_validation import validate_password

    made = {passwords.temporary_password() for _ in range(50)}
    assert len(made) == 50
    for one in made:
        validate_password(one)


@pytest.mark.usefixtures("at_the_cast_day")
class TestThePages:
    def test_an_administrator_finds_staff_by_name_initials_and_username(
        self, client, cast, newcomer
    ):
        sign_in(client, cast.administrator)
        assert [r.staff for r in client.get("/accounts/").context["rows"]] == [newcomer]
        for text, name in [("石", "石岚"), ("sl", "石岚"), ("district-off", "唐文")]:
            rows = client.get("/accounts/", {"q": text}).context["rows"]
            assert [row.staff.name for row in rows] == [name]

    def test_an_administrator_opens_an_account_and_sees_the_password_once(
        self, client, cast, newcomer
    ):
        sign_in(client, cast.administrator)
        address = f"/accounts/open/{newcomer.pk}/"
        assert client.get(address).status_code == 200
        page = client.post(address, {"username": "shilan"})
        secret = page.context["secret"]
        assert secret in page.content.decode()
        assert "no-store" in page.headers["Cache-Control"]
        assert User.objects.get(username="shilan").check_password(secret)
        assert client.get(address).status_code == 404

    def test_a_taken_username_is_refused_on_the_page(self, client, cast, newcomer):
        sign_in(client, cast.administrator)
        page = client.post(f"/accounts/open/{newcomer.pk}/", {"username": "head"})
        assert page.status_code == 422
        assert "已被使用" in page.content.decode()

    def test_an_administrator_restores_closes_and_reopens(self, client, cast):
        sign_in(client, cast.administrator)
        user = cast.head.user
        page = client.post(f"/accounts/{user.pk}/restore/")
        user.refresh_from_db()
        assert user.check_password(page.context["secret"])
        for active in (False, True):
            client.post(f"/accounts/{user.pk}/close/")
            user.refresh_from_db()
            assert user.is_active is active

    @pytest.mark.parametrize("name", ["head", "city_officer", "auditor", "registrar"])
    def test_nobody_else_finds_the_accounts(self, client, cast, newcomer, name):
        sign_in(client, getattr(cast, name))
        user = cast.class_teacher.user
        for address in (
            "/accounts/",
            f"/accounts/open/{newcomer.pk}/",
            f"/accounts/{user.pk}/restore/",
            f"/accounts/{user.pk}/close/",
        ):
            assert client.get(address).status_code == 404
            assert client.post(address).status_code == 404


def test_a_class_is_named_with_its_school_where_the_whole_city_is_listed(client, cast):
    answer = sign_in(client, cast.administrator).get(
        "/accounts/", {"q": cast.class_teacher.staff.name}
    )
    assert f"{cast.school.name}{cast.this_class.name}" in answer.content.decode()
