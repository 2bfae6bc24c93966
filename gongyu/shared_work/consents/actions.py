"""Words of consent are written down here: by a guardian, or by staff for a child or a signed paper."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.people.models import Child

from . import rules
from .models import Word
from .purposes import fingerprint
from .rules import ConsentFault


@transaction.atomic
def say(child: Child, purpose: str, says: str, *, at: datetime, by: Actor) -> Word:
    """A guardian says yes, no, or takes a yes back, on the own page. It holds from the next request
    on. Raises ConsentFault."""
    _locked(child)
    rules.check_can_say(child, purpose, by.carer_id, localdate(at))
    return _write(child, purpose, by.carer_id, says, Word.How.PAGE, at, by=by)


@transaction.atomic
def take_word(
    child: Child,
    purpose: str,
    carer_id: int | None,
    says: str,
    how: str,
    *,
    at: datetime,
    by: Actor,
) -> Word:
    """Staff write down what was signed or said in person; `carer_id` None for the child itself, from
    14 on. Raises ConsentFault."""
    _locked(child)
    rules.check_can_say(child, purpose, carer_id, localdate(at))
    if how not in (Word.How.PAPER, Word.How.SPOKEN) or by.staff_id is None:
        raise ConsentFault(_("请说明是纸质签字还是当面说的。"))
    return _write(child, purpose, carer_id, says, how, at, by=by)


def _write(
    child: Child,
    purpose: str,
    carer_id: int | None,
    says: str,
    how: str,
    at: datetime,
    *,
    by: Actor,
) -> Word:
    rows = Word.objects.filter(child=child, purpose=purpose, carer=carer_id)
    latest = rows.order_by("-said_at", "-pk").first()
    if says not in Word.Says.values:
        raise ConsentFault(_("请选择同意、不同意或收回。"))
    if says == Word.Says.WITHDRAWN and (latest is None or latest.says != Word.Says.YES):
        raise ConsentFault(_("还没有同意过，不用收回。"))
    # The same word twice is one word.
    if latest is not None and latest.says == says:
        return latest
    made = Word.objects.create(
        purpose=purpose,
        child=child,
        carer_id=carer_id,
        says=says,
        how=how,
        said_at=at,
        read=fingerprint(purpose),
        taken_by_id=by.staff_id,
    )
    detail = {"purpose": purpose, "says": says, "how": how, "word": made.pk}
    record("consent.say", by=by, subject=("child", child.pk), detail=detail)
    return made


def _locked(child: Child) -> None:
    # Two words at once come one after the other.
    Child.objects.select_for_update().get(pk=child.pk)


@transaction.atomic
def read_consents(child: Child, *, by: Actor) -> None:
    """Somebody at the school looks what holds for a child."""
    record("consent.read", by=by, subject=("child", child.pk))
