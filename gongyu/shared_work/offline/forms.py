"""What a device sends, read strictly: whatever is not of this shape is refused whole."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from .shapes import Sent

MOST_ENTRIES = 20
MOST_FIELDS = 40
MOST_VALUES = 60
LONGEST_VALUE = 4000
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAME = re.compile(r"[a-z][a-z_]{0,39}")
_CODE = re.compile(r"[a-z][a-z_]{0,29}")


class Unreadable(ValueError):
    """What arrived is not what a device of ours sends; the message says what is wrong."""


def read_sent(body: bytes) -> list[Sent]:
    """The entries of a request, in its order. Raises Unreadable."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(_("送来的内容不完整，请再送一次。")) from error
    entries = told.get("entries") if isinstance(told, dict) else None
    if not isinstance(entries, list) or not 1 <= len(entries) <= MOST_ENTRIES:
        raise Unreadable(_("一次最多送 %d 条。") % MOST_ENTRIES)
    return [_entry(entry) for entry in entries]


def _entry(told: Any) -> Sent:
    if not isinstance(told, dict):
        raise Unreadable(_("送来的内容不完整，请再送一次。"))
    return Sent(
        key=_matching(told.get("key"), _KEY),
        form=_matching(told.get("form"), _CODE),
        pupil=_text(told.get("pupil"), 400),
        fields=_fields(told.get("fields")),
        seen=_text(told.get("seen", ""), 200),
        decided=frozenset(_matching(code, _CODE) for code in _list(told.get("decided", []), 10)),
        corrects=_matching(told["corrects"], _KEY) if told.get("corrects") else "",
        packed_at=_moment(told.get("packed")),
        typed_at=_moment(told.get("typed")),
    )


def _fields(told: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(told, dict) or len(told) > MOST_FIELDS:
        raise Unreadable(_("送来的内容不完整，请再送一次。"))
    return {
        _matching(name, _NAME): tuple(
            _text(value, LONGEST_VALUE) for value in _list(values, MOST_VALUES)
        )
        for name, values in told.items()
    }


def _list(told: Any, most: int) -> list:
    if not isinstance(told, list) or len(told) > most:
        raise Unreadable(_("送来的内容不完整，请再送一次。"))
    return told


def _text(told: Any, longest: int) -> str:
    if not isinstance(told, str) or len(told) > longest or "\x00" in told:
        raise Unreadable(_("送来的内容里有一项太长或读不出来。"))
    return told


def _matching(told: Any, pattern: re.Pattern) -> str:
    if not isinstance(told, str) or not pattern.fullmatch(told):
        raise Unreadable(_("送来的内容不完整，请再送一次。"))
    return told


def _moment(told: Any) -> datetime | None:
    """A device may tell nonsense about its clock; that costs it nothing."""
    try:
        moment = parse_datetime(told) if isinstance(told, str) and len(told) < 40 else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
