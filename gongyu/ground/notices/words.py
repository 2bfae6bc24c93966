"""What a message says on its path: short, plain, with the own children's names, and no number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from gongyu.ground.secrets.fields import digest

from .models import Notice

_LONGEST_SMS = 210  # three parts of 70 characters


@dataclass(frozen=True, slots=True)
class Item:
    """One notice for one carer: whose name it stands in, and the children whom it is about."""

    notice: Notice
    sender: str
    names: tuple[str, ...] = field(repr=False)

    @property
    def children(self) -> str:
        return "、".join(self.names)


def compose(path: str, items: Sequence[Item], *, is_digest: bool) -> tuple[str, str]:
    """(subject, words) of a message."""
    if path == "voice":
        return "", spoken(items[0])
    if len(items) == 1 and not is_digest:
        return str(items[0].notice.title), _one(path, items[0])
    return _several(path, items, is_digest=is_digest)


def _one(path: str, item: Item) -> str:
    notice = item.notice
    words = notice.words if path in {"email", "wecom"} else _cut(notice.words, 90)
    text = _("【%(sender)s】%(children)s：%(title)s。%(words)s") % {
        "sender": item.sender,
        "children": item.children,
        "title": notice.title,
        "words": words,
    }
    return _closed(text) + (_("请点开回一句。") if notice.asks else "")


def _several(path: str, items: Sequence[Item], *, is_digest: bool) -> tuple[str, str]:
    head = (
        _("【每周一信】这周有%(count)d件事。")
        if is_digest
        else _("【%(sender)s】有%(count)d件事请您看。")
    ) % {"count": len(items), "sender": items[0].sender}
    asked_first = sorted(items, key=lambda item: not item.notice.asks)
    lines = [
        f"{number}. {item.children}：{item.notice.title}"
        + (_("（请回一句）") if item.notice.asks else "")
        for number, item in enumerate(asked_first, start=1)
    ]
    text = head + "；".join(lines) + "。"
    if path == "sms" and len(text) > _LONGEST_SMS:
        text = _cut(text, _LONGEST_SMS)
    return str(head.strip("【】")), text


def spoken(item: Item) -> str:
    """What a voice reads aloud, with the keys to press."""
    notice = item.notice
    keys = "，".join(
        _("%(choice)s，请按%(key)d") % {"choice": choice, "key": number}
        for number, choice in enumerate(notice.choices or [_("听明白了")], start=1)
    )
    return _closed(
        _("您好，这里是%(sender)s。是关于%(children)s的。%(title)s。%(words)s")
        % {
            "sender": item.sender,
            "children": item.children,
            "title": notice.title,
            "words": notice.words,
        }
    ) + (f"{keys}。" if notice.asks else "")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _closed(text: str) -> str:
    return text if text.endswith(("。", "！", "？", "…")) else text + "。"


# The link in a message opens what that message carries, for its carer, and nothing else.


def token_of(message_id: int, key: str) -> str:
    """The token of a message's link: 120 bits from the key file, so that the database opens none."""
    return digest("notice-link", f"{message_id}.{key}")[:30]


def digest_of_token(token: str) -> str:
    """What the database keeps of a link that was handed over."""
    return digest("notice-link-kept", token)


def link_of(message_id: int, key: str) -> str:
    """The address that opens a message; empty where the operator has said no address of ours."""
    if not settings.SITE_ADDRESS and not settings.CHANNELS_SHOWN:
        return ""
    path = reverse("notices:opened", args=[message_id, token_of(message_id, key)])
    return settings.SITE_ADDRESS + path
