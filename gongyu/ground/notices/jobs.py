"""The worker's part: notices are spread, what is due becomes messages, messages go out."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django_tasks import task

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.calendar.clock import now

from . import actions
from .channels import Message, send_on
from .channels.configured import channels_for
from .channels.wecom import NotTaken, WeCom
from .models import Notice, WayTo
from .ways import UNCONFIRMED, email_code
from .work.carrying import carry
from .work.planning import plan_due

_log = logging.getLogger(__name__)


@task()
def spread_job(notice_id: int) -> None:
    """Spreads a notice over many schools; a job that comes twice makes what still lacks."""
    notice = Notice.objects.get(pk=notice_id)
    actions.spread(notice, at=notice.sent_at, by=SYSTEM)


@task()
def send_email_code(way_id: int) -> None:
    """Sends the code to an address that waits for it. A job that comes twice sends once."""
    way = WayTo.objects.filter(pk=way_id, path="email", reason=UNCONFIRMED).first()
    if way is not None:
        words = _(
            "验证码%(code)s，三十分钟内有效。在“怎样通知我”里填上它，学校的通知以后也发到这个邮箱。"
            "不是您本人，请不用理会。"
        )
        message = Message(
            key=f"email-code:{way.pk}:{way.from_at.timestamp():.0f}",
            address=way.address,
            words=words % {"code": email_code(way)},
            kind="code",
            at=way.from_at,
            subject=_("共育：验证您的邮箱"),
        )
        send_on("email", message)


def send_code_soon(way: WayTo) -> None:
    """Leaves the sending to the worker once the way is stored."""
    transaction.on_commit(partial(send_email_code.enqueue, way.pk))


def run(clock: Callable[[], datetime] = now) -> int:
    """Everything that is due at this moment; returns how many messages were handled. The worker asks
    every two seconds, and two workers at once do nothing twice."""
    take_up_spreading(clock())
    plan_due(clock())
    return carry(clock)


def take_up_spreading(at: datetime) -> None:
    """A notice whose spreading was promised and whose job was lost is spread here."""
    lost = Notice.objects.filter(status="spreading", sent_at__lt=at - timedelta(minutes=5))
    for notice in lost[:20]:
        actions.spread(notice, at=notice.sent_at, by=SYSTEM)


def tidy(at: datetime) -> None:
    """Once a day: what is over is closed, what may not be kept is forgotten."""
    actions.close_what_is_over(localdate(at), by=SYSTEM)
    actions.forget_words(localdate(at), by=SYSTEM)
    find_wecom_addresses(at)


def find_wecom_addresses(at: datetime) -> None:
    """Asks the first WeCom that is configured whom it knows. Where it is silent or says no, what was
    known stays, and the next day asks again."""
    book = next((one for one in channels_for("wecom") if isinstance(one, WeCom)), None)
    if book is None:
        return
    try:
        parents = book.parents()
    except NotTaken as no:
        _log.warning("WeCom's address book was not read: %s", no.answer.reason)
        return
    actions.take_wecom_addresses(parents, at=at, by=SYSTEM)
