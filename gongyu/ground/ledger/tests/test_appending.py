"""Facts go in, in order, inside the record's transaction, or not at all."""

from datetime import date
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from gongyu.ground.audit.actors import SYSTEM, Actor
from gongyu.ground.ledger.actions import (
    NotAFact,
    append,
    append_many,
    standing_fact_of,
    standing_facts_of,
)
from gongyu.ground.ledger.kinds import KINDS, UnknownKind
from gongyu.ground.ledger.models import Fact
from gongyu.ground.ledger.shapes import NewFact
from gongyu.ground.seal.appending import NotCanonical, NotInTransaction

DAY = date(2026, 10, 8)


def visit(child: int = 7, **changed) -> NewFact:
    values = {
        "kind": "visit.held",
        "subject_type": "child",
        "subject_id": child,
        "on_date": DAY,
        "source_model": "home_school_contact.Visit",
        "source_id": child,
    }
    return NewFact(**(values | changed))


@pytest.mark.django_db
def test_a_fact_comes_back_as_it_was_written():
    clerk = Actor(user_id=3, name="王老师")
    fact = append(
        visit(
            place_id=5,
            until_date=date(2026, 12, 1),
            actor_id=8,
            actor_post_id=9,
            status="class_teacher",
            detail="home",
            quantity=2,
            attrs={"met": ["father", "grandmother"], "同住": True, "n": None},
        ),
        by=clerk,
    )
    stored = Fact.objects.get(seq=fact.seq)
    for field in Fact._meta.concrete_fields:
        assert getattr(stored, field.attname) == getattr(fact, field.attname), field.name
    assert stored.recorded_by == 3
    assert stored.attrs["同住"] is True


@pytest.mark.django_db
def test_many_facts_get_rising_seqs_in_their_order():
    seqs = append_many([visit(child) for child in range(1, 4501)], by=SYSTEM)
    assert all(a < b for a, b in pairwise(seqs))
    children = Fact.objects.filter(seq__in=(seqs[0], seqs[2000], seqs[-1])).order_by("seq")
    assert [fact.subject_id for fact in children] == [1, 2001, 4500]


@pytest.mark.django_db
def test_appending_after_facts_goes_on_counting():
    first = append_many([visit(1), visit(2)], by=SYSTEM)
    second = append_many([visit(3)], by=SYSTEM)
    assert second[0] > first[-1]
    assert append_many([], by=SYSTEM) == []


@pytest.mark.django_db
def test_the_number_of_queries_does_not_follow_the_number_of_facts():
    with CaptureQueriesContext(
        connection,
    ) as few:
        append_many([visit(child) for child in range(10)], by=SYSTEM)
    with CaptureQueriesContext(connection) as many:
        append_many([visit(child) for child in range(1500)], by=SYSTEM)
    assert len(few) == len(many) <= 2


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written():
    with pytest.raises(NotInTransaction):
        append(visit(), by=SYSTEM)


@pytest.mark.django_db
def test_an_undeclared_kind_is_refused_with_its_name():
    with pytest.raises(UnknownKind, match=r"visit\.imagined"):
        append_many([visit(), visit(kind="visit.imagined")], by=SYSTEM)
    assert not Fact.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changed",
    [
        {"until_date": date(2026, 10, 7)},
        {"status": "x" * 25},
        {"detail": "x" * 41},
        {"subject_type": "x" * 13},
        {"quantity": -1},
        {"supersedes_id": 999_999},
    ],
)
def test_a_fact_that_contradicts_itself_is_refused(changed):
    with pytest.raises(NotAFact):
        append(visit(**changed), by=SYSTEM)


@pytest.mark.django_db
@pytest.mark.parametrize("attrs", [{"km": 1.5}, {"note": "a\x00b"}, {1: "x"}, {"l": [{"d": DAY}]}])
def test_attributes_that_databases_keep_differently_are_refused(attrs):
    with pytest.raises(NotCanonical):
        append(visit(attrs=attrs), by=SYSTEM)


@pytest.mark.django_db
def test_a_correction_supersedes_once_and_the_newest_fact_stands():
    first = append(visit(detail="home"), by=SYSTEM)
    second = append(visit(detail="elsewhere", supersedes_id=first.seq), by=SYSTEM)
    assert standing_fact_of("home_school_contact.Visit", 7).seq == second.seq
    assert standing_fact_of("home_school_contact.Visit", 7, kind="leave") is None
    with pytest.raises(IntegrityError), transaction.atomic():
        append(visit(supersedes_id=first.seq), by=SYSTEM)


@pytest.mark.django_db
def test_a_fact_supersedes_only_its_own_kind():
    first = append(visit(), by=SYSTEM)
    with pytest.raises(NotAFact, match=r"visit\.held"):
        append(visit(kind="visit.attempted", supersedes_id=first.seq), by=SYSTEM)


@pytest.mark.django_db
def test_standing_facts_of_many_records_come_at_once():
    seqs = append_many([visit(1), visit(2), visit(3)], by=SYSTEM)
    [newer] = append_many([visit(2, quantity=0, supersedes_id=seqs[1])], by=SYSTEM)
    standing = standing_facts_of("home_school_contact.Visit", [1, 2, 4], kind="visit.held")
    assert {child: fact.seq for child, fact in standing.items()} == {1: seqs[0], 2: newer}


def test_every_kind_says_what_its_facts_say():
    assert all(len(text) > 20 and len(kind) <= 40 for kind, text in KINDS.items())
