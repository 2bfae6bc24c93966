"""Which providers carry which path here, and one message sent over them."""

from __future__ import annotations

from django.conf import settings

from .file import channels_in
from .message import Answer, Channel, Message, Outcome
from .shown import Shown

# The paths that words can be sent on; the box and the slip need no provider.
PATHS = ("sms", "voice", "email", "wecom")
# A provider that will not carry this, or us: another one may.
NOT_THE_ADDRESS = frozenset({"rejected", "no_provider", "not_allowed"})


def channels_for(path: str) -> list[Channel]:
    """The providers of a path in the order in which they are tried; none where the operator has
    configured none. Raises ValueError for a path that does not exist."""
    if path not in PATHS:
        raise ValueError(f"{path!r} is no path; there are {', '.join(PATHS)}.")
    if settings.CHANNELS_FILE is not None:
        return [channel for channel in channels_in(settings.CHANNELS_FILE) if channel.path == path]
    return [Shown(path)] if settings.CHANNELS_SHOWN else []


def paths_carried() -> frozenset[str]:
    """The paths that somebody carries here."""
    return frozenset(path for path in PATHS if channels_for(path))


def passes_on(answer: Answer) -> bool:
    """May another provider be given the message: this one surely did not take it, and not because
    of the address?"""
    if answer.outcome is Outcome.REFUSED:
        return answer.reason in NOT_THE_ADDRESS
    return answer.outcome is Outcome.LATER


def send_on(path: str, message: Message) -> Answer:
    """Send now, over the next provider where one surely did not take it. After `UNKNOWN` no other
    provider is tried: the message may be on its way. Never raises for what the other end does."""
    answer = Answer(Outcome.REFUSED, reason="no_provider")
    for channel in channels_for(path):
        answer = channel.send(message)
        if not passes_on(answer):
            break
    return answer
