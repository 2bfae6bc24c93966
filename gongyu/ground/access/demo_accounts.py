"""The demo's accounts: one for each role, with a password and a code that the pages show.

Nothing here answers unless settings.DEMO.
"""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.cache import cache

from gongyu.ground.staff.models import Role

from .models import User

DEMO_PASSWORD = "Gongyu-demo-2026"  # noqa: S105 - shown on the demo's sign-in page
DEMO_ROLES: dict[str, Role] = {role.value.replace("_", "-"): role for role in Role}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account that the demo's sign-in page offers."""

    username: str
    name: str
    role: str


def is_demo_account(user: User) -> bool:
    return settings.DEMO and user.username in DEMO_ROLES


def demo_accounts() -> list[DemoAccount]:
    """The accounts offered, in the order of the roles; none outside the demo."""
    if not settings.DEMO:
        return []
    users = {
        user.username: user
        for user in User.objects.filter(username__in=DEMO_ROLES, is_active=True).select_related(
            "staff"
        )
    }
    return [
        DemoAccount(username, users[username].staff.name, str(role.label))
        for username, role in DEMO_ROLES.items()
        if username in users
    ]


def current_code(user: User) -> str | None:
    """The code that the person's authenticator would show now; only for the demo's accounts.

    A code works once. Whoever signs in again within half a minute gets the next one.
    """
    if not is_demo_account(user):
        return None
    device = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if device is None:
        return None
    secret = decrypt(device.data["secret"])
    codes = [
        totp.format_hotp_value(totp.hotp_value(secret, counter))
        for counter in totp.yield_hotp_counters_from_time()
    ]
    # The present one stands in the middle; what is to come is better than what is past.
    codes = codes[len(codes) // 2 :] + codes[: len(codes) // 2]
    fresh = [code for code in codes if not cache.get(device.wrap()._get_used_cache_key(code))]
    return (fresh or codes)[0]


def code_of(username: str) -> str | None:
    """The current code of a demo account by its name; None where there is no such account."""
    user = User.objects.filter(username=username).first()
    return current_code(user) if user else None
