"""Messages go out: each is claimed, handed to one provider at a time, and its outcome kept.

A message whose job was killed, or whose provider fell silent, may or may not have arrived: nobody
else is given it until the provider that may have it was asked and surely never had it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from ..channels import Answer, Message, Outcome, channels_for
from ..channels.configured import passes_on
from ..clock import after_quiet, is_quiet
from ..models import Outgoing
from ..parameters import AGAIN_AFTER, ASKED_AFTER, CLAIM, TRIES
from ..words import digest_of_token, token_of
from .outcomes import did_not_arrive
from .writing import Letter, letters_for

Clock = Callable[[], datetime]
AT_ONCE = 50


def carry(clock: Clock) -> int:
    """Send what is ready and ask about what is unknown, until nothing is; returns how many messages
    were handled. `clock` says the moment, again and again, because sending takes time."""
    done = 0
    _give_up_claims(clock())
    while count := _send_some(clock) + _ask_some(clock):
        done += count
    return done


def _give_up_claims(at: datetime) -> None:
    """A job that was killed left these behind: nobody knows what became of them."""
    lost = Outgoing.objects.filter(status="sending", next_at__lte=at)
    # The worker looks every two seconds; mostly there is nothing, and nothing is written.
    if not lost.exists():
        return
    lost.exclude(channel="").update(status="unknown", next_at=at, claim="", reason="job_stopped")
    # Claimed and handed to nobody yet.
    lost.filter(channel="").update(status="ready", next_at=at, claim="")


def _claim(status: str, at: datetime) -> tuple[str, list[Outgoing]]:
    token = secrets.token_hex(16)
    found = Outgoing.objects.filter(status=status, next_at__lte=at)
    if not found.exists():
        return token, []
    if status == "ready" and is_quiet(at):
        found.exclude(kind="safety").update(next_at=after_quiet(at))
    with transaction.atomic():
        rows = list(found.select_for_update(skip_locked=True).order_by("next_at", "pk")[:AT_ONCE])
        claimed = {"claim": token, "next_at": at + CLAIM}
        if status == "ready":
            claimed |= {"status": "sending", "channel": ""}
        Outgoing.objects.filter(pk__in=[row.pk for row in rows]).update(**claimed)
    return token, rows


def _send_some(clock: Clock) -> int:
    at = clock()
    token, rows = _claim("ready", at)
    letters = letters_for(rows, at)
    for row in rows:
        letter = letters.get(row.pk)
        if letter is None:
            _keep(row, token, {"status": "stopped"})
        elif not letter.address:
            _refused(row, token, Answer(Outcome.REFUSED, reason="no_address"), letter, at)
        else:
            _hand_over(row, token, letter, clock)
    return len(rows)


def _hand_over(row: Outgoing, token: str, letter: Letter, clock: Clock) -> None:
    """Over the first provider, and over the next where one surely did not take it."""
    message = Message(
        key=row.key,
        address=letter.address,
        words=letter.words,
        kind=row.kind,
        at=clock(),
        subject=letter.subject,
        link=letter.link,
    )
    answer = Answer(Outcome.REFUSED, reason="no_provider")
    link = digest_of_token(token_of(row.pk, row.key)) if letter.link else ""
    for channel in channels_for(row.path):
        # Written before it is handed over: a job that dies now leaves the name of who may have it.
        mine = Outgoing.objects.filter(pk=row.pk, claim=token, status="sending")
        told = {"channel": channel.name, "link_digest": link, "next_at": clock() + CLAIM}
        if not mine.update(**told):
            return
        answer = channel.send(message)
        if not passes_on(answer):
            break
    _came_of_it(row, token, answer, letter, clock())


def _came_of_it(
    row: Outgoing, token: str, answer: Answer, letter: Letter | None, at: datetime
) -> None:
    if answer.outcome is Outcome.SENT:
        told = {"status": "sent", "sent_at": at, "reference": answer.reference[:80], "reason": ""}
        mark = letter.digest if letter else row.address_digest
        _keep(row, token, told | {"address_digest": mark})
    elif answer.outcome is Outcome.REFUSED:
        _refused(row, token, answer, letter, at)
    elif answer.outcome is Outcome.UNKNOWN:
        then = at + timedelta(seconds=ASKED_AFTER[0])
        told = {"status": "unknown", "next_at": then, "reason": answer.reason}
        _keep(row, token, told | {"address_digest": letter.digest if letter else ""})
    else:
        _later(row, token, answer, at)


def _later(row: Outgoing, token: str, answer: Answer, at: datetime) -> None:
    if row.tries + 1 >= TRIES:
        with transaction.atomic():
            if _keep(row, token, {"status": "dead", "reason": answer.reason}):
                did_not_arrive(row, at)
        return
    wait = max(AGAIN_AFTER[min(row.tries, len(AGAIN_AFTER) - 1)], answer.again_after or 0)
    then = at + timedelta(seconds=wait)
    told = {"status": "ready", "channel": "", "reason": answer.reason, "tries": F("tries") + 1}
    _keep(row, token, told | {"next_at": then if row.kind == "safety" else after_quiet(then)})


def _refused(
    row: Outgoing, token: str, answer: Answer, letter: Letter | None, at: datetime
) -> None:
    mark = letter.digest if letter else row.address_digest
    told = {"status": "refused", "reason": answer.reason, "address_digest": mark}
    with transaction.atomic():
        if _keep(row, token, told):
            row.reason, row.address_digest = answer.reason, mark
            did_not_arrive(row, at)


def _ask_some(clock: Clock) -> int:
    at = clock()
    token, rows = _claim("unknown", at)
    for row in rows:
        _ask(row, token, clock)
    return len(rows)


def _ask(row: Outgoing, token: str, clock: Clock) -> None:
    channel = next((c for c in channels_for(row.path) if c.name == row.channel), None)
    answer = channel.ask(row.key) if channel else Answer(Outcome.UNKNOWN, reason="no_provider")
    at = clock()
    if answer.outcome is not Outcome.UNKNOWN:
        if answer.outcome is Outcome.LATER:
            told = {"status": "ready", "channel": "", "next_at": at, "reason": "never_had_it"}
            _keep(row, token, told | {"tries": F("tries") + 1}, status="unknown")
        else:
            _came_of_it(row, token, answer, None, at)
        return
    if row.asked + 1 < len(ASKED_AFTER):
        then = at + timedelta(seconds=ASKED_AFTER[row.asked + 1])
        _keep(row, token, {"asked": F("asked") + 1, "next_at": then, "claim": ""})
        return
    # It may have arrived: another message on another path is no second one of this.
    with transaction.atomic():
        if _keep(row, token, {"status": "dead", "reason": "unknown"}):
            did_not_arrive(row, at, surely=False)


def _keep(row: Outgoing, token: str, told: dict, *, status: str | None = None) -> bool:
    """Write what came of it, if the claim is still ours; a report may have come meanwhile."""
    mine = Outgoing.objects.filter(pk=row.pk, claim=token, status__in=["sending", "unknown"])
    if status is not None:
        mine = mine.filter(status=status)
    return bool(mine.update(**{"claim": "", **told}))
