"""How a carer is told: the ways in their order, with addresses covered, and the mail that waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from gongyu.ground.notices.channels.configured import paths_carried
from gongyu.ground.notices.models import WayTo
from gongyu.ground.notices.ways import EMAIL_CODE_LASTS, UNCONFIRMED, email_code, ways_of

WORDS = {
    "sms": _("短信"),
    "voice": _("打电话，按键就能回答"),
    "email": _("电子邮件"),
    "wecom": _("企业微信"),
}


@dataclass(frozen=True, slots=True)
class WayLine:
    """One way; `shown` is its address as its owner knows it and a bystander does not."""

    path: str
    words: str
    shown: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class WaysPage:
    """`waiting` is the covered address of mail whose code is awaited; `demo_code` that code, in the
    demo alone."""

    lines: list[WayLine]
    takes_mail: bool
    has_mail: bool
    waiting: str
    demo_code: str


def ways_page(carer_id: int, moment: datetime) -> WaysPage:
    """Four SQL queries."""
    ways = ways_of([carer_id], moment).get(carer_id, [])
    mails = WayTo.objects.filter(carer=carer_id, path="email")
    waiting = mails.filter(reason=UNCONFIRMED, from_at__gt=moment - EMAIL_CODE_LASTS).first()
    return WaysPage(
        lines=[
            WayLine(way.path, str(WORDS[way.path]), covered(way.path, way.address), number == 0)
            for number, way in enumerate(ways)
        ],
        takes_mail="email" in paths_carried(),
        has_mail=any(way.path == "email" for way in ways),
        waiting=covered("email", waiting.address) if waiting else "",
        demo_code=email_code(waiting) if waiting and settings.DEMO else "",
    )


def covered(path: str, address: str) -> str:
    """138****1234, z***@example.com; of an account nothing."""
    if path == "email":
        name, _at, domain = address.partition("@")
        return f"{name[:1]}***@{domain}"
    if path in {"sms", "voice"} and len(address) > 7:
        return f"{address[:3]}****{address[-4:]}"
    return ""
