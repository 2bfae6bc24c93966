"""Sends a code to the carers who hold its number: in the worker, so that whoever asks cannot tell by
the time it takes whether the roster knows the number."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django_tasks import task

from gongyu.ground.calendar.clock import now, today
from gongyu.ground.notices.channels import Message, send_on

from . import codes, queries
from .models import SignInCode


@task()
def send_code(code_id: int, base: str) -> None:
    """Sends the code; to a number that nobody holds, nothing. A job that comes twice sends once."""
    code = SignInCode.objects.get(pk=code_id)
    carers = queries.carers_at(code.phone_digest, today()) if code.is_open(now()) else []
    if carers:
        send_on("sms", _message(code, carers[0].phone, base))


def _message(code: SignInCode, phone: str, base: str) -> Message:
    link = base.rstrip("/") + reverse("families:enter", args=[codes.token_from(code.salt)])
    words = _(
        "登录码%(code)s，十分钟内有效，请不要告诉别人。也可以点链接进入；不是您本人，请在链接里点“不是我”。"
    )
    return Message(
        key=f"sign-in:{code.pk}",
        address=phone,
        words=words % {"code": codes.code_from(code.salt, codes.SENT_DIGITS)},
        kind="code",
        at=code.made_at,
        link=link,
    )


def send_soon(code: SignInCode, base: str) -> None:
    """Leaves the sending to the worker once the code is stored. `base` is the address of the site."""
    transaction.on_commit(partial(send_code.enqueue, code.pk, base))
