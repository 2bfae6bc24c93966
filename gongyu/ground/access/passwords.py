"""What a password must be (等保 GB/T 22239 三级 8.1.4.1) and when it must be changed."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .demo_accounts import is_demo_account
from .models import User

KINDS_WANTED = 3


class LongEnough(MinimumLengthValidator):
    """The length, in the house's words."""

    def get_error_message(self) -> str:
        return _("密码至少要有%(count)d位，请再长一些。") % {"count": self.min_length}

    def get_help_text(self) -> str:
        return _("密码至少%(count)d位。") % {"count": self.min_length}


class NotCommon(CommonPasswordValidator):
    """None that is tried first by whoever guesses."""

    def get_error_message(self) -> str:
        return _("这个密码很多人在用，容易被猜到，请换一个。")

    def get_help_text(self) -> str:
        return _("不要用常见的密码。")


class NotTheUsername(UserAttributeSimilarityValidator):
    """None that the username gives away."""

    def get_error_message(self) -> str:
        return _("密码和用户名太像，请换一个。")

    def get_help_text(self) -> str:
        return _("不要和用户名相近。")


class Complexity:
    """At least three of: lower case, upper case, digits, anything else."""

    def validate(self, password: str, user: User | None = None) -> None:
        kinds = {_kind(letter) for letter in password}
        if len(kinds) < KINDS_WANTED:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return _("密码须包含小写字母、大写字母、数字、符号中的至少三类。")


class NotThePresentOne:
    """A change changes something."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is not None and user.pk and user.password and user.check_password(password):
            raise ValidationError(self.get_help_text(), code="password_unchanged")

    def get_help_text(self) -> str:
        return _("新密码不能与当前密码相同。")


def _kind(letter: str) -> str:
    if letter.isascii() and letter.isalpha():
        return "lower" if letter.islower() else "upper"
    return "digit" if letter.isdigit() else "other"


def must_change(user: User, on: date) -> bool:
    """Is the password temporary, or older than PASSWORD_MAX_AGE_DAYS (0: never too old)?

    The demo's accounts keep theirs: the sign-in page shows it.
    """
    if is_demo_account(user):
        return False
    if user.password_changed_on is None:
        return True
    days = settings.PASSWORD_MAX_AGE_DAYS
    return bool(days) and on >= user.password_changed_on + timedelta(days=days)


def temporary_password() -> str:
    """A password to hand over once: four groups that can be read aloud, without look-alikes."""
    groups = ["".join(secrets.choice("abcdefghjkmnpqrstuvwxyz") for _ in range(4)) for _ in "123"]
    digits = "".join(secrets.choice("23456789") for _ in range(4))
    return "-".join([groups[0].capitalize(), *groups[1:], digits])
