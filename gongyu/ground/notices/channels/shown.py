"""The channel of the demo city: nothing leaves the machine, a page shows what would have been sent."""

from __future__ import annotations

from gongyu.ground.notices.models import ShownMessage
from gongyu.ground.secrets.fields import digest

from .message import Answer, Message, Outcome

KEPT = 500  # the latest ones; a demo city that runs for weeks stays small
_ADDRESS = "shown-address"


class Shown:
    """Takes everything, keeps it encrypted, and says that it was sent."""

    def __init__(self, path: str, name: str = "shown") -> None:
        self.path, self.name = path, name

    def send(self, message: Message) -> Answer:
        if not message.address:
            return Answer(Outcome.REFUSED, reason="no_address", channel=self.name)
        told = {
            "address": message.address,
            "address_digest": digest(_ADDRESS, message.address),
            "kind": message.kind,
            "subject": message.subject,
            "words": message.words,
            "link": message.link,
            "at": message.at,
        }
        row, is_new = ShownMessage.objects.get_or_create(
            path=self.path, key=message.key, defaults=told
        )
        if is_new and row.pk % 100 == 0:
            ShownMessage.objects.filter(pk__lte=row.pk - KEPT).delete()
        return Answer(Outcome.SENT, reference=f"shown-{row.pk}", channel=self.name)

    def ask(self, key: str) -> Answer:
        row = ShownMessage.objects.filter(path=self.path, key=key).first()
        if row is None:
            return Answer(Outcome.LATER, reason="never_had_it", channel=self.name)
        return Answer(Outcome.SENT, reference=f"shown-{row.pk}", channel=self.name)


def last_to(address: str, kind: str | None = None) -> ShownMessage | None:
    """The latest message that would have gone to this address, on any path."""
    found = ShownMessage.objects.filter(address_digest=digest(_ADDRESS, address))
    if kind is not None:
        found = found.filter(kind=kind)
    return found.order_by("-pk").first()


def latest(limit: int = 50) -> list[ShownMessage]:
    """The latest messages, the newest first."""
    return list(ShownMessage.objects.order_by("-pk")[:limit])
