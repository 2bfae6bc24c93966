"""Messages that could not be sent are looked after."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor

from ..models import Outgoing
from ..rules import NoticeFault


@transaction.atomic
def settle(message: Outgoing, *, by: Actor) -> None:
    """Somebody looked after a message that could not be sent: called, met, or corrected a number.
    Raises NoticeFault when it needs nobody any more."""
    changed = Outgoing.objects.filter(pk=message.pk, status="dead")
    if not changed.update(status="settled", settled_by=by.staff_id):
        raise NoticeFault(_("这条消息已经有人处理过了。"))
    record("notice.settle", by=by, subject=("message", message.pk))
