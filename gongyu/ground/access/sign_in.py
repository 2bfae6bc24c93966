"""How allauth behaves here: accounts are made from posts, nobody signs up, nothing goes by mail."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongyu.ground.calendar.clock import today
from gongyu.ground.secrets import fields

from . import actions
from .models import User
from .queries import actor_for, has_second_factor


class StaffSignIn(DefaultAccountAdapter):
    """Username and password, then the second factor; every step leaves an audit row."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "用户名或密码不正确。请核对后重试；忘记密码请联系系统管理员重置。"
        ),
        "too_many_login_attempts": _("尝试次数过多。请五分钟后再试。"),
        "rate_limited": _("尝试次数过多。请五分钟后再试。"),
        "enter_current_password": _("当前密码不正确。请重新输入。"),
        "incorrect_code": _("验证码不正确或已过期。请输入验证器上当前显示的六位数字。"),
        "account_inactive": _("此账号已停用。如需恢复，请联系系统管理员。"),
        "incorrect_password": _("密码不正确。请重新输入。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        actions.note_sign_in(user, by=actor_for(user, today()))
        return super().post_login(request, user, **kwargs)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        # What was typed is not kept: people type passwords into the wrong box.
        locked = getattr(request, "axes_locked_out", False)
        actions.note_refusal(
            "locked" if locked else "password", username=credentials.get("username"), by=None
        )

    def logout(self, request: HttpRequest) -> None:
        actions.note_sign_out("asked", by=actor_for(request.user, today()))
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        actions.change_password(user, password, on=today(), by=actor_for(user, today()))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("access:account")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        # Whoever has no second factor yet gave the password just now; there is nothing to guard.
        if not has_second_factor(context.request.user):
            return False
        return super().is_reauthentication_required(app=app, **kwargs)


# Where allauth keeps these secrets; bound into each, as for every secret column.
SECRET_COLUMN = "mfa_authenticator.data"  # noqa: S105 - the name of a column


class SecondFactor(DefaultMFAAdapter):
    """The secrets of authenticators are encrypted with the key file, as all secret columns are."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("验证码不正确或已用过。请输入验证器上当前显示的六位数字。"),
    }

    def encrypt(self, text: str) -> str:
        return b64encode(fields.encrypt(text, SECRET_COLUMN)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return fields.decrypt(b64decode(encrypted_text), SECRET_COLUMN)


def gave_second_factor(request: HttpRequest) -> bool:
    """Did this session prove the second factor?"""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def forget_second_factor(request: HttpRequest) -> None:
    """After the authenticator is gone, what it proved no longer counts."""
    records = get_authentication_records(request, request.user)
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        record for record in records if record.get("method") != "mfa"
    ]
