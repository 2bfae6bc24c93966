"""An answer in one statement leaves what the answer step by step leaves, of every state."""

from __future__ import annotations

import random

import pytest
from django.db import DataError, connection, transaction

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry
from gongyu.ground.calendar.clock import now
from gongyu.ground.ledger.kinds import UnknownKind
from gongyu.ground.ledger.models import Fact
from gongyu.ground.notices import actions
from gongyu.ground.notices.actions import answering, at_once
from gongyu.ground.notices.models import Carried, Delivery, Notice, Outgoing
from gongyu.ground.notices.rules import CONSENT_CHOICES, NoticeFault
from gongyu.ground.notices.words import digest_of_token, token_of
from gongyu.ground.people.models import Bar, Care

from .town import YEAR, build_town, moment

pytestmark = pytest.mark.django_db

AT = moment(YEAR, 10)
# SQLite has one way, PostgreSQL is asked by both.
WAYS = ("_step_by_step", "answer_known")


class _Undo(Exception):
    """Takes back what was tried."""


def _ways() -> tuple[str, ...]:
    return WAYS if connection.vendor == "postgresql" else WAYS[:1]


def _left_by(way: str, row: Delivery, times: int) -> tuple:
    """What answering so often says and leaves behind; it is taken back."""
    left = ()
    entries, facts = set(Entry.objects.values_list("seq")), set(Fact.objects.values_list("seq"))
    try:
        with transaction.atomic():
            said = [getattr(answering, way)(row, n, "box", at=AT, by=SYSTEM) for n in range(times)]
            rows = Delivery.objects.order_by("pk").values_list(
                "pk", "status", "next_at", "answer", "answered_at", "answered_way"
            )
            new_entries = Entry.objects.exclude(seq__in=[pk for (pk,) in entries]).order_by("seq")
            new_facts = Fact.objects.exclude(seq__in=[pk for (pk,) in facts]).order_by("seq")
            left = (
                said,
                list(rows),
                list(new_entries.values_list("verb", "subject_id", "place_id", "detail", "why")),
                list(new_facts.values_list("kind", "status", "detail", "source_id", "attrs")),
            )
            raise _Undo
    except _Undo:
        return left


def _sent(basis: str) -> list[Delivery]:
    town = build_town(6, random.Random(5), class_size=3)
    words = {"basis": basis, "basis_words": "第20条"} if basis else {}
    choices = CONSENT_CHOICES if basis == "consent" else ("好", "不好")
    new = town.notice("to_answer", AT.date(), 9, choices=choices, **words)
    notice = actions.send(new, at=AT, key="once", by=SYSTEM)
    actions.spread(notice, at=AT, by=SYSTEM)
    return list(Delivery.objects.select_related("notice").order_by("pk"))


@pytest.mark.parametrize("basis", ["", "law", "consent"])
@pytest.mark.parametrize("status", ["due", "told", "in_box", "handed", "answered", "stopped"])
def test_both_ways_leave_the_same(basis: str, status: str):
    rows = _sent(basis)
    row, other = rows[0], rows[1]
    # Another carer of the same family is about to be called.
    Delivery.objects.filter(pk=other.pk).update(
        family_id=row.family_id, status="due", next_at=now()
    )
    told = {"answer": 0, "answered_at": AT, "answered_way": "box"} if status == "answered" else {}
    told |= {"hand_place": row.notice.place_id} if status == "handed" else {}
    Delivery.objects.filter(pk=row.pk).update(
        status=status, next_at=now() if status == "due" else None, **told
    )
    left = [_left_by(way, row, 2) for way in _ways()]
    assert all(one == left[0] for one in left)

    said, deliveries, entries, facts = left[0]
    states = {pk: state for pk, state, *_rest in deliveries}
    if status == "stopped":
        assert (said, entries, facts) == ([None, None], [], [])
        assert (states[row.pk], states[other.pk]) == ("stopped", "due")
        return
    is_new = status not in {"handed", "answered"}
    assert said == [is_new, False]
    assert [verb for verb, *_rest in entries] == ["notice.answer"] * 2
    assert [source for *_rest, source, _attrs in facts] == [row.pk] * is_new
    assert states[row.pk] == "answered"
    assert states[other.pk] == ("told" if basis else "due")


def _message(row: Delivery) -> tuple[Outgoing, str]:
    """A message that carried the delivery and was handed over with its link."""
    message = Outgoing.objects.create(
        key=f"link-{row.pk}", carer_id=row.carer_id, family_id=row.family_id, path="sms",
        kind="to_answer", status="sent", next_at=AT, sent_at=AT, made_at=AT, week_on=AT.date(),
    )  # fmt: skip
    token = token_of(message.pk, message.key)
    Outgoing.objects.filter(pk=message.pk).update(link_digest=digest_of_token(token))
    Carried.objects.create(message=message, delivery=row)
    return message, token


def _bar(row: Delivery) -> None:
    for child in row.children.values_list("child_id", flat=True):
        Bar.objects.create(
            child_id=child, carer_id=row.carer_id, from_on=YEAR, information=True, basis="court"
        )


# What makes an answer behind a link impossible; each must leave nothing, by either way.
SPOILT = {
    "nothing": None,
    "withdrawn": lambda row: Notice.objects.filter(pk=row.notice_id).update(status="withdrawn"),
    "corrected": lambda row: Notice.objects.filter(pk=row.notice_id).update(status="corrected"),
    "over": lambda row: Notice.objects.filter(pk=row.notice_id).update(until_on=AT.date()),
    "to know": lambda row: Notice.objects.filter(pk=row.notice_id).update(
        kind="to_know", basis="", basis_words=""
    ),
    "stopped": lambda row: Delivery.objects.filter(pk=row.pk).update(
        status="stopped", next_at=None
    ),
    "barred": _bar,
    "cares no more": lambda row: Care.objects.filter(carer=row.carer_id).update(until_on=AT.date()),
}


@pytest.mark.parametrize("choice", [0, 1, 2])
@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_link_answers_for_whom_it_was_sent_and_only_what_can_be_answered(spoilt, choice):
    row, other = _sent("law")[:2]
    message, token = _message(row)
    if SPOILT[spoilt]:
        SPOILT[spoilt](row)
    is_good = spoilt == "nothing" and choice < 2
    tries = {
        "good": (message.pk, token, row.pk),
        "another's delivery": (message.pk, token, other.pk),
        "a guessed token": (message.pk, token[::-1], row.pk),
        "another message": (message.pk + 1, token, row.pk),
    }
    for name, told in tries.items():
        expected = is_good and name == "good"
        if connection.vendor == "postgresql":
            with transaction.atomic():
                known = at_once.answer_behind(*told, choice, at=AT, by=SYSTEM)
                assert (known is True) == expected, name
                transaction.set_rollback(True)
        if expected:
            actions.answer_by_link(*told, choice, at=AT, by=SYSTEM)
        else:
            with pytest.raises(NoticeFault):
                actions.answer_by_link(*told, choice, at=AT, by=SYSTEM)
    answers = list(Delivery.objects.exclude(answer=None).values_list("pk", "answer"))
    assert answers == ([(row.pk, choice)] if is_good else [])
    assert Entry.objects.filter(verb="notice.answer").count() == is_good
    assert Fact.objects.filter(kind="notice.reached").count() == is_good


def test_a_message_from_before_links_were_known_is_answered_all_the_same():
    row = _sent("law")[0]
    message, token = _message(row)
    Outgoing.objects.update(link_digest="")
    actions.answer_by_link(message.pk, token, row.pk, 1, at=AT, by=SYSTEM)
    row.refresh_from_db()
    assert (row.status, row.answer) == ("answered", 1)


@pytest.mark.django_db(transaction=True)
def test_an_answer_outside_a_transaction_is_kept_whole_or_not_at_all(monkeypatch):
    row = _sent("law")[0]
    monkeypatch.setattr(answering.facts, "REACHED", "x" * 60)
    if connection.vendor == "postgresql":
        # The database itself is to refuse the last part of the statement.
        monkeypatch.setattr("gongyu.ground.ledger.actions._check", lambda fact: None)
    with pytest.raises((UnknownKind, DataError)):
        actions.answer(row, 0, way="box", at=AT, by=SYSTEM)
    row.refresh_from_db()
    assert row.answer is None
    assert not Entry.objects.filter(verb="notice.answer").exists()
