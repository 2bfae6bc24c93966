"""Random schedules: providers fail, fall silent and answer twice, jobs are killed and begin again.

GONGYU_SCHEDULES=10000 is the long run.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.db import transaction

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.notices import actions, jobs, queries
from gongyu.ground.notices.clock import is_quiet
from gongyu.ground.notices.models import Delivery, Outgoing
from gongyu.ground.notices.rules import NoticeFault
from gongyu.ground.notices.work.outcomes import report

from .flaky import Flaky, JobKilled, Telephones
from .town import build_town, moment
from .watch import Watch, use

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(36_000)]

SCHEDULES = int(os.environ.get("GONGYU_SCHEDULES", "0")) or 40
MONDAY = date(2026, 11, 2)
_KINDS = ("to_know", "to_answer", "must", "safety")


class _Undo(Exception):
    """Takes a schedule's rows back, so that the next begins with the same families."""


@pytest.fixture
def town():
    return build_town(4, random.Random(7), class_size=5)


def _send(town, draw: random.Random, watch: Watch, number: int):
    kind = draw.choice(_KINDS)
    told = {"basis": "law", "basis_words": "条款"} if kind == "must" else {}
    if draw.random() < 0.3:
        told["child_ids"] = tuple(draw.choice(town.families))
    new = town.notice(
        "to_answer" if kind == "must" else kind, watch().date(), draw.randrange(2, 9), **told
    )
    return actions.send(new, at=watch(), key=f"n{number}", by=SYSTEM)


def _something_happens(town, draw: random.Random, watch: Watch, providers, notices) -> None:
    """One of the things that happen between two looks of the job."""
    what = draw.random()
    if what < 0.25:
        notices.append(_send(town, draw, watch, len(notices)))
    elif what < 0.45:
        told = Delivery.objects.filter(carer__isnull=False).select_related("notice")
        row = draw.choice(list(told)) if told.exists() else None
        if row is not None:
            _try(lambda: actions.answer(row, 0, way="box", at=watch(), by=SYSTEM))
    elif what < 0.55 and notices:
        _try(lambda: actions.remind(draw.choice(notices), at=watch(), by=SYSTEM))
    elif what < 0.6 and notices:
        _try(lambda: actions.withdraw(draw.choice(notices), "有误", at=watch(), by=SYSTEM))
    elif what < 0.8:
        # The provider reports, and says it twice.
        provider = draw.choice(providers)
        if provider.taken:
            key = draw.choice(sorted(provider.taken))
            for _twice in range(2):
                report(key, provider.name, arrived=True, reason="", at=watch())


def _try(deed) -> None:
    with suppress(NoticeFault):
        deed()


def _job(watch: Watch) -> None:
    # What was in a transaction is gone, what was handed over is not.
    with suppress(JobKilled):
        jobs.run(watch)


def _run_a_schedule(town, seed: int, monkeypatch) -> list:
    draw, phones = random.Random(seed), Telephones()
    told = {"phones": phones, "draw": draw, "kills": draw.choice([0, 0.05])}
    providers = [
        Flaky(path, name, badness=draw.choice([0, 0.3, 0.7]), answers=draw.random() < 0.8, **told)
        for path, name in (("sms", "sms-a"), ("sms", "sms-b"), ("voice", "voice-a"))
    ]
    use(monkeypatch, *providers)
    watch = Watch(moment(MONDAY + timedelta(days=draw.randrange(7)), draw.randrange(24)))
    notices = [_send(town, draw, watch, 0)]
    for _step in range(draw.randrange(4, 14)):
        _something_happens(town, draw, watch, providers, notices)
        for _again in range(draw.choice([1, 1, 2])):
            _job(watch)
        watch.on(minutes=draw.choice([0, 1, 7, 45, 200, 600, 1500]))
    for _step in range(200):
        # To the end: whatever is still on its way comes to its rest.
        then = queries.moment_of_next(watch())
        if then is None:
            break
        watch.to(then)
        _job(watch)
        actions.close_what_is_over(watch().date(), by=SYSTEM)
    _check(phones, providers, seed)
    return phones.everything()


def _check(phones: Telephones, providers, seed: int) -> None:
    rang = Counter(key for _at, key, *_rest in phones.everything())
    twice = {key: count for key, count in rang.items() if count > 1}
    assert twice == {}, f"schedule {seed}: a message arrived twice: {twice}"
    for at, _key, kind, path, _name, _words in phones.everything():
        assert kind == "safety" or not is_quiet(at), f"schedule {seed}: {path} rang at {at}"
    open_ones = Outgoing.objects.filter(status__in=["ready", "sending", "unknown"])
    assert not open_ones.exists(), f"schedule {seed}: a message never came to rest"
    must = Delivery.objects.exclude(notice__basis="").filter(leads=True, notice__status="open")
    for row in must.select_related("notice"):
        family = Delivery.objects.filter(notice=row.notice_id, family_id=row.family_id)
        reached = row.status in {"answered", "handed"} or (
            row.status == "told" and family.filter(status__in=["answered", "handed"]).exists()
        )
        assert reached or row.status == "to_hand", f"schedule {seed}: {row.pk} is {row.status}"
        if row.status == "to_hand":
            [person] = queries.standers([row.hand_place_id], MONDAY).values()
            assert person.name == "陈老师"


def test_whatever_happens_each_message_arrives_once_and_nobody_is_forgotten(town, monkeypatch):
    rang = 0
    first = int(os.environ.get("GONGYU_FIRST_SCHEDULE", "0"))
    for seed in range(first, first + SCHEDULES):
        with suppress(_Undo), transaction.atomic():
            rang += len(_run_a_schedule(town, seed, monkeypatch))
            raise _Undo
    assert rang > SCHEDULES, "with silent telephones this holds for nothing"


def test_the_check_finds_a_job_that_sends_again_what_may_have_arrived(town, monkeypatch):
    # A careless job takes silence for failure and goes to the next provider.
    from gongyu.ground.notices.work import carrying

    monkeypatch.setattr(carrying, "passes_on", lambda answer: answer.outcome != "sent")
    with pytest.raises(AssertionError, match="arrived twice"):
        for seed in range(40):
            with suppress(_Undo), transaction.atomic():
                _run_a_schedule(town, seed, monkeypatch)
                raise _Undo
